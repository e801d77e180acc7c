/** What rows are sorted by; null: the row has no such value. */
export type SortKey = string | number | null;

interface Entry {
  readonly id: string;
  readonly key: SortKey;
}

/**
 * Ids in the order of their sort keys: ascending with missing keys last, descending with missing keys first, ties by id, as
 * lists are. Holds `most` of them; of more it keeps those that come first and says that it is `capped`.
 */
export class SortedSet {
  readonly #descending: boolean;
  readonly #most: number;
  readonly #keys = new Map<string, SortKey>();
  #entries: Entry[] = [];
  #capped = false;

  constructor(descending: boolean, most: number) {
    this.#descending = descending;
    this.#most = most;
  }

  get size(): number {
    return this.#entries.length;
  }

  get capped(): boolean {
    return this.#capped;
  }

  has(id: string): boolean {
    return this.#keys.has(id);
  }

  ids(offset: number, limit: number): string[] {
    return this.#entries.slice(offset, offset + limit).map(({ id }) => id);
  }

  /** Replaces everything. `more`: there are further ones behind these. */
  fill(entries: readonly Entry[], more: boolean): void {
    this.#entries = entries.toSorted((a, b) => this.#compare(a, b)).slice(0, this.#most);
    this.#capped = more || entries.length > this.#most;
    this.#keys.clear();
    for (const { id, key } of this.#entries) this.#keys.set(id, key);
  }

  /** Puts an id where its key belongs; true unless it lies beyond what is kept. */
  put(id: string, key: SortKey): boolean {
    const before = this.#keys.get(id);
    if (before === key && this.#keys.has(id)) return true;
    this.remove(id);
    const entry = { id, key };
    const place = this.#placeOf(entry);
    if (this.#capped && place >= this.#entries.length) return false;
    this.#entries.splice(place, 0, entry);
    this.#keys.set(id, key);
    if (this.#entries.length > this.#most) {
      const last = this.#entries.pop() as Entry;
      this.#keys.delete(last.id);
      this.#capped = true;
      return last.id !== id;
    }
    return true;
  }

  remove(id: string): boolean {
    const key = this.#keys.get(id);
    if (key === undefined) return false;
    this.#entries.splice(this.#placeOf({ id, key }), 1);
    this.#keys.delete(id);
    return true;
  }

  /** The first place whose entry does not come before this one. */
  #placeOf(entry: Entry): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(this.#entries[middle] as Entry, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(a: Entry, b: Entry): number {
    const order = compareKeys(a.key, b.key) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
    return this.#descending ? -order : order;
  }
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

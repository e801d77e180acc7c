/**
 * The ids of recently committed events, for recognising a repeated append without an exact revision (spec 3.1). Bounded, in memory
 * only, like a real node's: after a restart such a repeat is written again (spec 11). The first position of an id stays.
 */
export type RecentIds = {
  add(id: string, position: number): void;
  positionOf(id: string): number | undefined;
  /** Ends a transaction: its ids stay, or go with it. */
  committed(): void;
  rolledBack(): void;
};

/** About what a real node's 8 MiB hold. */
const CAPACITY = 65_536;

export function createRecentIds(capacity = CAPACITY): RecentIds {
  const positions = new Map<string, number>();
  let pending: string[] = [];
  return {
    add(id, position) {
      if (positions.has(id)) return;
      positions.set(id, position);
      pending.push(id);
    },
    positionOf: (id) => positions.get(id),
    committed() {
      pending = [];
      if (positions.size <= capacity) return;
      let surplus = positions.size - capacity;
      for (const id of positions.keys()) {
        if (surplus-- <= 0) break;
        positions.delete(id);
      }
    },
    rolledBack() {
      for (const id of pending) positions.delete(id);
      pending = [];
    },
  };
}

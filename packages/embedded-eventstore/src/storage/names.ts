import type { DatabaseSync } from "node:sqlite";

/**
 * Numbers for names (streams, event types): each name is stored once and events carry its number.
 * Both directions are cached; the caches are bounded and are emptied whole when full, since a lookup is cheap.
 */
export type Names = {
  /** The number of a name, undefined when it was never used. */
  find(name: string): number | undefined;
  /** The number of a name; gives it one when it has none (inside the caller's transaction). */
  intern(name: string): number;
  nameOf(id: number): string;
  /** Forgets the caches: after a rollback they may hold names that were not stored. */
  forget(): void;
};

const CACHE_ENTRIES = 20_000;

export function createNames(
  db: DatabaseSync,
  table: "streams" | "types",
  onNew: (id: number, name: string) => void = () => {},
): Names {
  const byName = new Map<string, number>();
  const byId = new Map<number, string>();
  const select = db.prepare(`select id from ${table} where name = ?`);
  const selectName = db.prepare(`select name from ${table} where id = ?`);
  const insert = db.prepare(`insert into ${table} (name) values (?)`);

  function remember(id: number, name: string): void {
    if (byName.size >= CACHE_ENTRIES) byName.clear();
    if (byId.size >= CACHE_ENTRIES) byId.clear();
    byName.set(name, id);
    byId.set(id, name);
  }

  function find(name: string): number | undefined {
    const cached = byName.get(name);
    if (cached !== undefined) return cached;
    const row = select.get(Buffer.from(name, "utf8"));
    if (!row) return undefined;
    const id = Number(row["id"]);
    remember(id, name);
    return id;
  }

  return {
    find,
    intern(name) {
      const known = find(name);
      if (known !== undefined) return known;
      const id = Number(insert.run(Buffer.from(name, "utf8")).lastInsertRowid);
      remember(id, name);
      onNew(id, name);
      return id;
    },
    nameOf(id) {
      const cached = byId.get(id);
      if (cached !== undefined) return cached;
      const row = selectName.get(id);
      if (!row) throw new Error(`no name with number ${id} in ${table}`);
      const name = Buffer.from(row["name"] as Uint8Array).toString("utf8");
      remember(id, name);
      return name;
    },
    forget() {
      byName.clear();
      byId.clear();
    },
  };
}

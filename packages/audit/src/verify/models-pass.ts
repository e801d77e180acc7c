import type { EventStore, RawEvent } from "@docket/event-store";
import type { Queryable } from "@docket/postgres";
import {
  type FoldEvent,
  foldEvents,
  kindOf,
  type Projection,
  type Row,
  type Table,
  type Writer,
} from "@docket/projection-engine";
import { type Cell, cellsOf, cellsOfFound, isBlank, keyOf, keyText, shown } from "./cells.ts";
import type { Collector } from "./collector.ts";
import { type RowOwner, rowOwnerOf } from "./row-owner.ts";

/** A read model with the schema of its present tables. */
export interface Model {
  readonly projection: Projection;
  readonly schema: string;
  readonly generation: number;
  readonly tables: readonly { readonly table: Table; readonly owner: RowOwner }[];
  readonly handles: (stream: string) => boolean;
}

/** The read models that fold streams into tables, as the database has them; and those of the database that are not compared, by name. */
export async function modelsOf(
  db: Queryable,
  projections: readonly Projection[],
): Promise<{ readonly models: readonly Model[]; readonly notCompared: readonly string[] }> {
  const { rows } = await db.query<{ name: string; version: number; generation: number; schema_name: string }>(
    "select name, version, generation, schema_name from engine.projections order by name",
  );
  const models: Model[] = [];
  const notCompared: string[] = [];
  for (const { name, version, generation, schema_name: schema } of rows) {
    const projection = projections.find((one) => one.name === name && one.version === version);
    if (projection === undefined) {
      notCompared.push(`${name} v${version}`);
      continue;
    }
    // the journal is held against the store, event by event; what only shows others' tables is told by its views
    if (projection.kinds === "all" || projection.tables.length === 0) continue;
    const tables = projection.tables.flatMap((table) => {
      const owner = rowOwnerOf(projection, table);
      if (owner === null) notCompared.push(`${name}.${table.name}`);
      return owner === null ? [] : [{ table, owner }];
    });
    const { kinds } = projection;
    const handled: ReadonlySet<string> = new Set(kinds);
    const handles = (stream: string): boolean => handled.has(kindOf(stream));
    models.push({ projection, schema, generation, tables, handles });
  }
  return { models, notCompared };
}

interface Expected {
  readonly stream: string;
  readonly cells: readonly Cell[];
  /** tables without a key may hold the same row several times */
  count: number;
}
type ExpectedRows = Map<string, Expected>;

/** What the comparison of a run of streams needs. */
export interface Comparison {
  readonly db: Queryable;
  readonly store: Pick<EventStore, "facts">;
  readonly models: readonly Model[];
  readonly collect: Collector;
  /** rows that were looked at, by table: for those that are found by their keys alone */
  readonly looked: Map<string, number>;
}

/**
 * Folds streams anew, from their events alone, and holds every row of every read model against what comes out. `events` are those of
 * the streams, each whole and in order.
 */
export async function compareModels(
  { db, store, models, collect, looked }: Comparison,
  events: ReadonlyMap<string, readonly RawEvent[]>,
): Promise<void> {
  const parked = await parkedStreams(db, [...events.keys()]);
  const folded = new Map<string, FoldEvent[]>();
  for (const [stream, raws] of events) folded.set(stream, await foldEvents(raws, (run) => store.facts(run)));
  for (const model of models) {
    const { projection, generation, handles, tables, schema } = model;
    const mine = new Map([...folded].filter(([stream]) => handles(stream)));
    if (mine.size === 0) continue;
    const expected = new Map<Table, ExpectedRows>(tables.map(({ table }) => [table, new Map()]));
    const skipped = new Set<string>();
    for (const [stream, run] of mine) {
      if (parked.has(`${projection.name} ${generation} ${stream}`)) {
        collect.add("read_model_parked", { model: projection.name, stream });
        skipped.add(stream);
      } else if (!foldStream(projection, stream, run, expected)) skipped.add(stream);
    }
    for (const { table, owner } of tables) {
      const rows = expected.get(table) ?? new Map<string, Expected>();
      const count = await compareTable({ db, collect }, schema, table, owner, rows, mine, skipped);
      const label = `${schema}.${table.name}`;
      looked.set(label, (looked.get(label) ?? 0) + count);
    }
  }
}

/** What a read model makes of one stream's events; false where they cannot be folded, which is told elsewhere. */
function foldStream(
  projection: Projection,
  stream: string,
  events: readonly FoldEvent[],
  into: ReadonlyMap<Table, ExpectedRows>,
): boolean {
  const put = (table: Table, row: Row, adds: boolean): void => {
    const cells = cellsOf(table, row);
    const key = keyOf(table, cells);
    const rows = into.get(table);
    const known = rows?.get(key);
    const count = adds && (table.key ?? []).length === 0 ? (known?.count ?? 0) + 1 : 1;
    rows?.set(key, { stream, cells, count });
  };
  const writer: Writer = {
    insert: (table, row) => put(table, row, true),
    update: (table, row) => put(table, row, false),
    remove: (table, key) => void into.get(table)?.delete(keyText(table, key)),
  };
  try {
    let state: unknown;
    for (const event of events) state = projection.fold(state, event, writer) ?? state;
    if (state !== undefined) projection.flush?.(undefined, state, writer, stream);
    return true;
  } catch {
    return false;
  }
}

const atOnce = 500;

/** Holds the rows of a table against those that are expected; gives how many there were. */
async function compareTable(
  { db, collect }: Pick<Comparison, "db" | "collect">,
  schema: string,
  table: Table,
  owner: RowOwner,
  expected: ReadonlyMap<string, Expected>,
  events: ReadonlyMap<string, readonly FoldEvent[]>,
  skipped: ReadonlySet<string>,
): Promise<number> {
  const streams = [...events.keys()];
  const byPosition = new Map<number, string>();
  for (const [stream, run] of events) for (const { commit } of run) byPosition.set(commit, stream);
  const label = `${schema}.${table.name}`;
  const seen = new Map<string, number>();
  let count = 0;
  const look = (found: Readonly<Record<string, unknown>>): void => {
    count++;
    const cells = cellsOfFound(table, found);
    const key = keyOf(table, cells);
    const stream = String(found["of_stream"] ?? byPosition.get(Number(found["position"])) ?? "");
    if (skipped.has(stream)) return;
    const wanted = expected.get(key);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    if (wanted === undefined || times > wanted.count) {
      collect.add("read_model_row_extra", { table: label, ...named(stream), row: shown(key) });
      return;
    }
    table.columns.forEach(([column], place) => {
      const [is, should] = [cells[place] ?? null, wanted.cells[place] ?? null];
      if (is === should) return;
      const values = { row: shown(key), column, found: shown(is), expected: shown(should) };
      const params = { table: label, ...named(stream), ...values };
      if (isBlank(should)) collect.addBlank("read_model_differs", params);
      else collect.add("read_model_differs", params);
    });
  };
  const columns = table.columns.map(([name]) => `t.${name}`).join(", ");
  // a few rows of some tables are long, and a stream may have many: they come a few hundred at a time
  await db.query(
    `declare rows_of no scroll cursor for select ${columns}, ${owner.stream ?? "null::text"} as of_stream
     from ${schema}.${table.name} t where ${owner.where}`,
    [...owner.values(streams, [...byPosition.keys()], [...expected.keys()])],
  );
  for (;;) {
    const { rows } = await db.query<Record<string, unknown>>(`fetch ${atOnce} from rows_of`);
    rows.forEach(look);
    if (rows.length < atOnce) break;
  }
  await db.query("close rows_of");
  for (const [key, { stream, count: wanted, cells }] of expected) {
    if ((seen.get(key) ?? 0) >= wanted || skipped.has(stream)) continue;
    const params = { table: label, ...named(stream), row: shown(key) };
    // without a key, a row that has a blank in it is another row than the one with the text
    if (cells.some(isBlank)) collect.addBlank("read_model_row_missing", params);
    else collect.add("read_model_row_missing", params);
  }
  return count;
}

/** The stream of a finding, and the ticket's id where it is one's. */
const named = (stream: string): { readonly stream: string; readonly ticket?: string } =>
  stream.startsWith("ticket-") ? { stream, ticket: stream.slice("ticket-".length) } : { stream };

async function parkedStreams(db: Queryable, streams: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ projection: string; generation: number; stream: string }>(
    "select distinct projection, generation, stream from engine.parked where stream = any($1)",
    [streams],
  );
  return new Set(rows.map(({ projection, generation, stream }) => `${projection} ${generation} ${stream}`));
}

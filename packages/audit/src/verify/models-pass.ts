import type { EventStore, RawEvent } from "@docket/event-store";
import type { Queryable } from "@docket/postgres";
import {
  type FoldEvent,
  foldEvents,
  type Projection,
  type Row,
  type Table,
  type Writer,
} from "@docket/projection-engine";
import type { Collector } from "./collector.ts";

/** A read model with the schema of its present tables. */
export interface Model {
  readonly projection: Projection;
  readonly schema: string;
  readonly generation: number;
}

/** The read models that fold tickets into tables, as the database has them. */
export async function modelsOfTickets(db: Queryable, projections: readonly Projection[]): Promise<Model[]> {
  const { rows } = await db.query<{ name: string; version: number; generation: number; schema_name: string }>(
    "select name, version, generation, schema_name from engine.projections",
  );
  return projections.flatMap((projection) => {
    const row = rows.find(({ name, version }) => name === projection.name && version === projection.version);
    const folds = projection.kinds !== "all" && projection.kinds.includes("ticket") && projection.tables.length > 0;
    return row && folds ? [{ projection, schema: row.schema_name, generation: row.generation }] : [];
  });
}

/**
 * Folds tickets anew, from their events alone, and holds every row of every read model against what comes out. `events` are those of
 * the tickets, each stream whole and in order.
 */
export async function compareModels(
  db: Queryable,
  store: Pick<EventStore, "facts">,
  models: readonly Model[],
  events: ReadonlyMap<string, readonly RawEvent[]>,
  collect: Collector,
): Promise<void> {
  const parked = await parkedStreams(db, [...events.keys()]);
  const folded = new Map<string, FoldEvent[]>();
  for (const [stream, raws] of events) folded.set(stream, await foldEvents(raws, (run) => store.facts(run)));
  for (const { projection, schema, generation } of models) {
    const expected = new Map<Table, Map<string, Expected>>(projection.tables.map((table) => [table, new Map()]));
    const skipped = new Set<string>();
    for (const [stream, run] of folded) {
      const ticket = stream.slice("ticket-".length);
      if (parked.has(`${projection.name} ${generation} ${stream}`)) {
        collect.add("read_model_parked", { model: projection.name, ticket, stream });
        skipped.add(ticket);
      } else if (!foldStream(projection, stream, run, ticket, expected)) skipped.add(ticket);
    }
    for (const [table, rows] of expected) await compareTable(db, schema, table, rows, folded, skipped, collect);
  }
}

interface Expected {
  readonly ticket: string;
  readonly row: Row;
}

/** What a read model makes of one ticket's events; false where they cannot be folded, which is told elsewhere. */
function foldStream(
  projection: Projection,
  stream: string,
  events: readonly FoldEvent[],
  ticket: string,
  into: ReadonlyMap<Table, Map<string, Expected>>,
): boolean {
  const writer: Writer = {
    insert: (table, row) => void into.get(table)?.set(keyOf(table, row), { ticket, row }),
    update: (table, row) => void into.get(table)?.set(keyOf(table, row), { ticket, row }),
    remove: (table, key) => void into.get(table)?.delete(JSON.stringify(key)),
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

const placesOf = ({ columns, key = [] }: Table): number[] =>
  key.length > 0
    ? key.map((name) => columns.findIndex(([column]) => column === name))
    : columns.map((_, index) => index);

/** What tells a row from the others of its table: its key, or all of it. */
function keyOf(table: Table, row: Row): string {
  return JSON.stringify(placesOf(table).map((place) => row[place]));
}

/** The column by which the rows of a ticket are found; null: by the places of its events in the log. */
function ownerColumn({ columns }: Table): { column: string; type: "uuid" | "text" } | null {
  for (const [name, type] of columns)
    if (name === "ticket_id" || name === "owner") return { column: name, type: type === "uuid" ? "uuid" : "text" };
  return null;
}

async function compareTable(
  db: Queryable,
  schema: string,
  table: Table,
  expected: ReadonlyMap<string, Expected>,
  events: ReadonlyMap<string, readonly FoldEvent[]>,
  skipped: ReadonlySet<string>,
  collect: Collector,
): Promise<void> {
  const owner = ownerColumn(table);
  const names = table.columns.map(([name]) => name);
  const tickets = [...events.keys()].map((stream) => stream.slice("ticket-".length));
  const positions = [...events.values()].flatMap((run) => run.map(({ commit }) => commit));
  if (owner === null && !names.includes("position")) return;
  const { rows } = await db.query<Record<string, unknown>>(
    owner === null
      ? `select ${names.join(", ")} from ${schema}.${table.name} where position = any($1::int8[])`
      : `select ${names.join(", ")} from ${schema}.${table.name} where ${owner.column} = any($1::${owner.type}[])`,
    [owner === null ? positions : tickets],
  );
  const byPosition = new Map(
    [...events].flatMap(([stream, run]) => run.map(({ commit }) => [commit, stream.slice("ticket-".length)] as const)),
  );
  const label = `${schema}.${table.name}`;
  const seen = new Set<string>();
  for (const found of rows) {
    const row = table.columns.map(([name, type]) => plain(found[name], type));
    const key = keyOf(table, row);
    const ticket = String(owner === null ? (byPosition.get(Number(found["position"])) ?? "") : found[owner.column]);
    if (skipped.has(ticket)) continue;
    const wanted = expected.get(key);
    if (wanted === undefined) {
      collect.add("read_model_row_extra", { table: label, ticket, row: inShort(key) });
      continue;
    }
    seen.add(key);
    table.columns.forEach(([name, type], place) => {
      const should = plain(wanted.row[place] ?? null, type);
      if (row[place] !== should)
        collect.add("read_model_differs", {
          table: label,
          ticket,
          column: name,
          found: inShort(String(row[place])),
          expected: inShort(String(should)),
        });
    });
  }
  for (const [key, { ticket }] of expected)
    if (!seen.has(key) && !skipped.has(ticket))
      collect.add("read_model_row_missing", { table: label, ticket, row: inShort(key) });
}

/** A value in the form that both sides share: instants as milliseconds, numbers as numbers, bytes as hex. */
function plain(value: unknown, type: Table["columns"][number][1]): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (type === "int8" || type === "int4" || type === "int2") return Number(value);
  if (type === "timestamptz") return Number(value);
  if (typeof value === "object") return JSON.stringify(value);
  return value as string | number | boolean;
}

const inShort = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

async function parkedStreams(db: Queryable, streams: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ projection: string; generation: number; stream: string }>(
    "select distinct projection, generation, stream from engine.parked where stream = any($1)",
    [streams],
  );
  return new Set(rows.map(({ projection, generation, stream }) => `${projection} ${generation} ${stream}`));
}

/** Rows of tickets that no event speaks of. */
export async function findStrangers(db: Queryable, models: readonly Model[], collect: Collector): Promise<void> {
  for (const { projection, schema } of models)
    for (const table of projection.tables) {
      if (ownerColumn(table)?.column !== "ticket_id") continue;
      const { rows } = await db.query<{ ticket: string; rows: string }>(
        `select t.ticket_id::text as ticket, count(*) as rows from ${schema}.${table.name} t
         where not exists (select 1 from read.journal j where j.stream = 'ticket-' || t.ticket_id)
         group by t.ticket_id limit 100`,
      );
      for (const { ticket, rows: count } of rows)
        collect.add("read_model_row_extra", { table: `${schema}.${table.name}`, ticket, row: `${count} rows` });
    }
}

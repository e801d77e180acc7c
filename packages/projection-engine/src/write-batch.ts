import type { LogPosition } from "@docket/postgres";
import { connectionConfig } from "@docket/postgres";
import { Client } from "pg";
import { copyIn } from "./copy-in.ts";
import type { FoldResult } from "./fold-batch.ts";
import { parkedForm } from "./parked-event.ts";
import type { Table } from "./table.ts";
import { RowList, type Rows } from "./write-set.ts";

/** Where the transaction moves the checkpoint, and under which claim. */
export type Move = {
  readonly name: string;
  readonly epoch: number;
  readonly layout: number;
  readonly from: LogPosition;
  readonly to: LogPosition;
};

/** The channel on which every commit is announced; the payload is the new position's commit half. A hint, never the truth. */
export const progressChannel = "docket_progress";

/** A failure of one read model's rows, as opposed to one of the connection or the checkpoint. */
export class WriteFailed extends Error {
  readonly projection: string;

  constructor(place: { projection: string; table: Table }, cause: unknown) {
    const because = cause instanceof Error ? cause.message : String(cause);
    super(`rows of ${place.projection} (${place.table.name}) were refused: ${because}`, { cause });
    this.name = "WriteFailed";
    this.projection = place.projection;
  }

  /** Whether the rows themselves are at fault (a value out of range, a key that is there already), so that a retry cannot help. */
  get isPoison(): boolean {
    if (this.cause instanceof TypeError) return true;
    const code = (this.cause as { code?: unknown } | undefined)?.code;
    return typeof code === "string" && (code.startsWith("22") || code.startsWith("23"));
  }
}

/** A statement that goes with a batch, for the checkpoint that it moves; it must raise when the checkpoint is not ours to move. */
export type Advance = { readonly text: string; readonly values: readonly unknown[] };

export type BatchWriter = {
  /** Writes the rows of all read models, the parked events and the checkpoint in one transaction, or nothing. */
  readonly write: (results: readonly FoldResult[], advance: Advance) => Promise<void>;
  readonly close: () => Promise<void>;
};

// The plans are always the same: walk the key's index. Statistics of a young table must not talk the planner out of it.
// Nor does a batch wait for the disk: should the server lose the last ones, their checkpoint is lost with them, and they are
// folded again. What must not be lost stands in the event store.
const sessionSettings = [
  "synchronous_commit = off",
  "plan_cache_mode = force_generic_plan",
  "enable_seqscan = off",
  "enable_hashjoin = off",
  "enable_mergejoin = off",
];

type Connection = { readonly client: Client; readonly staged: Set<string>; broken: boolean };

/**
 * Writes batches over a connection of its own, each as one burst of statements without waiting between them, so that an event on
 * its own takes one round trip, and Postgres works through a large batch while we fold the next: few rows by arrays, many by COPY.
 */
export function batchWriter(url: string, name = "docket projector"): BatchWriter {
  let held: Promise<Connection> | undefined;

  const connect = async (): Promise<Connection> => {
    const client = new Client({ ...connectionConfig(url, { name }), pipeline: true });
    const connection: Connection = { client, staged: new Set(), broken: false };
    client.on("error", () => (connection.broken = true));
    client.on("end", () => (connection.broken = true));
    await client.connect();
    await client.query(sessionSettings.map((setting) => `set ${setting}`).join("; "));
    return connection;
  };
  const use = async (): Promise<Connection> => {
    const old = await held?.catch(() => undefined);
    if (old && !old.broken) return old;
    await old?.client.end().catch(() => undefined);
    held = connect();
    return held;
  };

  return {
    write: async (results, advance) => {
      const connection = await use();
      await makeStages(connection, results);
      await writeBurst(connection.client, results, advance);
    },
    close: async () => {
      await held?.then(({ client }) => client.end()).catch(() => undefined);
      held = undefined;
    },
  };
}

/** Moves the live checkpoint by compare-and-set, and announces it. */
export function moveCheckpoint({ name, epoch, layout, from, to }: Move): Advance {
  return {
    text: `select engine.move_checkpoint($1, $2, $3, $4, $5, $6, $7), pg_notify('${progressChannel}', $6::text)`,
    values: [name, epoch, layout, from.commit, from.prepare, to.commit, to.prepare],
  };
}

const parkSql = `insert into engine.parked
  (projection, generation, stream, revision, commit_position, prepare_position, event_id, type, event, cause)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

function clearQueries(results: readonly FoldResult[]): { text: string; values: unknown[] }[] {
  return results.flatMap(({ generation: { projection, schema }, cleared }) =>
    cleared === undefined ? [] : (projection.clear?.(schema) ?? []).map((text) => ({ text, values: [cleared] })),
  );
}

const releaseSql = "delete from engine.parked where projection = $1 and generation = $2 and stream = any($3)";

function parkQueries(results: readonly FoldResult[]): ReturnType<typeof prepared>[] {
  return results.flatMap(({ generation, parked, released }) => {
    const { projection, number } = generation;
    const release = released ? [prepared("release", releaseSql, [projection.name, number, released])] : [];
    const park = parked.map(({ event, cause }) => {
      const place = [event.stream, event.revision, event.commit, event.prepare, event.eventId, event.type];
      const values = [projection.name, number, ...place, parkedForm(event), cause?.replaceAll("\0", "") ?? null];
      return prepared("park", parkSql, values);
    });
    return [...release, ...park];
  });
}

type Statement = {
  readonly projection: string;
  readonly schema: string;
  readonly table: Table;
  readonly kind: "remove" | "update" | "insert";
  readonly rows: Rows;
};

/** The statements of a batch in their order: what goes first, so that a key can be given anew. */
function statements(results: readonly FoldResult[]): Statement[] {
  return results.flatMap(({ generation, writes }) =>
    writes.tables.flatMap(({ table, inserts, updates, removes }) => {
      const place = { projection: generation.projection.name, schema: generation.schema, table };
      const all: Statement[] = [
        { ...place, kind: "remove", rows: removes },
        { ...place, kind: "update", rows: updates },
        { ...place, kind: "insert", rows: inserts },
      ];
      return all.filter(({ rows }) => rows.count > 0);
    }),
  );
}

/** Everything at once; the first statement that fails makes all that follow it fail, the commit included. */
async function writeBurst(client: Client, results: readonly FoldResult[], advance: Advance): Promise<void> {
  // all rows are encoded before anything is sent: a value that does not fit must not leave a commit behind it
  const encoded = statements(results).map((statement) => ({ statement, send: sending(client, statement) }));
  const sent: Promise<unknown>[] = [client.query("begin")];
  for (const query of clearQueries(results)) sent.push(client.query(query));
  for (const { statement, send } of encoded) for (const part of send()) sent.push(guarded(statement, part));
  for (const query of parkQueries(results)) sent.push(client.query(query));
  sent.push(client.query(prepared("advance", advance.text, [...advance.values])), client.query("commit"));
  const outcomes = await Promise.allSettled(sent);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

/** Encodes the rows of a statement; what it gives sends them, in one part or two. */
function sending(client: Client, statement: Statement): () => Promise<unknown>[] {
  const { kind, table, rows, schema } = statement;
  if (rows instanceof RowList) {
    const query = arrayQuery(statement, rows);
    return () => [client.query(query)];
  }
  const bytes = rows.bytes();
  if (kind === "insert") return () => [copyIn(client, table.copySql(schema), bytes)];
  return () => [
    copyIn(client, table.stage.copySql(schema), bytes),
    client.query(prepared("stage", table.stage.updateSql(schema), [])),
  ];
}

/** The statement with its rows as arrays. */
function arrayQuery(statement: Statement, { rows }: RowList): ReturnType<typeof prepared> {
  const { table, kind, schema } = statement;
  try {
    if (kind === "remove") return prepared(kind, table.removeSql(schema), table.encodeKeys(rows));
    return prepared(
      kind,
      kind === "update" ? table.updateSql(schema) : table.insertSql(schema),
      table.encodeArrays(rows),
    );
  } catch (error) {
    throw new WriteFailed(statement, error);
  }
}

function prepared(kind: string, text: string, values: unknown[]): { name: string; text: string; values: unknown[] } {
  return { name: statementName(kind, text), text, values };
}

const names = new Map<string, string>();

/** Short unique names: Postgres cuts long ones off. */
function statementName(kind: string, text: string): string {
  let name = names.get(text);
  if (!name) {
    name = `${kind}_${names.size}`;
    names.set(text, name);
  }
  return name;
}

async function guarded<T>(statement: Statement, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new WriteFailed(statement, error);
  }
}

/** Temporary tables for the updates by COPY: made once a session. */
async function makeStages({ client, staged }: Connection, results: readonly FoldResult[]): Promise<void> {
  for (const { generation, writes } of results)
    for (const { table, updates } of writes.tables) {
      const text = table.stage.createSql(generation.schema);
      if (updates.count === 0 || updates instanceof RowList || staged.has(text)) continue;
      await client.query(text);
      staged.add(text);
    }
}

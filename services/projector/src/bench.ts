import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import type { FollowOptions, RawEvent } from "@docket/event-store";
import { connectionConfig, migrate, startEmbeddedPostgres } from "@docket/postgres";
import {
  largestBatch,
  openRebuild,
  type RebuildOptions,
  runProjector,
  type Row,
  type Table,
} from "@docket/projection-engine";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { busyLog } from "./busy-log.ts";
import { readModels } from "./read-models.ts";

/*
 * Measures the read models against bare Postgres, on an embedded one in the given folder, and tells what it found over IPC:
 *
 *   bench.ts FOLDER EVENTS TOTAL   catches up EVENTS live, beside `unnest` upserts of the same rows; then goes on to TOTAL events and
 *                                  rebuilds everything but the journal, beside COPY of the same rows
 *   bench.ts --rebuild URL         that rebuild alone, in a process of its own, so that its memory can be told
 */

export type ReadModelFigures = {
  readonly events: number;
  readonly catchUpMs: number;
  readonly rows: number;
  readonly bareMs: number;
  readonly total: number;
  readonly fillMs: number;
  readonly rebuild: RebuildFigures;
  readonly copyRows: number;
  readonly copyMs: number;
};

type RebuildFigures = {
  readonly runMs: number;
  readonly switchMs: number;
  /** getting rid of the old tables, when readers have the new ones */
  readonly dropMs: number;
  readonly peakMb: number;
};

const batchEvents = largestBatch.events;

async function measure(folder: string, events: number, total: number): Promise<ReadModelFigures> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, "postgres") });
  try {
    await migrate(postgres.url);
    const log = busyLog({ events: total });
    const first = take(log, events);
    const catchUpMs = await follow(postgres.url, [first], events);
    const { rows, ms: bareMs } = await upsertBare(postgres.url, events);
    const fillMs = await follow(postgres.url, runs(log), total);
    const rebuild = await rebuildApart(postgres.url);
    const copied = await copyBare(postgres.url, folder);
    return { events, catchUpMs, rows, bareMs, total, fillMs, rebuild, copyRows: copied.rows, copyMs: copied.ms };
  } finally {
    await postgres.stop();
  }
}

function take(log: Iterator<RawEvent>, count: number): RawEvent[] {
  const events: RawEvent[] = [];
  for (let next = log.next(); !next.done; next = log.next()) {
    events.push(next.value);
    if (events.length === count) break;
  }
  return events;
}

function* runs(log: Iterator<RawEvent>): Generator<RawEvent[]> {
  for (let events = take(log, batchEvents); events.length > 0; events = take(log, batchEvents)) yield events;
}

/** Lets the projector follow a log that is at hand; gives the time from the first batch to the last one's commit. */
async function follow(url: string, log: Iterable<readonly RawEvent[]>, last: number): Promise<number> {
  const stop = new AbortController();
  const position = last * 1_000;
  let began = 0;
  let ended = 0;
  const followAll = async ({ onBatch, signal }: FollowOptions): Promise<void> => {
    began = performance.now();
    for (const events of log)
      for (let at = 0; at < events.length; at += batchEvents) {
        const batch = events.slice(at, at + batchEvents);
        await onBatch({ events: batch, checkpoint: batch.at(-1)?.position ?? { commit: 0, prepare: 0 }, live: false });
      }
    if (!signal.aborted) await once(signal, "abort");
  };
  await runProjector({
    url,
    store: { followAll },
    projections: readModels,
    signal: stop.signal,
    onStatus: ({ position: reached, parked, state, stuckBecause }) => {
      if (parked > 0 || state === "stuck")
        throw new Error(`the read models are stuck: ${stuckBecause ?? "parked events"}`);
      if (reached.commit < position || ended > 0) return;
      ended = performance.now();
      stop.abort();
    },
  });
  return ended - began;
}

const copies = readModels.map((projection) => ({
  projection,
  live: `rm_${projection.name}_1`,
  bare: `bare_${projection.name}`,
}));

/** The rows that the catching up left, written and written again as often as it did, by one statement a table and batch. */
async function upsertBare(url: string, events: number): Promise<{ rows: number; ms: number }> {
  const client = await connect(url);
  try {
    const work: { name: string; table: Table; rows: Row[]; updates: number; text: string }[] = [];
    for (const { projection, live, bare } of copies) {
      await client.query(`create schema ${bare}`);
      for (const table of projection.tables) {
        await client.query(table.createSql(bare));
        for (const sql of table.indexSql(bare)) await client.query(sql);
        const names = table.columns.map(([name]) => name);
        const { rows } = await client.query({
          text: `select ${names.join(", ")} from ${live}.${table.name}`,
          rowMode: "array",
        });
        const found = await client.query<{ updates: string }>(
          "select n_tup_upd as updates from pg_stat_user_tables where schemaname = $1 and relname = $2",
          [live, table.name],
        );
        const { key = [] } = table;
        const sets = names.filter((name) => !key.includes(name)).map((name) => `${name} = excluded.${name}`);
        const conflict =
          key.length === 0 || sets.length === 0
            ? ""
            : ` on conflict (${key.join(", ")}) do update set ${sets.join(", ")}`;
        work.push({
          name: `${bare}_${table.name}`,
          table,
          rows: rows.map((row: unknown[]) => valuesOf(table, row)),
          updates: Number(found.rows[0]?.updates ?? 0),
          text: `${table.insertSql(bare)}${conflict}`,
        });
      }
    }
    await client.query("checkpoint");
    const batches = Math.ceil(events / batchEvents);
    let written = 0;
    const began = performance.now();
    for (let batch = 0; batch < batches; batch++) {
      await client.query("begin");
      for (const { name, table, rows, updates, text } of work) {
        const share = (of: number, at: number): number => Math.floor((of * at) / batches);
        const end = share(rows.length, batch + 1);
        const again = Math.min(end, share(updates, batch + 1) - share(updates, batch));
        for (const part of [rows.slice(share(rows.length, batch), end), rows.slice(end - again, end)]) {
          if (part.length === 0) continue;
          written += part.length;
          await client.query({ name, text, values: table.encodeArrays(part) });
        }
      }
      await client.query("commit");
    }
    const ms = performance.now() - began;
    for (const { bare } of copies) await client.query(`drop schema ${bare} cascade`);
    return { rows: written, ms };
  } finally {
    await client.end();
  }
}

function valuesOf(table: Table, row: readonly unknown[]): Row {
  return table.columns.map(([, type], index) => {
    const value = row[index];
    if (value instanceof Date) return value.getTime();
    if (Buffer.isBuffer(value)) return value.toString("hex");
    return (type === "int8" && typeof value === "string" ? Number(value) : value) as Row[number];
  });
}

async function rebuildApart(url: string): Promise<RebuildFigures> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), "--rebuild", url], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [answer] = (await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => Promise.reject(new Error("the rebuild failed"))),
  ])) as [RebuildFigures];
  return answer;
}

async function rebuildHere(url: string): Promise<RebuildFigures> {
  // nothing of the log is encrypted or of an old version, so the store that decoding would use is not asked for anything
  process.env["EVENTSTORE_URL"] = "esdb://127.0.0.1:9?tls=false";
  process.env["DATABASE_URL"] = url;
  const program = new URL("./program.ts", import.meta.url).href;
  let dropping: number | undefined;
  const onProgress: NonNullable<RebuildOptions["onProgress"]> = ({ step }) => {
    if (step === "drop") dropping ??= performance.now();
  };
  const rebuild = await openRebuild({ url, projections: readModels, program, onProgress });
  await rebuild.prepare([]);
  const began = performance.now();
  await rebuild.run();
  const ran = performance.now();
  await rebuild.switchOver();
  const dropped = performance.now();
  const switched = dropping ?? dropped;
  await rebuild.close();
  return {
    runMs: ran - began,
    switchMs: switched - ran,
    dropMs: dropped - switched,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
}

/** COPY of the rows that the rebuild made into tables without any index, in one transaction like its own. */
async function copyBare(url: string, folder: string): Promise<{ rows: number; ms: number }> {
  const client = await connect(url);
  try {
    const { rows: places } = await client.query<{ name: string; schema: string }>(
      "select name, schema_name as schema from engine.projections where name <> 'journal'",
    );
    const work = places.flatMap(({ name, schema }) =>
      (readModels.find((one) => one.name === name)?.tables ?? []).map((table) => ({
        table,
        schema,
        file: join(folder, `${schema}.${table.name}`),
      })),
    );
    for (const { table, schema, file } of work)
      await pipeline(
        client.query(copyTo(`copy ${schema}.${table.name} to stdout (format binary)`)),
        createWriteStream(file),
      );
    await client.query("checkpoint");
    const began = performance.now();
    let rows = 0;
    await client.query("begin");
    for (const { table, schema, file } of work) {
      // as read models may have tables of one name, each has its bare schema
      const bare = `bare_${schema}`;
      await client.query(`create schema if not exists ${bare}`);
      await client.query(table.createSql(bare));
      const copy = client.query(copyFrom(table.copySql(bare, true)));
      await pipeline(createReadStream(file, { highWaterMark: 1 << 18 }), copy);
      rows += copy.rowCount;
    }
    await client.query("commit");
    return { rows, ms: performance.now() - began };
  } finally {
    await client.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(connectionConfig(url, { name: "docket bench" }));
  await client.connect();
  return client;
}

const [first, second, third] = process.argv.slice(2);
if (first === "--rebuild") process.send?.(await rebuildHere(second as string));
else process.send?.(await measure(first as string, Number(second), Number(third)));
process.disconnect?.();

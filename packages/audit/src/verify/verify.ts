import type { EventStore, LogPosition, RawEvent } from "@docket/event-store";
import type { Finding } from "@docket/evidence";
import { connectionConfig, type Queryable } from "@docket/postgres";
import { type Projection, readModelPosition } from "@docket/projection-engine";
import { Client } from "pg";
import { eventsOfJournal, rawOfJournal, storedColumns } from "../replay/journal.ts";
import { type Collector, collector } from "./collector.ts";
import { checkSigned, compareOneWithSigned, compareWithSigned, type Signed } from "./heads-pass.ts";
import { compareEvents, type Tail, walkLog } from "./log-pass.ts";
import { compareModels, modelsOf } from "./models-pass.ts";
import { findStrangers } from "./strangers-pass.ts";
import { compareViews } from "./views-pass.ts";

export interface VerifyOptions {
  readonly store: EventStore;
  /** undefined: the event store alone is checked */
  readonly databaseUrl?: string | undefined;
  /** read models to compare */
  readonly projections: readonly Projection[];
  /** one ticket's stream; undefined: everything */
  readonly stream?: string | undefined;
  /** 64 hex digits: signatures must be of this key or of keys that follow from it */
  readonly publicKey?: string | undefined;
  readonly onProgress?: (progress: VerifyProgress) => void;
  readonly signal?: AbortSignal;
  readonly mostFindings?: number;
}

export interface VerifyProgress {
  readonly phase: "log" | "read_models";
  readonly done: number;
  /** 0: not known */
  readonly total: number;
}

export interface VerifyReport {
  /** `all`, or the stream */
  readonly scope: string;
  readonly events: number;
  readonly streams: number;
  /** tickets whose read models were folded anew and compared */
  readonly tickets: number;
  /** the same for streams of all kinds: tickets, contacts, organizations, accesses, ... */
  readonly compared: number;
  /** views and functions of the schemas `read` and `reporting` that were held against the program's */
  readonly views: number;
  /** read models of the database that this program does not know, by name and version */
  readonly notCompared: readonly string[];
  /** texts that were being erased meanwhile and whose rows were not judged */
  readonly erasing: number;
  /** place in the log of the last event that was looked at */
  readonly position: string;
  readonly checkpoints: number;
  /** number of the checkpoint that was held against; null: there is none yet */
  readonly checkpoint: number | null;
  /** events after that checkpoint: covered by their chains and the mirror alone */
  readonly afterCheckpoint: number;
  readonly journal: boolean;
  readonly findings: readonly Finding[];
  /** how many there are, also of those not listed */
  readonly found: number;
  readonly ms: number;
}

/** Streams that are folded and compared together: so many, or as many as have so many events. */
const streamsAtOnce = 100;
const eventsAtOnce = 4_000;
/** Not so `ticket-numbers`. */
const ofTicket = /^ticket-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;

/**
 * Checks the record against everything that it is told by: the event store's hash chains, its mirror in the journal, the signed
 * checkpoints, and the read models, all of which are folded anew and compared row by row, with the views that show them. The database is
 * seen as of one moment, so a running Docket is checked like a standing one. Memory holds a tail per stream, a run of streams and the
 * rows that come of it. Throws StoreUnavailable and errors of Postgres.
 */
export async function verifyRecord(options: VerifyOptions): Promise<VerifyReport> {
  const began = performance.now();
  const collect = collector(options.mostFindings);
  const signed = await checkSigned(options.store, options.publicKey, collect);
  const db =
    options.databaseUrl === undefined
      ? undefined
      : new Client(connectionConfig(options.databaseUrl, { name: "docket verify" }));
  db?.on("error", () => undefined);
  try {
    await db?.connect();
    await db?.query("begin transaction isolation level repeatable read read only");
    const work = { ...options, db, signed, collect };
    const counts = options.stream === undefined ? await verifyAll(work) : await verifyOne(work, options.stream);
    const erasing = collect.blanks === 0 || db === undefined ? 0 : await erasingMeanwhile(options, began, collect);
    return {
      scope: options.stream ?? "all",
      ...counts,
      erasing,
      checkpoints: signed.count,
      checkpoint: signed.last?.number ?? null,
      journal: db !== undefined,
      findings: collect.findings,
      found: collect.count,
      ms: Math.round(performance.now() - began),
    };
  } finally {
    await db?.end().catch(() => undefined);
  }
}

interface Work extends VerifyOptions {
  readonly db: Client | undefined;
  readonly signed: Signed;
  readonly collect: Collector;
}

type Counts = Pick<VerifyReport, "events" | "streams" | "position" | "afterCheckpoint"> & Compared;
type Compared = Pick<VerifyReport, "tickets" | "compared" | "views" | "notCompared">;
const nothingCompared: Compared = { tickets: 0, compared: 0, views: 0, notCompared: [] };

async function verifyAll(work: Work): Promise<Counts> {
  const { store, db, signed, collect, onProgress, signal } = work;
  const mirrored = db === undefined ? signed.position : await readModelPosition(db);
  const total = db === undefined ? 0 : await countOf(db, "select count(*) as n from read.journal");
  let afterCheckpoint = 0;
  const { events, tails, position } = await walkLog({
    store: counting(store.readAll(), signed.position, (count) => (afterCheckpoint = count)),
    journal: db === undefined ? undefined : journalOf(db),
    mirrored,
    signed: signed.position,
    collect,
    onProgress: (done) => onProgress?.({ phase: "log", done, total }),
    ...(signal ? { signal } : {}),
  });
  await compareWithSigned(db, tails, signed, collect);
  const compared = db === undefined ? nothingCompared : await verifyModels(work, db, tails);
  return { events, streams: tails.size, position: String(position), ...compared, afterCheckpoint };
}

async function verifyModels(work: Work, db: Client, tails: ReadonlyMap<string, Tail>): Promise<Compared> {
  const { store, collect, onProgress, signal, projections, databaseUrl = "" } = work;
  const { models, notCompared } = await modelsOf(db, projections);
  const streams = [...tails.keys()].filter((stream) => models.some(({ handles }) => handles(stream)));
  const comparison = { db, store, models, collect, looked: new Map<string, number>() };
  let done = 0;
  for (const some of runsOf(streams, tails)) {
    signal?.throwIfAborted();
    await compareModels(comparison, await journalStreams(db, some));
    done += some.length;
    onProgress?.({ phase: "read_models", done, total: streams.length });
  }
  await findStrangers(db, models, comparison.looked, collect);
  const views = await compareViews(databaseUrl, projections, collect);
  const tickets = streams.filter((stream) => ofTicket.test(stream)).length;
  return { tickets, compared: streams.length, views, notCompared };
}

/** Runs of streams that are looked at together; what is long goes alone. */
function* runsOf(streams: readonly string[], tails: ReadonlyMap<string, Tail>): Generator<readonly string[]> {
  let run: string[] = [];
  let events = 0;
  for (const stream of streams) {
    const own = (tails.get(stream)?.revision ?? 0) + 1;
    if (run.length > 0 && (run.length >= streamsAtOnce || events + own > eventsAtOnce)) {
      yield run;
      run = [];
      events = 0;
    }
    run.push(stream);
    events += own;
  }
  if (run.length > 0) yield run;
}

async function verifyOne(work: Work, stream: string): Promise<Counts> {
  const { store, db, signed, collect, onProgress, projections } = work;
  const events = await store.loadRaw(stream);
  const { tails, position } = await walkLog({
    store: events,
    journal: undefined,
    mirrored: signed.position,
    signed: signed.position,
    collect,
    onProgress: (done) => onProgress?.({ phase: "log", done, total: events.length }),
  });
  const tail: Tail | undefined = tails.get(stream);
  const afterCheckpoint = events.filter((event) => event.position.commit > signed.position.commit).length;
  const counts = { events: events.length, streams: tails.size, position: String(position), afterCheckpoint };
  if (db === undefined) return { ...counts, ...nothingCompared };
  const mirrored = await readModelPosition(db);
  const mirror = (await eventsOfJournal(db, stream, { at: null, position: null }, Infinity)).events;
  compareStreams(events, mirror, mirrored, collect);
  await compareOneWithSigned(db, stream, tail, signed, collect);
  const { models, notCompared } = await modelsOf(db, projections);
  await compareModels({ db, store, models, collect, looked: new Map() }, new Map([[stream, mirror]]));
  onProgress?.({ phase: "read_models", done: 1, total: 1 });
  return { ...counts, tickets: ofTicket.test(stream) ? 1 : 0, compared: 1, views: 0, notCompared };
}

/**
 * Judges rows that show what by the events is erased: the usual course while an erasure is under way, or was since we began to look; else a
 * read model that holds what it must not. Gives how many were not judged.
 */
async function erasingMeanwhile({ databaseUrl }: VerifyOptions, began: number, collect: Collector): Promise<number> {
  // not in the transaction that looks at the past: what has happened since is asked for
  const client = new Client(connectionConfig(databaseUrl ?? "", { name: "docket verify erasures" }));
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ erasing: boolean }>(
      `select exists (select from vault.erasure
         where step = 'keys_destroyed' or updated_at > now() - $1 * interval '1 ms') as erasing`,
      [performance.now() - began + 5_000],
    );
    const isErasing = rows[0]?.erasing === true;
    const { blanks } = collect;
    collect.judgeBlanks(isErasing);
    return isErasing ? blanks : 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** One stream, event by event, as the store and as the journal has it. */
function compareStreams(
  events: readonly RawEvent[],
  mirror: readonly RawEvent[],
  mirrored: LogPosition,
  collect: Collector,
): void {
  const byId = new Map(mirror.map((event) => [event.eventId, event]));
  for (const event of events) {
    const row = byId.get(event.eventId);
    byId.delete(event.eventId);
    const { stream, revision, eventId } = event;
    if (row !== undefined) {
      compareEvents(event, row, collect);
      if (row.position.commit !== event.position.commit) collect.add("reordered", { stream, revision, eventId });
    } else if (event.position.commit <= mirrored.commit) collect.add("journal_missing", { stream, revision, eventId });
  }
  for (const { stream, revision, eventId } of byId.values())
    collect.add("store_missing", { stream, revision, eventId });
}

/** The journal in the order of the log, through a cursor. */
async function* journalOf(db: Client): AsyncGenerator<RawEvent> {
  await db.query(
    `declare mirror no scroll cursor for select ${storedColumns.join(", ")} from read.journal
     order by position, prepare_position`,
  );
  for (;;) {
    const { rows } = await db.query<Record<string, unknown>>("fetch 1000 from mirror");
    if (rows.length === 0) return;
    for (const row of rows) yield rawOfJournal(row);
  }
}

async function journalStreams(db: Queryable, streams: readonly string[]): Promise<Map<string, RawEvent[]>> {
  const { rows } = await db.query<Record<string, unknown>>(
    `select ${storedColumns.join(", ")} from read.journal where stream = any($1) order by stream, revision`,
    [streams],
  );
  const found = new Map<string, RawEvent[]>(streams.map((stream) => [stream, []]));
  for (const row of rows) found.get(row["stream"] as string)?.push(rawOfJournal(row));
  return found;
}

async function* counting(
  events: AsyncIterable<RawEvent>,
  signed: LogPosition,
  tell: (count: number) => void,
): AsyncGenerator<RawEvent> {
  let count = 0;
  for await (const event of events) {
    if (event.position.commit > signed.commit && event.stream !== "checkpoint") tell(++count);
    yield event;
  }
}

async function countOf(db: Queryable, text: string): Promise<number> {
  const { rows } = await db.query<{ n: string }>(text);
  return Number(rows[0]?.n ?? 0);
}

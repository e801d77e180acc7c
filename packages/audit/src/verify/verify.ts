import type { EventStore, LogPosition, RawEvent } from "@docket/event-store";
import type { Finding } from "@docket/evidence";
import { connectionConfig, type Queryable } from "@docket/postgres";
import { type Projection, readModelPosition } from "@docket/projection-engine";
import { Client } from "pg";
import { eventsOfJournal, rawOfJournal, storedColumns } from "../replay/journal.ts";
import { type Collector, collector } from "./collector.ts";
import { checkSigned, compareOneWithSigned, compareWithSigned, type Signed } from "./heads-pass.ts";
import { compareEvents, type Tail, walkLog } from "./log-pass.ts";
import { compareModels, findStrangers, modelsOfTickets } from "./models-pass.ts";

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

const ticketsAtOnce = 100;
/** Not so `ticket-numbers`. */
const ofTicket = /^ticket-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;

/**
 * Checks the record against everything that it is told by: the event store's hash chains, its mirror in the journal, the signed
 * checkpoints, and the read models, which are folded anew and compared row by row. The database is seen as of one moment, so a running
 * Docket is checked like a standing one. Throws StoreUnavailable and errors of Postgres.
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
    return {
      scope: options.stream ?? "all",
      ...counts,
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

type Counts = Pick<VerifyReport, "events" | "streams" | "tickets" | "afterCheckpoint">;

async function verifyAll(work: Work): Promise<Counts> {
  const { store, db, signed, collect, onProgress, signal } = work;
  const mirrored = db === undefined ? signed.position : await readModelPosition(db);
  const total = db === undefined ? 0 : await countOf(db, "select count(*) as n from read.journal");
  let afterCheckpoint = 0;
  const { events, tails } = await walkLog({
    store: counting(store.readAll(), signed.position, (count) => (afterCheckpoint = count)),
    journal: db === undefined ? undefined : journalOf(db),
    mirrored,
    signed: signed.position,
    collect,
    onProgress: (done) => onProgress?.({ phase: "log", done, total }),
    ...(signal ? { signal } : {}),
  });
  await compareWithSigned(db, tails, signed, collect);
  const tickets = db === undefined ? 0 : await verifyModels(work, db, [...tails.keys()]);
  return { events, streams: tails.size, tickets, afterCheckpoint };
}

async function verifyModels(work: Work, db: Client, streams: readonly string[]): Promise<number> {
  const { store, collect, onProgress, signal, projections } = work;
  const models = await modelsOfTickets(db, projections);
  if (models.length === 0) return 0;
  const tickets = streams.filter((stream) => ofTicket.test(stream));
  for (let at = 0; at < tickets.length; at += ticketsAtOnce) {
    signal?.throwIfAborted();
    const some = tickets.slice(at, at + ticketsAtOnce);
    const events = await journalStreams(db, some);
    await compareModels(db, store, models, events, collect);
    onProgress?.({ phase: "read_models", done: Math.min(at + ticketsAtOnce, tickets.length), total: tickets.length });
  }
  await findStrangers(db, models, collect);
  return tickets.length;
}

async function verifyOne(work: Work, stream: string): Promise<Counts> {
  const { store, db, signed, collect, onProgress, projections } = work;
  const events = await store.loadRaw(stream);
  const { tails } = await walkLog({
    store: events,
    journal: undefined,
    mirrored: signed.position,
    signed: signed.position,
    collect,
    onProgress: (done) => onProgress?.({ phase: "log", done, total: events.length }),
  });
  const tail: Tail | undefined = tails.get(stream);
  const afterCheckpoint = events.filter(({ position }) => position.commit > signed.position.commit).length;
  if (db === undefined) return { events: events.length, streams: tails.size, tickets: 0, afterCheckpoint };
  const mirrored = await readModelPosition(db);
  const mirror = (await eventsOfJournal(db, stream, { at: null, position: null }, Infinity)).events;
  compareStreams(events, mirror, mirrored, collect);
  await compareOneWithSigned(db, stream, tail, signed, collect);
  const models = await modelsOfTickets(db, projections);
  await compareModels(db, store, models, new Map([[stream, mirror]]), collect);
  onProgress?.({ phase: "read_models", done: 1, total: 1 });
  return { events: events.length, streams: tails.size, tickets: 1, afterCheckpoint };
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

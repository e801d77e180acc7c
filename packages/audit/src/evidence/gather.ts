import type { EventStore, RawEvent } from "@docket/event-store";
import {
  type Checkpoint,
  type EvidenceStream,
  type FieldKeyOf,
  type SigningKey,
  type Stepper,
  storyTeller,
  type StoryFact,
  withBlanks,
  writeEvidence,
} from "@docket/evidence";
import { connectionConfig } from "@docket/postgres";
import type { Clock } from "@docket/service-kit";
import { Client } from "pg";
import { keyStatements, lastCheckpoint, readTree } from "../checkpoint/checkpoint.ts";
import { type Inclusion, inclusionsOf } from "../checkpoint/tree.ts";
import { causesOf, contactsOf, type MailOpener, mailsOfTicket } from "../replay/beside.ts";
import { readableFacts } from "../replay/decode.ts";

/** Which tickets go into a file. */
export interface TicketChoice {
  /** condition over `read.ticket` known as `t`, with parameters from $1 on */
  readonly where: string;
  readonly values: readonly unknown[];
  /** for the reader: what was asked for */
  readonly scope: string;
}

export interface EvidenceParts {
  readonly databaseUrl: string;
  readonly store: EventStore;
  readonly clock: Pick<Clock, "now">;
  readonly keys: readonly SigningKey[];
  /** a fresh one for each ticket */
  readonly stepper: () => Stepper;
  readonly mails?: MailOpener;
  /** what opens the personal fields of an event; undefined: nothing is disclosed, the page shows blanks */
  readonly fieldKeys?: ((event: RawEvent) => Promise<readonly FieldKeyOf[]>) | undefined;
  /** the bytes of a file as one of these data subjects holds it, where they are to be in it */
  readonly bytesOf?:
    ((subjects: readonly string[], sha256: string) => Promise<AsyncIterable<Uint8Array> | undefined>) | undefined;
  readonly onTicket?: (done: number) => void;
}

/**
 * The evidence file of tickets, as text, piece by piece: one ticket in memory at a time, however many there are. Tickets, tree and proofs are
 * seen as of one moment, so that all proofs lead to the one signed root. Each ticket brings the contacts that it came from and its
 * survey.
 */
export async function* exportEvidence(parts: EvidenceParts, choice: TicketChoice): AsyncGenerator<string> {
  const { store, clock, keys, databaseUrl } = parts;
  const db = new Client(connectionConfig(databaseUrl, { name: "docket evidence" }));
  db.on("error", () => undefined);
  await db.connect();
  try {
    await db.query("begin transaction isolation level repeatable read read only");
    const tree = await readTree(db);
    const checkpoint = tree.pending?.checkpoint ?? (await checkpointOf(store, tree.checkpoint));
    const header = {
      exportedAt: clock.now().toISOString(),
      scope: choice.scope,
      checkpoint,
      keys: (await keyStatements(store)).map(({ data }) => data),
    };
    yield* writeEvidence(header, streamsOf(parts, db, choice, checkpoint?.streams ?? 0), keys);
  } finally {
    await db.end().catch(() => undefined);
  }
}

/** The checkpoint that the tree stands for. */
async function checkpointOf(store: EventStore, number: number): Promise<Checkpoint | null> {
  const last = await lastCheckpoint(store);
  if (last?.number === number) return last;
  const all = await store.load("checkpoint");
  for (const fact of all) if (fact.type === "CheckpointSigned" && fact.data.number === number) return fact.data;
  return null;
}

async function* streamsOf(
  parts: EvidenceParts,
  db: Client,
  { where, values }: TicketChoice,
  leaves: number,
): AsyncGenerator<EvidenceStream> {
  await db.query(
    `declare chosen no scroll cursor for select t.ticket_id, t.number from read.ticket t where ${where}
     order by t.registered_at, t.ticket_id`,
    [...values],
  );
  let done = 0;
  for (;;) {
    const { rows } = await db.query<{ ticket_id: string; number: string }>("fetch 50 from chosen");
    if (rows.length === 0) return;
    for (const { ticket_id: ticketId, number } of rows) {
      yield* streamsOfTicket(parts, db, ticketId, number, leaves);
      parts.onTicket?.(++done);
    }
  }
}

async function* streamsOfTicket(
  parts: EvidenceParts,
  db: Client,
  ticketId: string,
  number: string,
  leaves: number,
): AsyncGenerator<EvidenceStream> {
  const { store } = parts;
  const stream = `ticket-${ticketId}`;
  const events = await store.loadRaw(stream);
  const beside = [...contactsOf(events), `survey-${ticketId}`];
  const inclusions = await inclusionsOf(db, [stream, ...beside], leaves);
  const own = await streamOf(parts, stream, events, inclusions);
  yield { ...own, story: { number, steps: await stepsOf(parts, db, ticketId, events) } };
  for (const name of beside) {
    const others = await store.loadRaw(name);
    if (others.length > 0) yield await streamOf(parts, name, others, inclusions);
  }
}

async function streamOf(
  { fieldKeys, bytesOf }: EvidenceParts,
  stream: string,
  events: readonly RawEvent[],
  inclusions: ReadonlyMap<string, Inclusion>,
): Promise<EvidenceStream> {
  const disclosed = new Map<number, readonly FieldKeyOf[]>();
  for (const event of fieldKeys === undefined ? [] : events) {
    const fields = await fieldKeys?.(event);
    if (fields !== undefined && fields.length > 0) disclosed.set(event.revision, fields);
  }
  const none = { stream, leaf: null, revision: null, hash: null, proof: [] };
  return {
    inclusion: inclusions.get(stream) ?? none,
    events,
    disclosed,
    attachments: events.flatMap((event) => filesOf(event).map((file) => ({ revision: event.revision, ...file }))),
    story: null,
    ...(bytesOf === undefined ? {} : { bytesOf: (sha256: string) => bytesOf(subjectsOf(events), sha256) }),
  };
}

/** The data subjects that events speak of. */
function subjectsOf(events: readonly RawEvent[]): string[] {
  const found = events.flatMap(({ dataText }) => [...dataText.matchAll(/"\$p":"([0-9a-f-]{36})"/gu)]);
  return [...new Set(found.map(([, subject]) => subject as string))];
}

interface FileOf {
  readonly sha256: string;
  readonly size: number;
  readonly mediaType: string;
}

function filesOf({ dataText }: RawEvent): FileOf[] {
  if (!dataText.includes('"sha256"')) return [];
  const found: FileOf[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { sha256, size, mediaType } = value as Partial<FileOf>;
    if (typeof sha256 === "string" && typeof size === "number")
      found.push({ sha256, size, mediaType: typeof mediaType === "string" ? mediaType : "application/octet-stream" });
    Object.values(value).forEach(look);
  };
  try {
    look(JSON.parse(dataText));
  } catch {
    // an event that is no JSON any more: the checker will tell
  }
  return found;
}

async function stepsOf(parts: EvidenceParts, db: Client, ticketId: string, events: readonly RawEvent[]) {
  const { store, stepper, mails: opener, fieldKeys } = parts;
  const mails = await mailsOfTicket(db, ticketId, opener);
  const tell = storyTeller({
    stepper: stepper(),
    causes: await causesOf(db, events),
    // whom mails went to is nobody's business where nothing is disclosed
    ...(fieldKeys === undefined ? {} : { mails }),
  });
  const { facts } = await readableFacts(store, events);
  return facts.map((fact, index) =>
    tell(fieldKeys === undefined ? blanked(fact as never, events[index]) : (fact as never)),
  );
}

/** The fact with blanks where it is sealed. */
function blanked(fact: StoryFact, event: RawEvent | undefined): StoryFact {
  const { actor, ...meta } = fact.meta;
  return {
    ...fact,
    data: withBlanks(event?.data ?? {}) as Record<string, unknown>,
    meta: { ...meta, actor: { id: actor.id, role: actor.role } },
  };
}

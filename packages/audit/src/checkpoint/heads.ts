import { comparePositions, type EventStore, type LogPosition, type RawEvent, verifyChain } from "@docket/event-store";
import type { Checkpoint } from "@docket/evidence";
import type { Queryable } from "@docket/postgres";

/** The chain that is not a leaf: it is what the checkpoints themselves stand in, and each names the one before. */
export const checkpointStream = "checkpoint";

export interface Taken {
  /** places of the leaves that are another than before */
  readonly changed: ReadonlySet<number>;
  readonly leaves: number;
  /** of the last event that was read */
  readonly position: LogPosition;
  readonly events: number;
  readonly faults: Checkpoint["faults"];
}

interface KnownHead {
  readonly leaf: number;
  revision: number;
  hash: string;
  position: number;
}

const batchSize = 2_000;
const mostFaults = 100;

/**
 * Takes the events behind a place of the log over into the heads of their chains, checking each against the head before it. What it
 * costs depends on the number of these events alone; memory holds one batch of them and a number per changed stream. A fault of
 * a chain is told and the head taken as it stands: one broken chain must not keep the others from being signed.
 */
export async function takeHeads(
  db: Queryable,
  store: Pick<EventStore, "readAll">,
  from: { readonly position: LogPosition; readonly leaves: number },
  upTo: LogPosition,
  onProgress: (events: number) => void = () => undefined,
): Promise<Taken> {
  const changed = new Set<number>();
  const faults: { stream: string; revision: number; fault: "gap" | "broken_link" | "altered" }[] = [];
  const faulty = new Set<string>();
  let { leaves, position } = from;
  let events = 0;

  const take = async (batch: readonly RawEvent[]): Promise<void> => {
    const heads = await readHeads(db, [...new Set(batch.map(({ stream }) => stream))]);
    for (const event of batch) {
      const { stream, revision } = event;
      const head = heads.get(stream);
      const fault = faultOf(event, head);
      if (fault !== undefined && !faulty.has(stream)) {
        faulty.add(stream);
        if (faults.length < mostFaults) faults.push({ stream, revision, fault });
      }
      const leaf = head?.leaf ?? leaves++;
      heads.set(stream, { leaf, revision, hash: hashIn(event), position: event.position.commit });
      changed.add(leaf);
    }
    await writeHeads(db, heads);
    events += batch.length;
    onProgress(events);
  };

  let batch: RawEvent[] = [];
  for await (const event of store.readAll({ from: position })) {
    if (comparePositions(event.position, upTo) > 0) break;
    if (comparePositions(event.position, from.position) <= 0) continue;
    position = event.position;
    if (event.stream === checkpointStream) continue;
    batch.push(event);
    if (batch.length < batchSize) continue;
    await take(batch);
    batch = [];
  }
  if (batch.length > 0) await take(batch);
  return { changed, leaves, position, events, faults };
}

/** What is wrong with an event as the next one of its chain. */
export function faultOf(
  event: RawEvent,
  head: { readonly revision: number; readonly hash: string } | undefined,
): "gap" | "broken_link" | "altered" | undefined {
  try {
    return verifyChain([event], { revision: (head?.revision ?? -1) + 1, prevHash: head?.hash ?? null })?.fault;
  } catch {
    // it is no JSON any more
    return "altered";
  }
}

/** The hash that an event bears; nothing but noughts where it bears none. */
export function hashIn(event: RawEvent): string {
  const nothing = "0".repeat(64);
  try {
    const { hash } = event.stored;
    return /^[0-9a-f]{64}$/u.test(hash) ? hash : nothing;
  } catch {
    return nothing;
  }
}

async function readHeads(db: Queryable, streams: readonly string[]): Promise<Map<string, KnownHead>> {
  const { rows } = await db.query<{ stream: string; leaf: string; revision: number; hash: string; position: string }>(
    `select stream, leaf, revision, encode(hash, 'hex') as hash, position from audit.chain_head where stream = any($1)`,
    [streams],
  );
  return new Map(
    rows.map(({ stream, leaf, revision, hash, position }) => [
      stream,
      { leaf: Number(leaf), revision, hash, position: Number(position) },
    ]),
  );
}

async function writeHeads(db: Queryable, heads: ReadonlyMap<string, KnownHead>): Promise<void> {
  const all = [...heads];
  await db.query(
    `insert into audit.chain_head (leaf, stream, revision, hash, position)
     select leaf, stream, revision, decode(hash, 'hex'), position
     from unnest($1::int8[], $2::text[], $3::int4[], $4::text[], $5::int8[]) u(leaf, stream, revision, hash, position)
     on conflict (leaf) do update set revision = excluded.revision, hash = excluded.hash, position = excluded.position`,
    [
      all.map(([, head]) => head.leaf),
      all.map(([stream]) => stream),
      all.map(([, head]) => head.revision),
      all.map(([, head]) => head.hash),
      all.map(([, head]) => head.position),
    ],
  );
}

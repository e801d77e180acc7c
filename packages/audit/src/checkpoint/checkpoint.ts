import { randomUUID } from "node:crypto";
import type { TrustEvent } from "@docket/domain";
import {
  type AppendMeta,
  derivedId,
  type EventStore,
  type LogPosition,
  type StoredFact,
  startOfLog,
} from "@docket/event-store";
import { type Checkpoint, checkpointHash, checkpointText, keyText, type SigningKey } from "@docket/evidence";
import { type Clock, CodedError } from "@docket/service-kit";
import type pg from "pg";
import { checkpointStream, takeHeads, type Taken } from "./heads.ts";
import { growTree } from "./tree.ts";

export interface CheckpointParts {
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly clock: Pick<Clock, "now">;
  readonly keys: readonly SigningKey[];
  readonly onProgress?: (events: number) => void;
}

export type CheckpointOutcome =
  | { readonly made: true; readonly checkpoint: Checkpoint; readonly events: number }
  /** nothing was recorded since the last one */
  | { readonly made: false; readonly checkpoint: Checkpoint | null };

const lock = "select pg_advisory_lock(hashtext('docket checkpoint'))";
const unlock = "select pg_advisory_unlock(hashtext('docket checkpoint'))";

/**
 * Signs the state of the whole log: takes what was recorded since the last checkpoint over into the tree of chain heads, signs its
 * root with every active key, and appends it to the stream `checkpoint`. One process at a time; a checkpoint that was signed and
 * whose append was cut off is appended first.
 *
 * Where the tree is missing or behind (a new database beside an old event store) it is made anew from the log, and must come to the
 * root that was signed; what differs is told as a fault of the next checkpoint, under the stream `checkpoint`.
 */
export async function makeCheckpoint(parts: CheckpointParts): Promise<CheckpointOutcome> {
  const client = await parts.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(lock);
    return await make(parts, client);
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    await client.query(unlock).then(
      () => client.release(),
      (error: Error) => client.release(broken ?? error),
    );
  }
}

async function make(parts: CheckpointParts, client: pg.PoolClient): Promise<CheckpointOutcome> {
  const { store, clock, keys } = parts;
  const unfinished = await readTree(client);
  if (unfinished.pending !== null) await append(store, client, unfinished.pending);
  const last = await lastCheckpoint(store);
  const tree = await treeAt(parts, client, last);
  const head = await store.head();
  await client.query("begin");
  try {
    const taken = await takeHeads(client, store, tree, head, parts.onProgress);
    if (taken.events === 0 && tree.faults.length === 0 && last !== null) {
      await client.query("rollback");
      return { made: false, checkpoint: last };
    }
    const root = await growTree(client, taken.changed, taken.leaves);
    await introduceKeys(store, keys, clock);
    const body = {
      number: (last?.number ?? 0) + 1,
      at: clock.now().toISOString(),
      position: { commit: String(taken.position.commit), prepare: String(taken.position.prepare) },
      streams: taken.leaves,
      root: root.toString("hex"),
      previous: last === null ? null : checkpointHash(last),
      faults: [...tree.faults, ...taken.faults],
    };
    const text = checkpointText(body);
    const checkpoint: Checkpoint = {
      ...body,
      signatures: keys.map((key) => ({ key: key.key, signature: key.sign(text) })),
    };
    const pending: Pending = { commandId: randomUUID(), checkpoint };
    await writeTree(client, taken, checkpoint, pending);
    await client.query("commit");
    await append(store, client, pending);
    return { made: true, checkpoint, events: taken.events };
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

interface Pending {
  readonly commandId: string;
  readonly checkpoint: Checkpoint;
}

interface Tree {
  readonly leaves: number;
  readonly position: LogPosition;
  readonly checkpoint: number;
  readonly pending: Pending | null;
}

/** The tree as the database has it. */
export async function readTree(db: Pick<pg.ClientBase, "query">): Promise<Tree> {
  const { rows } = await db.query<{
    leaves: string;
    commit_position: string;
    prepare_position: string;
    checkpoint: number;
    pending: Pending | null;
  }>("select leaves, commit_position, prepare_position, checkpoint, pending from audit.tree");
  const row = rows[0];
  if (row === undefined) return { leaves: 0, position: startOfLog, checkpoint: 0, pending: null };
  const position = { commit: Number(row.commit_position), prepare: Number(row.prepare_position) };
  return { leaves: Number(row.leaves), position, checkpoint: row.checkpoint, pending: row.pending };
}

async function writeTree(
  client: pg.PoolClient,
  { leaves, position }: Pick<Taken, "leaves" | "position">,
  checkpoint: Checkpoint,
  pending: Pending | null,
): Promise<void> {
  await client.query(
    `insert into audit.tree (leaves, commit_position, prepare_position, checkpoint, checkpoint_hash, pending)
     values ($1, $2, $3, $4, decode($5, 'hex'), $6)
     on conflict (only_one) do update set leaves = excluded.leaves, commit_position = excluded.commit_position,
       prepare_position = excluded.prepare_position, checkpoint = excluded.checkpoint,
       checkpoint_hash = excluded.checkpoint_hash, pending = excluded.pending, updated_at = now()`,
    [
      leaves,
      position.commit,
      position.prepare,
      checkpoint.number,
      checkpointHash(checkpoint),
      pending === null ? null : JSON.stringify(pending),
    ],
  );
}

/** The tree as of the last checkpoint: as it stands, or made anew. */
async function treeAt(
  { store, onProgress }: CheckpointParts,
  client: pg.PoolClient,
  last: Checkpoint | null,
): Promise<{ leaves: number; position: LogPosition; faults: Checkpoint["faults"] }> {
  const tree = await readTree(client);
  if (tree.checkpoint === (last?.number ?? 0)) return { ...tree, faults: [] };
  if (last === null || tree.checkpoint > last.number)
    throw new CodedError("checkpoint_lost", "the database knows a later checkpoint than the event store has");
  const signed: LogPosition = { commit: Number(last.position.commit), prepare: Number(last.position.prepare) };
  await client.query("begin");
  try {
    await client.query("truncate audit.chain_head, audit.tree_node");
    const taken = await takeHeads(client, store, { position: startOfLog, leaves: 0 }, signed, onProgress);
    const root = (await growTree(client, taken.changed, taken.leaves)).toString("hex");
    await writeTree(client, { leaves: taken.leaves, position: signed }, last, null);
    await client.query("commit");
    const differs = root === last.root && taken.leaves === last.streams ? [] : [differing(last)];
    return { leaves: taken.leaves, position: signed, faults: [...differs, ...taken.faults] };
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

const differing = ({ number }: Checkpoint): Checkpoint["faults"][number] => ({
  stream: checkpointStream,
  revision: number,
  fault: "altered",
});

/** The last signed checkpoint; null when there is none. */
export async function lastCheckpoint(store: Pick<EventStore, "load" | "last">): Promise<Checkpoint | null> {
  const last = await store.last(checkpointStream);
  if (last === undefined) return null;
  if (last.type === "CheckpointSigned") return last.data;
  // a key was introduced since
  return (await checkpoints(store)).at(-1)?.data ?? null;
}

type CheckpointFact = StoredFact<Extract<TrustEvent, { type: "CheckpointSigned" }>>;

/** All checkpoints, oldest first. */
export async function checkpoints(store: Pick<EventStore, "load">): Promise<readonly CheckpointFact[]> {
  return (await store.load(checkpointStream)).filter((fact) => fact.type === "CheckpointSigned") as CheckpointFact[];
}

/** Appends a signed checkpoint once, however often it is tried, and notes that it is done. */
async function append(store: EventStore, client: pg.PoolClient, { commandId, checkpoint }: Pending): Promise<void> {
  const last = await lastCheckpoint(store);
  if ((last?.number ?? 0) < checkpoint.number)
    await appendTrust(store, [{ type: "CheckpointSigned", data: checkpoint }], checkpoint.at, commandId);
  await client.query("update audit.tree set pending = null where checkpoint = $1", [checkpoint.number]);
}

/** States new keys on the stream of checkpoints, endorsed by those that signed until now. */
async function introduceKeys(store: EventStore, keys: readonly SigningKey[], clock: Pick<Clock, "now">): Promise<void> {
  if (keys.length === 0) throw new CodedError("signing_key_missing", "there is no signing key");
  const known = new Set((await keyStatements(store)).map(({ data }) => data.key));
  // the oldest first, so that each is endorsed by those before it
  for (const key of keys.toReversed()) {
    if (known.has(key.key)) continue;
    const { publicKey } = key;
    const text = keyText(key);
    const endorsements = keys
      .filter((other) => known.has(other.key))
      .map((other) => ({ key: other.key, signature: other.sign(text) }));
    const data = { key: key.key, algorithm: "Ed25519" as const, publicKey, endorsements };
    const at = clock.now().toISOString();
    await appendTrust(store, [{ type: "CheckpointKeyIntroduced", data }], at, derivedId("signing key", key.key));
    known.add(key.key);
  }
}

type KeyFact = StoredFact<Extract<TrustEvent, { type: "CheckpointKeyIntroduced" }>>;

/** The statements of keys on the stream of checkpoints, in their order. */
export async function keyStatements(store: Pick<EventStore, "load">): Promise<readonly KeyFact[]> {
  return (await store.load(checkpointStream)).filter(({ type }) => type === "CheckpointKeyIntroduced") as KeyFact[];
}

/** Appends facts of the engine's own to the stream of checkpoints, behind whatever stands there. */
async function appendTrust(
  store: EventStore,
  events: readonly TrustEvent[],
  at: string,
  commandId: string,
): Promise<void> {
  for (;;) {
    const last = await store.last(checkpointStream);
    const recordedAt = last !== undefined && last.meta.recordedAt > at ? last.meta.recordedAt : at;
    const result = await store.append(
      checkpointStream,
      last === undefined ? "none" : { revision: last.revision, hash: last.hash },
      events.map((event) => ({ ...event, occurredAt: at })),
      engineMeta(commandId, recordedAt),
    );
    if (result.outcome === "written") return;
    // Only holders of the lock write here: what came between is our own append, whose answer was lost.
    if ((await store.last(checkpointStream))?.meta.commandId === commandId) return;
  }
}

/** Metadata of what the engine itself records. */
export function engineMeta(commandId: string, recordedAt: string): AppendMeta {
  return {
    commandId,
    correlationId: commandId,
    causationId: null,
    actor: { id: "system", role: "system" },
    channel: "system",
    recordedAt,
  };
}

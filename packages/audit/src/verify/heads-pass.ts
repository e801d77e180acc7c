import { type EventStore, type LogPosition, startOfLog } from "@docket/event-store";
import {
  type Checkpoint,
  checkpointHash,
  checkpointText,
  keysTrustedBy,
  leafHash,
  rootByProof,
  rootOf,
  verdictOfSignatures,
} from "@docket/evidence";
import type { Queryable } from "@docket/postgres";
import { checkpoints, keyStatements } from "../checkpoint/checkpoint.ts";
import { inclusionsOf } from "../checkpoint/tree.ts";
import type { Collector } from "./collector.ts";
import type { Tail } from "./log-pass.ts";

/** The checkpoints of the store, checked for themselves. */
export interface Signed {
  readonly count: number;
  readonly last: Checkpoint | null;
  readonly position: LogPosition;
}

/**
 * Checks every checkpoint: its signature by a trusted key, and that it names the one before. Trusted is the given key and what follows
 * from it; without one, the first key that the stream states, which proves no more than that nobody changed it since.
 */
export async function checkSigned(
  store: Pick<EventStore, "load">,
  publicKey: string | undefined,
  collect: Collector,
): Promise<Signed> {
  const statements = (await keyStatements(store)).map(({ data }) => data);
  const trustedFirst = publicKey ?? statements[0]?.publicKey;
  const trusted = trustedFirst === undefined ? new Map<string, string>() : keysTrustedBy(trustedFirst, statements);
  let before: Checkpoint | null = null;
  const all = await checkpoints(store);
  for (const { data: checkpoint } of all) {
    const { number } = checkpoint;
    const verdict = verdictOfSignatures(checkpointText(checkpoint), checkpoint.signatures, trusted);
    if (verdict !== "ok") collect.add(verdict, { number });
    const expected: string | null = before === null ? null : checkpointHash(before);
    if (checkpoint.previous !== expected || number !== (before?.number ?? 0) + 1)
      collect.add("checkpoint_chain_broken", { number });
    for (const fault of checkpoint.faults) collect.add("checkpoint_fault", { number, ...fault });
    before = checkpoint;
  }
  const position: LogPosition =
    before === null ? startOfLog : { commit: Number(before.position.commit), prepare: Number(before.position.prepare) };
  return { count: all.length, last: before, position };
}

interface KnownHead {
  readonly revision: number;
  readonly hash: string;
}

/**
 * Holds the chains of the whole store against the root that was signed last. When they do not come to it, the table of heads, if it
 * does, tells which chain is another: cut off, rewritten, or longer than it was signed at a place of the log that the signature covers.
 */
export async function compareWithSigned(
  db: Queryable | undefined,
  tails: ReadonlyMap<string, Tail>,
  { last }: Signed,
  collect: Collector,
): Promise<void> {
  if (last === null) return;
  const { number } = last;
  const leaves = [...tails].flatMap(([stream, { signed }]) =>
    signed === null || stream === "checkpoint" ? [] : [leafHash({ stream, ...signed })],
  );
  if (leaves.length === last.streams && rootOf(leaves).toString("hex") === last.root) return;
  const heads = db === undefined ? undefined : await headsOf(db);
  if (heads === undefined || heads.root !== last.root) {
    if (heads !== undefined) collect.add("heads_altered", { number });
    collect.add("root_differs", { number });
    return;
  }
  const before = collect.count;
  for (const [stream, head] of heads.byStream)
    compareHead(stream, head, tails.get(stream)?.signed ?? null, number, collect);
  for (const [stream, { signed }] of tails)
    if (signed !== null && stream !== "checkpoint" && !heads.byStream.has(stream))
      collect.add("inserted_stream", { stream });
  if (collect.count === before) collect.add("root_differs", { number });
}

function compareHead(
  stream: string,
  head: KnownHead,
  found: KnownHead | null,
  number: number,
  collect: Collector,
): void {
  if (found === null) collect.add("signed_stream_missing", { stream, number });
  else if (found.revision < head.revision)
    collect.add("signed_events_missing", { stream, revision: found.revision, signed: head.revision });
  else if (found.revision > head.revision)
    collect.add("inserted_after_signing", { stream, revision: head.revision + 1 });
  else if (found.hash !== head.hash) collect.add("signed_head_differs", { stream, revision: head.revision });
}

async function headsOf(db: Queryable): Promise<{ root: string; byStream: Map<string, KnownHead> }> {
  const byStream = new Map<string, KnownHead>();
  const leaves: Buffer[] = [];
  for (let from = -1; ;) {
    const { rows } = await db.query<{ leaf: string; stream: string; revision: number; hash: string }>(
      `select leaf, stream, revision, encode(hash, 'hex') as hash from audit.chain_head
       where leaf > $1 order by leaf limit 10000`,
      [from],
    );
    if (rows.length === 0) break;
    for (const { stream, revision, hash } of rows) {
      byStream.set(stream, { revision, hash });
      leaves.push(leafHash({ stream, revision, hash }));
    }
    from = Number(rows.at(-1)?.leaf);
  }
  return { root: rootOf(leaves).toString("hex"), byStream };
}

/** The same for one stream: its head is proved to be under the signed root, and held against what the store has. */
export async function compareOneWithSigned(
  db: Queryable,
  stream: string,
  tail: Tail | undefined,
  { last }: Signed,
  collect: Collector,
): Promise<void> {
  if (last === null) return;
  const head = (await inclusionsOf(db, [stream], last.streams)).get(stream);
  if (head === undefined) {
    if (tail?.signed) collect.add("inserted_stream", { stream });
    return;
  }
  const nodes = head.proof.map((node) => Buffer.from(node, "hex"));
  const root = rootByProof(leafHash(head), head.leaf, last.streams, nodes)?.toString("hex");
  if (root !== last.root) {
    // between two checkpoints the tree of the newer one may stand already
    const { rows } = await db.query<{ checkpoint: number }>("select checkpoint from audit.tree");
    if (rows[0]?.checkpoint === last.number) collect.add("heads_altered", { number: last.number });
    return;
  }
  compareHead(stream, head, tail?.signed ?? null, last.number, collect);
}

import { emptyRoot, heightOf, leafHash, nodeHash, proofPlaces, widthOf } from "@docket/evidence";
import type { Queryable } from "@docket/postgres";

const runLength = 5_000;

/**
 * Brings the nodes of the tree up to date above the leaves that changed, level by level: of K changed leaves among N at most
 * K * log2(N) nodes, fewer where their ways to the root meet. Gives the root.
 */
export async function growTree(db: Queryable, changed: ReadonlySet<number>, leaves: number): Promise<Buffer> {
  if (leaves === 0) return emptyRoot;
  let places = [...changed].toSorted((a, b) => a - b);
  for (let level = 1; level <= heightOf(leaves); level++) {
    const above: number[] = [];
    for (const place of places) {
      const parent = Math.floor(place / 2);
      if (above.at(-1) !== parent) above.push(parent);
    }
    const below = widthOf(leaves, level - 1);
    for (let at = 0; at < above.length; at += runLength)
      await makeNodes(db, level, above.slice(at, at + runLength), below);
    places = above;
  }
  const root = await nodesAt(db, heightOf(leaves), [0]);
  return rightNode(root, 0);
}

async function makeNodes(db: Queryable, level: number, places: readonly number[], below: number): Promise<void> {
  const wanted = places.flatMap((place) => (2 * place + 1 < below ? [2 * place, 2 * place + 1] : [2 * place]));
  const nodes = await nodesAt(db, level - 1, wanted);
  const hashes = places.map((place) => {
    const left = rightNode(nodes, 2 * place);
    return 2 * place + 1 < below ? nodeHash(left, rightNode(nodes, 2 * place + 1)) : left;
  });
  await db.query(
    `insert into audit.tree_node (level, place, hash)
     select $1, place, decode(hash, 'hex') from unnest($2::int8[], $3::text[]) u(place, hash)
     on conflict (level, place) do update set hash = excluded.hash`,
    [level, places, hashes.map((hash) => hash.toString("hex"))],
  );
}

/** Nodes of a level by their places; those of level 0 are made of the heads. */
async function nodesAt(db: Queryable, level: number, places: readonly number[]): Promise<Map<number, Buffer>> {
  if (level === 0) {
    const { rows } = await db.query<{ leaf: string; stream: string; revision: number; hash: string }>(
      "select leaf, stream, revision, encode(hash, 'hex') as hash from audit.chain_head where leaf = any($1::int8[])",
      [places],
    );
    return new Map(rows.map((row) => [Number(row.leaf), leafHash(row)]));
  }
  const { rows } = await db.query<{ place: string; hash: Buffer }>(
    "select place, hash from audit.tree_node where level = $1 and place = any($2::int8[])",
    [level, places],
  );
  return new Map(rows.map(({ place, hash }) => [Number(place), hash]));
}

function rightNode(nodes: ReadonlyMap<number, Buffer>, place: number): Buffer {
  const node = nodes.get(place);
  if (node === undefined) throw new Error(`the tree has no node ${place} where one belongs`);
  return node;
}

/** A stream's leaf with what proves that it is in the tree. */
export interface Inclusion {
  readonly stream: string;
  readonly leaf: number;
  readonly revision: number;
  readonly hash: string;
  /** nodes from the leaf up, hex */
  readonly proof: readonly string[];
}

/** The leaves of streams with their proofs, in the tree as it stands; streams that are not in it are left out. */
export async function inclusionsOf(
  db: Queryable,
  streams: readonly string[],
  leaves: number,
): Promise<ReadonlyMap<string, Inclusion>> {
  const { rows } = await db.query<{ leaf: string; stream: string; revision: number; hash: string }>(
    "select leaf, stream, revision, encode(hash, 'hex') as hash from audit.chain_head where stream = any($1)",
    [streams],
  );
  const ways = rows.map((row) => ({ row, places: proofPlaces(Number(row.leaf), leaves) }));
  const byLevel = new Map<number, Set<number>>();
  for (const { level, place } of ways.flatMap(({ places }) => places)) {
    const wanted = byLevel.get(level) ?? new Set();
    byLevel.set(level, wanted.add(place));
  }
  const nodes = new Map<number, Map<number, Buffer>>();
  for (const [level, wanted] of byLevel) nodes.set(level, await nodesAt(db, level, [...wanted]));
  return new Map(
    ways.map(({ row: { stream, leaf, revision, hash }, places }) => [
      stream,
      {
        stream,
        leaf: Number(leaf),
        revision,
        hash,
        proof: places.map(({ level, place }) => rightNode(nodes.get(level) ?? new Map(), place).toString("hex")),
      },
    ]),
  );
}

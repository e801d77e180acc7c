import { hash } from "node:crypto";
import { canonicalJson } from "@docket/event-store";

/*
 * The tree over the heads of all hash chains: the hash tree of RFC 6962 §2.1 (SHA-256; 0x00 before a leaf, 0x01 before two nodes),
 * so that a leaf can never be taken for a node. Leaves stand in the order in which their streams began.
 *
 * Built level by level it is the same tree: node p of a level is made of nodes 2p and 2p+1 of the level below; where 2p+1 is not
 * there, it is node 2p itself.
 */

/** The end of a stream's hash chain. */
export interface Head {
  readonly stream: string;
  /** revision of the last event */
  readonly revision: number;
  /** hash of the last event, 64 hex digits */
  readonly hash: string;
}

const leafMark = Buffer.from([0]);
const nodeMark = Buffer.from([1]);

const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash("sha256", Buffer.concat(parts), "buffer");

/** The leaf of a stream: the hash of its head's canonical JSON, `{"hash":...,"revision":...,"stream":...}`. */
export function leafHash({ stream, revision, hash: head }: Head): Buffer {
  return sha256(leafMark, Buffer.from(canonicalJson({ stream, revision, hash: head }), "utf8"));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(nodeMark, left, right);
}

/** The root of a tree without leaves. */
export const emptyRoot: Buffer = sha256();

/** How many nodes a level has: 0 are the leaves. */
export const widthOf = (leaves: number, level: number): number => Math.ceil(leaves / 2 ** level);

/** The level of the root. */
export const heightOf = (leaves: number): number => (leaves <= 1 ? 0 : Math.ceil(Math.log2(leaves)));

/** The root over leaves that are all at hand. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  let level = leaves;
  if (level.length === 0) return emptyRoot;
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at] as Buffer, level[at + 1]];
      above.push(right === undefined ? left : nodeHash(left, right));
    }
    level = above;
  }
  return level[0] as Buffer;
}

/** The places of the nodes that prove a leaf, from the leaves up: those beside its way to the root that are there. */
export function proofPlaces(leaf: number, leaves: number): { readonly level: number; readonly place: number }[] {
  const places: { level: number; place: number }[] = [];
  let place = leaf;
  for (let level = 0; level < heightOf(leaves); level++) {
    const beside = place % 2 === 0 ? place + 1 : place - 1;
    if (beside < widthOf(leaves, level)) places.push({ level, place: beside });
    place = Math.floor(place / 2);
  }
  return places;
}

/** The root that a leaf and its proof lead to; undefined when the proof is too short or too long for such a tree. */
export function rootByProof(
  leaf: Uint8Array,
  place: number,
  leaves: number,
  proof: readonly Uint8Array[],
): Buffer | undefined {
  if (!Number.isSafeInteger(place) || place < 0 || place >= leaves) return undefined;
  const places = proofPlaces(place, leaves);
  if (places.length !== proof.length) return undefined;
  let node: Buffer = Buffer.from(leaf);
  let at = 0;
  let own = place;
  for (let level = 0; level < heightOf(leaves); level++) {
    if (places[at]?.level === level) {
      const beside = proof[at++] as Uint8Array;
      node = own % 2 === 0 ? nodeHash(node, beside) : nodeHash(beside, node);
    }
    own = Math.floor(own / 2);
  }
  return node;
}

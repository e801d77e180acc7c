import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { emptyRoot, heightOf, leafHash, proofPlaces, rootByProof, rootOf, widthOf, nodeHash } from "./merkle.ts";

const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, n) => leafHash({ stream: `ticket-${n}`, revision: n, hash: "ab".repeat(32) }));

/** RFC 6962 §2.1, word for word. */
function mth(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash("sha256").digest();
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}

it("is the tree of RFC 6962", () => {
  expect(emptyRoot.toString("hex")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (let count = 0; count <= 40; count++) expect(rootOf(leavesOf(count))).toEqual(mth(leavesOf(count)));
});

/** Every node of a tree, by level. */
function levelsOf(leaves: readonly Buffer[]): Buffer[][] {
  const levels = [[...leaves]];
  for (let level = 1; level <= heightOf(leaves.length); level++) {
    const below = levels[level - 1] as Buffer[];
    levels.push(
      Array.from({ length: widthOf(leaves.length, level) }, (_, p) => {
        const [left, right] = [below[2 * p] as Buffer, below[2 * p + 1]];
        return right === undefined ? left : nodeHash(left, right);
      }),
    );
  }
  return levels;
}

it("a proof leads to the root for its own leaf, place and tree alone", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (count, leafSeed, bitSeed) => {
      const leaves = leavesOf(count);
      const place = leafSeed % count;
      const levels = levelsOf(leaves);
      const proof = proofPlaces(place, count).map((at) => levels[at.level]?.[at.place] as Buffer);
      const leaf = leaves[place] as Buffer;
      const root = rootOf(leaves);
      expect(rootByProof(leaf, place, count, proof)).toEqual(root);
      expect(rootByProof(leafHash({ stream: "other", revision: 0, hash: "00" }), place, count, proof)).not.toEqual(
        root,
      );
      expect(rootByProof(leaf, count, count, proof)).toBeUndefined();
      expect(rootByProof(leaf, place, count, [...proof, leaf])).toBeUndefined();
      if (proof.length > 0) {
        expect(rootByProof(leaf, place, count, proof.slice(1))).toBeUndefined();
        const bent = proof.map((node) => Buffer.from(node));
        const node = bent[bitSeed % bent.length] as Buffer;
        node[bitSeed % 32] = (node[bitSeed % 32] as number) ^ (1 << (bitSeed % 8));
        expect(rootByProof(leaf, place, count, bent)).not.toEqual(root);
      }
    }),
  );
});

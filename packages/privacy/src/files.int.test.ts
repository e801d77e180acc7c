import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Parts, privacyParts } from "../test/parts.ts";
import type { Privacy } from "./privacy.ts";

let parts: Parts;
let privacy: Privacy;
beforeAll(async () => {
  parts = await privacyParts();
  privacy = parts.open();
});
afterAll(() => parts.close());

const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const subjects = (...names: string[]) => privacy.vault.subjectsOf(names.map((name) => ({ name, known: [] })));
const bytesOf = async (sha256: string, of: readonly string[]): Promise<Buffer | undefined> => {
  const file = await privacy.files.find(sha256, of);
  return file && Buffer.concat(await file.read().toArray());
};
async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

it.each([0, 1, 1024 * 1024, 2_500_000])(
  "keeps %i bytes, whole or in pieces, and nothing of them in clear",
  async (size) => {
    const marker = Buffer.from("a marker in the file");
    const bytes = size < 100 ? randomBytes(size) : Buffer.concat([marker, randomBytes(size - marker.length)]);
    const [anna = "", boris = ""] = await subjects(`person:a${size}`, `person:b${size}`);
    expect(await privacy.files.put(anna, bytes, "x/y")).toEqual({ sha256: hashOf(bytes), size, mediaType: "x/y" });
    await privacy.files.put(boris, pieces(bytes, 70_001), "x/y");
    expect((await bytesOf(hashOf(bytes), [anna]))?.equals(bytes)).toBe(true);
    expect((await bytesOf(hashOf(bytes), [boris]))?.equals(bytes)).toBe(true);
    const { rows } = await parts.database.pool.query<{ found: string }>(
      "select count(*) as found from files.sealed_part where position($1::bytea in bytes) > 0",
      [marker],
    );
    expect(rows[0]?.found).toBe("0");
  },
);

it("stores the same bytes of the same subject once, and keeps nothing of a source that fails", async () => {
  const bytes = randomBytes(100);
  const [anna = ""] = await subjects("person:once");
  await Promise.all([1, 2, 3].map(() => privacy.files.put(anna, bytes, "x/y")));
  const count = async () =>
    (
      await parts.database.pool.query("select from files.sealed where sha256 = $1", [
        createHash("sha256").update(bytes).digest(),
      ])
    ).rowCount;
  expect(await count()).toBe(1);
  const before = (await parts.database.pool.query("select from files.sealed")).rowCount;
  async function* broken(): AsyncGenerator<Buffer> {
    yield randomBytes(2_000_000);
    throw new Error("the line went dead");
  }
  await expect(privacy.files.put(anna, broken(), "x/y")).rejects.toThrow("the line went dead");
  expect((await parts.database.pool.query("select from files.sealed")).rowCount).toBe(before);
});

it("gives a file to who has no key of his own only when it is shared with him", async () => {
  const bytes = randomBytes(50);
  const sha256 = hashOf(bytes);
  const [staff = "", anna = "", other = ""] = await subjects("staff:s", "person:s", "person:o");
  await privacy.files.put(staff, bytes, "x/y", { staged: true });
  expect(await bytesOf(sha256, [anna])).toBeUndefined();
  expect(await privacy.files.share(sha256, [other], anna)).toBe(false);
  expect(await privacy.files.share(sha256, [staff], anna)).toBe(true);
  expect(await bytesOf(sha256, [anna])).toEqual(bytes);
  // an upload that nothing refers to goes; what was shared stays
  expect(await privacy.files.dropStaged(new Date(Date.now() + 60_000))).toBe(1);
  expect(await bytesOf(sha256, [staff])).toBeUndefined();
  expect(await bytesOf(sha256, [anna])).toEqual(bytes);
});

it("does not give out bytes that were changed", async () => {
  const bytes = randomBytes(500);
  const [anna = ""] = await subjects("person:changed");
  await privacy.files.put(anna, bytes, "x/y");
  await parts.database.pool.query(
    `update files.sealed_part p set bytes = set_byte(bytes, 10, (get_byte(bytes, 10) + 1) % 256)
     from files.sealed s where s.id = p.id and s.sha256 = $1`,
    [createHash("sha256").update(bytes).digest()],
  );
  await expect(bytesOf(hashOf(bytes), [anna])).rejects.toThrow();
});

it("seals boxes for several: every key is needed", async () => {
  const [a = "", b = ""] = await subjects("person:box-a", "staff:box-b");
  const sealed = await privacy.boxes.seal([a, b], "mail 1", Buffer.from("hello"));
  expect(sealed.includes("hello")).toBe(false);
  expect((await privacy.boxes.open([a, b], "mail 1", sealed))?.toString()).toBe("hello");
  await expect(privacy.boxes.open([a, b], "mail 2", sealed)).rejects.toThrow();
  await expect(privacy.boxes.open([a], "mail 1", sealed)).rejects.toThrow();
});

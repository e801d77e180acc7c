import { createHash, randomBytes } from "node:crypto";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBlob, getBlob, putBlob, readBlob } from "./blobs.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

test("bytes of every size come back as they were, whole or streamed", async () => {
  for (const size of [0, 1, 1024 * 1024, 2_500_000]) {
    const bytes = randomBytes(size);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const whole = size % 2 === 0;
    const blob = await putBlob(database.pool, whole ? bytes : pieces(bytes, 70_001), "text/plain");
    expect(blob).toEqual({ sha256, size, mediaType: "text/plain" });
    expect((await getBlob(database.pool, sha256))?.equals(bytes)).toBe(true);
    const streamed: Buffer[] = [];
    for await (const part of readBlob(database.pool, sha256)) streamed.push(part as Buffer);
    expect(Buffer.concat(streamed).equals(bytes)).toBe(true);
  }
});

test("the same bytes are kept once, even when stored by many at the same time", async () => {
  const bytes = randomBytes(1_200_000);
  const all = await Promise.all(
    [1, 2, 3, 4].map((n) => putBlob(database.pool, n % 2 ? bytes : pieces(bytes, 4_000), "image/png")),
  );
  expect(new Set(all.map((blob) => blob.sha256)).size).toBe(1);
  const { rows } = await database.pool.query("select count(*)::int as n from files.blob_part where sha256 = $1", [
    createHash("sha256").update(bytes).digest(),
  ]);
  expect(rows).toEqual([{ n: 2 }]);
});

test("a source that fails half-way leaves nothing", async () => {
  const before = await database.pool.query("select count(*) from files.blob");
  async function* broken(): AsyncGenerator<Buffer> {
    yield randomBytes(2_000_000);
    throw new Error("the line went dead");
  }
  await expect(putBlob(database.pool, broken(), "x/y")).rejects.toThrow("the line went dead");
  expect((await database.pool.query("select count(*) from files.blob")).rows).toEqual(before.rows);
  expect(await findBlob(database.pool, "00".repeat(32))).toBeUndefined();
  expect(await getBlob(database.pool, "00".repeat(32))).toBeUndefined();
});

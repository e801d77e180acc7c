import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openVault, masterKeyOf, type Vault } from "@docket/privacy";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sweepImportCopies } from "./import-copies.ts";

let database: TestDatabase;
let vault: Vault;
let folder: string;
const logger = { info: () => undefined, warn: () => undefined } as never;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "docket-copies-"));
  vault = openVault({
    databaseUrl: database.url,
    master: masterKeyOf(`key:${randomBytes(32).toString("base64")}`),
    pollMs: 200,
  });
});
afterAll(async () => {
  await vault.close();
  await database.close();
  await rm(folder, { recursive: true });
});

async function copy(name: string, at: Date): Promise<void> {
  await mkdir(join(folder, name, "work"), { recursive: true });
  for (const file of ["data", "work/job.sqlite"]) {
    await writeFile(join(folder, name, file), "Canary");
    await utimes(join(folder, name, file), at, at);
  }
}

it("copies of imports from before an erasure go with it, later ones and those under way stay", async () => {
  const hour = 3_600_000;
  await copy("api-old", new Date(Date.now() - 2 * hour));
  await copy("going", new Date());
  const stop = sweepImportCopies({ folder, vault, logger });
  const [subject] = await vault.subjectsOf([{ name: "person:anna", known: [] }]);
  await copy("later", new Date(Date.now() + hour));
  expect(existsSync(join(folder, "api-old"))).toBe(true);
  await database.pool.query(
    "update vault.subject set wrapped = null, wrapping_key = null, erased_at = now(), erased_generation = 1 where subject = $1",
    [subject],
  );
  await database.pool.query("update vault.state set generation = generation + 1");
  await expect.poll(() => existsSync(join(folder, "api-old"))).toBe(false);
  await stop();
  expect(existsSync(join(folder, "going", "data"))).toBe(true);
  expect(existsSync(join(folder, "later", "work", "job.sqlite"))).toBe(true);
});

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type TestDatabase, testDatabase } from "@docket/test-kit";
import { afterAll, beforeAll, expect, it } from "vitest";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function account(...lines: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("account-cli.ts", import.meta.url))], {
    env: { ...process.env, DATABASE_URL: database.url },
  });
  child.stdin.end(lines.join("\n"));
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exited, out, err };
}

const admin = '{"login":"admin","password":"correct horse","name":"Анна","role":"admin"}';
const accounts = async () =>
  (await database.pool.query("select login, role, password_hash from app.accounts order by login")).rows;

it("makes the accounts, and changes nothing when they are as described", async () => {
  const olga =
    '{"login":"olga","password":"battery staple","name":"Ольга","role":"operator","staffId":"olga","language":"ru"}';
  expect(await account(admin, "", olga)).toEqual({ code: 0, out: "admin\nolga\n", err: "" });
  const made = await accounts();
  expect(made).toMatchObject([
    { login: "admin", role: "admin" },
    { login: "olga", role: "operator" },
  ]);
  expect(JSON.stringify(made)).not.toContain("correct horse");
  expect((await account(admin)).code).toBe(0);
  expect(await accounts()).toEqual(made);
});

it("changes nothing at all when a line is wrong, and repeats no password", async () => {
  const before = await accounts();
  for (const wrong of [
    '{"login":"x","password":"short","name":"X","role":"admin"}',
    '{"login":"x","password":"hunter2hunter2","name":"X","role":"god"}',
    "{",
  ]) {
    const { code, out, err } = await account(
      admin.replaceAll("admin", "other").replace('"role":"other"', '"role":"admin"'),
      wrong,
    );
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/docket: account_invalid: line 2: /u);
    expect(err).not.toMatch(/hunter2|short"/u);
  }
  expect(await accounts()).toEqual(before);
});

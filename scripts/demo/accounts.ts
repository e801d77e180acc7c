import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { programFile } from "../stack/program.ts";
import { demoAccounts, demoPassword } from "./world.ts";

/** Makes the demo's logins, one per role, by the verb `account`; the same call again changes nothing. */
export async function loadAccounts(databaseUrl: string): Promise<void> {
  const child = spawn(process.execPath, [programFile({ file: "services/gateway/src/account-cli.ts" })], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ["pipe", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  const fault = text(child.stderr);
  child.stdin.end(demoAccounts.map((account) => JSON.stringify({ ...account, password: demoPassword })).join("\n"));
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error(`the demo's logins could not be made: ${await fault}`);
}

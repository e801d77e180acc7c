import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { newAccount } from "@docket/api-contract";
import { openDb } from "@docket/postgres";
import { CodedError, errorCode, loadConfig, setting } from "@docket/service-kit";
import { z } from "zod";
import { type AccountSeed, ensureAccount } from "./auth/accounts.ts";

const usage = `scripts/docket account < ACCOUNTS

Sees to it that accounts are as described, the first administrator's for example; the same again changes nothing.
Reads them from standard input, one JSON object a line, so that no password stands on a command line:

  {"login":"admin","password":"...","name":"...","role":"admin"}

  role            requester, operator, engineer, expert, service_manager, auditor, analyst, admin, machine
  language        ru (default) or en
  staffId         the member of staff behind the account
  personId, organizationId    the customer's person behind a requester's account

  --help   this text

The database is the running Docket's, or the one that DATABASE_URL names.
`;

/** Reads every line before anything is changed: a mistake in one leaves all as it was. The passwords are never repeated. */
function readSeeds(lines: string): AccountSeed[] {
  return lines.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const fault = (what: string): CodedError => new CodedError("account_invalid", `line ${index + 1}: ${what}`);
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw fault("not JSON");
    }
    const result = newAccount.safeParse(value);
    if (result.success) return [result.data];
    throw fault(result.error.issues.map((issue) => `${issue.path.join(".") || "object"}: ${issue.message}`).join("; "));
  });
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { DATABASE_URL } = loadConfig(z.object({ DATABASE_URL: setting.url("postgres", "postgresql") }));
  const seeds = readSeeds(await text(process.stdin));
  const db = openDb(DATABASE_URL, { max: 2, name: "docket account" });
  try {
    for (const seed of seeds) {
      await ensureAccount(db, seed);
      process.stdout.write(`${seed.login}\n`);
    }
  } finally {
    await db.destroy();
  }
}

run().catch((error: unknown) => {
  process.stderr.write(`docket: ${errorCode(error)}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

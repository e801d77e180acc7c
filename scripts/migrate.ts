import { migrate } from "@docket/postgres";
import { commonSettings, errorCode, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { readOptions } from "./options.ts";

const usage = `scripts/docket migrate

Brings the schema of the Postgres that DATABASE_URL names up to date. Safe to repeat, and to run from several places at once.
npm start does this by itself.

  --help   this text
`;

const { help } = readOptions({ help: { type: "boolean", short: "h" } });
if (help) {
  process.stdout.write(usage);
} else {
  try {
    const { DATABASE_URL } = loadConfig(z.object({ DATABASE_URL: commonSettings.DATABASE_URL }));
    const applied = await migrate(DATABASE_URL);
    process.stdout.write(applied.length === 0 ? "schema up to date\n" : `applied: ${applied.join(", ")}\n`);
  } catch (error) {
    process.stderr.write(`docket: ${errorCode(error)}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

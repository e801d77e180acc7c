import { migrate } from "@docket/postgres";
import { commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket migrate

Brings the schema of the Postgres that DATABASE_URL names up to date. Safe to repeat, and to run from several places at once.
npm start does this by itself.

  --help   this text
`;

await runVerb({ usage }, async () => {
  const { DATABASE_URL } = loadConfig(z.object({ DATABASE_URL: commonSettings.DATABASE_URL }));
  const applied = await migrate(DATABASE_URL);
  process.stdout.write(applied.length === 0 ? "schema up to date\n" : `applied: ${applied.join(", ")}\n`);
});

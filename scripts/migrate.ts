import { ensureReportingLogin, migrate } from "@docket/postgres";
import { commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket migrate

Brings the schema of the Postgres that DATABASE_URL names up to date. Safe to repeat, and to run from several places at once.
npm start does this by itself.

With DOCKET_REPORTING_LOGIN and DOCKET_REPORTING_PASSWORD that login may then read the schema "reporting" and nothing else
(docs/reporting-sql.md).

  --help   this text
`;

const settings = z
  .object({
    DATABASE_URL: commonSettings.DATABASE_URL,
    DOCKET_REPORTING_LOGIN: z.string().optional(),
    DOCKET_REPORTING_PASSWORD: z.string().min(8).optional(),
  })
  .refine(
    ({ DOCKET_REPORTING_LOGIN: login, DOCKET_REPORTING_PASSWORD: password }) =>
      (login === undefined) === (password === undefined),
    { path: ["DOCKET_REPORTING_PASSWORD"], error: "is wanted together with DOCKET_REPORTING_LOGIN" },
  );

await runVerb({ usage }, async () => {
  const { DATABASE_URL, DOCKET_REPORTING_LOGIN: login, DOCKET_REPORTING_PASSWORD: password } = loadConfig(settings);
  const applied = await migrate(DATABASE_URL);
  process.stdout.write(applied.length === 0 ? "schema up to date\n" : `applied: ${applied.join(", ")}\n`);
  if (login === undefined) return;
  await ensureReportingLogin(DATABASE_URL, { login, password: password ?? "" });
  const { host, pathname } = new URL(DATABASE_URL);
  process.stdout.write(`${login} may read the schema reporting: postgresql://${login}@${host}${pathname}\n`);
});

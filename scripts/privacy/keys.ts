import { join } from "node:path";
import { createPool } from "@docket/postgres";
import { masterKeyOf, privacySettings, rotateKeys } from "@docket/privacy";
import { CodedError, commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { runVerb } from "../verb.ts";

const usage = `scripts/docket keys rotate

Changes the keys above the keys of data subjects: makes a new master key where it is a file, and wraps every key anew. Events, files
and read models stay as they are, services go on meanwhile. It may be broken off and run again. Afterwards backups of the old
master key are needed only for backups of the database from before.

  --help   this text

The database is the running Docket's, or the one that DATABASE_URL names; DOCKET_MASTER_KEY says where the master key is.
`;

await runVerb({ usage, words: { min: 1, max: 1 } }, async (_options, [what]) => {
  if (what !== "rotate") throw new CodedError("option_invalid", "keys can be rotated: scripts/docket keys rotate");
  const { DATABASE_URL, DOCKET_DATA } = commonSettings;
  const config = loadConfig(z.object({ DATABASE_URL, DOCKET_DATA, ...privacySettings }));
  const pool = createPool(config.DATABASE_URL, { max: 2, name: "docket keys" });
  try {
    const master = masterKeyOf(config.DOCKET_MASTER_KEY ?? `file:${join(config.DOCKET_DATA, "keys", "master.json")}`);
    const done = await rotateKeys(pool, master, ({ done: some, total }) =>
      process.stderr.write(`${some} of ${total} keys wrapped anew\n`),
    );
    process.stdout.write(`${done} keys wrapped anew\n`);
    return 0;
  } finally {
    await pool.end();
  }
});

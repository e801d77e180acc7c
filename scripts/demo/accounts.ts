import { ensureAccount } from "@docket/gateway";
import { createPool, openDb } from "@docket/postgres";
import { demoAccounts, demoPassword } from "./world.ts";

/** Makes the demo's logins, one per role; the same call again changes nothing. */
export async function loadAccounts(databaseUrl: string): Promise<void> {
  const pool = createPool(databaseUrl, { max: 2 });
  const db = openDb(pool);
  try {
    for (const account of demoAccounts) await ensureAccount(db, { ...account, password: demoPassword });
  } finally {
    await db.destroy();
  }
}

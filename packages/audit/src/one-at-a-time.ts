import type pg from "pg";

/**
 * Does `work` on a connection of its own while no other process does the work of this name, and gives what it gives: how many it dealt
 * with; 0 at once when another is at it.
 */
export async function oneAtATime(
  pool: pg.Pool,
  name: string,
  work: (client: pg.PoolClient) => Promise<number>,
): Promise<number> {
  const client = await pool.connect();
  let broken = false;
  try {
    const { rows } = await client.query<{ mine: boolean }>("select pg_try_advisory_lock(hashtext($1)) as mine", [name]);
    if (rows[0]?.mine !== true) return 0;
    try {
      return await work(client);
    } finally {
      await client.query("select pg_advisory_unlock(hashtext($1))", [name]);
    }
  } catch (error) {
    // the lock goes with its connection
    broken = true;
    throw error;
  } finally {
    client.release(broken);
  }
}

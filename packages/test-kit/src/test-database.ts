import { connect } from "node:net";
import { createPool, type Db, openDb } from "@docket/postgres";
import type pg from "pg";
import { type SharedPostgres, startSharedPostgres } from "./shared-postgres.ts";

export type TestDatabase = {
  readonly url: string;
  readonly pool: pg.Pool;
  /** The same pool, typed. */
  readonly db: Db;
  /** Ends the pool; the database goes with the run's server. */
  readonly close: () => Promise<void>;
};

let own: Promise<SharedPostgres> | undefined;
let users = 0;

/**
 * A fresh, migrated database on a real Postgres. With `postgres-broker.ts` as vitest's globalSetup the whole run shares one server;
 * without it this process starts its own and stops it when the last database is closed.
 * @example const database = await testDatabase(); afterAll(database.close)
 */
export async function testDatabase(): Promise<TestDatabase> {
  const port = process.env["DOCKET_TEST_POSTGRES"];
  const url = port ? await askBroker(Number(port)) : await fromOwnServer();
  const pool = createPool(url, { max: 5, name: "test" });
  const db = openDb(pool);
  return {
    url,
    pool,
    db,
    close: async () => {
      await db.destroy();
      if (!port && --users === 0) {
        const server = own;
        own = undefined;
        await (await server)?.stop();
      }
    },
  };
}

async function fromOwnServer(): Promise<string> {
  users++;
  own ??= startSharedPostgres();
  return (await own).create();
}

function askBroker(port: number): Promise<string> {
  return new Promise((done, fail) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write("database\n"));
    socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
    socket.on("error", fail);
    socket.on("end", () => (answer.startsWith("ok ") ? done(answer.slice(3)) : fail(new Error(answer))));
  });
}

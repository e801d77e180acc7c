import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPool, migrate, startEmbeddedPostgres } from "@docket/postgres";

export type SharedPostgres = {
  /** Makes a fresh database with the newest schema; gives its address. */
  readonly create: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

/**
 * One real Postgres for many tests, in a folder of its own that is removed at the end. The schema is migrated once, into a
 * template; each test's database is a copy of it. It does not wait for the disk: no test pulls the plug.
 */
export async function startSharedPostgres(): Promise<SharedPostgres> {
  const dir = await mkdtemp(join(tmpdir(), "docket-test-"));
  const settings = { fsync: "off", full_page_writes: "off", synchronous_commit: "off", max_connections: "300" };
  const server = await startEmbeddedPostgres({ dataDir: join(dir, "pg"), settings });
  const admin = createPool(server.url, { max: 2 });
  const address = (name: string): string => server.url.replace(/\/[^/]*$/, `/${name}`);
  await admin.query("create database docket_template");
  await migrate(address("docket_template"));
  let count = 0;
  return {
    create: async () => {
      const name = `test_${++count}`;
      await admin.query(`create database ${name} template docket_template`);
      return address(name);
    },
    stop: async () => {
      await admin.end();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

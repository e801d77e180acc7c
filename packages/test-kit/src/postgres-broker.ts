import { createServer } from "node:net";
import { type SharedPostgres, startSharedPostgres } from "./shared-postgres.ts";

/*
 * A vitest globalSetup: lets all test files of a run share one Postgres, started when the first of them asks. A line sent to the
 * local port DOCKET_TEST_POSTGRES is answered with the address of a fresh database.
 */

let shared: Promise<SharedPostgres> | undefined;
const server = createServer((socket) => {
  socket.on("error", () => undefined);
  socket.once("data", () => {
    shared ??= startSharedPostgres();
    shared
      .then((postgres) => postgres.create())
      .then(
        (url) => socket.end(`ok ${url}`),
        (error: unknown) => socket.end(`failed ${String(error)}`),
      );
  });
});

export async function setup(): Promise<void> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  server.unref();
  const address = server.address();
  if (typeof address === "object" && address) process.env["DOCKET_TEST_POSTGRES"] = String(address.port);
}

export async function teardown(): Promise<void> {
  server.close();
  await (await shared)?.stop();
}

import { parseArgs } from "node:util";
import { PostgresError } from "./errors.ts";
import { startEmbeddedPostgres } from "./embedded.ts";

/*
 * Postgres as a process that a supervisor can start: `node postgres-main.ts --data DIR [--port N]`.
 * Tells its parent {type: "ready", url, port, pid} over IPC (and prints `ready port=N`), or {type: "failed", code, message}.
 * Ends, with the server, on SIGTERM, SIGINT, the message {type: "stop"}, or when the parent's channel closes; exit code 1 when
 * the server went by itself.
 */
// the parent may be gone when we still write to its pipes
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

const { values } = parseArgs({
  options: { data: { type: "string" }, port: { type: "string" }, help: { type: "boolean" } },
});

const usage = "usage: postgres-main.ts --data DIR [--port N]\n";

function fail(message: string, code: string): never {
  process.stderr.write(`${message}\n`);
  process.send?.({ type: "failed", code, message });
  process.exit(1);
}

if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
if (!values.data) fail(usage, "usage");

let stopAsked = false;
let stop = (): void => {
  stopAsked = true;
};
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop());
if (process.connected) process.on("disconnect", () => stop());
process.on("message", (message: { type?: unknown }) => {
  if (message?.type === "stop") stop();
});

const port = values.port ? { port: Number(values.port) } : {};
const server = await startEmbeddedPostgres({
  dataDir: values.data,
  ...port,
  log: (line) => process.stderr.write(`${line}\n`),
}).catch((error: unknown) =>
  fail(error instanceof Error ? error.message : String(error), error instanceof PostgresError ? error.code : "unknown"),
);
stop = () => {
  void server.stop();
};
if (stopAsked || (process.send && !process.connected)) stop();
process.send?.({ type: "ready", url: server.url, port: server.port, pid: server.pid });
process.stdout.write(`ready port=${server.port}\n`);
const { expected } = await server.exited;
process.exit(expected ? 0 : 1);

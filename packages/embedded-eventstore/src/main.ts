import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type EventStoreOptions, startEventStore } from "./node.ts";
import { unexpectedErrors } from "./rpc/errors.ts";
import { DataFolderError } from "./storage/schema.ts";

const HELP = `A single event store node for laptops, tests and one-box use. Speaks the gRPC protocol of EventStoreDB 24.10.

Usage: eventstore (--data DIR | --mem) [--port N] [options]

  --port N                 port to listen on, 0 for any free one (default 2113)
  --host H                 address to listen on (default 127.0.0.1)
  --data DIR               folder that keeps the events; made when missing
  --mem                    keep the events in memory only
  --tls-cert FILE          certificate (PEM); with --tls-key the node serves TLS and asks for a login
  --tls-key FILE           private key (PEM)
  --max-append-size BYTES  limit for the events of one append together (default 1048576)
  --help                   this text

Under TLS the login is admin / changeit. EVENTSTORE_ADMIN_PASSWORD sets another password.
Prints "ready port=N" when it serves. SIGTERM and SIGINT stop it; exit codes: 0 stopped, 1 cannot run, 2 wrong usage.
`;

/** A mistake in the command line. */
class UsageError extends Error {}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${text}".`);
  return value;
}

function readOptions(args: string[]): EventStoreOptions | "help" {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({
    args,
    options: {
      port: text,
      host: text,
      data: text,
      mem: flag,
      "tls-cert": text,
      "tls-key": text,
      "max-append-size": text,
      help: flag,
    },
  });
  if (values.help) return "help";
  if (values.mem === true && values.data !== undefined) throw new UsageError("--data and --mem exclude each other.");
  if (values.mem !== true && values.data === undefined)
    throw new UsageError("Say where the events go: --data DIR or --mem.");
  const [certFile, keyFile] = [values["tls-cert"], values["tls-key"]];
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new UsageError("--tls-cert and --tls-key go together.");
  const password = process.env["EVENTSTORE_ADMIN_PASSWORD"];
  return {
    port: values.port === undefined ? 2113 : wholeNumber("port", values.port, 0, 65_535),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.data === undefined ? { memory: true as const } : { dataDir: values.data }),
    ...(certFile === undefined || keyFile === undefined
      ? {}
      : { tls: { cert: readFileSync(certFile), key: readFileSync(keyFile) } }),
    ...(password === undefined || password === "" ? {} : { logins: { admin: password } }),
    ...(values["max-append-size"] === undefined
      ? {}
      : { maxAppendSize: wholeNumber("max-append-size", values["max-append-size"], 1, 2 ** 31 - 1) }),
  };
}

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") {
    process.stdout.write(HELP);
    return;
  }
  unexpectedErrors.subscribe((error) =>
    process.stderr.write(`unexpected error: ${error instanceof Error ? error.stack : String(error)}\n`),
  );
  const node = await startEventStore(options);
  process.stdout.write(`ready port=${node.port}\n`);
  const stop = (): void => {
    void node.stop().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (process.send === undefined) return;
  // Under a supervisor: it is told, and the node does not outlive it.
  process.on("disconnect", stop);
  process.send({ type: "ready", port: node.port });
}

/** What went wrong, in words for the person at the terminal. */
function explain(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === "EADDRINUSE") return "port_taken: the port is taken by another program; choose one with --port.";
  if (code === "EACCES") return `port_or_file_forbidden: ${message}`;
  if (error instanceof DataFolderError) return `${error.code}: ${error.message}`;
  return String(message ?? error);
}

run().catch((error: unknown) => {
  const usage = error instanceof UsageError || String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS");
  process.stderr.write(`${explain(error)}\n${usage ? "See --help.\n" : ""}`);
  process.exit(usage ? 2 : 1);
});

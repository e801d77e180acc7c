import { parseArgs } from "node:util";
import sharedPb from "@eventstore/db-client/generated/shared_pb.js";
import { type ServiceError, status } from "@grpc/grpc-js";
import { conformanceCases, titleOf } from "./catalog.ts";
import { startRealNode } from "./container.ts";
import { openRaw, unary } from "./raw.ts";
import { runConformance } from "./run.ts";
import type { ConformanceCase, ConformanceResult } from "./types.ts";

const help = `docket conformance --url esdb://[user:password@]host:port?tls=true|false [--item N]... [--verbose]

Runs the conformance suite (docs: the numbered items of the protocol reference) against any server that speaks
EventStoreDB's gRPC protocol. Every run uses new stream and group names, so a shared server is fine; what it writes stays there.

  --url URL     connection string of the server (EVENTSTORE_URL when left out)
  --container I start the server from this container image instead, where a container engine runs (eventstore/eventstore:24.10.4-...)
  --item N      run only this item; may be given several times ("37", "11.4")
  --verbose     print the whole error of a failing item
  --list        print the items and end
  --help        this text

Prints a line per item and "N passed, N failed". Items that need a server which the suite can start, kill or wipe are listed
as "not run". Exit code: 0 when none failed, 1 when one failed, 2 when called wrongly or the server cannot be reached.
`;

const out = (text: string): void => void process.stdout.write(`${text}\n`);

const line = ({ case: one, outcome }: ConformanceResult, verbose: boolean): string => {
  const title = titleOf(one);
  if (outcome.kind === "passed") return `ok       ${title} (${Math.round(outcome.ms)} ms)`;
  if (outcome.kind === "not-run") return `not run  ${title}: needs ${outcome.needs}`;
  const reason = verbose ? (outcome.error.stack ?? outcome.error.message) : outcome.error.message.split("\n")[0];
  return `FAILED   ${title}: ${reason}`;
};

const chosen = (items: readonly string[]): readonly ConformanceCase[] =>
  items.length === 0 ? conformanceCases : conformanceCases.filter((one) => items.includes(String(one.item)));

/** What keeps the server from answering, undefined when it answers at all. */
const whyUnreachable = async (url: string): Promise<string | undefined> => {
  const raw = openRaw(url);
  try {
    await unary((done) =>
      raw.features.getSupportedMethods(new sharedPb.Empty(), raw.metadata(), { deadline: Date.now() + 10_000 }, done),
    );
    return undefined;
  } catch (error) {
    const { code, details } = error as ServiceError;
    return code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED ? details : undefined;
  } finally {
    raw.close();
  }
};

const main = async (): Promise<number> => {
  let options;
  try {
    options = parseArgs({
      options: {
        url: { type: "string" },
        container: { type: "string" },
        item: { type: "string", multiple: true },
        verbose: { type: "boolean" },
        list: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const cases = chosen(options.item ?? []);
  if (options.list) {
    for (const one of cases) out(`${titleOf(one)}${one.needs ? ` (needs ${one.needs})` : ""}`);
    return 0;
  }
  const container = options.container === undefined ? undefined : await startRealNode(options.container);
  const url = container?.url ?? options.url ?? process.env["EVENTSTORE_URL"];
  if (!url) {
    process.stderr.write(`--url is missing\n\n${help}`);
    return 2;
  }
  if (cases.length === 0) {
    process.stderr.write("no such item; --list prints them\n");
    return 2;
  }
  const unreachable = await whyUnreachable(url);
  if (unreachable !== undefined) {
    process.stderr.write(`the server cannot be reached: ${unreachable}\n`);
    return 2;
  }
  const tally = await runConformance({ url, cases }, (result) => out(line(result, options.verbose === true)));
  if (tally.notRun > 0) out(`${tally.notRun} not run (they need a server of the suite's own)`);
  out(`${tally.passed} passed, ${tally.failed} failed`);
  await container?.stop();
  return tally.failed > 0 ? 1 : 0;
};

// A client that lost its server may raise errors after its case is over; they belong to no case.
process.on("unhandledRejection", (reason) => process.stderr.write(`stray rejection: ${String(reason)}\n`));
process.on("uncaughtException", (error) => process.stderr.write(`stray error: ${String(error)}\n`));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  },
);

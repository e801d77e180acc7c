import { spawn } from "node:child_process";
import { once } from "node:events";
import { CodedError, onStopSignal } from "@docket/service-kit";
import { demoAccounts, demoPassword } from "./demo/world.ts";
import { programFile } from "./stack/program.ts";
import { type Stack, startStack } from "./stack/stack.ts";
import { runVerb } from "./verb.ts";

const usage = `npm start -- [OPTION...]   or   scripts/docket start [OPTION...]

Starts the event store, Postgres and every service on this machine. Ctrl-C stops everything; what stands in the data
folder is there at the next start.

  --data DIR        folder for all data (default .docket)
  --port N          port of the web address (default 8080; when it is taken, another one)
  --mail-port N     port for incoming mail, SMTP (default 2525; when it is taken, another one)
  --host ADDRESS    address to listen on (default 127.0.0.1; 0.0.0.0 for the whole network)
  --no-demo         leave out the demo data on the first start
  --help            this text

EVENTSTORE_URL and DATABASE_URL, when set, are used instead of the embedded stores.
`;

const began = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runVerb(
  {
    usage,
    options: {
      data: { type: "string", default: ".docket" },
      port: { type: "string", default: "8080" },
      "mail-port": { type: "string", default: "2525" },
      host: { type: "string", default: "127.0.0.1" },
      "no-demo": { type: "boolean", default: false },
    },
  },
  start,
);

interface Options {
  readonly data: string;
  readonly port: string;
  readonly "mail-port": string;
  readonly host: string;
  readonly "no-demo": boolean;
}

async function start(values: Options): Promise<void> {
  say(`Docket starts; data in ${values.data}`);
  const stop = new AbortController();
  let kill = (): void => undefined;
  onStopSignal((_signal, again) => {
    if (!again) {
      say("stopping ...");
      stop.abort();
      return;
    }
    kill();
    process.exit(1);
  });
  const stack = await startStack({
    dataDir: values.data,
    ports: { http: portOf("port", values.port), smtp: portOf("mail-port", values["mail-port"]) },
    host: values.host,
    onProgress: (line) => say(`  ${line}`),
    signal: stop.signal,
    ...(process.env["EVENTSTORE_URL"] ? { eventStoreUrl: process.env["EVENTSTORE_URL"] } : {}),
    ...(process.env["DATABASE_URL"] ? { databaseUrl: process.env["DATABASE_URL"] } : {}),
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    return undefined;
  });
  if (stack !== undefined) {
    kill = stack.kill;
    const demo = values["no-demo"] || stack.data.hasDemo ? undefined : loadDemo(stack, stop.signal);
    const hasLogins = stack.data.hasDemo || (await demo?.world) === true;
    if (!stop.signal.aborted) tellWhere(stack, hasLogins);
    if (!stop.signal.aborted) await once(stop.signal, "abort");
    await demo?.end;
    await stack.stop();
  }
  say("stopped");
  process.exit(0);
}

/**
 * Loads the demo data through the front door, by a process of its own. `world`: customers, staff and logins are there (false
 * when they could not be made); the tickets follow while Docket is in use already. `end`: that process is gone. What is
 * there already is left as it is, so a load that was cut off goes on at the next start.
 */
function loadDemo({ env, data }: Stack, signal: AbortSignal): { world: Promise<boolean>; end: Promise<void> } {
  say("  demo data (once) ...");
  const child = spawn(process.execPath, [programFile({ file: "scripts/demo/main.ts" })], {
    env: env(),
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true,
  });
  const stopped = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stopped);
  const end = once(child, "exit").then(([code]) => {
    if (code === 0) data.markDemo();
    else if (!signal.aborted) say("  the demo data is not complete; the next start goes on with it");
  });
  const world = Promise.race([once(child, "message").then(() => true), end.then(() => false)]);
  return { world, end };
}

function tellWhere({ urls, data }: Stack, hasLogins: boolean): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const roles = new Map(demoAccounts.toReversed().map((account) => [account.role, account]));
  const logins = [...roles.values()].toReversed().map(({ login, role }) => `            ${login.padEnd(10)} ${role}`);
  say(`
Docket is ready after ${seconds} s.

  Address   ${urls.public}
  Mail in   ${urls.smtp}   (mail out: ${mailOut(data.path)})
  Data      ${data.path}   (logs in ${data.path}/logs)
  Stop      Ctrl-C${hasLogins ? `\n  Logins    password ${demoPassword}\n${logins.join("\n")}` : "\n  Logins    scripts/docket account --help tells how to make the first"}
`);
}

function mailOut(data: string): string {
  return process.env["SMTP_URL"] ?? `${data}/outbox`;
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CodedError("option_invalid", `--${option} must be a port number, not ${text}`);
}

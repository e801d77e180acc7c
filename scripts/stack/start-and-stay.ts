import { spawn } from "node:child_process";
import { once } from "node:events";
import { CodedError, followSupervisor, onStopSignal } from "@docket/service-kit";
import { offeredLogins } from "../demo/offered-logins.ts";
import { demoAccounts, demoPassword } from "../demo/world.ts";
import { programFile } from "./program.ts";
import { type Stack, startStack } from "./stack.ts";

export interface StartOptions {
  readonly data: string;
  readonly port: string;
  readonly "mail-port": string;
  readonly "database-port": string;
  readonly host: string;
  readonly "no-demo": boolean;
  readonly "no-simulate": boolean;
  readonly "simulate-speed": string;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `npm start`: the stack, the demo data, and what a person has to know, until a signal says stop. `began` is the moment
 * (of `performance.now`) that the user has been waiting since. Ends the process.
 */
export async function startAndStay(values: StartOptions, began: number): Promise<void> {
  const speed = speedOf(values["simulate-speed"]);
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
  // Under an older Node the launcher is our parent; killed with -9 it can pass no signal on.
  followSupervisor(() => stop.abort());
  const stack = await startStack({
    dataDir: values.data,
    ports: {
      http: portOf("port", values.port),
      smtp: portOf("mail-port", values["mail-port"]),
      postgres: portOf("database-port", values["database-port"]),
    },
    host: values.host,
    onProgress: (line) => say(`  ${line}`),
    signal: stop.signal,
    console: true,
    ...(values["no-demo"] ? {} : { env: { DOCKET_DEMO_LOGINS: JSON.stringify(offeredLogins()) } }),
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
    if (!stop.signal.aborted) tellWhere(stack, hasLogins, began);
    const simulates = hasLogins && !values["no-demo"] && !values["no-simulate"];
    const simulation = simulates
      ? (demo?.end ?? Promise.resolve()).then(() => startSimulation(stack, speed, stop.signal))
      : undefined;
    if (!stop.signal.aborted) await once(stop.signal, "abort");
    await demo?.end;
    await simulation;
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

/** Simulated traffic through the front door, by a process of its own; resolves when it has gone. */
async function startSimulation({ env }: Stack, speed: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const child = spawn(process.execPath, [programFile({ file: "scripts/simulate/main.ts" }), "--speed", String(speed)], {
    env: env(),
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    detached: true,
  });
  const stopped = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stopped);
  await once(child, "exit");
}

function speedOf(text: string): number {
  const speed = Number(text);
  if (speed >= 0.1 && speed <= 100) return speed;
  throw new CodedError("option_invalid", `--simulate-speed must be a number from 0.1 to 100, not ${text}`);
}

function tellWhere({ urls, data }: Stack, hasLogins: boolean, began: number): void {
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

import { join } from "node:path";
import { ensureReportingLogin, migrate } from "@docket/postgres";
import { CodedError } from "@docket/service-kit";
import { root } from "../checks/run-tool.ts";
import { buildConsole } from "./console.ts";
import { type DataFolder, takeDataFolder } from "./data-folder.ts";
import { choosePort } from "./ports.ts";
import type { Program } from "./program.ts";
import { type Details, supervise, type Supervised } from "./supervised.ts";

export interface StackOptions {
  /** Folder for everything that must outlive the processes. */
  readonly dataDir: string;
  /** Preferred ports; where one is taken, the next free one is chosen (see `urls`). 0, the stores' default, asks for any. */
  readonly ports?: {
    readonly http?: number;
    readonly smtp?: number;
    readonly eventStore?: number;
    readonly postgres?: number;
  };
  /** Address to listen on for people and mail (default this machine only). */
  readonly host?: string;
  /** DOCKET_CLOCK of every process: `system` or `manual:<path>`. */
  readonly clock?: string;
  /** Serve the console, too; it is built beside the start when it is not built yet. */
  readonly console?: boolean;
  /** A real event store and a real Postgres instead of the embedded ones. */
  readonly eventStoreUrl?: string;
  readonly databaseUrl?: string;
  /** Settings for every service, over those that the stack makes. */
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: (line: string) => void;
  /** Gives the start up: everything is stopped, and the call rejects. */
  readonly signal?: AbortSignal;
}

export type StackUrls = Readonly<Record<"public" | "smtp" | "eventStore" | "database", string>>;

export interface Stack {
  readonly urls: StackUrls;
  readonly data: DataFolder;
  /** Every process by name: eventstore, postgres (where embedded) and the services. */
  readonly processes: ReadonlyMap<string, Supervised>;
  /** The environment that a service gets; for tools that need the same addresses. */
  env(): NodeJS.ProcessEnv;
  /** Kills one process with -9; the supervisor starts it again by itself. Resolves when it is ready once more. */
  crash(name: string): Promise<void>;
  /** Services first, then the stores; resolves when nothing is left running. Calling it again waits for the same end. */
  stop(): Promise<void>;
  /** Kills everything at once. */
  kill(): void;
}

const services = ["projector", "gateway", "clockwork", "notifier", "mailroom"] as const;

/**
 * Node lets a process fill 48 MB with young objects before it looks which are still needed, and keeps what it once took. With
 * less it looks more often, which costs a few percent where it is busy (docs/benchmarks.md). What a start leaves behind, a service
 * gives back by itself when it may ask for it (service-kit's tidy-memory.ts).
 */
const memoryArgs = (name: (typeof services)[number]): string[] => [
  `--max-semi-space-size=${{ projector: 4, gateway: 4, clockwork: 2, notifier: 2, mailroom: 2 }[name]}`,
  "--expose-gc",
];

/**
 * Starts everything that Docket is made of on this machine, ready when every process has said so.
 *
 * Order: the stores, the schema, the services. Whatever crashes later is started again by its supervisor. When the start
 * fails, all that had been started is stopped before the error is passed on.
 *
 * Errors: `data_in_use`, `data_not_writable`, `process_failed` (with the end of its log).
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const say = options.onProgress ?? (() => undefined);
  const data = await takeDataFolder(options.dataDir, say);
  const processes = new Map<string, Supervised>();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopAll(processes).finally(() => data.release()));
  const giveUp = (): void => void stop();
  options.signal?.addEventListener("abort", giveUp);
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        const started = await startAll(options, data, processes, say);
        return { ...started, data, processes, stop, kill: () => killAll(processes) };
      } catch (error) {
        if (attempt === 3 || stopping !== undefined || !isPortTaken(error)) throw error;
        say("a port was taken while we started; once more, with others");
        await stopAll(processes);
        processes.clear();
      }
    }
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", giveUp);
  }
}

/** Between choosing a port and using it another program may come first, another Docket that starts now for example. */
function isPortTaken(error: unknown): boolean {
  return error instanceof CodedError && /EADDRINUSE|port_taken|address already in use/iu.test(error.message);
}

async function startAll(
  options: StackOptions,
  data: DataFolder,
  processes: Map<string, Supervised>,
  say: (line: string) => void,
): Promise<Pick<Stack, "urls" | "env" | "crash">> {
  const host = options.host ?? "127.0.0.1";
  const begin = (program: Program, onReady: (details: Details) => void = () => undefined): Supervised => {
    options.signal?.throwIfAborted();
    const process = supervise(program, {
      logs: join(data.path, "logs"),
      onChange: say,
      onSpawn: (name, pid) => void data.noteProcess(name, pid),
      onReady,
    });
    processes.set(program.name, process);
    return process;
  };
  const ready = async (name: string, what = name): Promise<void> => {
    const process = processes.get(name);
    if (process === undefined) throw new CodedError("process_unknown", `there is no process ${name}`);
    const began = performance.now();
    const details = await process.ready();
    const port = details["port"] === undefined ? "" : ` on port ${String(details["port"])}`;
    say(`${what} ready${port} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  };

  const base: NodeJS.ProcessEnv = {
    // Compiled code is kept between starts and shared by the processes.
    NODE_COMPILE_CACHE: join(root, ".tools", "compile-cache"),
    ...process.env,
    DOCKET_DATA: data.path,
    DOCKET_CLOCK: options.clock ?? "system",
  };
  const console = options.console === true ? buildConsole(base, say, options.signal) : undefined;
  const [httpPort, smtpPort, storePort, postgresPort] = await choosePorts(options, host, say);
  const urls = {
    public: `http://${host === "0.0.0.0" || host === "127.0.0.1" ? "localhost" : host}:${httpPort}`,
    smtp: `smtp://${host === "0.0.0.0" ? "localhost" : host}:${smtpPort}`,
    eventStore: options.eventStoreUrl ?? `esdb://127.0.0.1:${storePort}?tls=false`,
    database: options.databaseUrl ?? "",
  };

  if (options.eventStoreUrl === undefined) {
    const args = ["--port", String(storePort), "--data", join(data.path, "eventstore")];
    begin({ name: "eventstore", file: "packages/embedded-eventstore/src/main.ts", args, env: () => base });
  }
  if (options.databaseUrl === undefined) {
    const args = ["--port", String(postgresPort), "--data", join(data.path, "postgres")];
    begin({ name: "postgres", file: "packages/postgres/src/postgres-main.ts", args, env: () => base }, ({ url }) => {
      const moved = urls.database !== "" && urls.database !== url;
      urls.database = String(url);
      // Its port was taken while it was away: the services have to be told, and take addresses only at their start.
      if (moved) for (const name of services) processes.get(name)?.kill("SIGTERM");
    });
  }
  await Promise.all([
    processes.has("eventstore") ? ready("eventstore", "event store") : undefined,
    processes.has("postgres") ? ready("postgres", "Postgres") : undefined,
  ]);
  const migrations = await migrate(urls.database);
  say(migrations.length === 0 ? "schema up to date" : `schema made (${migrations.length} steps)`);
  const { DOCKET_REPORTING_LOGIN: login, DOCKET_REPORTING_PASSWORD: password } = { ...process.env, ...options.env };
  if (login && password) {
    await ensureReportingLogin(urls.database, { login, password });
    say(`${login} may read the schema reporting`);
  }

  const consoleFolder = await console?.folder;
  const env = (): NodeJS.ProcessEnv => ({
    ...base,
    EVENTSTORE_URL: urls.eventStore,
    DATABASE_URL: urls.database,
    DOCKET_PUBLIC_URL: urls.public,
    DOCKET_SECRET: data.secret,
    GATEWAY_HOST: host,
    GATEWAY_PORT: String(httpPort),
    MAILROOM_HOST: host,
    MAILROOM_PORT: String(smtpPort),
    OPS_PORT: "0",
    ...(consoleFolder === undefined ? {} : { DOCKET_CONSOLE: consoleFolder }),
    ...options.env,
  });
  for (const name of services)
    begin({ name, file: `services/${name}/src/main.ts`, args: [], nodeArgs: memoryArgs(name), env });
  await Promise.all([...services.map((name) => ready(name)), console?.built]);
  data.noteUrls(urls);
  return {
    urls,
    env,
    async crash(name) {
      const process = processes.get(name);
      if (process === undefined) throw new CodedError("process_unknown", `there is no process ${name}`);
      const before = process.restarts;
      process.kill("SIGKILL");
      while (process.restarts === before) await new Promise((resolve) => setTimeout(resolve, 5));
      await process.ready();
    },
  };
}

async function choosePorts(
  options: StackOptions,
  host: string,
  say: (line: string) => void,
): Promise<[number, number, number, number]> {
  const choose = async (wanted: number, what: string, at = "127.0.0.1"): Promise<number> => {
    const port = await choosePort(wanted, at);
    if (wanted !== 0 && port !== wanted) say(`port ${wanted} is taken; ${what} gets ${port}`);
    return port;
  };
  const { http = 8080, smtp = 2525, eventStore = 0, postgres = 0 } = options.ports ?? {};
  return [
    await choose(http, "the web address", host),
    await choose(smtp, "incoming mail", host),
    options.eventStoreUrl === undefined ? await choose(eventStore, "the event store") : 0,
    options.databaseUrl === undefined ? await choose(postgres, "Postgres") : 0,
  ];
}

/** Services first, then the stores. */
async function stopAll(processes: ReadonlyMap<string, Supervised>): Promise<void> {
  const stores = ["eventstore", "postgres"];
  const all = [...processes.values()];
  await Promise.all(all.filter(({ name }) => !stores.includes(name)).map((each) => each.stop()));
  await Promise.all(all.filter(({ name }) => stores.includes(name)).map((each) => each.stop()));
}

function killAll(processes: ReadonlyMap<string, Supervised>): void {
  for (const each of processes.values()) each.kill("SIGKILL");
}

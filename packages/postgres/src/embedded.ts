import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { findBinaries } from "./binaries.ts";
import { PostgresError } from "./errors.ts";
import { isAlive, isPostmasterOf, processIdentity } from "./processes.ts";
import { decideRunAs, type RunAs } from "./run-as.ts";

export type EmbeddedPostgresOptions = {
  /** Folder of the cluster; made when missing. May contain blanks. */
  readonly dataDir: string;
  /** Preferred port; when it is taken or missing, a free one is used (see `port` of the answer). */
  readonly port?: number;
  /** Extra server settings, over the built-in ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Receives the server's log, line by line. */
  readonly log?: (line: string) => void;
};

export type EmbeddedPostgres = {
  /** `postgres://...` of the database `docket`, with the password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has gone, asked or not. */
  readonly exited: Promise<{ readonly expected: boolean }>;
  /** Stops the server cleanly (checkpoint, then exit); may be called twice. */
  readonly stop: () => Promise<void>;
};

const user = "docket";
const database = "docket";

/**
 * Settings for one box that also runs everything else. Durability is the full one (fsync, synchronous commit, full-page writes);
 * `wal_level=minimal` lets a rebuild COPY into tables of its own transaction without writing the rows to the log as well.
 */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "", // TCP only: a socket path has a length limit that deep data folders break
  max_connections: "100",
  // taken from the machine only as it is filled: an idle server holds what it has touched
  shared_buffers: "256MB",
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "1GB",
  wal_buffers: "16MB",
  random_page_cost: "1.1",
  jit: "off", // our statements are short; compiling them costs more than they do
  io_method: "sync", // no extra worker processes on a laptop
  max_parallel_workers_per_gather: "0",
  autovacuum_naptime: "20s",
  log_min_messages: "warning",
  lc_messages: "C",
  timezone: "UTC",
  log_timezone: "UTC",
};

/**
 * Starts the packaged Postgres on a folder of its own; makes the cluster on first use.
 *
 * States: *absent* (no cluster) -> initdb in a folder beside it, renamed into place when complete, so that a killed initialisation
 * leaves nothing half-made; *stale* (a postmaster.pid whose process is gone or another program's) -> the file is removed;
 * *orphaned* (the server lives, the process that owned it does not) -> it is stopped and started anew; *in use* (its owner lives) ->
 * refused with `postgres_data_in_use`; *running* -> until stop(), its own death, or the death of this process: a watchdog
 * whose input closes with us stops the server even after kill -9.
 *
 * Errors: PostgresError with `postgres_data_in_use`, `postgres_path_unreachable`, `postgres_init_failed`, `postgres_start_failed`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const binaries = await findBinaries();
  await mkdir(dataDir, { recursive: true });
  const initialised = await exists(join(dataDir, "PG_VERSION"));
  if (initialised) await clearStaleServer(dataDir);
  if (!initialised) await initialise(binaries.initdb, dataDir);
  const runAs = await decideRunAs(binaries.postgres, dataDir);

  const password = (await readFile(join(dataDir, passwordFile), "utf8")).trim();
  const server = await launch(binaries.postgres, dataDir, runAs, options);
  const address = (name: string): string => `postgres://${user}:${password}@127.0.0.1:${server.port}/${name}`;
  try {
    await createDatabase(address("postgres"));
  } catch (cause) {
    await server.stop();
    throw new PostgresError("postgres_start_failed", "the database could not be made", { cause });
  }
  return { ...server, url: address(database) };
}

const passwordFile = "docket-password";
const ownerFile = "docket-owner";

async function initialise(initdb: string, dataDir: string): Promise<void> {
  const password = randomBytes(18).toString("base64url");
  // initdb needs an empty folder; its parent may be closed to the account, so we make it
  await removeLeftovers(dataDir);
  const fresh = `${dataDir}.new-${process.pid}`;
  await mkdir(fresh, { mode: 0o700 });
  const runAs = await decideRunAs(initdb, fresh);
  const secret = `${fresh}.secret`;
  await writePrivate(secret, password, runAs);
  const [program, args] = runAs.command(initdb, [
    `--pgdata=${fresh}`,
    `--username=${user}`,
    "--auth=scram-sha-256",
    `--pwfile=${secret}`,
    "--encoding=UTF8",
    // one meaning of lower() and of sorting on every machine, whatever its C library
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
  ]);
  const child = spawn(program, args, { ...runAs.ids, cwd: "/", stdio: ["ignore", "ignore", "pipe"] });
  const errors = tail(child);
  const code = await new Promise<number | null>((done, fail) => child.once("error", fail).once("close", done));
  await rm(secret, { force: true });
  if (code !== 0) {
    await rm(fresh, { recursive: true, force: true });
    throw new PostgresError("postgres_init_failed", `initdb failed (${code}): ${errors()}`);
  }
  await writePrivate(join(fresh, passwordFile), password, runAs);
  await rm(dataDir, { recursive: true, force: true });
  await rename(fresh, dataDir);
}

/** What initialisations left that were killed half-way. */
async function removeLeftovers(dataDir: string): Promise<void> {
  const start = `${basename(dataDir)}.new-`;
  for (const name of await readdir(dirname(dataDir))) {
    if (!name.startsWith(start)) continue;
    const pid = Number.parseInt(name.slice(start.length), 10);
    if (pid !== process.pid && isAlive(pid)) continue;
    // an initdb that outlived its parent may still be writing; what it leaves is removed next time
    await rm(join(dirname(dataDir), name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

type Server = Omit<EmbeddedPostgres, "url">;

async function launch(
  postgres: string,
  dataDir: string,
  runAs: RunAs,
  options: EmbeddedPostgresOptions,
): Promise<Server> {
  const deadline = Date.now() + 30_000;
  let wanted = options.port;
  for (;;) {
    const port = await freePort(wanted);
    const attempt = await launchOnce(postgres, dataDir, runAs, port, options);
    if (typeof attempt !== "string") return attempt;
    // Back-ends of a killed server take a moment to notice; somebody else may have taken the port between our look and the start.
    const passing = /pre-existing shared memory block|Address already in use|could not create any TCP/i.test(attempt);
    if (!passing || Date.now() > deadline) throw new PostgresError("postgres_start_failed", attempt);
    wanted = undefined;
    await delay(100);
  }
}

/** One try; gives the running server, or what it printed before it went. */
async function launchOnce(
  postgres: string,
  dataDir: string,
  runAs: RunAs,
  port: number,
  options: EmbeddedPostgresOptions,
): Promise<Server | string> {
  const flags = Object.entries({ ...settings, ...options.settings }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const [program, args] = runAs.command(postgres, ["-D", dataDir, "-p", String(port), ...flags]);
  // Its own session: Ctrl-C reaches every process of a terminal at once, but the database has to outlive its users.
  const child = spawn(program, args, { ...runAs.ids, cwd: "/", detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const gone = new Promise<void>((done) => child.once("error", () => done()).once("exit", () => done()));
  const errors = tail(child, options.log);
  if (child.pid === undefined) return `could not start ${postgres}`;
  const pid = child.pid;
  const watchdog = startWatchdog(pid);
  await writePrivate(join(dataDir, ownerFile), `${process.pid} ${await processIdentity(process.pid)}`, runAs);

  let stopping = false;
  const exited = gone.then(() => {
    watchdog?.kill("SIGKILL");
    return { expected: stopping };
  });
  if (!(await becomesReady(dataDir, pid, exited))) {
    await exited;
    return errors();
  }
  return {
    port,
    pid,
    exited,
    stop: async () => {
      stopping = true;
      await endServer(pid, exited);
    },
  };
}

/** Ready when the server's own status line says so (its log level hides the message). */
async function becomesReady(dataDir: string, pid: number, exited: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  void exited.then(() => over.abort());
  while (!over.signal.aborted) {
    const lines = (await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
    if (Number(lines[0]) === pid && lines[7]?.trim() === "ready") return true;
    await Promise.race([delay(10), exited]);
  }
  return false;
}

/** Fast shutdown; harder after 20 s, and after 10 more. */
async function endServer(pid: number, exited: Promise<unknown>): Promise<void> {
  for (const [signal, patience] of [
    ["SIGINT", 20_000],
    ["SIGQUIT", 10_000],
    ["SIGKILL", 10_000],
  ] as const) {
    signalProcess(pid, signal);
    const timer = new AbortController();
    const late = await Promise.race([
      exited.then(() => false),
      delay(patience, true, { signal: timer.signal }).catch(() => false),
    ]);
    timer.abort();
    if (!late) return;
  }
}

/** A shell that waits on a pipe from us: it closes when we die in whatever way, and the server is told to stop. */
function startWatchdog(pid: number): ChildProcess | undefined {
  if (process.platform === "win32") return undefined;
  const script = 'while read -r _; do :; done; kill -INT "$1" 2>/dev/null';
  const child = spawn("/bin/sh", ["-c", script, "docket-postgres-watchdog", String(pid)], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.once("error", () => undefined);
  child.stdin?.on("error", () => undefined);
  child.unref();
  return child;
}

async function clearStaleServer(dataDir: string): Promise<void> {
  const file = join(dataDir, "postmaster.pid");
  const pid = Number.parseInt((await readFile(file, "utf8").catch(() => "")).split("\n")[0] ?? "", 10);
  if (!Number.isInteger(pid)) return;
  if (!(await isPostmasterOf(pid, dataDir))) return rm(file, { force: true });
  const [owner, identity] = (await readFile(join(dataDir, ownerFile), "utf8").catch(() => "")).trim().split(" ");
  if (owner && (await processIdentity(Number(owner))) === identity)
    throw new PostgresError("postgres_data_in_use", `${dataDir} is in use by process ${owner} (Postgres ${pid})`);
  signalProcess(pid, "SIGINT");
  const deadline = Date.now() + 30_000;
  while (isAlive(pid)) {
    if (Date.now() > deadline)
      throw new PostgresError("postgres_data_in_use", `an abandoned Postgres (${pid}) on ${dataDir} does not stop`);
    await delay(20);
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [database]);
    if (found.rowCount === 0) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

/** A file that only the server's account (and root) may read. */
async function writePrivate(path: string, text: string, runAs: RunAs): Promise<void> {
  await writeFile(path, `${text}\n`, { mode: 0o600 });
  if (runAs.account) await chown(path, runAs.account.uid, runAs.account.gid);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // already gone
  }
}

/** Collects the last lines of a child's error output. */
function tail(child: ChildProcess, log?: (line: string) => void): () => string {
  const lines: string[] = [];
  let rest = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) log?.(line);
    lines.push(...parts);
    if (lines.length > 20) lines.splice(0, lines.length - 20);
  });
  return () => [...lines, rest].join("\n").trim();
}

async function freePort(wanted: number | undefined): Promise<number> {
  const listen = (port: number): Promise<number | undefined> =>
    new Promise((done) => {
      const server = createServer();
      server.once("error", () => done(undefined));
      server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
        const address = server.address();
        server.close(() => done(typeof address === "object" && address ? address.port : undefined));
      });
    });
  const port = (wanted ? await listen(wanted) : undefined) ?? (await listen(0));
  if (port === undefined) throw new PostgresError("postgres_start_failed", "no free port");
  return port;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, renameSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { backoffMs, CodedError, sleep } from "@docket/service-kit";
import { type Program, programFile } from "./program.ts";

/** What a process said when it was ready: its ports and addresses. */
export type Details = Readonly<Record<string, unknown>>;

export interface Supervised {
  readonly name: string;
  /** The process id, while there is a process. */
  readonly pid: number | undefined;
  /** How often it was started again after it had gone unasked. */
  readonly restarts: number;
  readonly state: State;
  /** Resolves with what it said, once it is ready (at once when it is); rejects with its failure when it will not be. */
  ready(): Promise<Details>;
  /** Sends a signal; without waiting. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL after the bound; resolves when it has gone. Nothing is started again. */
  stop(): Promise<void>;
}

export type State = "starting" | "ready" | "waiting" | "stopping" | "stopped";

export interface SupervisedOptions {
  readonly logs: string;
  /** Told of every change that a person at the console would want to know. */
  readonly onChange?: (line: string) => void;
  /** Called with every new process, so that it can be found again after a crash of the supervisor. */
  readonly onSpawn?: (name: string, pid: number) => void;
  /** Called whenever it is ready, with what it said. */
  readonly onReady?: (details: Details) => void;
}

const STOP_BOUND_MS = 12_000;
const READY_BOUND_MS = 60_000;
/** A process that held out this long is healthy again, and the next crash is a first one. */
const STEADY_MS = 30_000;
const LOG_BOUND_BYTES = 10_000_000;

/**
 * Runs one program as a child process for as long as the stack stands.
 *
 * - starting: the process runs and has not said that it is ready. It says so -> ready. It ends or takes longer than a
 *   minute -> on the very first start: failed for good, `ready()` rejects with the end of its log; later: waiting.
 * - ready: until it ends. Unasked -> waiting.
 * - waiting: no process; after a growing pause -> starting.
 * - stopping: SIGTERM was sent; SIGKILL follows if needed. It ends -> stopped.
 * - stopped: for good.
 *
 * Each child has a session of its own, so that Ctrl-C at the terminal reaches the supervisor alone and the order of stopping
 * is ours; and an IPC channel, whose closing tells it that the supervisor has gone, kill -9 included.
 */
export function supervise(program: Program, options: SupervisedOptions): Supervised {
  const log = join(options.logs, `${program.name}.log`);
  let state: State = "starting";
  let child: ChildProcess | undefined;
  let restarts = 0;
  let crashes = 0;
  let everReady = false;
  let readiness = Promise.withResolvers<Details>();
  // A failure that nobody asked about yet must not end the supervisor.
  readiness.promise.catch(() => undefined);
  const stopped = Promise.withResolvers<void>();
  const waiting = new AbortController();

  const start = (): void => {
    state = "starting";
    const output = openLog(log);
    const started = performance.now();
    const own = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", ...(program.nodeArgs ?? []), programFile(program), ...program.args],
      {
        env: program.env(),
        stdio: ["ignore", output, output, "ipc"],
        detached: true,
      },
    );
    closeSync(output);
    child = own;
    let failure = "";
    const late = setTimeout(() => {
      failure = `not ready after ${READY_BOUND_MS / 1000} s`;
      own.kill("SIGKILL");
    }, READY_BOUND_MS);
    if (own.pid !== undefined) options.onSpawn?.(program.name, own.pid);
    own.on("message", (message) => {
      const said = readMessage(message);
      if (said.type === "failed") failure = said.message;
      if (said.type !== "ready" || state !== "starting") return;
      clearTimeout(late);
      state = "ready";
      if (everReady) options.onChange?.(`${program.name} is back`);
      everReady = true;
      options.onReady?.(said.details);
      readiness.resolve(said.details);
    });
    own.on("error", (error) => void (failure = error.message));
    own.on("exit", (code, signal) => {
      clearTimeout(late);
      child = undefined;
      if (performance.now() - started > STEADY_MS) crashes = 0;
      void ended(failure || (signal === null ? `exit code ${code}` : `ended by ${signal}`));
    });
  };

  const ended = async (why: string): Promise<void> => {
    if (state === "stopping" || state === "stopped") {
      state = "stopped";
      readiness.reject(new CodedError("process_stopped", `${program.name} is stopped`));
      stopped.resolve();
      return;
    }
    if (!everReady) {
      state = "stopped";
      stopped.resolve();
      const message = `${program.name} could not start (${why})${await lastLines(log)}`;
      readiness.reject(new CodedError("process_failed", message, { details: { process: program.name } }));
      return;
    }
    if (state === "ready") {
      readiness = Promise.withResolvers<Details>();
      readiness.promise.catch(() => undefined);
    }
    state = "waiting";
    restarts++;
    const pause = backoffMs(++crashes, { firstMs: 100, maxMs: 10_000 });
    options.onChange?.(`${program.name} went away (${why}); starting it again`);
    await sleep(pause, waiting.signal).catch(() => undefined);
    if (state === "waiting") start();
  };

  const stop = async (): Promise<void> => {
    if (state === "stopped") return;
    state = "stopping";
    waiting.abort();
    if (child === undefined) return ended("stopped");
    const own = child;
    own.kill("SIGTERM");
    const force = setTimeout(() => own.kill("SIGKILL"), STOP_BOUND_MS);
    await stopped.promise;
    clearTimeout(force);
  };

  start();
  return {
    name: program.name,
    get pid() {
      return child?.pid;
    },
    get restarts() {
      return restarts;
    },
    get state() {
      return state;
    },
    ready: () => readiness.promise,
    kill: (signal) => void child?.kill(signal),
    stop,
  };
}

/** Both forms in use: `{type, details: {...}}` of runService, and `{type, url, port}` of programs without it. */
function readMessage(message: unknown): { type: string; message: string; details: Details } {
  const { type = "", message: text = "", details, ...rest } = (message ?? {}) as Record<string, unknown>;
  return { type: String(type), message: String(text), details: (details as Details | undefined) ?? rest };
}

/** The log to append to; a large one makes room first, and one older log is kept. */
function openLog(path: string): number {
  mkdirSync(join(path, ".."), { recursive: true });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_BOUND_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, "a", 0o600);
}

async function lastLines(log: string): Promise<string> {
  const text = await readFile(log, "utf8").catch(() => "");
  const lines = text.trimEnd().split("\n").slice(-6).join("\n  ");
  return lines === "" ? "" : `\n  ${lines}\nThe whole log: ${log}`;
}

import { z } from "zod";
import type { Clock } from "./clock.ts";
import { errorCode } from "./coded-error.ts";
import { loadConfig, setting } from "./config.ts";
import { clockFromConfig } from "./file-clock.ts";
import { createHealth, type Health } from "./health.ts";
import { createLogger, type Logger } from "./logger.ts";
import { startProcessMetrics } from "./metrics.ts";
import { type OpsServer, startOpsServer } from "./ops-server.ts";
import { tidyMemoryWhenQuiet } from "./tidy-memory.ts";

/** What a service's main function is given. */
export interface ServiceContext {
  /** Aborts when the service is told to stop; give it to everything that waits. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** The clock that DOCKET_CLOCK names. */
  readonly clock: Clock;
  /** Its checks are served at /health/live and /health/ready of OPS_PORT, beside /metrics. */
  readonly health: Health;
  /** Registers work for the stop; the last registered runs first, so what was opened last closes first. */
  onStop(work: () => unknown): void;
  /** Ends the service because of an error it cannot live with: logged, exit code 1, the supervisor starts it again. */
  fail(error: unknown): void;
}

/** What a started service tells its supervisor, beside that it is ready: its ports, for example. */
export type ReadyDetails = Readonly<Record<string, string | number>>;

/** Messages from a service to its supervisor over Node's IPC channel. */
export type ServiceMessage =
  | { readonly type: "ready"; readonly name: string; readonly details: ReadyDetails }
  | { readonly type: "failed"; readonly name: string; readonly code: string; readonly message: string };

const STOP_BOUND_MS = 10_000;

/** Ctrl-C under npm reaches a process several times: from the terminal and from every launcher above it. */
const ECHO_MS = 500;

/**
 * Calls `handle` on SIGINT and SIGTERM; `again` is true from the second deliberate signal on. Signals within half a
 * second of the first are its echoes and are not passed on.
 */
export function onStopSignal(handle: (signal: NodeJS.Signals, again: boolean) => void): void {
  let first: number | undefined;
  const take = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (first !== undefined && now - first < ECHO_MS) return;
    const again = first !== undefined;
    first ??= now;
    handle(signal, again);
  };
  process.on("SIGINT", take);
  process.on("SIGTERM", take);
}

/**
 * Runs the main function of a service process and answers for its life:
 *
 * - starting: `main` runs. It resolves (with details, its ports say) when the service can do its work -> ready, and the
 *   supervisor is told so over IPC. It throws -> the supervisor is told the code, exit 1.
 * - ready: until SIGINT, SIGTERM, or the supervisor's death (the IPC channel closes) -> stopping.
 * - stopping: `signal` aborts, `onStop` work runs last-in-first-out, each waited for -> exit 0. Not done within 10 s, or
 *   a second deliberate signal -> exit 1 at once.
 * - any unhandled rejection or uncaught exception, in any state, is logged and ends the process with 1: its state is no
 *   longer known, and the event store and Postgres keep everything that counts.
 */
export function runService(name: string, main: (context: ServiceContext) => Promise<ReadyDetails | void>): void {
  const logger = createLogger(name);
  const stopping = new AbortController();
  const stopWork: (() => unknown)[] = [];

  const die = (error: unknown, what: string): void => {
    logger.fatal({ err: error, code: errorCode(error) }, what);
    process.exit(1);
  };
  process.on("unhandledRejection", (error) => die(error, "unhandled rejection"));
  process.on("uncaughtException", (error) => die(error, "uncaught exception"));

  const stop = (cause: string): void => {
    if (stopping.signal.aborted) return;
    logger.info({ cause }, "stopping");
    setTimeout(() => die(new Error(`not stopped within ${STOP_BOUND_MS} ms`), "forced to stop"), STOP_BOUND_MS).unref();
    stopping.abort(new DOMException(cause, "AbortError"));
    runStopWork(stopWork, logger).then(
      () => process.exit(0),
      (error: unknown) => die(error, "stop failed"),
    );
  };
  onStopSignal((signal, again) => (again ? process.exit(1) : stop(signal)));
  followSupervisor(() => stop("supervisor is gone"));

  const start = async (): Promise<void> => {
    startProcessMetrics(name);
    const health = createHealth();
    const ops = await startOpsServerIfAsked(health);
    if (ops !== undefined) stopWork.push(ops.stop);
    const own = await main({
      signal: stopping.signal,
      logger,
      clock: clockFromConfig(process.env["DOCKET_CLOCK"]),
      health,
      onStop: (work) => void stopWork.push(work),
      fail: (error) => die(error, "failed"),
    });
    const details = { ...own, ...(ops === undefined ? {} : { opsPort: ops.port }) };
    logger.info(details, "ready");
    tell({ type: "ready", name, details });
    tidyMemoryWhenQuiet({ collect: globalThis.gc, signal: stopping.signal });
  };
  start().catch((error: unknown) => {
    // A start that was interrupted by a stop is not a failure of its own.
    if (stopping.signal.aborted) return;
    tell({
      type: "failed",
      name,
      code: errorCode(error),
      message: error instanceof Error ? error.message : String(error),
    });
    die(error, "could not start");
  });
}

/** Health and metrics over HTTP, where OPS_PORT (0: any) and OPS_HOST say; none when OPS_PORT is not set. */
async function startOpsServerIfAsked(health: Health): Promise<OpsServer | undefined> {
  const { OPS_PORT, OPS_HOST } = loadConfig(
    z.object({ OPS_PORT: setting.optionalPort(), OPS_HOST: z.string().optional() }),
  );
  if (OPS_PORT === undefined) return undefined;
  return startOpsServer({ port: OPS_PORT, health, ...(OPS_HOST === undefined ? {} : { host: OPS_HOST }) });
}

/**
 * Calls `gone` when the process that started this one over an IPC channel is no more, killed with -9 included. Does
 * nothing in a process that was started without such a channel.
 */
export function followSupervisor(gone: () => void): void {
  if (process.send === undefined) return;
  if (!process.connected) return gone();
  process.on("disconnect", gone);
  // Listening alone must not keep a process alive that has nothing left to do.
  process.channel?.unref();
}

async function runStopWork(work: (() => unknown)[], logger: Logger): Promise<void> {
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    try {
      await next();
    } catch (error) {
      // The rest must still be closed.
      logger.error({ err: error }, "a part did not stop cleanly");
    }
  }
}

function tell(message: ServiceMessage): void {
  if (process.connected) process.send?.(message);
}

import { setTimeout as delay } from "node:timers/promises";

/** A check passes by resolving (a text is shown as its detail) and fails by throwing; the error's message is shown. */
export type HealthCheck = () => string | void | Promise<string | void>;

export interface HealthReport {
  readonly status: "ok" | "failing";
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>;
}

/**
 * Named checks of one process. Liveness failing means "restart me"; readiness failing means "send me no work now", and
 * heals by itself. A dependency that is away belongs to readiness: a restart would not bring it back.
 */
export interface Health {
  addLiveness(name: string, check: HealthCheck): void;
  addReadiness(name: string, check: HealthCheck): void;
  live(): Promise<HealthReport>;
  ready(): Promise<HealthReport>;
}

/** A check that has not answered after `boundMs` (default 2,000) counts as failed: a hung check must not hang health. */
export function createHealth(boundMs = 2_000): Health {
  const liveness = new Map<string, HealthCheck>();
  const readiness = new Map<string, HealthCheck>();
  return {
    addLiveness: (name, check) => void liveness.set(name, check),
    addReadiness: (name, check) => void readiness.set(name, check),
    live: () => run(liveness, boundMs),
    ready: () => run(readiness, boundMs),
  };
}

async function run(checks: ReadonlyMap<string, HealthCheck>, boundMs: number): Promise<HealthReport> {
  const results = await Promise.all(
    [...checks].map(async ([name, check]) => [name, await runOne(check, boundMs)] as const),
  );
  return { status: results.every(([, result]) => result.ok) ? "ok" : "failing", checks: Object.fromEntries(results) };
}

async function runOne(check: HealthCheck, boundMs: number): Promise<{ ok: boolean; detail?: string }> {
  const abort = new AbortController();
  try {
    const late = delay(boundMs, undefined, { signal: abort.signal }).then(() => {
      throw new Error(`no answer within ${boundMs} ms`);
    });
    late.catch(() => undefined);
    const detail = await Promise.race([(async () => check())(), late]);
    return typeof detail === "string" ? { ok: true, detail } : { ok: true };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    abort.abort();
  }
}

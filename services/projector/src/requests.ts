import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Queryable } from "@docket/postgres";
import { sleep, type Logger } from "@docket/service-kit";

const lookMs = 1_000;
const keptChars = 2_000;
const program = fileURLToPath(new URL("./rebuild.ts", import.meta.url));

/** How a rebuild that was asked for ended, by the exit code of its program. */
const ends: Readonly<Record<number, string>> = { 0: "done", 3: "differs" };

/**
 * Carries out the rebuilds that operators ask for (engine.rebuild_requests), one after the other, each in a process of its own: it
 * wants memory for a while and must not take it from the projector, which goes on.
 *
 * A request is *asked* -> *running* (taken by one instance) -> *done*, *differs* (the new tables are not the same as the old ones:
 * nothing was switched) or *failed* (also when the instance that ran it was stopped).
 */
export async function carryOutRequests(parts: {
  readonly db: Queryable;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<void> {
  const { db, logger, signal } = parts;
  while (!signal.aborted) {
    try {
      const request = await take(db);
      if (request === undefined) await sleep(lookMs, signal).catch(() => undefined);
      else await carryOut(request, parts);
    } catch (error) {
      logger.debug({ err: error }, "requests for rebuilds could not be looked at");
      await sleep(lookMs, signal).catch(() => undefined);
    }
  }
}

interface Request {
  readonly id: string;
  readonly projections: readonly string[];
}

async function take(db: Queryable): Promise<Request | undefined> {
  const { rows } = await db.query<Request>(`update engine.rebuild_requests set state = 'running', started_at = now()
    where id = (select id from engine.rebuild_requests where state = 'asked' order by asked_at limit 1 for update skip locked)
    returning id, projections`);
  return rows[0];
}

async function carryOut(
  { id, projections }: Request,
  { db, logger, signal, env }: Parameters<typeof carryOutRequests>[0],
): Promise<void> {
  logger.info({ projections }, "a rebuild was asked for");
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...projections], {
    env: env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-keptChars)));
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  const [code] = (await once(child, "exit")) as [number | null];
  signal.removeEventListener("abort", stop);
  const state = ends[code ?? -1] ?? "failed";
  await db.query("update engine.rebuild_requests set state = $2, detail = $3, finished_at = now() where id = $1", [
    id,
    state,
    said.trim(),
  ]);
  logger.info({ projections, state }, "the rebuild has ended");
}

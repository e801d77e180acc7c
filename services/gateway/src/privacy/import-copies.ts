import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@docket/service-kit";
import type { Vault } from "@docket/privacy";

const everyMs = 10 * 60_000;
/** A folder that somebody wrote to so lately may be an import that is under way, here or by the verb; it goes at a later look. */
const quietMs = 5 * 60_000;

/**
 * Imports leave copies behind: the file as it was sent, the rows of one that was broken off, a report with values of rows. They hold what the
 * source says of people, and nobody can tell of whom; so what is older than the latest erasure goes with it. What was imported stays.
 *
 * States: looks after every erasure that is heard of, and every ten minutes for what was under way then -> stopped.
 */
export function sweepImportCopies(parts: {
  readonly folder: string;
  readonly vault: Vault;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly quietForMs?: number;
}): () => Promise<void> {
  const { folder, vault, logger, quietForMs = quietMs } = parts;
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const names = await readdir(folder).catch(() => []);
    if (names.length === 0) return;
    const { rows } = await vault.pool.query<{ at: Date | null; now: Date }>(
      "select max(erased_at) as at, now() as now from vault.subject",
    );
    const erasedAt = rows[0]?.at?.getTime() ?? 0;
    const now = rows[0]?.now.getTime() ?? 0;
    for (const name of names) {
      const written = await lastWritten(join(folder, name));
      if (written === undefined || written > erasedAt || now - written < quietForMs) continue;
      await rm(join(folder, name), { recursive: true, force: true });
      logger.info({ import: name }, "the copy of an import went with an erasure");
    }
  }
  const lookSoon = (): void => {
    looking = looking.then(look).catch((error: unknown) => {
      logger.warn({ err: error }, "copies of imports could not be looked at; they will be again");
    });
  };

  const forgetting = vault.onForgotten(lookSoon);
  const timer = setInterval(lookSoon, everyMs).unref();
  lookSoon();
  return async () => {
    forgetting();
    clearInterval(timer);
    await looking;
  };
}

/** When anything in a folder was written last, milliseconds; undefined when it is gone or is none of ours. */
async function lastWritten(path: string): Promise<number | undefined> {
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const times = await Promise.all(
      entries.flatMap((entry) => (entry.isFile() ? [stat(join(entry.parentPath, entry.name))] : [])),
    );
    return times.length === 0 ? undefined : Math.max(...times.map(({ mtimeMs }) => mtimeMs));
  } catch {
    return undefined;
  }
}

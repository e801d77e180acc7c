import { sql } from "kysely";
import type { Db } from "@docket/postgres";
import type { Logger } from "@docket/service-kit";

/** How many open tickets a member of staff has, as routing wants to know it. */
export interface EngineerLoad {
  readonly of: (staffId: string) => number;
  stop(): void;
}

const refreshMs = 2_000;

/**
 * Counts open tickets per engineer every other second: routing chooses among several able people, and a figure of a moment
 * ago is as good as any. While the read side is away the last figures stand.
 */
export function watchLoad(db: Db, logger: Logger): EngineerLoad {
  let load = new Map<string, number>();
  let counting = false;
  async function count(): Promise<void> {
    if (counting) return;
    counting = true;
    try {
      const { rows } = await sql<{
        id: string;
        n: string;
      }>`select engineer_id as id, count(*) as n from read.queue where engineer_id is not null group by 1`.execute(db);
      load = new Map(rows.map(({ id, n }) => [id, Number(n)]));
    } catch (error) {
      logger.debug({ err: error }, "open tickets per engineer could not be counted");
    } finally {
      counting = false;
    }
  }
  void count();
  const timer = setInterval(() => void count(), refreshMs).unref();
  return { of: (staffId) => load.get(staffId) ?? 0, stop: () => clearInterval(timer) };
}

import { sql } from "kysely";
import type { Directory as DirectoryState } from "@docket/domain";
import type { Db } from "@docket/postgres";

/** What the gateway asks about customers, contracts, staff and groups. */
export interface Directory {
  /** The directory as the desk decides by it. */
  now(): DirectoryState;
  /** The groups of which a member of staff is one, now or at a past moment, and their lines. */
  groupsOf(
    staffId: string | null,
    asOf: Date | null,
  ): Promise<{ readonly groupIds: readonly string[]; readonly lines: readonly number[] }>;
}

const nothing = { groupIds: [], lines: [] };
const believedMs = 1_000;

export function createDirectory(db: Db, now: () => DirectoryState): Directory {
  const memory = new Map<string, { at: number; value: { groupIds: string[]; lines: number[] } }>();
  return {
    now,
    async groupsOf(staffId, asOf) {
      if (staffId === null) return nothing;
      const known = asOf === null ? memory.get(staffId) : undefined;
      if (known !== undefined && performance.now() - known.at < believedMs) return known.value;
      const moment = asOf === null ? sql`valid_to = 'infinity'` : sql`valid_from <= ${asOf} and valid_to > ${asOf}`;
      const { rows } = await sql<{
        id: string;
        line: string;
      }>`select entry_id as id, state->>'line' as line from read.directory
        where kind = 'group' and ${moment} and state->'memberIds' @> ${JSON.stringify([staffId])}::jsonb order by entry_id`.execute(
        db,
      );
      const value = { groupIds: rows.map(({ id }) => id), lines: [...new Set(rows.map(({ line }) => Number(line)))] };
      if (asOf === null) {
        if (memory.size > 10_000) memory.clear();
        memory.set(staffId, { at: performance.now(), value });
      }
      return value;
    },
  };
}

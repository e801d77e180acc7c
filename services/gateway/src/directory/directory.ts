import { type RawBuilder, sql } from "kysely";
import type { Directory as DirectoryState } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { ReadSide } from "../read-side.ts";

/** What the gateway asks about customers, contracts, staff and groups. */
export interface Directory {
  /** The directory as the desk decides by it. */
  now(): DirectoryState;
  /** The groups of which a member of staff is one, now or at a past moment, and their lines. */
  groupsOf(staffId: string | null, asOf: Date | null): Promise<GroupsOfStaff>;
}

interface GroupsOfStaff {
  readonly groupIds: readonly string[];
  readonly lines: readonly number[];
}

const nothing: GroupsOfStaff = { groupIds: [], lines: [] };

/**
 * What is known of the present is remembered as long as the read side stands still: whoever waited for a position of the log
 * must be answered by the groups as they are there.
 */
export function createDirectory(db: Db, now: () => DirectoryState, readSide: Pick<ReadSide, "position">): Directory {
  const memory = new Map<string, { position: string; groups: Promise<GroupsOfStaff> }>();
  return {
    now,
    async groupsOf(staffId, asOf) {
      if (staffId === null) return nothing;
      if (asOf !== null) return readGroups(db, staffId, sql`valid_from <= ${asOf} and valid_to > ${asOf}`);
      const position = readSide.position();
      const known = memory.get(staffId);
      if (known?.position === position) return known.groups;
      const groups = readGroups(db, staffId, sql`valid_to = 'infinity'`);
      if (memory.size > 10_000) memory.clear();
      memory.set(staffId, { position, groups });
      groups.catch(() => memory.delete(staffId));
      return groups;
    },
  };
}

async function readGroups(db: Db, staffId: string, moment: RawBuilder<unknown>): Promise<GroupsOfStaff> {
  const { rows } = await sql<{ id: string; line: string }>`
    select entry_id as id, state->>'line' as line from read.directory
    where kind = 'group' and ${moment} and state->'memberIds' @> ${JSON.stringify([staffId])}::jsonb
    order by entry_id`.execute(db);
  return { groupIds: rows.map(({ id }) => id), lines: [...new Set(rows.map(({ line }) => Number(line)))] };
}

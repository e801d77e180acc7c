import { sql, type RawBuilder } from "kysely";
import type { CalendarEntry, Contract } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { DirectoryKind } from "../policy/policy.ts";
import type { Moment } from "../query/moment.ts";
import { rowsAt } from "../query/past.ts";

export const directoryColumns = [
  "kind",
  "entry_id",
  "name",
  "organization_id",
  "active",
  "state",
  "revision",
  "position",
] as const;

/** The entries of one kind as of a moment. */
export const directoryAt = (kind: DirectoryKind, moment: Moment): RawBuilder<unknown> =>
  rowsAt(
    {
      now: sql`(select * from read.directory where kind = ${kind} and valid_to = 'infinity')`,
      versions: sql`(select * from read.directory where kind = ${kind})`,
      kind,
      id: { column: "entry_id", type: "text" },
      thing: ["entry_id"],
      number: "revision",
    },
    directoryColumns,
    moment,
  );

/** Calendars as they were known at a moment, by id. */
export async function calendarsAt(
  db: Db,
  ids: readonly string[] | "all",
  moment: Moment,
): Promise<Map<string, CalendarEntry>> {
  return statesAt<CalendarEntry>(db, "calendar", ids, moment);
}

/** Contracts with all versions of their policies, as they were known at a moment, by id. */
export async function contractsAt(
  db: Db,
  ids: readonly string[] | "all",
  moment: Moment,
): Promise<Map<string, Contract>> {
  return statesAt<Contract>(db, "contract", ids, moment);
}

async function statesAt<State>(
  db: Db,
  kind: DirectoryKind,
  ids: readonly string[] | "all",
  moment: Moment,
): Promise<Map<string, State>> {
  if (ids.length === 0) return new Map();
  const some = ids === "all" ? sql`true` : sql`t.entry_id in (${sql.join([...new Set(ids)])})`;
  const { rows } = await sql<{
    id: string;
    state: State;
  }>`select t.entry_id as id, t.state from ${directoryAt(kind, moment)} t where ${some}`.execute(db);
  return new Map(rows.map(({ id, state }) => [id, state]));
}

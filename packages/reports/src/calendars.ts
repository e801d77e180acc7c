import { sql } from "kysely";
import { workingCalendarOf, type CalendarEntry } from "@docket/domain";
import type { Db } from "@docket/postgres";
import { compileCalendar, russianCalendar, type WorkingCalendar } from "@docket/sla";
import { ReportRefusal } from "./refusal.ts";

/** What a calendar is called that nobody has to define: Mon-Fri 09:00-18:00 in Moscow by the Russian production calendar. */
export const usualCalendar = "ru";
let usual: WorkingCalendar | undefined;

type Known = { readonly position: string };

/**
 * Calendars as they stood at a position of the log, by their ids. Which of their versions holds when is theirs to say; of an imported
 * history the calendars were entered long after the tickets, so the moment at which that was does not matter.
 */
export async function readCalendars(
  db: Db,
  { position }: Known,
  ids?: readonly string[],
): Promise<Map<string, WorkingCalendar>> {
  const { rows } = await sql<{ id: string; state: CalendarEntry }>`
    select distinct on (entry_id) entry_id as id, state from read.directory
    where kind = 'calendar' and position <= ${position}::bigint
      ${ids === undefined ? sql`` : sql`and entry_id = any(${ids as string[]}::text[])`}
    order by entry_id, revision desc`.execute(db);
  return new Map(rows.map(({ id, state }) => [id, workingCalendarOf(state)]));
}

/** The calendar by which a report cuts working time; throws `unknown_calendar`. */
export async function calendarOf(db: Db, known: Known, id: string | null): Promise<WorkingCalendar> {
  if (id === null || id === usualCalendar) return (usual ??= compileCalendar(russianCalendar({ tz: "Europe/Moscow" })));
  const found = (await readCalendars(db, known, [id])).get(id);
  if (found === undefined) throw new ReportRefusal("unknown_calendar", "calendar", { name: id });
  return found;
}

import { explainClock, whyText, type ExplainedInterval } from "@docket/sla";
import type { TicketClock } from "@docket/api-contract";
import {
  evolveTicket,
  findCalendar,
  workingCalendarOf,
  type CalendarEntry,
  type Directory,
  type Fact,
  type Language,
  type TicketEvent,
  type TicketState,
} from "@docket/domain";
import type { Db } from "@docket/postgres";
import { isCustomer, type Principal } from "../auth/principal.ts";
import { calendarsAt } from "../directory/past.ts";
import { type Opener, revealRows } from "../journal/reveal.ts";
import type { Moment } from "../query/moment.ts";
import { knownAt } from "../query/past.ts";
import { journalColumns, type JournalRow } from "./timeline.ts";

const iso = (at: number): string => new Date(at).toISOString();

/**
 * The clocks of a ticket with the explanation of each, interval by interval, as the engine knew them at a moment, calendars
 * included, and as they stand at `at` (milliseconds). Worked out of the ticket's facts alone: its periods are the truth, and
 * no stored number.
 */
export async function explainTicketClocks(
  parts: { readonly db: Db; readonly store: Opener; readonly directory: Directory },
  caller: Principal,
  ticketId: string,
  when: { readonly moment: Moment; readonly at: number },
  language: Language,
): Promise<TicketClock[]> {
  const { moment, at } = when;
  const state = await foldTicket(parts, ticketId, moment);
  const clocks = (state?.clocks ?? []).filter(({ snapshot }) => snapshot.kind !== "ola" || !isCustomer(caller));
  const calendars = moment.pinned
    ? await calendarsAt(
        parts.db,
        clocks.map(({ input }) => input.calendarId),
        moment,
      )
    : undefined;
  const calendarOf = (id: string): CalendarEntry | null =>
    calendars === undefined ? findCalendar(parts.directory, id) : (calendars.get(id) ?? null);
  return clocks.map((clock) => explained(clock, calendarOf(clock.input.calendarId), at, language));
}

async function foldTicket(
  { db, store }: { readonly db: Db; readonly store: Opener },
  ticketId: string,
  moment: Moment,
): Promise<TicketState | null> {
  const stream = `ticket-${ticketId}`;
  const query = db
    .selectFrom("read.journal")
    .select([...journalColumns])
    .where("stream", "=", stream)
    .where(knownAt("read.journal", moment))
    .orderBy("revision");
  const rows = await revealRows(store, (await query.execute()) as unknown as JournalRow[]);
  let state: TicketState | null = null;
  for (const row of rows) {
    const fact = {
      type: row.type,
      data: row.data,
      meta: row.meta,
      stream,
      revision: row.revision,
      eventId: row.event_id,
    };
    state = evolveTicket(state, fact as unknown as Fact<TicketEvent>);
  }
  return state;
}

function explained(
  { input, snapshot }: TicketState["clocks"][number],
  entry: CalendarEntry | null,
  at: number,
  language: Language,
): TicketClock {
  const { alarms: _alarms, ...shown } = snapshot;
  // The directory lets no clock run under a calendar that it does not know.
  if (entry === null) throw new Error(`calendar ${input.calendarId} is not in the directory`);
  const clock = explainClock(input, workingCalendarOf(entry), at);
  const interval = ({
    from,
    to,
    counted,
    why,
    date,
    lastDate,
    dayName,
    seconds,
    calendarVersion,
    policyVersion,
  }: ExplainedInterval) => ({
    from: iso(from),
    to: iso(to),
    counted,
    why,
    text: whyText(why, dayName, language),
    date,
    lastDate,
    dayName: dayName?.[language] ?? null,
    seconds,
    calendarVersion,
    policyVersion,
  });
  return {
    ...shown,
    explanation: {
      intervals: clock.intervals.map(interval),
      ahead: clock.ahead.map(interval),
      days: clock.days.map(({ date, end, calendarVersion }) => ({ date, end: iso(end), calendarVersion })),
      usedSeconds: clock.usedSeconds,
      deadline: clock.deadline === null ? null : iso(clock.deadline),
      extended: clock.extended,
    },
  };
}

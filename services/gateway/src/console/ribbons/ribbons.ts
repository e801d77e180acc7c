import { sql, type RawBuilder, type SqlBool } from "kysely";
import { ribbonLimits, type Ribbon, type RibbonCalendars } from "@docket/api-contract";
import { findCalendar, workingCalendarOf, type Directory } from "@docket/domain";
import type { Db } from "@docket/postgres";
import { workingTimeBetween, type WorkingCalendar } from "@docket/sla";
import { isCustomer, type Principal } from "../../auth/principal.ts";
import { calendarsAt } from "../../directory/past.ts";
import { visibility } from "../../policy/policy.ts";
import { filterSql } from "../../query/filter-sql.ts";
import { and, oneOf } from "../../query/filter.ts";
import type { Moment } from "../../query/moment.ts";

/** One stretch of a clock, as the read model keeps it. */
interface Stretch {
  readonly ticket_id: string;
  readonly kind: "reaction" | "resolution" | "ola";
  readonly line: number;
  readonly cycle: number;
  readonly state: Ribbon["state"];
  readonly ticking: boolean;
  readonly paused_because: string | null;
  readonly started_at: Date;
  readonly target: string;
  readonly deadline: Date | null;
  readonly used_seconds: number;
  readonly remaining_seconds: number | null;
  readonly stopped_at: Date | null;
  readonly missed_at: Date | null;
  readonly extended_to: Date | null;
  readonly calendar_id: string;
  readonly from_at: Date;
}

type Part = Ribbon["parts"][number];

const columns = [
  "ticket_id",
  "kind",
  "line",
  "cycle",
  "state",
  "ticking",
  "paused_because",
  "started_at",
  "target",
  "deadline",
  "used_seconds",
  "remaining_seconds",
  "stopped_at",
  "missed_at",
  "extended_to",
  "calendar_id",
  "from_at",
] as const;

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: Date | null): string | null => at?.toISOString() ?? null;

/**
 * The clocks of some tickets as bars: the latest cycle of each that the caller sees, as the engine knew them at a moment
 * (null: now) and as they stand at `at`. What was used up to the last change is the read model's; the time since then is the
 * calendar's working time, so that a reader who knows the calendar's hours can go on counting by himself.
 */
export async function readRibbons(
  parts: { readonly db: Db; readonly directory: Directory },
  caller: Principal,
  ticketIds: readonly string[],
  when: { readonly moment: Moment | null; readonly at: number },
): Promise<{ items: Ribbon[]; calendars: RibbonCalendars }> {
  if (ticketIds.length === 0) return { items: [], calendars: {} };
  const { moment, at } = when;
  const filter = and(oneOf("ticket_id", ...ticketIds), visibility(caller, "clock"));
  const { rows } = await sql<Stretch>`select ${sql.join(columns.map((column) => sql.ref(`t.${column}`)))}
    from read.clock as t where ${filterSql(filter, "t")} and ${knownBy(moment)}
    order by t.ticket_id, t.kind, t.line, t.cycle, t.seq`.execute(parts.db);
  const then = moment?.pinned
    ? await calendarsAt(parts.db, [...new Set(rows.map(({ calendar_id }) => calendar_id))], moment)
    : undefined;
  const items: Ribbon[] = [];
  const calendars: Record<string, RibbonCalendars[string]> = {};
  for (const stretches of latestCycles(rows)) {
    const last = stretches.at(-1) as Stretch;
    const entry =
      then === undefined ? findCalendar(parts.directory, last.calendar_id) : (then.get(last.calendar_id) ?? null);
    if (entry === null) continue;
    const calendar = workingCalendarOf(entry);
    items.push(ribbonOf(stretches, last, calendar, at, caller));
    calendars[last.calendar_id] ??= {
      zone: entry.versions.at(-1)?.calendar.tz ?? "UTC",
      open: openFrom(calendar, at),
    };
  }
  return { items, calendars };
}

/** Stretches that count at a moment, as a condition on `t`. */
function knownBy(moment: Moment | null): RawBuilder<SqlBool> {
  if (moment === null || !moment.pinned) return sql<SqlBool>`true`;
  const { at, position } = moment;
  return sql<SqlBool>`t.position <= ${position}::bigint ${at === null ? sql`` : sql`and t.valid_from <= ${at}`}`;
}

/** The stretches of the last cycle of every clock, in order. */
function latestCycles(rows: readonly Stretch[]): Stretch[][] {
  const clocks = new Map<string, Stretch[]>();
  for (const row of rows) {
    const key = `${row.ticket_id} ${row.kind} ${row.line}`;
    const known = clocks.get(key);
    if (known !== undefined && known[0]?.cycle === row.cycle) known.push(row);
    else clocks.set(key, [row]);
  }
  return [...clocks.values()];
}

function ribbonOf(
  stretches: readonly Stretch[],
  last: Stretch,
  calendar: WorkingCalendar,
  at: number,
  caller: Principal,
): Ribbon {
  const running = last.ticking && last.stopped_at === null;
  const seconds = (from: number, to: number): number => Math.floor(workingTimeBetween(calendar, from, to) / 1000);
  const deadline = last.deadline?.getTime();
  const remaining =
    running && deadline !== undefined
      ? deadline >= at
        ? Math.ceil(workingTimeBetween(calendar, at, deadline) / 1000)
        : -seconds(deadline, at)
      : running
        ? null
        : last.remaining_seconds;
  return {
    ticketId: last.ticket_id,
    kind: last.kind,
    line: last.line === 0 ? null : last.line,
    cycle: last.cycle,
    state: last.state,
    ticking: running,
    pausedBecause: last.paused_because,
    startedAt: last.started_at.toISOString(),
    deadline: isoOrNull(last.deadline),
    stoppedAt: isoOrNull(last.stopped_at),
    missedAt: isoOrNull(last.missed_at),
    extended: last.extended_to !== null,
    usedSeconds: last.used_seconds + (running ? seconds(last.from_at.getTime(), at) : 0),
    remainingSeconds: last.stopped_at === null ? remaining : null,
    ...(isCustomer(caller) ? {} : { target: last.target }),
    calendarId: last.calendar_id,
    parts: partsOf(stretches, last, calendar, at),
  };
}

/** What counted, what stood still and why, and what lay outside working time: one after the other, without gaps. */
function partsOf(stretches: readonly Stretch[], last: Stretch, calendar: WorkingCalendar, at: number): Part[] {
  const end = last.stopped_at?.getTime() ?? at;
  const fine: Part[] = [];
  const coarse: Part[] = [];
  stretches.forEach((stretch, index) => {
    const from = stretch.from_at.getTime();
    const to = Math.min(stretches[index + 1]?.from_at.getTime() ?? end, end);
    if (to <= from) return;
    const still = stretch.paused_because !== null;
    const whole: Part = {
      from: iso(from),
      to: iso(to),
      kind: still ? "paused" : "counted",
      because: stretch.paused_because,
    };
    add(coarse, whole);
    if (still) add(fine, whole);
    else if (fine.length <= ribbonLimits.parts) for (const part of worked(calendar, from, to)) add(fine, part);
  });
  return fine.length <= ribbonLimits.parts ? fine : coarse.slice(-ribbonLimits.parts);
}

/** Parts of one kind that touch are one. */
function add(parts: Part[], part: Part): void {
  const before = parts.at(-1);
  if (before?.kind === part.kind && before.because === part.because && before.to === part.from)
    parts[parts.length - 1] = { ...before, to: part.to };
  else parts.push(part);
}

function* worked(calendar: WorkingCalendar, from: number, to: number): Generator<Part> {
  let place = from;
  let yielded = 0;
  for (const interval of calendar.intervals(from, to)) {
    if (interval.from > place) yield { from: iso(place), to: iso(interval.from), kind: "off", because: null };
    yield { from: iso(interval.from), to: iso(interval.to), kind: "counted", because: null };
    place = interval.to;
    // too many to be drawn: whoever asked will take the coarse ones
    if (++yielded > ribbonLimits.parts) return;
  }
  if (place < to) yield { from: iso(place), to: iso(to), kind: "off", because: null };
}

function openFrom(calendar: WorkingCalendar, at: number): [string, string][] {
  const open: [number, number][] = [];
  for (const { from, to } of calendar.intervals(at, at + ribbonLimits.aheadDays * 86_400_000)) {
    const before = open.at(-1);
    if (before !== undefined && before[1] === from) before[1] = to;
    else open.push([from, to]);
  }
  return open.map(([from, to]) => [iso(from), iso(to)]);
}

import { mergePauses, type WorkingCalendar } from "@docket/sla";
import type { Line } from "../values.ts";
import { asRecorded, retell, type CalendarOf, type Judged, type OtherTerms } from "./retell.ts";
import type { StoryKind, TicketStory } from "./story.ts";

/** What can make two judgements differ. `together`: none of the changes alone, all of them do. */
export type Reason = "target" | "pause_rule" | "calendar" | "extension" | "not_covered" | "together";

/** A clock under both terms; null: no such clock. */
export interface ComparedClock {
  readonly kind: StoryKind;
  readonly line: Line | null;
  readonly cycle: number;
  readonly recorded: Judged | null;
  readonly whatIf: Judged | null;
  /** another state */
  readonly changed: boolean;
  /** another deadline, target or time used */
  readonly moved: boolean;
  readonly because: readonly { readonly reason: Reason; readonly decisive: boolean }[];
}

/**
 * Holds a ticket's recorded clocks against the same story under other terms, as both stand at `at` (milliseconds), and says why
 * they differ: what the other terms changed, and which of the changes alone makes the difference.
 */
export function compareTerms(
  story: TicketStory,
  terms: OtherTerms,
  calendarOf: CalendarOf,
  moment: number,
  kinds: ReadonlySet<StoryKind>,
): ComparedClock[] {
  // the clock of who recorded the last fact may have been ahead
  const at = Math.max(moment, story.versions.at(-1)?.at ?? moment);
  const recorded = asRecorded(story, calendarOf, at);
  const other = retell(story, terms, calendarOf, at);
  const compared: ComparedClock[] = [];
  for (const name of new Set([...recorded.keys(), ...other.keys()])) {
    const [was, would] = [recorded.get(name) ?? null, other.get(name) ?? null];
    const clock = (was ?? would) as Judged;
    if (!kinds.has(clock.kind)) continue;
    const changed = was?.state !== would?.state;
    const moved = changed || differ(was, would);
    const because = moved ? reasons(name, was, would, changed) : [];
    compared.push({
      kind: clock.kind,
      line: clock.line,
      cycle: clock.cycle,
      recorded: was,
      whatIf: would,
      changed,
      moved,
      because,
    });
  }
  return compared.sort(byStart);

  function reasons(name: string, was: Judged | null, would: Judged | null, changed: boolean): ComparedClock["because"] {
    if (was === null) return [{ reason: "target", decisive: true }];
    if (would === null) return [{ reason: "not_covered", decisive: true }];
    const found: Reason[] = [];
    if (was.target !== would.target) found.push("target");
    if (terms.pauses !== undefined && was.pausedSeconds !== would.pausedSeconds) found.push("pause_rule");
    if (was.calendarId !== would.calendarId) found.push("calendar");
    if (was.extendedTo !== null && would.extendedTo === null) found.push("extension");
    if (!changed) return found.map((reason) => ({ reason, decisive: false }));
    if (found.length === 1) return found.map((reason) => ({ reason, decisive: true }));
    const alone = found.map((reason) => ({ reason, decisive: aloneGives(name, reason, would) }));
    return alone.some(({ decisive }) => decisive) ? alone : [...alone, { reason: "together", decisive: true }];
  }

  function aloneGives(name: string, reason: Reason, would: Judged): boolean {
    const only: OtherTerms =
      reason === "target"
        ? { target: terms.target }
        : reason === "pause_rule"
          ? { pauses: terms.pauses }
          : reason === "calendar"
            ? { calendar: terms.calendar }
            : {};
    return retell(story, only, calendarOf, at).get(name)?.state === would.state;
  }
}

const order: Readonly<Record<StoryKind, number>> = { reaction: 0, resolution: 1, ola: 2 };

const byStart = (a: ComparedClock, b: ComparedClock): number =>
  order[a.kind] - order[b.kind] || (a.line ?? 0) - (b.line ?? 0) || a.cycle - b.cycle;

function differ(was: Judged | null, would: Judged | null): boolean {
  if (was === null || would === null) return was !== would;
  if (was.target !== would.target || was.deadline !== would.deadline) return true;
  // of a clock that counts, the recorded part and the rest were each rounded down
  return Math.abs(was.usedSeconds - would.usedSeconds) > (was.stoppedAt === null ? 1 : 0);
}

export interface DifferentTime {
  readonly from: number;
  readonly to: number;
  /** under which of the two this time counted */
  readonly counted: "recorded" | "whatIf";
  readonly seconds: number;
}

/** The time that counted under only one of the two, from the clock's start to its stop or `at`; in order. */
export function differentTime(
  was: Judged,
  would: Judged,
  calendars: { readonly recorded: WorkingCalendar; readonly whatIf: WorkingCalendar },
  at: number,
): DifferentTime[] {
  const end = Math.min(at, Math.max(was.stoppedAt ?? at, would.stoppedAt ?? at));
  const recorded = counted(was, calendars.recorded, end);
  const whatIf = counted(would, calendars.whatIf, end);
  return [
    ...without(recorded, whatIf).map((span) => ({ ...span, counted: "recorded" as const })),
    ...without(whatIf, recorded).map((span) => ({ ...span, counted: "whatIf" as const })),
  ]
    .map((span) => ({ ...span, seconds: Math.round((span.to - span.from) / 1_000) }))
    .sort((a, b) => a.from - b.from);
}

type Span = { readonly from: number; readonly to: number };

function counted({ startedAt, pauses }: Judged, calendar: WorkingCalendar, end: number): Span[] {
  if (end <= startedAt) return [];
  const worked = [...calendar.intervals(startedAt, end)].map(({ from, to }) => ({ from, to }));
  return without(worked, mergePauses(pauses));
}

/** What of some spans lies outside others; both sorted and free of overlaps. */
function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  const left: Span[] = [];
  let first = 0;
  for (const span of spans) {
    let { from } = span;
    while (first < others.length && (others[first] as Span).to <= from) first++;
    for (let i = first; i < others.length; i++) {
      const other = others[i] as Span;
      if (other.from >= span.to) break;
      if (other.from > from) left.push({ from, to: other.from });
      from = Math.max(from, other.to);
    }
    if (from < span.to) left.push({ from, to: span.to });
  }
  return left;
}

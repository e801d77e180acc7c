import { durationText, workText } from "../text/format.ts";
import type { Texts } from "../text/use-text.ts";

/** A stretch of a clock's life: it counted, it stood still for a reason, or it lay outside working hours. */
export interface ClockPart {
  readonly from: string;
  readonly to: string;
  readonly kind: "counted" | "paused" | "off";
  readonly because: string | null;
}

/** A clock as ribbons draw it; the reply of `/sla/ribbons` has this form. */
export interface RibbonClock {
  readonly ticketId?: string;
  readonly kind: "reaction" | "resolution" | "ola";
  readonly line?: number | null;
  readonly cycle: number;
  readonly state: "running" | "paused" | "met" | "missed" | "cancelled";
  readonly ticking: boolean;
  readonly pausedBecause: string | null;
  readonly startedAt: string;
  readonly deadline: string | null;
  readonly stoppedAt: string | null;
  readonly missedAt: string | null;
  readonly extended?: boolean;
  readonly usedSeconds: number;
  /** working seconds left at `at` of the reply */
  readonly remainingSeconds: number | null;
  readonly targetText?: string;
  readonly calendarId?: string;
  readonly parts: readonly ClockPart[];
}

/** Working intervals from the moment of the reply on. */
export interface OpenHours {
  readonly zone: string;
  readonly open: readonly (readonly [string, string])[];
}

export type Risk = "none" | "good" | "warn" | "bad";

export interface Reading {
  /** at most two units */
  readonly text: string;
  readonly risk: Risk;
  /** it moves right now */
  readonly moving: boolean;
  /** the whole truth in a sentence, for the hover and for screen readers */
  readonly sentence: string;
}

type Span = readonly [from: number, to: number];
const read = new WeakMap<OpenHours, readonly Span[]>();

/** The intervals in milliseconds; every clock of a list asks for them every second. */
function spansOf(hours: OpenHours): readonly Span[] {
  let spans = read.get(hours);
  if (spans === undefined) {
    spans = hours.open.map(([opens, closes]) => [Date.parse(opens), Date.parse(closes)]);
    read.set(hours, spans);
  }
  return spans;
}

/** Working milliseconds between two instants by the open hours; null where these do not reach so far. */
export function workedBetween(hours: OpenHours, from: number, to: number): number | null {
  const spans = spansOf(hours);
  const last = spans.at(-1);
  if (last !== undefined && to > last[1] + 86_400_000 * 3) return null;
  let total = 0;
  for (const [opens, closes] of spans) {
    const [a, b] = [Math.max(opens, from), Math.min(closes, to)];
    if (b > a) total += b - a;
  }
  return total;
}

/**
 * A calendar's hours that were told again. Told hours begin at the moment of the telling, while clocks that were read before count from
 * then on: so what was known before stays in front of them. Where both say the same, what is known stays the same object.
 */
export function joinHours(known: OpenHours | undefined, told: OpenHours): OpenHours {
  const [first, last] = [told.open[0], known?.open.at(-1)];
  if (known === undefined || first === undefined || last === undefined) return told;
  const [from, end] = [Date.parse(first[0]), Date.parse(last[1])];
  const before = spansOf(known).filter(([opens]) => opens < from);
  const after = spansOf(known).filter(([, closes]) => closes > from);
  const again = spansOf(told).filter(([opens]) => opens < end);
  const same =
    known.zone === told.zone &&
    after.length === again.length &&
    after.every(([opens, closes], at) => {
      const [o, c] = again[at] ?? [];
      return Math.max(opens, from) === o && closes === Math.min(c ?? 0, end);
    });
  const reaches = Date.parse(told.open.at(-1)?.[1] ?? first[1]) - end < 86_400_000;
  if (same && reaches) return known;
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    zone: told.zone,
    open: [...before.map(([opens, closes]) => [iso(opens), iso(Math.min(closes, from))] as const), ...told.open],
  };
}

/** Working milliseconds left of a clock at an instant; negative when its time is over; null when nothing is known. */
export function remainingAt(
  clock: RibbonClock,
  hours: OpenHours | undefined,
  readAt: number,
  now: number,
): number | null {
  if (clock.remainingSeconds === null) return null;
  const left = clock.remainingSeconds * 1000;
  if (clock.state !== "running" && clock.state !== "missed") return left;
  if (hours === undefined) return clock.ticking ? left - (now - readAt) : left;
  const worked = workedBetween(hours, readAt, now);
  return worked === null ? left : left - worked;
}

/** Do its hours go on day and night, as far as they are told? Then a day of working time is a day. */
function isRoundTheClock(hours: OpenHours | undefined): boolean {
  const spans = hours === undefined ? [] : spansOf(hours);
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined || last[1] - first[0] <= 86_400_000) return false;
  return spans.every(([opens], at) => at === 0 || opens <= (spans[at - 1]?.[1] ?? 0));
}

const isOpenAt = (hours: OpenHours | undefined, now: number, otherwise: boolean): boolean =>
  hours === undefined ? otherwise : spansOf(hours).some(([from, to]) => from <= now && now < to);

/** What a clock says at an instant, in words. */
export function readClock(
  clock: RibbonClock,
  hours: OpenHours | undefined,
  readAt: number,
  now: number,
  { t, term }: Pick<Texts, "t" | "term">,
): Reading {
  const name = term("clockKind", clock.kind);
  const reading = (text: string, risk: Risk, moving: boolean, sentence = text): Reading => ({
    text,
    risk,
    moving,
    sentence: `${name}: ${sentence}`,
  });
  if (clock.state === "met") return reading(t("clock.met"), "good", false);
  if (clock.state === "cancelled") return reading(t("clock.cancelled"), "none", false);
  if (clock.state === "paused")
    return reading(
      t("clock.paused"),
      "none",
      false,
      t("clock.pausedBecause", { reason: term("pausedBecause", clock.pausedBecause) }),
    );
  const deadline = clock.deadline === null ? null : Date.parse(clock.deadline);
  if (clock.state === "missed" && clock.stoppedAt !== null) return reading(t("clock.missed"), "bad", false);
  if (deadline !== null && deadline <= now) {
    if (now - deadline < 1_000) return reading(t("clock.missed"), "bad", true);
    const late = durationText(now - deadline);
    return reading(t("clock.late", { late }), "bad", true, t("clock.lateBy", { late }));
  }
  const left = remainingAt(clock, hours, readAt, now);
  const span = left ?? (deadline === null ? null : deadline - now);
  if (span === null) return reading(t("clock.running"), "none", false);
  const whole = clock.usedSeconds * 1000 + (clock.remainingSeconds ?? 0) * 1000;
  const risk: Risk = span <= Math.max(whole * 0.2, 900_000) && span < 7_200_000 ? "warn" : "none";
  const text = (isRoundTheClock(hours) ? durationText : workText)(Math.max(0, span));
  const open = isOpenAt(hours, now, clock.ticking);
  return reading(text, risk, open, open ? t("clock.left", { left: text }) : t("clock.leftStill", { left: text }));
}

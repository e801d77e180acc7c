import type { CalendarEntry } from "@docket/domain";

export type CalendarBody = CalendarEntry["versions"][number]["calendar"];
export type Span = readonly [string, string];

export const specialKinds = ["off", "working", "shortened"] as const;
export type SpecialKind = (typeof specialKinds)[number];

/** A date that is not as the week says. */
export interface SpecialDay {
  readonly date: string;
  readonly kind: SpecialKind;
  /** hours of a working day, minutes cut from a shortened one */
  readonly said: string;
  /** why; empty where nobody has said so */
  readonly reason: string;
}

/** `09:00–13:00, 14:00–18:00` */
export const spansSaid = (spans: readonly Span[] | undefined): string =>
  (spans ?? []).map((span) => span.join("–")).join(", ");

/** Hours as people write them; what cannot be read so is null. */
export function spansOf(text: string): Span[] | null {
  const spans = text.split(/[,;]+/u).filter((part) => part.trim() !== "");
  const read = spans.map((part) => /^\s*(\d\d:\d\d)\s*[–—-]\s*(\d\d:\d\d)\s*$/u.exec(part));
  return read.includes(null) ? null : read.map((found): Span => [found?.[1] ?? "", found?.[2] ?? ""]);
}

/** Whether what is said of a special day can be taken. */
export const isSaidRight = ({ kind, said }: Pick<SpecialDay, "kind" | "said">): boolean =>
  kind === "off" || (kind === "working" ? spansOf(said) !== null : /^\d{1,4}$/u.test(said.trim()));

/** What a day of a kind begins with in a form. */
export const usuallySaid: Readonly<Record<SpecialKind, string>> = { off: "", working: "09:00–18:00", shortened: "60" };

const byDate = (a: { readonly date: string }, b: { readonly date: string }): number => (a.date < b.date ? -1 : 1);

export function specialDaysOf(calendar: CalendarBody): readonly SpecialDay[] {
  const reasons = new Map(calendar.reasons?.map(({ date, reason }) => [date, reason]));
  const day = (date: string, kind: SpecialKind, said: string): SpecialDay => ({
    date,
    kind,
    said,
    reason: reasons.get(date) ?? "",
  });
  return [
    ...(calendar.nonWorkingDates ?? []).map((date) => day(date, "off", "")),
    ...(calendar.workingDates ?? []).map(({ date, hours }) =>
      day(date, "working", spansSaid(hours as readonly Span[])),
    ),
    ...(calendar.shortened ?? []).map(({ date, minutes }) => day(date, "shortened", String(minutes))),
  ].toSorted(byDate);
}

/** The calendar with these special days in the place of its own; what is said of other dates stays. */
export function withSpecialDays(calendar: CalendarBody, list: readonly SpecialDay[]): CalendarBody {
  const of = (kind: SpecialKind): readonly SpecialDay[] => list.filter((one) => one.kind === kind).toSorted(byDate);
  const touched = new Set([...specialDaysOf(calendar), ...list].map(({ date }) => date));
  const reasons = [
    ...(calendar.reasons ?? []).filter(({ date }) => !touched.has(date)),
    ...new Map(
      list
        .filter(({ reason }) => reason.trim() !== "")
        .map(({ date, reason }) => [date, { date, reason: reason.trim() }]),
    ).values(),
  ].toSorted(byDate);
  const { reasons: _before, ...rest } = calendar;
  return {
    ...rest,
    nonWorkingDates: of("off").map(({ date }) => date),
    workingDates: of("working").map(({ date, said }) => ({
      date,
      hours: (spansOf(said) ?? []).map(([from, to]): [string, string] => [from, to]),
    })),
    shortened: of("shortened").map(({ date, said }) => ({ date, minutes: Number(said) })),
    ...(reasons.length === 0 ? {} : { reasons }),
  };
}

/** The calendar with one date as it is said; null: as the week has it. */
export function withDay(calendar: CalendarBody, date: string, day: Omit<SpecialDay, "date"> | null): CalendarBody {
  const others = specialDaysOf(calendar).filter((one) => one.date !== date);
  const rest = { ...calendar, reasons: (calendar.reasons ?? []).filter((one) => one.date !== date) };
  return withSpecialDays(rest, day === null ? others : [...others, { date, ...day }]);
}

import type { BecauseOf } from "@docket/api-contract";
import { differentTime, type ComparedClock, type Judged, type Language } from "@docket/domain";
import type { Terms } from "./terms.ts";

type Text = Readonly<Record<Language, (params: Record<string, unknown>) => string>>;

/** A length of time as people say it: 51 h 12 min, to the minute. */
function lengthIn(language: Language, seconds: unknown): string {
  const minutes = Math.round(Math.abs(Number(seconds)) / 60);
  const { h, m } = targetUnits[language];
  const hours = minutes < 60 ? "" : `${Math.floor(minutes / 60)} ${h}`;
  return minutes % 60 === 0 && hours !== "" ? hours : `${hours} ${minutes % 60} ${m}`.trim();
}
const more = (seconds: unknown, ru: boolean): string =>
  Number(seconds) < 0 ? (ru ? "меньше" : "less") : ru ? "больше" : "more";

const texts: Readonly<Record<BecauseOf["code"], Text>> = {
  target: {
    ru: ({ from, to }) => (from === null ? `есть срок ${to}, которого не было` : `срок ${to} вместо ${from}`),
    en: ({ from, to }) =>
      from === null ? `a target of ${to} where there was none` : `target ${to} instead of ${from}`,
  },
  pause_rule: {
    ru: ({ reason, to, seconds }) =>
      `ожидание ${reason === "approval" ? "согласования" : "ответа"} заказчика ${to === true ? "останавливает" : "не останавливает"} срок (${lengthIn("ru", seconds)})`,
    en: ({ reason, to, seconds }) =>
      `waiting for the customer's ${reason === "approval" ? "approval" : "answer"} ${to === true ? "stops" : "does not stop"} the clock (${lengthIn("en", seconds)})`,
  },
  calendar: {
    ru: ({ from, to, seconds }) =>
      `календарь ${to} вместо календаря ${from}: рабочего времени на ${lengthIn("ru", seconds)} ${more(seconds, true)}`,
    en: ({ from, to, seconds }) =>
      `calendar ${to} instead of ${from}: ${lengthIn("en", seconds)} ${more(seconds, false)} of working time`,
  },
  extension: {
    ru: ({ extendedTo }) => `согласованный срок ${extendedTo} не позже вычисленного и не нужен`,
    en: ({ extendedTo }) => `the agreed deadline ${extendedTo} is not later than the computed one, and not needed`,
  },
  not_covered: {
    ru: () => "другие условия этого не предусматривают",
    en: () => "the other terms do not cover this",
  },
  together: {
    ru: () => "ни одно из изменений само по себе; только вместе",
    en: () => "none of the changes alone; only together",
  },
};

const iso = (at: number): string => new Date(at).toISOString();
const mostIntervals = 20;

/** Why the two judgements of a clock differ, in full: the figures, the intervals that moved, and a sentence. */
export function becauseOf(clock: ComparedClock, terms: Terms, at: number, language: Language): BecauseOf[] {
  const { recorded, whatIf } = clock;
  return clock.because.flatMap(({ reason, decisive }): BecauseOf[] => {
    const tell = (params: Omit<BecauseOf, "code" | "decisive" | "text">, named: object = {}): BecauseOf => ({
      code: reason,
      decisive,
      text: texts[reason][language]({ from: null, ...params, ...named }),
      ...params,
    });
    if (reason === "target") {
      const [from, to] = [recorded?.target ?? null, whatIf?.target ?? null];
      return [tell({ from, to }, { from: targetInWords(from, language), to: targetInWords(to, language) })];
    }
    if (reason === "pause_rule" && recorded !== null && whatIf !== null)
      return pauseReasons.flatMap((because) => pauseRule(because, recorded, whatIf, at).map((one) => tell(one)));
    if (reason === "calendar" && recorded !== null && whatIf !== null) {
      const time = differentTime(
        recorded,
        whatIf,
        { recorded: terms.calendarOf(recorded.calendarId), whatIf: calendarOf(terms, whatIf) },
        at,
      );
      const seconds = time.reduce((sum, one) => sum + (one.counted === "whatIf" ? one.seconds : -one.seconds), 0);
      return [
        tell(
          {
            from: recorded.calendarId,
            to: whatIf.calendarId,
            seconds,
            intervals: time.slice(0, mostIntervals).map((one) => ({ ...one, from: iso(one.from), to: iso(one.to) })),
            more: Math.max(0, time.length - mostIntervals),
          },
          {
            from: calendarName(terms, recorded.calendarId, language),
            to: calendarName(terms, whatIf.calendarId, language),
          },
        ),
      ];
    }
    if (reason === "extension" && recorded?.extendedTo != null) return [tell({ extendedTo: iso(recorded.extendedTo) })];
    return [tell({})];
  });
}

const calendarOf = ({ other, calendarOf: known }: Terms, { calendarId }: Judged) =>
  other.calendar?.calendarId === calendarId ? other.calendar.calendar : known(calendarId);

const targetUnits = { ru: { h: "ч", m: "мин" }, en: { h: "h", m: "min" } } as const;

/** `1h30m` as people say it: 1 h 30 min; `3d`: 3 working days. */
function targetInWords(target: string | null, language: Language): string | null {
  if (target === null) return null;
  const [, days] = /^(\d+)d$/u.exec(target) ?? [];
  if (days !== undefined)
    return language === "ru" ? `${days} раб. дн.` : `${days} working day${days === "1" ? "" : "s"}`;
  return target
    .replaceAll(/(\d+)([hm])/gu, (_, n: string, unit: "h" | "m") => `${n} ${targetUnits[language][unit]} `)
    .trim();
}

/** As people call it: “Moscow, 5 x 9”, version 2. */
function calendarName(terms: Terms, calendarId: string, language: Language): string {
  const known = terms.calendarNameOf(calendarId);
  if (known === null) return language === "ru" ? "из вопроса" : "of the question";
  const name = language === "ru" ? `«${known.name}»` : `“${known.name}”`;
  return known.version === null ? name : `${name} ${language === "ru" ? "версии" : "version"} ${known.version}`;
}

const pauseReasons = ["customer", "approval"] as const;

/** What one rule about waiting changes; nothing when the clock stood still under both, or under neither. */
function pauseRule(reason: "customer" | "approval", recorded: Judged, whatIf: Judged, at: number) {
  const own = (clock: Judged) => clock.pauses.filter((pause) => pause.reason === reason);
  const [was, would] = [own(recorded), own(whatIf)];
  const lasting = (pauses: typeof was): number => pauses.reduce((sum, { from, to }) => sum + ((to ?? at) - from), 0);
  const seconds = Math.round((lasting(would) - lasting(was)) / 1_000);
  if (seconds === 0) return [];
  const standsThen = seconds > 0;
  return [
    {
      reason,
      from: !standsThen,
      to: standsThen,
      seconds,
      intervals: (standsThen ? would : was).slice(0, mostIntervals).map(({ from, to }) => ({
        from: iso(from),
        to: iso(to ?? at),
        counted: standsThen ? ("recorded" as const) : ("whatIf" as const),
        seconds: Math.round(((to ?? at) - from) / 1_000),
      })),
    },
  ];
}

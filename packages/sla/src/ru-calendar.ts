import type { Calendar, Hours } from "./calendar.ts";
import { russianYears } from "./ru-data.ts";
import type { Text } from "./texts.ts";

type RussianHoliday =
  "new_year" | "christmas" | "defender" | "women" | "spring_labour" | "victory" | "russia" | "unity";

/** The decree that moved a day off or made a day non-working. */
interface RussianAct {
  readonly by: "government" | "president";
  readonly date: string;
  readonly number: number;
}

/** Why a weekday (Mon-Fri) is off. */
type RussianDayOff =
  | { readonly date: string; readonly kind: "holiday"; readonly holiday: RussianHoliday }
  | {
      readonly date: string;
      /** A holiday fell on a weekend, and the Labour Code (art. 112) moves the day off. */
      readonly kind: "shifted_holiday";
      readonly holiday: RussianHoliday;
      readonly movedFrom: string;
    }
  | { readonly date: string; readonly kind: "transfer"; readonly movedFrom: string; readonly act: RussianAct }
  | {
      readonly date: string;
      /** presidential: non-working with pay kept; vote_day: the vote of 1 July 2020. */
      readonly kind: "presidential" | "vote_day";
      readonly act: RussianAct;
    };

/** One year of the production calendar, with what it rests on. */
export interface RussianYear {
  readonly year: number;
  readonly status: string;
  readonly basis: readonly string[];
  /** What the days were compared with, and how that went. */
  readonly sources: readonly string[];
  readonly note: string | null;
  readonly workingDays: number;
  readonly daysOff: readonly RussianDayOff[];
  readonly workingWeekends: readonly { readonly date: string; readonly movedTo: string; readonly act: RussianAct }[];
  readonly shortened: readonly { readonly date: string; readonly minutes: number }[];
  /** Pre-holiday days that only matter to those who worked through the presidential days. */
  readonly shortenedIfPresidentialDaysAreWorked: readonly string[];
}

export interface RussianCalendarOptions {
  /** Hours of every working day, declared Saturdays included. */
  readonly hours?: readonly Hours[];
  /** Whether the day before a holiday ends an hour earlier (Labour Code, art. 95). */
  readonly shortenPreHoliday?: boolean;
  readonly tz?: string;
  /** The non-working days of 2020 and 2021 by presidential decree: days off, as the calendar has them, or worked. */
  readonly presidentialDays?: "off" | "working";
}

/** The years whose production calendar is built in. */
export const russianCalendarYears: readonly number[] = russianYears.map((year) => year.year);

/**
 * The Russian five-day working week with the official days off, working weekends and shortened days of the known years
 * (2020-2027). Outside them only Monday to Friday holds. Gives a calendar, ready for `compileCalendar`.
 *
 * @example russianCalendar({ hours: [["09:00", "13:00"], ["14:00", "18:00"]], tz: "Asia/Yekaterinburg" })
 */
export function russianCalendar(options: RussianCalendarOptions = {}): Calendar {
  const hours: [string, string][] = (options.hours ?? [["09:00", "18:00"]]).map(([from, to]) => [from, to]);
  const worked = options.presidentialDays === "working";
  const off = russianYears.flatMap((year) => year.daysOff).filter((day) => !(worked && day.kind === "presidential"));
  const shortened = russianYears.flatMap((year) => [
    ...year.shortened,
    ...(worked ? year.shortenedIfPresidentialDaysAreWorked.map((date) => ({ date, minutes: 60 })) : []),
  ]);
  return {
    tz: options.tz ?? "Europe/Moscow",
    weeklyHours: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours },
    nonWorkingDates: off.map((day) => day.date),
    workingDates: russianYears.flatMap((year) => year.workingWeekends.map(({ date }) => ({ date, hours }))),
    ...((options.shortenPreHoliday ?? true) && {
      shortened: shortened.map(({ date, minutes }) => ({ date, minutes })).sort((a, b) => (a.date < b.date ? -1 : 1)),
    }),
  };
}

const holidayNames: Readonly<Record<RussianHoliday, Text>> = {
  new_year: { ru: "Новогодние каникулы", en: "New Year holidays" },
  christmas: { ru: "Рождество Христово", en: "Orthodox Christmas" },
  defender: { ru: "День защитника Отечества", en: "Defender of the Fatherland Day" },
  women: { ru: "Международный женский день", en: "International Women's Day" },
  spring_labour: { ru: "Праздник Весны и Труда", en: "Spring and Labour Day" },
  victory: { ru: "День Победы", en: "Victory Day" },
  russia: { ru: "День России", en: "Russia Day" },
  unity: { ru: "День народного единства", en: "National Unity Day" },
};

const ruDate = (date: string): string => date.split("-").toReversed().join(".");

function actText(act: RussianAct): Text {
  const ru = act.by === "government" ? "постановление Правительства РФ" : "указ Президента РФ";
  const en = act.by === "government" ? "Government decree" : "Presidential decree";
  return { ru: `${ru} от ${ruDate(act.date)} № ${act.number}`, en: `${en} No ${act.number} of ${act.date}` };
}

const voteDay: Text = { ru: "день общероссийского голосования", en: "day of the all-Russian vote" };

function nameOf(day: RussianDayOff): Text {
  switch (day.kind) {
    case "holiday":
      return holidayNames[day.holiday];
    case "shifted_holiday": {
      const name = holidayNames[day.holiday];
      return {
        ru: `${name.ru}, выходной перенесён с ${ruDate(day.movedFrom)}`,
        en: `${name.en}, day off moved from ${day.movedFrom}`,
      };
    }
    case "transfer": {
      const act = actText(day.act);
      return {
        ru: `выходной перенесён с ${ruDate(day.movedFrom)} (${act.ru})`,
        en: `day off moved from ${day.movedFrom} (${act.en})`,
      };
    }
    case "presidential": {
      const act = actText(day.act);
      return {
        ru: `нерабочий день с сохранением зарплаты (${act.ru})`,
        en: `non-working day with pay kept (${act.en})`,
      };
    }
    case "vote_day":
      return voteDay;
  }
  return day satisfies never;
}

const names = new Map(russianYears.flatMap((year) => year.daysOff.map((day) => [day.date, nameOf(day)] as const)));
const working = new Map(
  russianYears.flatMap((year) =>
    year.workingWeekends.map((day) => {
      const act = actText(day.act);
      const text = {
        ru: `рабочий день вместо ${ruDate(day.movedTo)} (${act.ru})`,
        en: `working day instead of ${day.movedTo} (${act.en})`,
      };
      return [day.date, text] as const;
    }),
  ),
);

/** Why a date ("YYYY-MM-DD") is off, or is worked though a weekend, in Russia; null where the data say nothing. */
export function russianDayName(date: string): Text | null {
  return names.get(date) ?? working.get(date) ?? null;
}

const europe = "Kaliningrad Moscow Simferopol Kirov Volgograd Astrakhan Saratov Ulyanovsk Samara";
const asia =
  "Yekaterinburg Omsk Novosibirsk Barnaul Tomsk Novokuznetsk Krasnoyarsk Irkutsk Chita Yakutsk Khandyga Vladivostok " +
  "Ust-Nera Magadan Sakhalin Srednekolymsk Kamchatka Anadyr";
const zones = new Set([
  ...europe.split(" ").map((city) => `Europe/${city}`),
  ...asia.split(" ").map((city) => `Asia/${city}`),
]);

/** Whether an IANA zone lies in Russia, so that Russian names may stand beside a calendar's days. */
export function isRussianZone(tz: string): boolean {
  return zones.has(tz);
}

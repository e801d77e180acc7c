import type { ClockKind, ClockState, PauseReason } from "./clock-model.ts";
import type { WhyCode } from "./explain.ts";
import type { SlaError, SlaErrorCode } from "./result.ts";
import type { Target } from "./target.ts";

/** The two languages of every text a person may read. */
export type Language = "ru" | "en";
export type Text = { readonly ru: string; readonly en: string };
type Params = Readonly<Record<string, string | number>>;

/** Fills `{name}` places; a missing value leaves nothing. */
function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ""));
}

export const errorTexts: Readonly<Record<SlaErrorCode, Text>> = {
  calendar_shape_invalid: {
    ru: "Календарь записан не в той форме",
    en: "The calendar is not in the expected form",
  },
  calendar_field_unknown: { ru: "В календаре неизвестное поле: {field}", en: "Unknown field in the calendar: {field}" },
  calendar_zone_unknown: {
    ru: "Часовой пояс «{zone}» неизвестен; нужно имя IANA, например Europe/Moscow",
    en: "The time zone “{zone}” is unknown; an IANA name is needed, such as Europe/Moscow",
  },
  calendar_hours_missing: {
    ru: "У календаря нет ни рабочих часов недели, ни режима 24x7",
    en: "The calendar has neither weekly hours nor 24x7",
  },
  calendar_hours_both: {
    ru: "Календарь задаёт и рабочие часы недели, и режим 24x7; нужно что-то одно",
    en: "The calendar gives both weekly hours and 24x7; only one of them may stand",
  },
  calendar_time_invalid: {
    ru: "Время «{time}» не читается; нужно ЧЧ:ММ, конец может быть 24:00",
    en: "The time “{time}” cannot be read; HH:MM is needed, an end may be 24:00",
  },
  calendar_hours_overlap: { ru: "Рабочие часы пересекаются", en: "The working hours overlap" },
  calendar_date_invalid: {
    ru: "Даты «{date}» нет или она вне 1970–2199 годов; нужно ГГГГ-ММ-ДД",
    en: "The date “{date}” does not exist or lies outside 1970–2199; YYYY-MM-DD is needed",
  },
  calendar_date_duplicate: { ru: "Дата {date} стоит в списке дважды", en: "The date {date} stands twice in the list" },
  calendar_minutes_invalid: {
    ru: "Сокращение дня — целое число минут от 0 до 2880, а не {minutes}",
    en: "A day is shortened by whole minutes from 0 to 2880, not by {minutes}",
  },
  calendar_reason_invalid: {
    ru: "Причина особого дня — от одного знака до {limit}",
    en: "The reason of a day takes one to {limit} characters",
  },
  calendar_too_large: { ru: "В списке больше {limit} записей", en: "The list holds more than {limit} entries" },
  calendar_versions_empty: { ru: "У календаря нет ни одной версии", en: "The calendar has no version" },
  calendar_versions_order: {
    ru: "Две версии календаря имеют один номер или один момент начала действия",
    en: "Two versions of the calendar share a number or an effective time",
  },
  target_invalid: {
    ru: "Срок «{target}» не читается; нужно, например, 4h, 30m, 1h30m или 3d (рабочие дни)",
    en: "The target “{target}” cannot be read; write for example 4h, 30m, 1h30m or 3d (working days)",
  },
  target_too_large: { ru: "Срок «{target}» больше десяти лет", en: "The target “{target}” is longer than ten years" },
  alarm_invalid: {
    ru: "Шаг «{at}» не читается; нужно, например, 80%, -30m, 100% или +2h",
    en: "The step “{at}” cannot be read; write for example 80%, -30m, 100% or +2h",
  },
  instant_invalid: {
    ru: "Момент «{text}» не читается; нужна запись ISO 8601 со смещением, например 2026-03-16T09:00:00+03:00",
    en: "The instant “{text}” cannot be read; ISO 8601 with an offset is needed, such as 2026-03-16T09:00:00+03:00",
  },
  amount_invalid: {
    ru: "Количество секунд «{amount}» не подходит; нужно число от 0",
    en: "The amount of seconds “{amount}” does not fit; a number from 0 is needed",
  },
  operation_unknown: {
    ru: "Действие «{op}» неизвестно; есть add и between",
    en: "Unknown operation “{op}”; there are add and between",
  },
  line_not_json: { ru: "Строка не является JSON", en: "The line is not JSON" },
  line_too_long: { ru: "Строка длиннее {limit} знаков", en: "The line is longer than {limit} characters" },
  line_shape_invalid: { ru: "Строка записана не в той форме", en: "The line is not in the expected form" },
};

/** What a refusal says to a person, with the place in the input where there is one. */
export function errorText(error: SlaError, language: Language): string {
  const text = fill(errorTexts[error.code][language], error.params);
  return error.path === "" ? text : `${text} (${error.path})`;
}

const stateTexts: Readonly<Record<ClockState, Text>> = {
  running: { ru: "идёт", en: "running" },
  paused: { ru: "стоит", en: "paused" },
  met: { ru: "выполнен в срок", en: "met" },
  missed: { ru: "срок нарушен", en: "missed" },
  cancelled: { ru: "отменён", en: "cancelled" },
};

const whyTexts: Readonly<Record<WhyCode, Text>> = {
  working_hours: { ru: "рабочее время", en: "working hours" },
  working_day_declared: { ru: "объявленный рабочий день", en: "day declared working" },
  outside_hours: { ru: "вне рабочих часов", en: "outside working hours" },
  day_off: { ru: "выходной", en: "day off" },
  holiday: { ru: "нерабочий день", en: "non-working date" },
  shortened_day: { ru: "сокращённый день: эти часы сняты", en: "shortened day: these hours were cut" },
  paused_customer: { ru: "ожидание ответа заказчика", en: "waiting for the customer" },
  paused_approval: { ru: "ожидание согласования заказчиком", en: "waiting for the customer's approval" },
  paused_confirmation: { ru: "решение у заказчика на подтверждении", en: "the solution was with the customer" },
};

/** Why a stretch of a clock's life counted or not, for a person; the day's own name is added where it is known. */
export function whyText(why: WhyCode, dayName: Text | null, language: Language): string {
  const text = whyTexts[why][language];
  return dayName === null ? text : `${text}: ${dayName[language]}`;
}

const pauseTexts: Readonly<Record<PauseReason, Text>> = {
  customer: whyTexts.paused_customer,
  approval: whyTexts.paused_approval,
  confirmation: whyTexts.paused_confirmation,
};

/** Why a clock stands still, for a person. */
export function pauseText(reason: PauseReason, language: Language): string {
  return pauseTexts[reason][language];
}

const kindTexts: Readonly<Record<ClockKind, Text>> = {
  reaction: { ru: "время реакции", en: "reaction time" },
  resolution: { ru: "время решения", en: "resolution time" },
  ola: { ru: "приём линией в работу", en: "acceptance by the line" },
};

/** A kind of clock, for a person (glossary of domain.md). */
export function kindText(kind: ClockKind, language: Language): string {
  return kindTexts[kind][language];
}

/** A clock's state, for a person. */
export function stateText(state: ClockState, language: Language): string {
  return stateTexts[state][language];
}

/** Number forms of Russian: 1 день, 2 дня, 5 дней. */
function russianDays(n: number): string {
  const lastTwo = n % 100;
  const last = n % 10;
  if (last === 1 && lastTwo !== 11) return `${n} рабочий день`;
  if (last >= 2 && last <= 4 && (lastTwo < 12 || lastTwo > 14)) return `${n} рабочих дня`;
  return `${n} рабочих дней`;
}

/** A target, for a person: "1 ч 30 мин рабочего времени", "3 working days". */
export function targetText(target: Target, language: Language): string {
  if (target.kind === "working_days") {
    if (language === "ru") return russianDays(target.days);
    return target.days === 1 ? "1 working day" : `${target.days} working days`;
  }
  const units = language === "ru" ? ["ч", "мин", "с"] : ["h", "min", "s"];
  const amounts = [Math.floor(target.seconds / 3_600), Math.floor((target.seconds % 3_600) / 60), target.seconds % 60];
  const parts = amounts.flatMap((amount, i) => (amount > 0 ? [`${amount} ${units[i]}`] : []));
  return `${parts.join(" ")} ${language === "ru" ? "рабочего времени" : "of working time"}`;
}

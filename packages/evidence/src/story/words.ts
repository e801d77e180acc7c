import { type ChangedField, changedFieldTitles, type Language, terms } from "@docket/domain";
import type { ClockEffect, ClockEffectKind } from "./clock-effects.ts";

type Text = Readonly<Record<Language, string>>;

export const effectWords: Readonly<Record<ClockEffectKind, Text>> = {
  started: { ru: "отсчёт начат", en: "started" },
  went_on: { ru: "отсчёт продолжен в новом цикле", en: "go on in a new cycle" },
  paused: { ru: "отсчёт остановлен", en: "paused" },
  resumed: { ru: "отсчёт возобновлён", en: "resumed" },
  met: { ru: "срок соблюдён", en: "met" },
  missed: { ru: "срок нарушен", en: "missed" },
  stopped: { ru: "отсчёт окончен", en: "stopped for good" },
  cancelled: { ru: "срок снят", en: "cancelled" },
  moved: { ru: "срок изменён", en: "deadline moved" },
};

export const storyWords = {
  by: { ru: "кто", en: "by" },
  channel: { ru: "канал", en: "channel" },
  recorded: { ru: "записано", en: "recorded" },
  changed: { ru: "изменено", en: "changed" },
  clock: { ru: "часы", en: "clock" },
  due: { ru: "срок", en: "due" },
  mail: { ru: "письмо", en: "mail" },
  cause: { ru: "причина", en: "because of" },
  command: { ru: "команда", en: "command" },
  correlation: { ru: "корреляция", en: "correlation" },
  imported: { ru: "импорт", en: "imported" },
  used: { ru: "израсходовано", en: "used" },
  nothing: { ru: "—", en: "—" },
  erased: { ru: "удалено", en: "erased" },
} as const satisfies Record<string, Text>;

const wordsOfField: Partial<Record<ChangedField, Readonly<Record<string, Text>>>> = {
  status: terms.ticketStatus,
  closedBecause: terms.closedBecause,
  type: terms.ticketType,
  priority: terms.priority,
  line: terms.line,
  reactionState: terms.clockState,
  resolutionState: terms.clockState,
  olaState: terms.clockState,
};

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const longest = 240;

/** A field's name as people say it. */
export const fieldTitle = (field: ChangedField, language: Language): string => changedFieldTitles[field][language];

/** A value as people say it: the glossary's word, an instant in the reader's zone, a text cut to a line. */
export function valueText(
  field: ChangedField,
  value: unknown,
  language: Language,
  time: (instant: string) => string,
): string {
  if (value === null || value === undefined) return storyWords.nothing[language];
  if (typeof value === "boolean") return value ? { ru: "да", en: "yes" }[language] : { ru: "нет", en: "no" }[language];
  const word = wordsOfField[field]?.[String(value)];
  if (word !== undefined) return word[language];
  if (typeof value === "string") return instant.test(value) ? time(value) : inShort(value);
  if (field === "attachments" && Array.isArray(value))
    return value.map((file: { name?: unknown }) => String(file.name)).join(", ");
  return inShort(membersText(value, time));
}

/** What a structured value says, its members one after the other; identifiers say nothing to people. */
function membersText(value: unknown, time: (instant: string) => string): string {
  if (Array.isArray(value)) return value.map((one) => membersText(one, time)).join("; ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .flatMap(([name, member]) => (member === null || name.endsWith("Id") ? [] : [membersText(member, time)]))
      .join(", ");
  const text = String(value);
  return instant.test(text) ? time(text) : text;
}

/** A text on one line, no longer than a few. */
export function inShort(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** A clock as people say it: "Resolution, cycle 2". */
export function clockText(
  { kind, line, cycle }: Pick<ClockEffect, "kind" | "line" | "cycle">,
  language: Language,
): string {
  const name = terms.clockKind[kind][language];
  const of = line === null ? "" : ` (${terms.line[line][language]})`;
  return cycle > 1 ? `${name}${of}, ${{ ru: "цикл", en: "cycle" }[language]} ${cycle}` : `${name}${of}`;
}

/** Seconds as hours, minutes and seconds: 1:05:00. */
export function durationText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

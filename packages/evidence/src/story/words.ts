import { type ChangedField, changedFieldTitles, type Language, reasonIn, terms } from "@docket/domain";
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

/** the glossary of the members of structured values */
const wordsOfMember: Partial<Record<ChangedField, Readonly<Record<string, Readonly<Record<string, Text>>>>>> = {
  escalations: { by: terms.escalatedBy, state: terms.escalation },
  proposal: { kind: terms.proposalKind, state: terms.proposal },
};
const version = { ru: "версия", en: "version" } as const;

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
  if (field === "routedBy") {
    const { ruleId, rulesVersion } = value as { readonly ruleId?: unknown; readonly rulesVersion?: unknown };
    return `${String(ruleId)}, ${version[language]} ${String(rulesVersion)}`;
  }
  // what came last stands first, so that a long list is never cut before it
  const told = field === "escalations" && Array.isArray(value) ? value.toReversed() : value;
  return inShort(membersText(told, { words: wordsOfMember[field] ?? {}, language, time }));
}

interface Members {
  readonly words: Readonly<Record<string, Readonly<Record<string, Text>>>>;
  readonly language: Language;
  time(instant: string): string;
}

/** What a structured value says: its state, then its other members one after the other; identifiers and what is not so say nothing to people. */
function membersText(value: unknown, of: Members): string {
  if (Array.isArray(value)) return value.map((one) => membersText(one, of)).join("; ");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .filter(([name, member]) => member !== null && member !== false && !name.endsWith("Id"))
      .toSorted(([first], [second]) => Number(second === "state") - Number(first === "state"))
      .map(([name, member]) => of.words[name]?.[String(member)]?.[of.language] ?? membersText(member, of))
      .join(", ");
  const text = String(value);
  return instant.test(text) ? of.time(text) : reasonIn(text, of.language);
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

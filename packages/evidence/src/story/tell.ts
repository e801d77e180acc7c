import { type Language, terms } from "@docket/domain";
import type { ClockEffect } from "./clock-effects.ts";
import type { StoryStep } from "./step.ts";
import { clockText, durationText, effectWords, fieldTitle, inShort, storyWords, valueText } from "./words.ts";

/** A language and a zone (IANA) that times are told in. */
export interface Telling {
  readonly language: Language;
  readonly zone: string;
}

/** A step as a reader takes it in: what, who, when, and one line for each thing that followed. */
export interface ToldStep {
  /** when it happened, in the reader's zone */
  readonly when: string;
  readonly title: string;
  /** name, role, channel; and when it was recorded, if that was later */
  readonly who: string;
  readonly changes: readonly string[];
  readonly clocks: readonly string[];
  /** what was said: texts of the fact that are no field of the ticket */
  readonly said: readonly string[];
  readonly mails: readonly string[];
  readonly why: string | null;
}

/** Members of facts that the changes, the clocks and the metadata tell already, or that name nothing to a person. */
const toldElsewhere: ReadonlySet<string> = new Set(
  (
    "clocks alarms alarmKey ticketId type priority previous product line toLine fromLine groupId engineerId engineerName " +
    "attachments autoCloseAt solution workaround question routedBy wish provisional newDeadline oldDeadline cycle " +
    "escalationId contactId planId"
  ).split(" "),
);

/** Tells a step of a ticket's life. */
export function tellStep(step: StoryStep, telling: Telling): ToldStep {
  const { language, zone } = telling;
  const { fact, changes, clocks, mails, cause } = step;
  const { meta } = fact;
  const time = (instant: string): string => inZone(instant, zone);
  const words = Object.fromEntries(Object.entries(storyWords).map(([key, text]) => [key, text[language]])) as Record<
    keyof typeof storyWords,
    string
  >;
  const role = terms.role[meta.actor.role][language];
  const late = meta.recordedAt === meta.occurredAt ? "" : ` · ${words.recorded} ${time(meta.recordedAt)}`;
  const imported =
    meta.provenance === undefined ? "" : ` · ${words.imported} ${meta.provenance.source}, ${meta.provenance.row}`;
  return {
    when: time(meta.occurredAt),
    title: step.title[language],
    who: `${meta.actor.name ?? meta.actor.id} (${role}) · ${terms.channel[meta.channel][language]}${late}${imported}`,
    changes: changes.map(({ field, before, after }) => {
      const now = valueText(field, after, language, time);
      const name = fieldTitle(field, language);
      return before === null ? `${name}: ${now}` : `${name}: ${valueText(field, before, language, time)} → ${now}`;
    }),
    clocks: clocks.map((effect) => tellClock(effect, language, time)),
    said: Object.entries(fact.data).flatMap(([name, value]) =>
      toldElsewhere.has(name) || isNothing(value) ? [] : [`${name}: ${inShort(textOf(value))}`],
    ),
    mails: mails.map(
      ({ to, subject, status, sentAt }) => `${to}: ${subject} [${status}${sentAt === null ? "" : `, ${time(sentAt)}`}]`,
    ),
    why: cause === null ? null : `${cause.type} (${cause.stream} #${cause.revision})`,
  };
}

/** The same as lines of text. */
export function storyLines(step: StoryStep, telling: Telling): string[] {
  const told = tellStep(step, telling);
  const { language } = telling;
  const line = (word: keyof typeof storyWords, text: string): string => `     ${storyWords[word][language]}: ${text}`;
  return [
    `${String(step.fact.revision).padStart(3)}  ${told.when}  ${told.title} [${step.fact.type}]`,
    line("by", told.who),
    ...(told.why === null ? [] : [line("cause", told.why)]),
    ...told.changes.map((text) => line("changed", text)),
    ...told.said.map((text) => `     ${text}`),
    ...told.clocks.map((text) => line("clock", text)),
    ...told.mails.map((text) => line("mail", text)),
  ];
}

function tellClock(effect: ClockEffect, language: Language, time: (instant: string) => string): string {
  const { deadlineBefore, deadlineAfter, pausedBecause } = effect;
  const pause = pausedBecause === null ? "" : ` (${terms.pausedBecause[pausedBecause][language]})`;
  const due = storyWords.due[language];
  const deadline =
    deadlineBefore !== null && deadlineBefore !== deadlineAfter
      ? `, ${due} ${time(deadlineBefore)} → ${deadlineAfter === null ? "—" : time(deadlineAfter)}`
      : deadlineAfter === null
        ? ""
        : `, ${due} ${time(deadlineAfter)}`;
  const used = `, ${storyWords.used[language]} ${durationText(effect.usedSeconds)}`;
  return `${clockText(effect, language)}: ${effectWords[effect.effect][language]}${pause}${deadline}${used}`;
}

const isNothing = (value: unknown): boolean =>
  value === null || value === "" || (typeof value === "object" && Object.values(value as object).every(isNothing));

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

interface ZoneFormats {
  readonly local: Intl.DateTimeFormat;
  readonly offset: Intl.DateTimeFormat;
}
/** To make a format takes a hundred times as long as to use it. */
const formats = new Map<string, ZoneFormats>();

/** An ISO instant as local date and time with offset: 2024-04-26 12:00:00 +03:00. */
export function inZone(instant: string, zone: string): string {
  let known = formats.get(zone);
  if (known === undefined) {
    known = {
      local: new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }),
      offset: new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }),
    };
    formats.set(zone, known);
  }
  const date = new Date(instant);
  const offset = known.offset.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value;
  return `${known.local.format(date)} ${offset === "GMT" || offset === undefined ? "+00:00" : offset.slice(3)}`;
}

import { type ClockSnapshot, contactEvents, directoryEvents, type EventDefinition, ticketEvents } from "@docket/domain";
import type { StoredFact } from "@docket/event-store";

export type Language = "ru" | "en";

const titles = new Map<string, EventDefinition["title"]>(
  [ticketEvents, contactEvents, directoryEvents]
    .flatMap((events) => Object.values<EventDefinition>(events))
    .map(({ type, title }) => [type, title]),
);

const words = {
  ru: { by: "кто", recorded: "записано", clock: "часы", due: "срок", none: "—" },
  en: { by: "by", recorded: "recorded", clock: "clock", due: "due", none: "—" },
} as const;

/**
 * A fact as lines for a reader: when and what, who and by which channel, what it says, and the clocks that it moved.
 * Instants are shown in `zone` (IANA), with the zone's offset.
 */
export function tellFact(fact: StoredFact, language: Language, zone: string): string[] {
  const { meta } = fact;
  const own = words[language];
  const who = `${meta.actor.name ?? meta.actor.id} (${meta.actor.role}) · ${meta.channel}`;
  const late = meta.recordedAt === meta.occurredAt ? "" : ` · ${own.recorded} ${inZone(meta.recordedAt, zone)}`;
  const { clocks = [], ...data } = fact.data as unknown as Record<string, unknown> & {
    clocks?: readonly ClockSnapshot[];
  };
  return [
    `${String(fact.revision).padStart(3)}  ${inZone(meta.occurredAt, zone)}  ${titles.get(fact.type)?.[language] ?? fact.type} [${fact.type}]`,
    `     ${own.by}: ${who}${late}`,
    ...Object.entries(data).flatMap(([name, value]) => (isEmpty(value) ? [] : [`     ${name}: ${inShort(value)}`])),
    ...clocks.map((clock) => `     ${own.clock}: ${tellClock(clock, own.due, zone)}`),
  ];
}

function tellClock(clock: ClockSnapshot, due: string, zone: string): string {
  const line = clock.line === null ? "" : ` L${clock.line}`;
  const pause = clock.pausedBecause === null ? "" : ` (${clock.pausedBecause})`;
  const deadline = clock.deadline === null ? "" : `, ${due} ${inZone(clock.deadline, zone)}`;
  return `${clock.kind}${line} #${clock.cycle} ${clock.state}${pause}, ${clock.usedSeconds} s${deadline}`;
}

/** An ISO instant as local date and time with offset: 2024-04-26 12:00:00 +03:00. */
export function inZone(instant: string, zone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(new Date(instant));
  const offset = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
    .formatToParts(new Date(instant))
    .find(({ type }) => type === "timeZoneName")?.value;
  return `${parts} ${offset === "GMT" || offset === undefined ? "+00:00" : offset.slice(3)}`;
}

/** Whether there is nothing to tell: null, an empty text or list, or an object of nothing else. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.values(value).every(isEmpty);
}

const LONGEST = 160;

function inShort(value: unknown): string {
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(/\s+/gu, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

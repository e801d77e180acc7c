import { z } from "zod";
import { filledText, id, instant, limits, localDate, zone } from "@docket/domain";
import { anyInstant, logPosition } from "../values.ts";
import { commandReply } from "../command.ts";

export const directoryKinds = [
  "organization",
  "contract",
  "calendar",
  "staff",
  "group",
  "routing-rules",
  "plan",
  "letter",
] as const;

const state = z.record(z.string(), z.unknown());

/** What a change of the directory would do, without doing it. */
export const changePreview = z
  .strictObject({
    allowed: z.boolean(),
    reason: z.strictObject({ code: z.string(), title: z.string(), field: z.string().nullable() }).nullable(),
    facts: z.array(z.strictObject({ type: z.string(), title: z.string(), data: state })),
    before: state.nullable(),
    after: state.nullable(),
    effectiveFrom: instant.nullable(),
    /** open tickets that it concerns, and how many of them were looked at one by one */
    openTickets: z.int(),
    checked: z.int(),
    counts: z.strictObject({
      earlier: z.int(),
      later: z.int(),
      missed: z.int(),
      unchanged: z.int(),
      routedElsewhere: z.int(),
    }),
    examples: z.array(
      z.strictObject({
        ticketId: z.string(),
        number: z.string(),
        /** a clock's kind, or `routing` */
        what: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        missed: z.boolean(),
      }),
    ),
  })
  .meta({ id: "ChangePreview" });
export type ChangePreview = z.infer<typeof changePreview>;

/** One fact of an entry's history: what it changed, from what to what. */
export const historyEntry = z
  .strictObject({
    eventId: z.string(),
    revision: z.int(),
    position: logPosition,
    type: z.string(),
    title: z.string(),
    occurredAt: instant,
    recordedAt: instant,
    /** from when on it holds, where that is another time */
    effectiveFrom: instant.nullable(),
    actor: z.strictObject({ id: z.string(), role: z.string(), name: z.string().nullable() }),
    channel: z.string(),
    changes: z.array(z.strictObject({ field: z.string(), before: z.unknown(), after: z.unknown() })),
    data: state,
    hash: z.string(),
  })
  .meta({ id: "HistoryEntry" });
export type HistoryEntry = z.infer<typeof historyEntry>;

const hours = z
  .array(z.tuple([z.string(), z.string()]))
  .min(1)
  .max(24);

export const builtInCalendars = z.strictObject({
  items: z.array(
    z.strictObject({
      source: z.literal("ru"),
      title: z.string(),
      years: z.array(z.int()),
      zones: z.array(z.string()),
    }),
  ),
});

export const importCalendar = z.strictObject({
  calendarId: id,
  name: filledText(limits.name),
  source: z.literal("ru"),
  zone: zone.default("Europe/Moscow"),
  hours: hours.default([["09:00", "18:00"]]),
  shortenPreHoliday: z.boolean().default(true),
  effectiveFrom: anyInstant,
});
export const importedCalendar = commandReply;

export const calendarYear = z
  .strictObject({
    calendarId: z.string(),
    year: z.int(),
    zone: z.string(),
    workingDays: z.int(),
    days: z.array(
      z.strictObject({
        date: localDate,
        kind: z.enum(["working", "off", "declared_working", "holiday", "shortened"]),
        /** how a holiday is called */
        name: z.string().nullable(),
        /** why the day is as it is, where somebody has said so */
        reason: z.string().nullable(),
        /** local times at which work begins and ends; an end beyond midnight is the next day's */
        open: z.array(z.tuple([z.string(), z.string()])),
        seconds: z.int(),
      }),
    ),
  })
  .meta({ id: "CalendarYear" });

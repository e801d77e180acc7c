import { z } from "zod";
import { clockKind, id, instant, uuid } from "@docket/domain";
import { logPosition } from "../values.ts";

export const ribbonLimits = {
  tickets: 200,
  /** for how long the calendar's working intervals are told ahead */
  aheadDays: 14,
  parts: 48,
} as const;

/**
 * One clock as a bar from start to deadline. `usedSeconds` and `remainingSeconds` are as of the answer's `at`; while it is
 * `ticking`, `remainingSeconds` falls by every working second of its calendar (`calendars`), below zero when the deadline has
 * passed, and stands still outside of them.
 */
export const ribbon = z
  .strictObject({
    ticketId: uuid,
    kind: clockKind,
    line: z.int().nullable(),
    cycle: z.int(),
    state: z.enum(["running", "paused", "met", "missed", "cancelled"]),
    ticking: z.boolean(),
    pausedBecause: z.string().nullable(),
    startedAt: instant,
    deadline: instant.nullable(),
    stoppedAt: instant.nullable(),
    missedAt: instant.nullable(),
    extended: z.boolean(),
    usedSeconds: z.int(),
    remainingSeconds: z.int().nullable(),
    /** the target as the policy writes it; not told to customers */
    target: z.string().optional(),
    calendarId: id,
    parts: z.array(
      z.strictObject({
        from: instant,
        to: instant,
        kind: z.enum(["counted", "paused", "off"]),
        because: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "Ribbon" });
export type Ribbon = z.infer<typeof ribbon>;

export const ribbonCalendars = z.record(
  z.string(),
  z.strictObject({ zone: z.string(), open: z.array(z.tuple([instant, instant])) }),
);
export type RibbonCalendars = z.infer<typeof ribbonCalendars>;

export const ribbonsReply = z
  .strictObject({
    at: instant,
    asOf: instant.nullable(),
    position: logPosition,
    items: z.array(ribbon),
    /** working intervals from `at` on, by calendar: the next opening and closing are their edges */
    calendars: ribbonCalendars,
  })
  .meta({ id: "Ribbons" });

import { z } from "zod";

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/);
const hours = z.array(z.tuple([clockTime, clockTime])).max(24);
const date = z.iso.date();

/** A working calendar as it is sent and stored: weekly hours or 24x7, and the dates that differ. */
export const calendarSchema = z.strictObject({
  tz: z.string().min(1).max(64),
  "24x7": z.literal(true).optional(),
  weeklyHours: z
    .strictObject({
      mon: hours.optional(),
      tue: hours.optional(),
      wed: hours.optional(),
      thu: hours.optional(),
      fri: hours.optional(),
      sat: hours.optional(),
      sun: hours.optional(),
    })
    .optional(),
  nonWorkingDates: z.array(date).max(5_000).optional(),
  workingDates: z.array(z.strictObject({ date, hours })).max(5_000).optional(),
  shortened: z.array(z.strictObject({ date, minutes: z.int().min(0).max(1_440) })).max(5_000).optional(),
});
export type Calendar = z.infer<typeof calendarSchema>;

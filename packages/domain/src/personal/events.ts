import { z } from "zod";
import { defineEvent, type EventOf } from "../event.ts";
import { filledText, instant, limits, uuid } from "../values.ts";

/** What is recorded when somebody's personal data were erased; written by the engine, no command makes it. */
export const erasureEvents = {
  erased: defineEvent(
    "erasure",
    "SubjectErased",
    { ru: "Персональные данные удалены", en: "Personal data erased" },
    {
      erasureId: uuid,
      /** what kind of data subject it was; nothing tells who */
      kind: z.enum(["person", "staff", "mail", "phone", "stream", "account"]),
      /** the opaque references whose keys were destroyed: with them an erasure is done again on restored keys */
      subjects: z.array(uuid),
      /** why, in words that name nobody */
      reason: filledText(limits.reason).nullable(),
      requestedAt: instant,
      /** how many streams held something of the subject */
      streams: z.int().min(0),
    },
  ),
} as const;

export type ErasureEvent = EventOf<typeof erasureEvents>;

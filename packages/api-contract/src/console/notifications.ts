import { z } from "zod";
import { instant, uuid } from "@docket/domain";
import { logPosition } from "../values.ts";

/** What a notification is about; its title says it in the reader's language. */
export const notificationKind = z.enum([
  "assigned",
  "handed_over",
  "answered",
  "due_soon",
  "missed",
  "escalated",
  "mentioned",
  "returned",
  "confirmed",
  "commented",
  "asked",
  "proposed",
  "approved",
  "refused",
  "resolved",
  "closed",
]);
export type NotificationKind = z.infer<typeof notificationKind>;

/** Something that happened and concerns the reader. */
export const notification = z
  .strictObject({
    notificationId: uuid,
    kind: notificationKind,
    title: z.string(),
    ticketId: uuid,
    number: z.string(),
    subject: z.string(),
    at: instant,
    position: logPosition,
    read: z.boolean(),
    actor: z.strictObject({ id: z.string(), role: z.string(), name: z.string().nullable() }),
  })
  .meta({ id: "Notification" });
export type Notification = z.infer<typeof notification>;

export const notificationsReply = z
  .strictObject({ items: z.array(notification), unread: z.int(), nextPage: z.string().nullable() })
  .meta({ id: "Notifications" });

/** Marks those named, or everything up to a position. */
export const notificationsRead = z.union([
  z.strictObject({ ids: z.array(uuid).min(1).max(500) }),
  z.strictObject({ upTo: logPosition }),
]);

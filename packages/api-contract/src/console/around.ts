import { z } from "zod";
import { id, instant, limits, text, uuid } from "@docket/domain";
import { flag } from "../values.ts";
import { ticketStatus } from "../ticket.ts";

export const mailStatus = z.enum(["waiting", "sending", "sent", "failed", "kept"]);

/** A mail that a fact has caused, and what became of it. To customers only those that they were sent themselves. */
export const outgoingMail = z
  .strictObject({
    mailId: uuid,
    kind: z.string(),
    ticketId: z.string().nullable(),
    to: z.string(),
    subject: z.string(),
    status: mailStatus,
    attempts: z.int(),
    createdAt: instant,
    sentAt: instant.nullable(),
    messageId: z.string(),
    causeEventId: z.string(),
    error: z.string().nullable().optional(),
    /** its text, for staff */
    text: z.string().optional(),
  })
  .meta({ id: "OutgoingMail" });
export type OutgoingMail = z.infer<typeof outgoingMail>;

/** A list of mails, newest first; `usual`: as many as an answer has when nobody says. */
export const mailPage = (usual: number) => ({
  limit: z.coerce.number().int().min(1).max(200).default(usual),
  /** mails before this one, from `nextPage` */
  page: z
    .string()
    .regex(/^\d{1,19}$/)
    .optional(),
});
export const mailList = z.strictObject({ items: z.array(outgoingMail), nextPage: z.string().nullable() });

export const watchersReply = z
  .strictObject({
    items: z.array(
      z.strictObject({
        role: z.enum(["requester", "engineer", "manager", "follower"]),
        id: z.string().nullable(),
        name: z.string(),
        email: z.string().nullable(),
        /** gets mail about it */
        mail: z.boolean(),
      }),
    ),
    /** the reader follows it himself */
    following: z.boolean(),
  })
  .meta({ id: "Watchers" });

const neighbour = {
  ticketId: uuid,
  number: z.string(),
  subject: z.string(),
  status: ticketStatus,
  organizationId: id,
  product: z.string().nullable(),
  registeredAt: instant,
};
export const similarTicket = z.strictObject({ ...neighbour, score: z.number() }).meta({ id: "SimilarTicket" });
export type SimilarTicket = z.infer<typeof similarTicket>;

export const relatedReply = z
  .strictObject({
    links: z.array(z.strictObject({ ...neighbour, kind: z.string(), direction: z.enum(["out", "in"]) })),
    sameRequester: z.array(z.strictObject(neighbour)),
    similar: z.array(similarTicket),
  })
  .meta({ id: "RelatedTickets" });

export const similarQuery = z.strictObject({
  q: text(limits.text).min(1),
  organizationId: id.optional(),
  product: text(limits.product).optional(),
  open: flag.optional(),
  limit: z.coerce.number().int().min(1).max(50).default(10),
});

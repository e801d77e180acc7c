import { z } from "zod";
import { defineEvent, type EventOf } from "../event.ts";
import {
  attachment,
  contactChannel,
  filledText,
  id,
  instant,
  limits,
  personal,
  priority,
  sha256,
  text,
  ticketType,
  uuid,
} from "../values.ts";

/** What the contact says of its sender and his rights (R §3.2); nothing of it is proved yet. */
export const contactClaims = z.strictObject({
  organization: personal(text(limits.name)).nullable(),
  supportKey: text(100).nullable(),
  contractNumber: text(100).nullable(),
  personName: personal(text(limits.name)).nullable(),
  email: personal(text(limits.email)).nullable(),
  otherEmail: personal(text(limits.email)).nullable(),
  phone: personal(text(limits.phone)).nullable(),
});

/** Why a contact could not be registered by itself. */
export const doubt = z.enum([
  "unknown_organization",
  "unknown_sender",
  "sender_not_authorised",
  "no_key_or_contract",
  "unknown_contract",
  "contract_not_valid",
  "channel_not_in_contract",
  "key_of_another_organization",
  "empty_message",
  "automatic_message",
]);
export type Doubt = z.infer<typeof doubt>;

export const contactEvents = {
  received: defineEvent(
    "contact",
    "ContactReceived",
    { ru: "Обращение получено", en: "Contact received" },
    {
      contactId: uuid,
      channel: contactChannel,
      receivedAt: instant,
      subject: personal(text(limits.subject)),
      text: personal(text(limits.text)),
      claims: contactClaims,
      wish: z.strictObject({ type: ticketType.nullable(), priority: priority.nullable() }),
      product: text(limits.product).nullable(),
      productVersion: text(limits.product).nullable(),
      stepsToReproduce: personal(text(limits.text)).nullable(),
      region: text(limits.name).nullable(),
      attachments: z.array(attachment),
      /** the raw form as it arrived (an e-mail's source), in the blob store */
      raw: z.strictObject({ sha256, size: z.int(), mediaType: z.string().max(200) }).nullable(),
      mail: z
        .strictObject({
          messageId: personal(z.string().max(998)).nullable(),
          inReplyTo: z.array(personal(z.string().max(998))),
          from: personal(text(limits.email)).nullable(),
          to: z.array(personal(text(limits.email))),
          sentAt: instant.nullable(),
          automatic: z.boolean(),
        })
        .nullable(),
      /** the ticket that it belongs to by proof (thread or signed token), whatever its state */
      aboutTicketId: uuid.nullable(),
      /** the signed-in person or machine that sent it, when there is one */
      authenticatedPersonId: id.nullable(),
    },
  ),
  heldForVerification: defineEvent(
    "contact",
    "ContactHeld",
    { ru: "Ожидает проверки оператором", en: "Waits for an operator's check" },
    {
      doubts: z.array(doubt).min(1),
    },
  ),
  verified: defineEvent(
    "contact",
    "ContactVerified",
    { ru: "Обращение проверено", en: "Contact verified" },
    {
      organizationId: id,
      contractId: id,
      personId: id.nullable(),
      how: z.enum(["support_key", "contract_number", "signed_in", "machine_token", "thread", "operator"]),
      note: personal(text(limits.reason)).nullable(),
    },
  ),
  registered: defineEvent(
    "contact",
    "ContactRegistered",
    { ru: "По обращению зарегистрирована заявка", en: "Registered as a ticket" },
    {
      ticketId: uuid,
      ticketNumber: z.string().max(20),
      /** the closed ticket that the sender wrote about, if any (rule 1) */
      afterTicketId: uuid.nullable(),
    },
  ),
  joined: defineEvent(
    "contact",
    "ContactJoined",
    { ru: "Присоединено к заявке", en: "Joined to a ticket" },
    { ticketId: uuid },
  ),
  rejected: defineEvent(
    "contact",
    "ContactRejected",
    { ru: "Обращение отклонено", en: "Contact rejected" },
    {
      reason: personal(filledText(limits.reason)),
      automatic: z.boolean(),
    },
  ),
} as const;

export type ContactEvent = EventOf<typeof contactEvents>;

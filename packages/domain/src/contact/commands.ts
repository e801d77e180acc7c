import { z } from "zod";
import { defineCommand, type CommandOf } from "../command.ts";
import { filledText, id, limits, text, uuid } from "../values.ts";
import { contactEvents } from "./events.ts";

export const contactCommands = {
  /** every contact is kept from its first second (R §3.1, A) */
  receive: {
    type: "ReceiveContact",
    title: { ru: "Принять обращение", en: "Receive a contact" },
    schema: contactEvents.received.schema,
  },
  /** checks entitlement and decides: ready to register, to join, held for an operator, or rejected as automatic mail */
  triage: defineCommand("TriageContact", { ru: "Разобрать обращение", en: "Triage a contact" }, { contactId: uuid }),
  verify: defineCommand(
    "VerifyContact",
    { ru: "Подтвердить право на обращение", en: "Verify a contact" },
    {
      contactId: uuid,
      organizationId: id,
      contractId: id,
      personId: id.nullable(),
      note: text(limits.reason).nullable(),
    },
  ),
  reject: defineCommand(
    "RejectContact",
    { ru: "Отклонить обращение", en: "Reject a contact" },
    { contactId: uuid, reason: filledText(limits.reason) },
  ),
  /** the contact became (part of) a ticket; sent after the ticket's own event is written */
  recordRegistered: defineCommand(
    "RecordContactRegistered",
    { ru: "Отметить регистрацию", en: "Record the registration" },
    {
      contactId: uuid,
      ticketId: uuid,
      ticketNumber: z.string().max(20),
      afterTicketId: uuid.nullable(),
    },
  ),
  recordJoined: defineCommand(
    "RecordContactJoined",
    { ru: "Отметить присоединение", en: "Record the joining" },
    { contactId: uuid, ticketId: uuid },
  ),
} as const;

export type ContactCommand = CommandOf<typeof contactCommands>;

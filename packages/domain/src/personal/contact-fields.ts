import type { FieldsOfEvent } from "./fields.ts";
import { sender, senderOfContact } from "./owner.ts";

const sent = (...paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, sender]));

/** What arrives belongs to who sent it, whatever he says of himself: nothing of it is proved yet. */
export const contactPersonalFields: Readonly<Record<string, FieldsOfEvent>> = {
  ContactReceived: {
    personal: sent(
      "subject",
      "text",
      "stepsToReproduce",
      "claims/organization",
      "claims/personName",
      "claims/email",
      "claims/otherEmail",
      "claims/phone",
      "attachments/*/name",
      "mail/messageId",
      "mail/inReplyTo/*",
      "mail/from",
      "mail/to/*",
    ),
    plain: [
      "contactId",
      "receivedAt",
      "claims/supportKey",
      "claims/contractNumber",
      "product",
      "productVersion",
      "region",
      "attachments/*/sha256",
      "attachments/*/mediaType",
      "raw/sha256",
      "raw/mediaType",
      "mail/sentAt",
      "aboutTicketId",
      "authenticatedPersonId",
    ],
  },
  ContactHeld: { personal: {}, plain: [] },
  ContactVerified: {
    personal: { note: senderOfContact },
    plain: ["organizationId", "contractId", "personId"],
  },
  ContactRegistered: { personal: {}, plain: ["ticketId", "ticketNumber", "afterTicketId"] },
  ContactJoined: { personal: {}, plain: ["ticketId"] },
  ContactRejected: { personal: { reason: senderOfContact }, plain: [] },
};

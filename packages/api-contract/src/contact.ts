import { z } from "zod";
import {
  attachment,
  contactChannel,
  doubt,
  filledText,
  id,
  limits,
  priority,
  text,
  ticketType,
  uuid,
} from "@docket/domain";
import { asOfReply } from "./list.ts";
import { anyInstant, logPosition, plainName, proofFields, ticketRef } from "./values.ts";
import { instant } from "@docket/domain";

const email = z.email().max(limits.email);
const phone = text(limits.phone);
const attachments = z.array(attachment).max(limits.attachmentsPerMessage).default([]);
const product = text(limits.product);
const wish = { type: ticketType.optional(), priority: priority.optional() };

/** Appendix A of the regulation: the portal's form with its mandatory fields. */
export const portalBody = z
  .strictObject({
    type: ticketType,
    priority,
    subject: filledText(limits.subject),
    company: plainName(limits.name),
    contactPerson: plainName(limits.name),
    email,
    product: filledText(limits.product),
    productVersion: product.optional(),
    description: filledText(limits.text),
    stepsToReproduce: text(limits.text).optional(),
    phone: phone.optional(),
    region: text(limits.name).optional(),
    ...proofFields,
    attachments,
  })
  .meta({ id: "PortalForm" });

/** What the operator fills in while talking. `verified`: he vouches for the caller's right, and it is registered at once. */
export const phoneBody = z
  .strictObject({
    subject: filledText(limits.subject),
    text: text(limits.text),
    personName: plainName(limits.name).optional(),
    phone: phone.optional(),
    email: email.optional(),
    organization: plainName(limits.name).optional(),
    ...wish,
    product: product.optional(),
    productVersion: product.optional(),
    stepsToReproduce: text(limits.text).optional(),
    region: text(limits.name).optional(),
    ...proofFields,
    aboutTicketId: ticketRef.optional(),
    verified: z
      .strictObject({
        organizationId: id,
        contractId: id,
        personId: id.nullable().default(null),
        note: text(limits.reason).nullable().default(null),
      })
      .optional(),
    attachments,
    occurredAt: anyInstant.optional(),
  })
  .meta({ id: "PhoneForm" });

/** An alert of a monitoring or security centre. The same `alertId` from the same token is the same contact. */
export const alertBody = z
  .strictObject({
    alertId: filledText(200),
    title: filledText(limits.subject),
    text: text(limits.text),
    severity: priority.optional(),
    product: product.optional(),
    productVersion: product.optional(),
    region: text(limits.name).optional(),
    observedAt: anyInstant.optional(),
    ...proofFields,
  })
  .meta({ id: "Alert" });

export const managerBody = z
  .strictObject({
    subject: filledText(limits.subject),
    text: filledText(limits.text),
    ...wish,
    product: product.optional(),
    ...proofFields,
    attachments,
  })
  .meta({ id: "ManagerMessage" });

/** A message from a messenger or chat. The same `messageId` from the same sender is the same contact. */
export const chatBody = z
  .strictObject({
    messageId: filledText(200),
    text: filledText(limits.text),
    subject: filledText(limits.subject).optional(),
    personName: plainName(limits.name).optional(),
    email: email.optional(),
    phone: phone.optional(),
    organization: plainName(limits.name).optional(),
    ...wish,
    product: product.optional(),
    ...proofFields,
    aboutTicketId: ticketRef.optional(),
    attachments,
  })
  .meta({ id: "ChatMessage" });

export const contactStatus = z.enum(["received", "held", "verified", "registered", "joined", "rejected"]);

export const intakeReply = z
  .strictObject({
    contactId: uuid,
    status: contactStatus,
    /** told to staff only; a caller from outside learns that it waits, not why */
    doubts: z.array(doubt),
    ticket: z.strictObject({ ticketId: uuid, number: z.string(), revision: z.int() }).nullable(),
    position: logPosition,
  })
  .meta({ id: "IntakeReply" });
export type IntakeReply = z.infer<typeof intakeReply>;

export const contactRow = z
  .strictObject({
    contactId: uuid,
    status: contactStatus,
    channel: contactChannel,
    receivedAt: instant,
    subject: z.string(),
    fromName: z.string().nullable(),
    fromEmail: z.string().nullable(),
    claimedOrganization: z.string().nullable(),
    organizationId: z.string().nullable(),
    contractId: z.string().nullable(),
    personId: z.string().nullable(),
    ticketId: z.string().nullable(),
    aboutTicketId: z.string().nullable(),
    doubts: z.array(z.string()).optional(),
    rejectReason: z.string().nullable(),
    recordedAt: instant,
    revision: z.int(),
    position: logPosition,
  })
  .meta({ id: "ContactRow" });
export type ContactRow = z.infer<typeof contactRow>;

/** Who the sender may be and which contract he may rely on, with the reason of each guess. */
export const entitlementSuggestion = z
  .strictObject({
    organizationId: id,
    organizationName: z.string(),
    contractId: id.nullable(),
    contractNumber: z.string().nullable(),
    personId: id.nullable(),
    personName: z.string().nullable(),
    because: z.array(
      z.enum(["support_key", "contract_number", "email", "email_domain", "organization_name", "person_name", "phone"]),
    ),
  })
  .meta({ id: "EntitlementSuggestion" });
export type EntitlementSuggestion = z.infer<typeof entitlementSuggestion>;

export const contactView = z
  .strictObject({
    ...contactRow.shape,
    text: z.string(),
    details: z.record(z.string(), z.unknown()),
    /** for a decision that is taken now: absent from a contact as of a past moment */
    suggestions: z.array(entitlementSuggestion).optional(),
    ...asOfReply,
  })
  .meta({ id: "Contact" });

export const verifyBody = z.strictObject({
  organizationId: id,
  contractId: id,
  personId: id.nullable().default(null),
  note: text(limits.reason).nullable().default(null),
});
export const rejectBody = z.strictObject({ reason: filledText(limits.reason) });
export const joinBody = z.strictObject({ ticketId: ticketRef });

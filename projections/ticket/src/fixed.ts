import type { TicketEvent } from "@docket/domain";

type Registration = Extract<TicketEvent, { type: "TicketRegistered" }>["data"];

/** The part of a ticket's page that stands fixed from its registration. */
export function registrationDetails(data: Registration) {
  const { description, stepsToReproduce, productVersion, wish, language, contactId, planId, requester } = data;
  return { description, stepsToReproduce, productVersion, wish, language, contactId, planId, requester };
}

export type Item = { readonly kind: "attachment" | "link"; readonly value: object };

const none: readonly Item[] = [];

/** The files and links that a fact brings. */
export function itemsOf(event: { readonly type: string; readonly data: unknown }): readonly Item[] {
  const fact = event as TicketEvent;
  switch (fact.type) {
    case "TicketRegistered":
    case "TicketCustomerAnswered":
    case "TicketCommented":
    case "TicketMessageJoined": {
      if (fact.data.attachments.length === 0) return none;
      const internal = "visibility" in fact.data && fact.data.visibility === "internal";
      return fact.data.attachments.map((file) => ({
        kind: "attachment",
        value: internal ? { ...file, internal: true } : file,
      }));
    }
    case "TicketAttachmentAdded":
      return [{ kind: "attachment", value: fact.data.attachment }];
    case "TicketLinked":
      return [{ kind: "link", value: { ticketId: fact.data.toTicketId, kind: fact.data.kind } }];
    default:
      return none;
  }
}

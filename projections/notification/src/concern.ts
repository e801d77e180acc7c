import type { FoldEvent } from "@docket/projection-engine";

/** Whom a ticket concerns at present. */
export type Concerned = {
  readonly engineerId: string | null;
  readonly groupId: string | null;
  readonly requesterId: string | null;
};

/** Something that somebody may want to know of: `staff:<id>`, `group:<id>`, `role:<role>`, `person:<id>`. */
export type Concern = { readonly kind: string; readonly recipients: readonly string[] };

export const nobody: Concerned = { engineerId: null, groupId: null, requesterId: null };

/** Whom the ticket concerns after an event. */
export function concernedAfter(before: Concerned, event: FoldEvent): Concerned {
  switch (event.type) {
    case "TicketRegistered":
      return { ...nobody, requesterId: event.data.requester.personId };
    case "TicketAssigned":
    case "TicketHandedOver": {
      const { groupId, engineerId } = event.data;
      return { ...before, groupId, engineerId };
    }
    case "TicketAccepted":
      return { ...before, engineerId: event.data.engineerId };
    case "TicketEscalated": {
      const { moved } = event.data;
      return moved === null ? before : { ...before, groupId: moved.groupId, engineerId: moved.engineerId };
    }
    default:
      return before;
  }
}

const managers = "role:service_manager";

/** `@ivan` in a note: a member of staff by his id. */
const mention = /(?<![\p{L}\p{N}._@-])@([A-Za-z0-9][A-Za-z0-9_.-]{0,79})/gu;

/**
 * What an event is to whom (the engineer responsible, his group while there is none, the service managers, the requester).
 * `now` is whom the ticket concerns after it. Who did it himself is left out where lists are read.
 */
export function concernsOf(event: FoldEvent, now: Concerned): Concern[] {
  const desk =
    now.engineerId === null ? (now.groupId === null ? [] : [`group:${now.groupId}`]) : [`staff:${now.engineerId}`];
  const requester = now.requesterId === null ? [] : [`person:${now.requesterId}`];
  const one = (kind: string, ...recipients: string[]): Concern[] =>
    recipients.length === 0 ? [] : [{ kind, recipients }];
  switch (event.type) {
    case "TicketAssigned":
      return one("assigned", ...desk);
    case "TicketHandedOver":
      return one("handed_over", ...desk);
    case "TicketCustomerAnswered":
    case "TicketMessageJoined":
      return one("answered", ...desk);
    case "TicketDeadlineWarned":
      return one("due_soon", ...(event.data.notify === "manager" ? [managers] : desk));
    case "TicketDeadlineMissed":
      return one("missed", ...desk, managers);
    case "TicketEscalated":
      return one("escalated", ...desk, managers);
    case "TicketReturned":
      return one("returned", ...desk);
    case "TicketConfirmed":
      return one("confirmed", ...desk);
    case "TicketChangeApproved":
      return one("approved", ...desk);
    case "TicketChangeRefused":
      return one("refused", ...desk);
    case "TicketCustomerAsked":
      return one("asked", ...requester);
    case "TicketChangeProposed":
      return one("proposed", ...requester);
    case "TicketResolved":
      return one("resolved", ...requester);
    case "TicketAutoClosed":
      return one("closed", ...requester);
    case "TicketCommented":
      return event.data.visibility === "public" ? commented(event, desk, requester) : mentioned(event.data.text);
    default:
      return [];
  }
}

function commented(event: FoldEvent, desk: readonly string[], requester: readonly string[]): Concern[] {
  const byCustomer = event.meta.actor.role === "requester";
  const recipients = byCustomer ? desk : requester;
  return recipients.length === 0 ? [] : [{ kind: byCustomer ? "answered" : "commented", recipients }];
}

function mentioned(text: string): Concern[] {
  const names = [...text.matchAll(mention)].map(([, name = ""]) => `staff:${name.replace(/[.-]+$/, "")}`);
  return names.length === 0 ? [] : [{ kind: "mentioned", recipients: [...new Set(names)].slice(0, 50) }];
}

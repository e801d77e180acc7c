import type { FieldsOfEvent } from "./fields.ts";
import { party, partyAt, requesterOfTicket, staffBeside } from "./owner.ts";

const clocks = "clocks/**";
const filesPlain = ["attachments/*/sha256", "attachments/*/mediaType"] as const;
/** A person who is named at `path`. */
const partyFields = (path: string) => ({
  [`${path}/name`]: party,
  [`${path}/email`]: party,
  [`${path}/phone`]: party,
});
/** Text that is said in or about the ticket. */
const said = (...paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, requesterOfTicket]));

/** R §4: what a ticket's facts hold of people. Free text belongs to the requester, whoever wrote it. */
export const ticketPersonalFields: Readonly<Record<string, FieldsOfEvent>> = {
  TicketRegistered: {
    personal: {
      ...partyFields("requester"),
      subject: partyAt("requester"),
      description: partyAt("requester"),
      stepsToReproduce: partyAt("requester"),
      "attachments/*/name": partyAt("requester"),
    },
    plain: [
      "ticketId",
      "number",
      "contactId",
      "organizationId",
      "contractId",
      "requester/personId",
      "product",
      "productVersion",
      "region",
      "receivedAt",
      ...filesPlain,
      "planId",
      clocks,
    ],
  },
  TicketClassified: { personal: said("reason"), plain: ["product", clocks] },
  TicketAssigned: {
    personal: { engineerName: staffBeside("engineerId"), ...said("reason") },
    plain: ["groupId", "engineerId", "routedBy/**", clocks],
  },
  TicketAccepted: { personal: { engineerName: staffBeside("engineerId") }, plain: ["engineerId", clocks] },
  TicketHandedOver: {
    personal: { engineerName: staffBeside("engineerId"), ...said("reason") },
    plain: ["groupId", "engineerId", clocks],
  },
  TicketCustomerAsked: { personal: said("question"), plain: [clocks] },
  TicketCustomerAnswered: {
    personal: said("answer", "attachments/*/name"),
    plain: ["contactId", ...filesPlain, clocks],
  },
  TicketChangeProposed: {
    personal: said("scope", "schedule", "effort"),
    plain: ["proposalId", "product", "productVersion", clocks],
  },
  TicketChangeApproved: { personal: partyFields("by"), plain: ["proposalId", "by/personId", clocks] },
  TicketChangeRefused: {
    personal: { ...partyFields("by"), ...said("reason") },
    plain: ["proposalId", "by/personId", clocks],
  },
  TicketChangeStarted: { personal: {}, plain: ["proposalId"] },
  TicketDowntimeAnnounced: { personal: said("equipment", "message"), plain: ["proposalId", "from", "to"] },
  TicketUpdateInstalled: { personal: {}, plain: ["proposalId", "product", "version"] },
  TicketCommented: { personal: said("text", "attachments/*/name"), plain: [...filesPlain] },
  TicketMessageJoined: {
    personal: { ...partyFields("from"), text: partyAt("from"), "attachments/*/name": partyAt("from") },
    plain: ["contactId", "from/personId", ...filesPlain],
  },
  TicketCallLogged: { personal: said("with", "summary"), plain: [] },
  TicketAttachmentAdded: { personal: said("attachment/name"), plain: ["attachment/sha256", "attachment/mediaType"] },
  TicketLinked: { personal: {}, plain: ["toTicketId"] },
  TicketWorkaroundGiven: { personal: said("workaround"), plain: [] },
  TicketExtended: {
    personal: { ...partyFields("agreedBy"), ...said("reason") },
    plain: ["agreedBy/personId", "agreedAt", "oldDeadline", "newDeadline", clocks],
  },
  TicketDeadlineWarned: { personal: {}, plain: ["alarmKey", "deadline"] },
  TicketDeadlineMissed: { personal: {}, plain: ["alarmKey", "deadline", clocks] },
  TicketEscalated: {
    personal: { ...said("reason"), "moved/engineerName": staffBeside("engineerId") },
    plain: ["escalationId", "cause/**", "moved/groupId", "moved/engineerId", clocks],
  },
  TicketEscalationStudied: { personal: said("findings"), plain: ["escalationId"] },
  TicketEscalationActionsDecided: { personal: said("actions"), plain: ["escalationId"] },
  TicketEscalationActionsDone: { personal: said("outcome"), plain: ["escalationId"] },
  TicketEscalationReleased: { personal: said("reason"), plain: ["escalationId"] },
  TicketResolved: { personal: said("solution"), plain: ["alarms/**", "autoCloseAt", clocks] },
  TicketReturned: { personal: said("reason"), plain: ["contactId", clocks] },
  TicketReminded: { personal: {}, plain: ["alarmKey", "autoCloseAt"] },
  TicketConfirmed: { personal: partyFields("by"), plain: ["by/personId", clocks] },
  TicketAutoClosed: { personal: {}, plain: ["resolvedAt", clocks] },
  TicketWithdrawn: { personal: { ...partyFields("by"), ...said("reason") }, plain: ["by/personId", clocks] },
  TicketMarkedDuplicate: { personal: {}, plain: ["ofTicketId", "ofNumber", clocks] },
  TicketSourceRecorded: {
    personal: said("texts"),
    plain: ["source", "key", "state", "fields/**", "digest"],
  },
  TicketClocksRecomputed: { personal: {}, plain: ["alarms/**", "autoCloseAt", clocks] },
};

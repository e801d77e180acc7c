import type { AnyEvent, LetterKind } from "@docket/domain";

type Sample = readonly [AnyEvent["type"], Readonly<Record<string, unknown>>];

/** Of each kind of letter a fact that causes it, for a ticket in whose life it has not come yet. Texts in both languages. */
export function sampleFact(kind: LetterKind, about: SampleTicket): Pick<AnyEvent, "type" | "data"> {
  const [type, data] = samples(about)[kind];
  return { type, data } as Pick<AnyEvent, "type" | "data">;
}

/** What a sample takes from the ticket itself. */
export interface SampleTicket {
  readonly subject: string;
  readonly engineerId: string;
  readonly engineerName: string;
  readonly requesterName: string;
  readonly at: string;
}

function samples({ subject, engineerId, engineerName, requesterName, at }: SampleTicket): Record<LetterKind, Sample> {
  const later = new Date(Date.parse(at) + 4 * 3_600_000).toISOString();
  const engineer = { engineerId, engineerName };
  const clock = { clock: "resolution", deadline: later, level: 1, notify: "engineer" };
  const words = "…";
  return {
    registered: ["TicketRegistered", { receivedAt: at, subject }],
    classified: ["TicketClassified", { type: "incident", priority: "medium" }],
    assigned: ["TicketAssigned", engineer],
    assigned_to_group: ["TicketAssigned", { engineerId: null, engineerName: null }],
    accepted: ["TicketAccepted", engineer],
    handed_over: ["TicketHandedOver", { ...engineer, reason: words }],
    asked: ["TicketCustomerAsked", { question: words }],
    answered: ["TicketCustomerAnswered", {}],
    proposed: ["TicketChangeProposed", { schedule: words, effort: words, product: null, scope: words }],
    approved: ["TicketChangeApproved", { by: { name: requesterName } }],
    refused: ["TicketChangeRefused", { reason: words }],
    change_started: ["TicketChangeStarted", {}],
    downtime: ["TicketDowntimeAnnounced", { from: at, to: later, equipment: words, message: "" }],
    update_installed: ["TicketUpdateInstalled", { product: words, version: "1.0" }],
    commented: ["TicketCommented", { visibility: "public", text: words }],
    workaround: ["TicketWorkaroundGiven", { workaround: words }],
    missed: ["TicketDeadlineMissed", clock],
    extended: [
      "TicketExtended",
      { oldDeadline: at, newDeadline: later, agreedBy: { name: requesterName }, reason: words },
    ],
    escalated: ["TicketEscalated", { cause: null, reason: words, moved: null }],
    escalation_actions: ["TicketEscalationActionsDecided", { actions: words }],
    escalation_released: ["TicketEscalationReleased", {}],
    resolved: ["TicketResolved", { solution: words, autoCloseAt: later }],
    returned: ["TicketReturned", { reason: words }],
    reminded: ["TicketReminded", { number: 1, of: 2, autoCloseAt: later }],
    confirmed: ["TicketConfirmed", {}],
    auto_closed: ["TicketAutoClosed", { because: "no_answer", workingDays: 5 }],
    auto_closed_by_policy: ["TicketAutoClosed", { because: "policy", workingDays: 0 }],
    withdrawn: ["TicketWithdrawn", { reason: words }],
    duplicate: ["TicketMarkedDuplicate", { ofNumber: "SC-000001" }],
    staff_assigned: ["TicketAssigned", engineer],
    staff_warned: ["TicketDeadlineWarned", clock],
    staff_missed: ["TicketDeadlineMissed", clock],
    staff_escalated: [
      "TicketEscalated",
      { cause: { clock: "resolution", level: 2, action: "notify_engineer" }, reason: words, moved: null },
    ],
    staff_customer_escalated: ["TicketEscalated", { cause: null, reason: words, moved: null }],
  };
}

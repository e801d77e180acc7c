import type { Fact } from "../event.ts";
import { foldClocks } from "./clock-fold.ts";
import type { Alarm } from "./event-parts.ts";
import type { TicketEvent } from "./events.ts";
import { rememberedCommands } from "../remembered.ts";
import type { Assignment, Confirmation, Escalation, Proposal, TicketClock, TicketState } from "./state.ts";

/**
 * Folds one fact into a ticket's state. Takes facts in the order of their stream; gives a new state that shares what did not
 * change. A fact that was folded before changes nothing.
 */
export function evolveTicket(state: TicketState | null, fact: Fact<TicketEvent>): TicketState | null {
  if (state && fact.revision <= state.revision) return state;
  const next = applyTicketEvent(state, fact, Date.parse(fact.meta.occurredAt));
  if (!next) return next;
  const { provenance } = fact.meta;
  return {
    ...next,
    revision: fact.revision,
    commands: rememberedCommands(next.commands, fact),
    importedAt: provenance === undefined ? next.importedAt : Date.parse(provenance.importedAt),
  };
}

/** What a fact that happened at `at` (milliseconds) makes of a state; without the book-keeping of streams. */
export function applyTicketEvent(state: TicketState | null, event: TicketEvent, at: number): TicketState | null {
  if (event.type === "TicketRegistered") return registered(event.data, at);
  if (!state) return null;
  const next = applyTo(state, event, at);
  const { data } = event;
  return "clocks" in data && data.clocks.length > 0
    ? { ...next, clocks: foldClocks(next.clocks, data.clocks, at) }
    : next;
}

function registered(data: Extract<TicketEvent, { type: "TicketRegistered" }>["data"], at: number): TicketState {
  return {
    ticketId: data.ticketId,
    number: data.number,
    status: "registered",
    closedBecause: null,
    organizationId: data.organizationId,
    contractId: data.contractId,
    requester: data.requester,
    language: data.language,
    subject: data.subject,
    description: data.description,
    product: data.product,
    region: data.region,
    planId: data.planId,
    type: data.provisional.type,
    priority: data.provisional.priority,
    classified: false,
    assignment: null,
    registeredAt: at,
    stepAt: at,
    clocks: foldClocks([] as TicketClock[], data.clocks, at),
    fired: [],
    question: null,
    proposals: [],
    downtimes: 0,
    escalations: [],
    workaround: null,
    cycle: 1,
    confirmation: null,
    links: [],
    contactIds: data.contactId === null ? [] : [data.contactId],
    importedAt: null,
    commands: [],
    revision: -1,
  };
}

function applyTo(
  state: TicketState,
  event: Exclude<TicketEvent, { type: "TicketRegistered" }>,
  at: number,
): TicketState {
  const { data } = event;
  switch (event.type) {
    case "TicketClassified":
      return {
        ...state,
        type: event.data.type,
        priority: event.data.priority,
        product: event.data.product,
        classified: true,
        status: state.status === "registered" ? "classified" : state.status,
        stepAt: at,
      };
    case "TicketAssigned":
    case "TicketHandedOver":
      return { ...state, status: "assigned", assignment: assignmentOf(event), stepAt: at };
    case "TicketAccepted": {
      const { engineerId, engineerName, line } = event.data;
      const groupId = state.assignment?.groupId ?? "";
      return { ...state, status: "in_work", assignment: { groupId, line, engineerId, engineerName }, stepAt: at };
    }
    case "TicketCustomerAsked":
      return { ...state, status: "waiting_customer", question: event.data.question, stepAt: at };
    case "TicketCustomerAnswered":
      return {
        ...state,
        status: "in_work",
        question: null,
        stepAt: at,
        contactIds: withContact(state, event.data.contactId),
      };
    case "TicketChangeProposed": {
      const { proposalId, kind, product, productVersion, needsDowntime } = event.data;
      const proposal: Proposal = {
        proposalId,
        kind,
        product,
        productVersion,
        needsDowntime,
        state: "proposed",
        downtimeAnnounced: false,
      };
      return { ...state, status: "waiting_approval", proposals: [...state.proposals, proposal], stepAt: at };
    }
    case "TicketChangeApproved":
      return { ...withProposal(state, event.data.proposalId, { state: "approved" }), status: "in_work", stepAt: at };
    case "TicketChangeRefused":
      return { ...withProposal(state, event.data.proposalId, { state: "refused" }), status: "in_work", stepAt: at };
    case "TicketChangeStarted":
      return withProposal(state, event.data.proposalId, { state: "started" });
    case "TicketDowntimeAnnounced": {
      const announced =
        event.data.proposalId === null
          ? state
          : withProposal(state, event.data.proposalId, { downtimeAnnounced: true });
      return { ...announced, downtimes: state.downtimes + 1 };
    }
    case "TicketMessageJoined":
      return { ...state, contactIds: withContact(state, event.data.contactId) };
    case "TicketLinked":
      return { ...state, links: [...state.links, `${event.data.kind}:${event.data.toTicketId}`] };
    case "TicketWorkaroundGiven":
      return { ...state, workaround: event.data.workaround };
    case "TicketExtended":
    case "TicketClocksRecomputed":
      return { ...state, stepAt: at, confirmation: recomputed(state.confirmation, event, at) };
    case "TicketDeadlineWarned":
      return withFired(state, event.data.alarmKey);
    case "TicketDeadlineMissed":
      return { ...withFired(state, event.data.alarmKey), stepAt: at };
    case "TicketEscalated": {
      const fired = event.data.cause ? withFired(state, event.data.cause.alarmKey) : state;
      const escalated = {
        ...fired,
        escalations: withEscalation(state.escalations, event.data.escalationId, event.data.by),
      };
      const { moved } = event.data;
      return moved ? { ...escalated, status: "assigned", assignment: moved, stepAt: at } : escalated;
    }
    case "TicketEscalationStudied":
      return escalationIn(state, event.data.escalationId, "studied");
    case "TicketEscalationActionsDecided":
      return escalationIn(state, event.data.escalationId, "decided");
    case "TicketEscalationActionsDone":
      return escalationIn(state, event.data.escalationId, "done");
    case "TicketEscalationReleased":
      return escalationIn(state, event.data.escalationId, "released");
    case "TicketResolved": {
      const { alarms, autoCloseAt } = event.data;
      const until = autoCloseAt === null ? null : Date.parse(autoCloseAt);
      const reminders = alarms.filter((alarm) => alarm.kind === "reminder").length;
      const confirmation: Confirmation = { resolvedAt: at, policyFrom: at, reminders, alarms, autoCloseAt: until };
      return { ...state, status: "result_confirmation", confirmation, stepAt: at };
    }
    case "TicketReturned":
      return {
        ...state,
        status: "in_work",
        confirmation: null,
        cycle: event.data.cycle,
        stepAt: at,
        contactIds: withContact(state, event.data.contactId),
      };
    case "TicketReminded":
      return withFired(state, event.data.alarmKey);
    case "TicketConfirmed":
      return closed(state, "confirmed", at);
    case "TicketAutoClosed":
      return closed(state, "auto_closed", at);
    case "TicketWithdrawn":
      return closed(state, "withdrawn", at);
    case "TicketMarkedDuplicate":
      return closed(state, "duplicate", at);
    case "TicketSourceRecorded":
    case "TicketUpdateInstalled":
    case "TicketCommented":
    case "TicketCallLogged":
    case "TicketAttachmentAdded":
      return state;
    default:
      // A fact of a later version of the product: unknown here, the rest still holds.
      void data;
      return state;
  }
}

function assignmentOf(event: Extract<TicketEvent, { type: "TicketAssigned" | "TicketHandedOver" }>): Assignment {
  const { groupId, engineerId, engineerName } = event.data;
  return {
    groupId,
    engineerId,
    engineerName,
    line: event.type === "TicketAssigned" ? event.data.line : event.data.toLine,
  };
}

function withContact(state: TicketState, contactId: string | null): readonly string[] {
  return contactId === null || state.contactIds.includes(contactId)
    ? state.contactIds
    : [...state.contactIds, contactId];
}

function withProposal(state: TicketState, proposalId: string, change: Partial<Proposal>): TicketState {
  const proposals = state.proposals.map((proposal) =>
    proposal.proposalId === proposalId ? { ...proposal, ...change } : proposal,
  );
  return { ...state, proposals };
}

function withEscalation(
  escalations: readonly Escalation[],
  escalationId: string,
  by: Escalation["by"],
): readonly Escalation[] {
  const rest = escalations.filter((escalation) => escalation.escalationId !== escalationId);
  const known = escalations.find((escalation) => escalation.escalationId === escalationId);
  const reopened: Escalation = known && known.state !== "released" ? known : { escalationId, by, state: "open" };
  return [...rest, reopened];
}

function escalationIn(state: TicketState, escalationId: string, to: Escalation["state"]): TicketState {
  const escalations = state.escalations.map((escalation) =>
    escalation.escalationId === escalationId ? { ...escalation, state: to } : escalation,
  );
  return { ...state, escalations };
}

/** A moment that has fired is over, for clocks and for the wait for confirmation alike. */
function withFired(state: TicketState, key: string): TicketState {
  const without = (alarms: readonly Alarm[]): Alarm[] => alarms.filter((alarm) => alarm.key !== key);
  const clocks = state.clocks.map((clock) =>
    clock.snapshot.alarms.some((alarm) => alarm.key === key)
      ? { ...clock, snapshot: { ...clock.snapshot, alarms: without(clock.snapshot.alarms) } }
      : clock,
  );
  const { confirmation } = state;
  return {
    ...state,
    clocks,
    fired: [...state.fired, key],
    confirmation: confirmation && { ...confirmation, alarms: without(confirmation.alarms) },
  };
}

function recomputed(confirmation: Confirmation | null, event: TicketEvent, at: number): Confirmation | null {
  if (!confirmation || event.type !== "TicketClocksRecomputed" || event.data.alarms === null) return confirmation;
  const { alarms, autoCloseAt, because } = event.data;
  const policyFrom = because === "policy" ? at : confirmation.policyFrom;
  return { ...confirmation, policyFrom, alarms, autoCloseAt: autoCloseAt === null ? null : Date.parse(autoCloseAt) };
}

function closed(state: TicketState, because: TicketState["closedBecause"], at: number): TicketState {
  return { ...state, status: "closed", closedBecause: because, confirmation: null, question: null, stepAt: at };
}

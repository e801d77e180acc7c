import type { ClockSnapshot } from "@docket/domain";
import { type FoldEvent, instantOf } from "@docket/projection-engine";

/** One of the three clocks that a list shows, as it stood after the last event that changed it. Instants are milliseconds. */
export type ShownClock = {
  readonly state: string | null;
  readonly deadline: number | null;
  readonly ticking: boolean;
};

export type ShownEscalation = {
  readonly escalationId: string;
  readonly by: string;
  readonly reason: string;
  readonly state: "open" | "studied" | "decided" | "done" | "released";
  readonly findings?: string;
  readonly actions?: string;
  readonly outcome?: string;
};

/** The small part of a ticket that its page shows and that changes on the way; the rest stands fixed from the start. */
export type Details = {
  readonly engineerName?: string;
  readonly routedBy?: unknown;
  readonly question?: string;
  readonly proposal?: Record<string, unknown>;
  readonly downtime?: unknown;
  readonly workaround?: string;
  readonly solution?: string;
  readonly returnReason?: string;
  readonly extension?: unknown;
  readonly reminders?: number;
  /** those not released, and the last one released */
  readonly escalations?: readonly ShownEscalation[];
  readonly duplicateOf?: unknown;
  readonly closingNote?: string;
};

/** A ticket as the lists and its page show it. Never changed in place. */
export type TicketState = {
  readonly ticketId: string;
  readonly number: string;
  readonly status: string;
  readonly closedBecause: string | null;
  readonly type: string;
  readonly priority: string;
  readonly classified: boolean;
  readonly subject: string;
  readonly organizationId: string;
  readonly contractId: string;
  readonly requesterPersonId: string | null;
  readonly requesterName: string;
  readonly requesterEmail: string | null;
  readonly channel: string;
  readonly product: string | null;
  readonly region: string | null;
  readonly line: number | null;
  readonly groupId: string | null;
  readonly engineerId: string | null;
  readonly hasWorkaround: boolean;
  readonly escalations: number;
  readonly returns: number;
  readonly handOvers: number;
  readonly reaction: ShownClock;
  readonly resolution: ShownClock;
  readonly ola: ShownClock;
  readonly autoCloseAt: number | null;
  readonly receivedAt: number;
  readonly registeredAt: number;
  readonly acceptedAt: number | null;
  readonly resolvedAt: number | null;
  readonly closedAt: number | null;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly revision: number;
  readonly position: number;
  readonly details: Details;
  /** `details` as the tables hold them */
  readonly detailsText: string;
};

type TicketFold = FoldEvent & { type: `Ticket${string}` };

const noClock: ShownClock = { state: null, deadline: null, ticking: false };

/** The ticket after one more event of its stream. Throws when its first event is not its registration. */
export function evolve(state: TicketState | undefined, event: FoldEvent): TicketState {
  const next = state === undefined ? registered(event) : changed(state, event as TicketFold);
  return withClocks(
    {
      ...next,
      occurredAt: event.occurredMs,
      recordedAt: event.recordedMs,
      revision: event.revision,
      position: event.commit,
      detailsText: next.details === state?.details ? state.detailsText : JSON.stringify(next.details),
    },
    event,
  );
}

function registered(event: FoldEvent): TicketState {
  if (event.type !== "TicketRegistered")
    throw new Error(`${event.stream} begins with ${event.type}, not with its registration`);
  const { data } = event;
  return {
    ticketId: event.entityId,
    number: data.number,
    status: "registered",
    closedBecause: null,
    type: data.provisional.type,
    priority: data.provisional.priority,
    classified: false,
    subject: data.subject,
    organizationId: data.organizationId,
    contractId: data.contractId,
    requesterPersonId: data.requester.personId,
    requesterName: data.requester.name,
    requesterEmail: data.requester.email,
    channel: data.channel,
    product: data.product,
    region: data.region,
    line: null,
    groupId: null,
    engineerId: null,
    hasWorkaround: false,
    escalations: 0,
    returns: 0,
    handOvers: 0,
    reaction: noClock,
    resolution: noClock,
    ola: noClock,
    autoCloseAt: null,
    receivedAt: instantOf(data.receivedAt),
    registeredAt: event.occurredMs,
    acceptedAt: null,
    resolvedAt: null,
    closedAt: null,
    occurredAt: 0,
    recordedAt: 0,
    revision: 0,
    position: 0,
    details: {},
    detailsText: "",
  };
}

function changed(state: TicketState, event: TicketFold): TicketState {
  const { details } = state;
  switch (event.type) {
    case "TicketRegistered":
      throw new Error(`${event.stream} is registered a second time`);
    case "TicketClassified": {
      const { type, priority, product } = event.data;
      const status = state.status === "registered" ? "classified" : state.status;
      return { ...state, type, priority, product, classified: true, status };
    }
    case "TicketAssigned": {
      const { line, groupId, engineerId, engineerName, routedBy } = event.data;
      const shown = routedBy === null ? named(details, engineerName) : { ...named(details, engineerName), routedBy };
      return { ...state, status: "assigned", line, groupId, engineerId, details: shown };
    }
    case "TicketAccepted": {
      const { line, engineerId, engineerName } = event.data;
      const acceptedAt = state.acceptedAt ?? event.occurredMs;
      return { ...state, status: "in_work", line, engineerId, acceptedAt, details: named(details, engineerName) };
    }
    case "TicketHandedOver": {
      const { toLine: line, groupId, engineerId, engineerName } = event.data;
      const handOvers = state.handOvers + 1;
      return {
        ...state,
        status: "assigned",
        line,
        groupId,
        engineerId,
        handOvers,
        details: named(details, engineerName),
      };
    }
    case "TicketCustomerAsked":
      return { ...state, status: "waiting_customer", details: { ...details, question: event.data.question } };
    case "TicketCustomerAnswered":
      return { ...state, status: "in_work", details: without(details, "question") };
    case "TicketChangeProposed": {
      const { clocks: _clocks, ...proposal } = event.data;
      return {
        ...state,
        status: "waiting_approval",
        details: { ...details, proposal: { ...proposal, state: "proposed" } },
      };
    }
    case "TicketChangeApproved":
      return {
        ...state,
        status: "in_work",
        details: proposalIs(details, event.data.proposalId, { state: "approved" }),
      };
    case "TicketChangeRefused": {
      const refusal = { state: "refused", reason: event.data.reason };
      return { ...state, status: "in_work", details: proposalIs(details, event.data.proposalId, refusal) };
    }
    case "TicketChangeStarted":
      return { ...state, details: proposalIs(details, event.data.proposalId, { state: "started" }) };
    case "TicketUpdateInstalled":
      return { ...state, details: proposalIs(details, event.data.proposalId, { installed: event.data.version }) };
    case "TicketDowntimeAnnounced":
      return { ...state, details: { ...details, downtime: event.data } };
    case "TicketWorkaroundGiven":
      return { ...state, hasWorkaround: true, details: { ...details, workaround: event.data.workaround } };
    case "TicketExtended": {
      const { agreedBy, agreedAt, reason, oldDeadline, newDeadline } = event.data;
      return { ...state, details: { ...details, extension: { agreedBy, agreedAt, reason, oldDeadline, newDeadline } } };
    }
    case "TicketEscalated": {
      const { moved } = event.data;
      const escalated = { ...state, escalations: state.escalations + 1, details: withEscalation(details, event.data) };
      if (!moved) return escalated;
      const { line, groupId, engineerId, engineerName } = moved;
      return {
        ...escalated,
        status: "assigned",
        line,
        groupId,
        engineerId,
        details: named(escalated.details, engineerName),
      };
    }
    case "TicketEscalationStudied":
      return inEscalation(state, event.data.escalationId, { state: "studied", findings: event.data.findings });
    case "TicketEscalationActionsDecided":
      return inEscalation(state, event.data.escalationId, { state: "decided", actions: event.data.actions });
    case "TicketEscalationActionsDone":
      return inEscalation(state, event.data.escalationId, { state: "done", outcome: event.data.outcome });
    case "TicketEscalationReleased":
      return inEscalation(state, event.data.escalationId, { state: "released" });
    case "TicketResolved": {
      const shown = without({ ...details, solution: event.data.solution }, "returnReason");
      return {
        ...state,
        status: "result_confirmation",
        resolvedAt: event.occurredMs,
        autoCloseAt: orNull(event.data.autoCloseAt),
        details: shown,
      };
    }
    case "TicketReturned": {
      const shown = without({ ...details, returnReason: event.data.reason }, "reminders");
      return {
        ...state,
        status: "in_work",
        returns: state.returns + 1,
        resolvedAt: null,
        autoCloseAt: null,
        details: shown,
      };
    }
    case "TicketReminded":
      return {
        ...state,
        autoCloseAt: instantOf(event.data.autoCloseAt),
        details: { ...details, reminders: event.data.number },
      };
    case "TicketClocksRecomputed":
      return event.data.alarms === null ? state : { ...state, autoCloseAt: orNull(event.data.autoCloseAt) };
    case "TicketConfirmed":
      return closed(state, event, "confirmed", details);
    case "TicketAutoClosed":
      return closed(state, event, "auto_closed", details);
    case "TicketWithdrawn": {
      const { reason } = event.data;
      return closed(state, event, "withdrawn", reason === null ? details : { ...details, closingNote: reason });
    }
    case "TicketMarkedDuplicate": {
      const { ofTicketId, ofNumber } = event.data;
      return closed(state, event, "duplicate", { ...details, duplicateOf: { ticketId: ofTicketId, number: ofNumber } });
    }
    default:
      // comments, calls, files and links change nothing that a list shows
      return state;
  }
}

function closed(state: TicketState, event: FoldEvent, because: string, details: Details): TicketState {
  return {
    ...state,
    status: "closed",
    closedBecause: because,
    closedAt: event.occurredMs,
    autoCloseAt: null,
    details: without(details, "question"),
  };
}

function orNull(instant: string | null): number | null {
  return instant === null ? null : instantOf(instant);
}

function named(details: Details, engineerName: string | null): Details {
  if (engineerName === null) return without(details, "engineerName");
  return details.engineerName === engineerName ? details : { ...details, engineerName };
}

function without(details: Details, key: keyof Details): Details {
  if (!(key in details)) return details;
  const { [key]: _gone, ...rest } = details;
  return rest;
}

function proposalIs(details: Details, proposalId: string, change: Record<string, unknown>): Details {
  const { proposal } = details;
  return proposal?.["proposalId"] === proposalId ? { ...details, proposal: { ...proposal, ...change } } : details;
}

function withEscalation(details: Details, data: { escalationId: string; by: string; reason: string }): Details {
  const { escalationId, by, reason } = data;
  const open = (details.escalations ?? []).filter(
    (one) => one.state !== "released" && one.escalationId !== escalationId,
  );
  return { ...details, escalations: [...open, { escalationId, by, reason, state: "open" }] };
}

function inEscalation(state: TicketState, escalationId: string, change: Partial<ShownEscalation>): TicketState {
  const escalations = (state.details.escalations ?? []).map((one) =>
    one.escalationId === escalationId ? { ...one, ...change } : one,
  );
  return { ...state, details: { ...state.details, escalations } };
}

/** Under control (R §4.3): an escalation has not been released. */
export function isUnderControl(state: TicketState): boolean {
  return state.details.escalations?.some((one) => one.state !== "released") ?? false;
}

/** The nearest deadline of the clocks that tick, missed ones included: what a queue is sorted by. */
export function nextDeadline({ reaction, resolution, ola }: TicketState): number | null {
  let next: number | null = null;
  for (const clock of [reaction, resolution, ola])
    if (clock.ticking && clock.deadline !== null && (next === null || clock.deadline < next)) next = clock.deadline;
  return next;
}

/** Takes over the clocks that the event changed: reaction, the latest cycle of resolution, and the line's acceptance clock. */
function withClocks(state: TicketState, event: FoldEvent): TicketState {
  const clocks = "clocks" in event.data ? event.data.clocks : undefined;
  if (!clocks || clocks.length === 0) return state;
  let { reaction, resolution, ola } = state;
  let olaCame = false;
  for (const snapshot of clocks) {
    if (snapshot.kind === "reaction") reaction = shown(snapshot);
    else if (snapshot.kind === "resolution") resolution = shown(snapshot);
    else if (!olaCame || snapshot.ticking) {
      // an event may end one line's clock and begin another's: the one that goes on is the one to show
      ola = shown(snapshot);
      olaCame = true;
    }
  }
  return { ...state, reaction, resolution, ola };
}

function shown(snapshot: ClockSnapshot): ShownClock {
  return { state: snapshot.state, deadline: orNull(snapshot.deadline), ticking: snapshot.ticking };
}

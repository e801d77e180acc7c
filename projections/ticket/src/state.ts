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
  // one copy, which is then written into: nobody else has it yet
  const next: Draft = state === undefined ? registered(event) : { ...state };
  if (state !== undefined) change(next, event as TicketFold);
  next.occurredAt = event.occurredMs;
  next.recordedAt = event.recordedMs;
  next.revision = event.revision;
  next.position = event.commit;
  if (next.details !== state?.details) next.detailsText = JSON.stringify(next.details);
  takeClocks(next, event);
  return next;
}

type Draft = { -readonly [Key in keyof TicketState]: TicketState[Key] };

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

function change(next: Draft, event: TicketFold): void {
  const { details } = next;
  switch (event.type) {
    case "TicketRegistered":
      throw new Error(`${event.stream} is registered a second time`);
    case "TicketClassified":
      next.type = event.data.type;
      next.priority = event.data.priority;
      next.product = event.data.product;
      next.classified = true;
      if (next.status === "registered") next.status = "classified";
      return;
    case "TicketAssigned": {
      const { routedBy } = event.data;
      assign(next, event.data);
      if (routedBy !== null) next.details = { ...next.details, routedBy };
      return;
    }
    case "TicketAccepted":
      next.status = "in_work";
      next.line = event.data.line;
      next.engineerId = event.data.engineerId;
      next.acceptedAt ??= event.occurredMs;
      next.details = named(details, event.data.engineerName);
      return;
    case "TicketHandedOver": {
      const { toLine: line, groupId, engineerId, engineerName } = event.data;
      next.handOvers++;
      return assign(next, { line, groupId, engineerId, engineerName });
    }
    case "TicketCustomerAsked":
      next.status = "waiting_customer";
      next.details = { ...details, question: event.data.question };
      return;
    case "TicketCustomerAnswered":
      next.status = "in_work";
      next.details = without(details, "question");
      return;
    case "TicketChangeProposed": {
      const { clocks: _clocks, ...proposal } = event.data;
      next.status = "waiting_approval";
      next.details = { ...details, proposal: { ...proposal, state: "proposed" } };
      return;
    }
    case "TicketChangeApproved":
      next.status = "in_work";
      next.details = proposalIs(details, event.data.proposalId, { state: "approved" });
      return;
    case "TicketChangeRefused":
      next.status = "in_work";
      next.details = proposalIs(details, event.data.proposalId, { state: "refused", reason: event.data.reason });
      return;
    case "TicketChangeStarted":
      next.details = proposalIs(details, event.data.proposalId, { state: "started" });
      return;
    case "TicketUpdateInstalled":
      next.details = proposalIs(details, event.data.proposalId, { installed: event.data.version });
      return;
    case "TicketDowntimeAnnounced":
      next.details = { ...details, downtime: event.data };
      return;
    case "TicketWorkaroundGiven":
      next.hasWorkaround = true;
      next.details = { ...details, workaround: event.data.workaround };
      return;
    case "TicketExtended": {
      const { agreedBy, agreedAt, reason, oldDeadline, newDeadline } = event.data;
      next.details = { ...details, extension: { agreedBy, agreedAt, reason, oldDeadline, newDeadline } };
      return;
    }
    case "TicketEscalated": {
      const { moved } = event.data;
      next.escalations++;
      next.details = withEscalation(details, event.data);
      if (moved) assign(next, moved);
      return;
    }
    case "TicketEscalationStudied":
      return inEscalation(next, event.data.escalationId, { state: "studied", findings: event.data.findings });
    case "TicketEscalationActionsDecided":
      return inEscalation(next, event.data.escalationId, { state: "decided", actions: event.data.actions });
    case "TicketEscalationActionsDone":
      return inEscalation(next, event.data.escalationId, { state: "done", outcome: event.data.outcome });
    case "TicketEscalationReleased":
      return inEscalation(next, event.data.escalationId, { state: "released" });
    case "TicketResolved":
      next.status = "result_confirmation";
      next.resolvedAt = event.occurredMs;
      next.autoCloseAt = orNull(event.data.autoCloseAt);
      next.details = without({ ...details, solution: event.data.solution }, "returnReason");
      return;
    case "TicketReturned":
      next.status = "in_work";
      next.returns++;
      next.resolvedAt = null;
      next.autoCloseAt = null;
      next.details = without({ ...details, returnReason: event.data.reason }, "reminders");
      return;
    case "TicketReminded":
      next.autoCloseAt = instantOf(event.data.autoCloseAt);
      next.details = { ...details, reminders: event.data.number };
      return;
    case "TicketClocksRecomputed":
      if (event.data.alarms !== null) next.autoCloseAt = orNull(event.data.autoCloseAt);
      return;
    case "TicketConfirmed":
      return close(next, event, "confirmed");
    case "TicketAutoClosed":
      return close(next, event, "auto_closed");
    case "TicketWithdrawn": {
      const { reason } = event.data;
      if (reason !== null) next.details = { ...details, closingNote: reason };
      return close(next, event, "withdrawn");
    }
    case "TicketMarkedDuplicate": {
      const { ofTicketId, ofNumber } = event.data;
      next.details = { ...details, duplicateOf: { ticketId: ofTicketId, number: ofNumber } };
      return close(next, event, "duplicate");
    }
    default:
    // comments, calls, files and links change nothing that a list shows
  }
}

function assign(
  next: Draft,
  to: { line: number | null; groupId: string | null; engineerId: string | null; engineerName: string | null },
): void {
  next.status = "assigned";
  next.line = to.line;
  next.groupId = to.groupId;
  next.engineerId = to.engineerId;
  next.details = named(next.details, to.engineerName);
}

function close(next: Draft, event: FoldEvent, because: string): void {
  next.status = "closed";
  next.closedBecause = because;
  next.closedAt = event.occurredMs;
  next.autoCloseAt = null;
  next.details = without(next.details, "question");
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

function inEscalation(next: Draft, escalationId: string, change: Partial<ShownEscalation>): void {
  const escalations = (next.details.escalations ?? []).map((one) =>
    one.escalationId === escalationId ? { ...one, ...change } : one,
  );
  next.details = { ...next.details, escalations };
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
function takeClocks(next: Draft, event: FoldEvent): void {
  const clocks = "clocks" in event.data ? event.data.clocks : undefined;
  if (!clocks || clocks.length === 0) return;
  let olaCame = false;
  for (const snapshot of clocks) {
    if (snapshot.kind === "reaction") next.reaction = shown(snapshot);
    else if (snapshot.kind === "resolution") next.resolution = shown(snapshot);
    else if (!olaCame || snapshot.ticking) {
      // an event may end one line's clock and begin another's: the one that goes on is the one to show
      next.ola = shown(snapshot);
      olaCame = true;
    }
  }
}

function shown(snapshot: ClockSnapshot): ShownClock {
  return { state: snapshot.state, deadline: orNull(snapshot.deadline), ticking: snapshot.ticking };
}

import type { ClockSnapshot } from "@docket/domain";
import { type FoldEvent, instantOf } from "@docket/projection-engine";

/** A clock as reports count it. Instants are milliseconds, times used are working seconds under the clock's own calendar. */
export type MeasuredClock = {
  readonly state: string | null;
  /** what it had used when the work that it times was done; null before, and for work that never was */
  readonly usedSeconds: number | null;
  readonly missedAt: number | null;
};

/** What stands fixed from the registration. */
export type Origin = {
  readonly ticketId: string;
  readonly number: string;
  readonly organizationId: string;
  readonly contractId: string;
  readonly channel: string;
  readonly requesterPersonId: string | null;
  readonly receivedAt: number;
  readonly registeredAt: number;
};

/** What reports count of a ticket, from one change of any of it to the next: one stretch of its life. */
export type Version = {
  readonly status: string;
  /** the status before, where this version entered another one, and the seconds (real ones) that it had lasted */
  readonly cameFrom: string | null;
  readonly cameAfter: number | null;
  readonly type: string;
  readonly priority: string;
  readonly product: string | null;
  readonly line: number | null;
  readonly groupId: string | null;
  readonly engineerId: string | null;
  readonly calendarId: string | null;
  /** why the resolution clock stands still, if it does */
  readonly paused: string | null;
  readonly reaction: MeasuredClock;
  readonly resolution: MeasuredClock;
  readonly returns: number;
  readonly handOvers: number;
  readonly customerEscalations: number;
  readonly managerEscalations: number;
  readonly policyEscalations: number;
  readonly acceptedAt: number | null;
  readonly resolvedAt: number | null;
  readonly closedAt: number | null;
  readonly closedBecause: string | null;
};

/** A ticket's current version with its place in the world (`fromAt`, `since`: of the status), in knowledge and in the log. */
export type MeasureState = {
  readonly origin: Origin;
  readonly version: Version;
  readonly fromAt: number;
  readonly since: number;
  readonly recordedAt: number;
  readonly revision: number;
  readonly position: number;
  readonly firsts: Firsts;
};

/** What the ticket came to for the first time with this version, so that tickets can be counted once without being put together. */
export type Firsts = {
  readonly status: boolean;
  readonly line: boolean;
  /** 0: no pause, or one of its kind before; 1: the first of its kind; 2: the first of all */
  readonly pause: number;
  /** the statuses, lines and kinds of pauses up to now, a bit each */
  readonly been: number;
};

type TicketFold = FoldEvent & { type: `Ticket${string}` };

const noClock: MeasuredClock = { state: null, usedSeconds: null, missedAt: null };

/**
 * A ticket after one more event of its stream; the same object when nothing that reports count has changed. Throws when the
 * first event is not the registration.
 */
export function evolve(state: MeasureState | undefined, event: FoldEvent): MeasureState {
  if (!state) return registered(event);
  // a fact that was entered late never makes a stretch end before it began
  const at = Math.max(event.occurredMs, state.fromAt);
  const next = withClocks(changed(state.version, event as TicketFold), event);
  if (isSame(state.version, next)) return state;
  const moved = next.status !== state.version.status;
  return {
    firsts: firstsOf(next, state.firsts.been),
    origin: state.origin,
    version: {
      ...next,
      cameFrom: moved ? state.version.status : null,
      cameAfter: moved ? Math.round((at - state.since) / 1_000) : null,
    },
    fromAt: at,
    since: moved ? at : state.since,
    recordedAt: event.recordedMs,
    revision: event.revision,
    position: event.commit,
  };
}

const statuses = [
  "registered",
  "classified",
  "assigned",
  "in_work",
  "waiting_customer",
  "waiting_approval",
  "result_confirmation",
  "closed",
];
const pauses = ["customer", "approval"];
const [lineBits, pauseBits] = [statuses.length, statuses.length + 8];

/** A bit for what there is, none for what there is not. Throws for a word that has no bit: its first time could not be told. */
function bitOf(place: number, what: string, from: number): number {
  if (place < 0) throw new Error(`no bit for ${what}`);
  return 1 << (from + place);
}

function firstsOf({ status, line, paused }: Version, been: number): Firsts {
  const statusBit = bitOf(statuses.indexOf(status), status, 0);
  const lineBit = bitOf(line ?? 0, String(line), lineBits);
  const pauseBit = paused === null ? 0 : bitOf(pauses.indexOf(paused), paused, pauseBits);
  const isNew = (bit: number): boolean => (been & bit) === 0;
  const pausedBefore = been >> pauseBits !== 0;
  return {
    status: isNew(statusBit),
    line: isNew(lineBit),
    pause: pauseBit === 0 || !isNew(pauseBit) ? 0 : pausedBefore ? 1 : 2,
    been: been | statusBit | lineBit | pauseBit,
  };
}

function registered(event: FoldEvent): MeasureState {
  if (event.type !== "TicketRegistered")
    throw new Error(`${event.stream} begins with ${event.type}, not with its registration`);
  const { data } = event;
  const version: Version = {
    status: "registered",
    cameFrom: null,
    cameAfter: null,
    type: data.provisional.type,
    priority: data.provisional.priority,
    product: data.product,
    line: null,
    groupId: null,
    engineerId: null,
    calendarId: null,
    paused: null,
    reaction: noClock,
    resolution: noClock,
    returns: 0,
    handOvers: 0,
    customerEscalations: 0,
    managerEscalations: 0,
    policyEscalations: 0,
    acceptedAt: null,
    resolvedAt: null,
    closedAt: null,
    closedBecause: null,
  };
  const first = withClocks(version, event);
  return {
    firsts: firstsOf(first, 0),
    origin: {
      ticketId: event.entityId,
      number: data.number,
      organizationId: data.organizationId,
      contractId: data.contractId,
      channel: data.channel,
      requesterPersonId: data.requester.personId,
      receivedAt: instantOf(data.receivedAt),
      registeredAt: event.occurredMs,
    },
    version: first,
    fromAt: event.occurredMs,
    since: event.occurredMs,
    recordedAt: event.recordedMs,
    revision: event.revision,
    position: event.commit,
  };
}

function changed(version: Version, event: TicketFold): Version {
  switch (event.type) {
    case "TicketRegistered":
      throw new Error(`${event.stream} is registered a second time`);
    case "TicketClassified": {
      const { type, priority, product } = event.data;
      return {
        ...version,
        type,
        priority,
        product,
        status: version.status === "registered" ? "classified" : version.status,
      };
    }
    case "TicketAssigned": {
      const { line, groupId, engineerId } = event.data;
      return { ...version, status: "assigned", line, groupId, engineerId };
    }
    case "TicketAccepted": {
      const { line, engineerId } = event.data;
      return { ...version, status: "in_work", line, engineerId, acceptedAt: version.acceptedAt ?? event.occurredMs };
    }
    case "TicketHandedOver": {
      const { toLine: line, groupId, engineerId } = event.data;
      return { ...version, status: "assigned", line, groupId, engineerId, handOvers: version.handOvers + 1 };
    }
    case "TicketCustomerAsked":
      return { ...version, status: "waiting_customer" };
    case "TicketChangeProposed":
      return { ...version, status: "waiting_approval" };
    case "TicketCustomerAnswered":
    case "TicketChangeApproved":
    case "TicketChangeRefused":
      return { ...version, status: "in_work" };
    case "TicketEscalated":
      return escalated(version, event.data);
    case "TicketResolved":
      return { ...version, status: "result_confirmation", resolvedAt: event.occurredMs };
    case "TicketReturned":
      return { ...version, status: "in_work", returns: version.returns + 1, resolvedAt: null };
    case "TicketConfirmed":
      return closed(version, event, "confirmed");
    case "TicketAutoClosed":
      return closed(version, event, "auto_closed");
    case "TicketWithdrawn":
      return closed(version, event, "withdrawn");
    case "TicketMarkedDuplicate":
      return closed(version, event, "duplicate");
    default:
      return version;
  }
}

function escalated(
  version: Version,
  {
    by,
    moved,
  }: {
    readonly by: string;
    readonly moved: { readonly line: number; readonly groupId: string; readonly engineerId: string | null } | null;
  },
): Version {
  const counted = {
    ...version,
    customerEscalations: version.customerEscalations + (by === "customer" ? 1 : 0),
    managerEscalations: version.managerEscalations + (by === "service_manager" ? 1 : 0),
    policyEscalations: version.policyEscalations + (by === "policy" ? 1 : 0),
  };
  if (!moved) return counted;
  const { line, groupId, engineerId } = moved;
  return { ...counted, status: "assigned", line, groupId, engineerId };
}

function closed(version: Version, event: FoldEvent, closedBecause: string): Version {
  return { ...version, status: "closed", closedBecause, closedAt: event.occurredMs };
}

/** Takes over the clocks that the event changed: reaction, and the latest cycle of resolution. */
function withClocks(version: Version, event: FoldEvent): Version {
  const clocks = "clocks" in event.data ? event.data.clocks : undefined;
  const returned = event.type === "TicketReturned";
  if (!returned && (!clocks || clocks.length === 0)) return version;
  let { reaction, resolution, paused, calendarId } = version;
  for (const snapshot of clocks ?? []) {
    if (snapshot.kind === "reaction") reaction = measured(snapshot, version.acceptedAt !== null);
    else if (snapshot.kind === "resolution") {
      resolution = measured(snapshot, version.resolvedAt !== null);
      paused = snapshot.pausedBecause;
    } else continue;
    calendarId = snapshot.calendarId;
  }
  if (returned && resolution.usedSeconds !== null) resolution = { ...resolution, usedSeconds: null };
  return { ...version, reaction, resolution, paused, calendarId };
}

function measured(snapshot: ClockSnapshot, done: boolean): MeasuredClock {
  return {
    state: snapshot.state,
    usedSeconds: done && snapshot.stoppedAt !== null ? snapshot.usedSeconds : null,
    missedAt: snapshot.missedAt === null ? null : instantOf(snapshot.missedAt),
  };
}

function isSame(a: Version, b: Version): boolean {
  return (
    a === b ||
    (a.status === b.status &&
      a.type === b.type &&
      a.priority === b.priority &&
      a.product === b.product &&
      a.line === b.line &&
      a.groupId === b.groupId &&
      a.engineerId === b.engineerId &&
      a.calendarId === b.calendarId &&
      a.paused === b.paused &&
      isSameClock(a.reaction, b.reaction) &&
      isSameClock(a.resolution, b.resolution) &&
      a.returns === b.returns &&
      a.handOvers === b.handOvers &&
      a.customerEscalations === b.customerEscalations &&
      a.managerEscalations === b.managerEscalations &&
      a.policyEscalations === b.policyEscalations &&
      a.acceptedAt === b.acceptedAt &&
      a.resolvedAt === b.resolvedAt)
  );
}

function isSameClock(a: MeasuredClock, b: MeasuredClock): boolean {
  return a.state === b.state && a.usedSeconds === b.usedSeconds && a.missedAt === b.missedAt;
}

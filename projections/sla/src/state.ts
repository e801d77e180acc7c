import type { ClockSnapshot } from "@docket/domain";
import { type FoldEvent, instantOf } from "@docket/projection-engine";

/** A clock from one change of its to the next: a stretch. Instants are milliseconds. */
export type Stretch = {
  readonly kind: string;
  readonly line: number;
  readonly cycle: number;
  readonly seq: number;
  readonly state: string;
  readonly ticking: boolean;
  readonly pausedBecause: string | null;
  readonly startedAt: number;
  readonly target: string;
  readonly deadline: number | null;
  readonly usedSeconds: number;
  readonly remainingSeconds: number | null;
  readonly stoppedAt: number | null;
  readonly missedAt: number | null;
  readonly extendedTo: number | null;
  readonly contractId: string;
  readonly policyVersion: number;
  readonly calendarId: string;
  readonly calendarVersion: number;
  /** when it began in the world, and when the engine knew */
  readonly fromAt: number;
  readonly recordedAt: number;
  readonly position: number;
};

/** By what a judgement is counted in reports: as it was when the judgement fell. */
export type Facets = {
  readonly organizationId: string;
  readonly contractId: string;
  readonly type: string;
  readonly priority: string;
  readonly line: number | null;
  readonly groupId: string | null;
  readonly engineerId: string | null;
  readonly product: string | null;
};

/** A ticket's clocks, each in its current stretch. Never changed in place. */
export type SlaState = {
  readonly facets: Facets;
  readonly clocks: readonly Stretch[];
};

export function isSameClock(
  a: Stretch,
  b: { readonly kind: string; readonly line: number; readonly cycle: number },
): boolean {
  return a.kind === b.kind && a.line === b.line && a.cycle === b.cycle;
}

const none: readonly never[] = [];

export type Judgement = {
  readonly stretch: Stretch;
  readonly outcome: "met" | "missed" | "cancelled";
  readonly judgedAt: number;
};

export type Change = {
  readonly state: SlaState;
  /** stretches that this event ended */
  readonly ended: readonly Stretch[];
  /** clocks that were met, missed or cancelled by this event, for the first time */
  readonly judged: readonly Judgement[];
};

/** A ticket's clocks after one more event of its stream. Throws when its first event is not its registration. */
export function evolve(state: SlaState | undefined, event: FoldEvent): Change {
  const facets = facetsAfter(state?.facets, event);
  const snapshots = ("clocks" in event.data ? event.data.clocks : undefined) ?? none;
  if (snapshots.length === 0) {
    const unchanged = state && facets === state.facets;
    return { state: unchanged ? state : { facets, clocks: state?.clocks ?? none }, ended: none, judged: none };
  }
  const clocks = state ? [...state.clocks] : [];
  const ended: Stretch[] = [];
  const judged: Judgement[] = [];
  for (const snapshot of snapshots) {
    const line = snapshot.line ?? 0;
    const place = clocks.findIndex((clock) => isSameClock(clock, { kind: snapshot.kind, line, cycle: snapshot.cycle }));
    const before = clocks[place];
    const stretch = stretchOf(snapshot, before ? before.seq + 1 : 0, event);
    if (before && isSame(before, stretch)) continue;
    if (before) {
      clocks[place] = stretch;
      ended.push(before);
    } else clocks.push(stretch);
    const judgement = judge(before, stretch, event);
    if (judgement) judged.push(judgement);
  }
  return { state: { facets, clocks }, ended, judged };
}

function stretchOf(snapshot: ClockSnapshot, seq: number, event: FoldEvent): Stretch {
  return {
    kind: snapshot.kind,
    line: snapshot.line ?? 0,
    cycle: snapshot.cycle,
    seq,
    state: snapshot.state,
    ticking: snapshot.ticking,
    pausedBecause: snapshot.pausedBecause,
    startedAt: instantOf(snapshot.startedAt),
    target: snapshot.target,
    deadline: orNull(snapshot.deadline),
    usedSeconds: snapshot.usedSeconds,
    remainingSeconds: snapshot.remainingSeconds,
    stoppedAt: orNull(snapshot.stoppedAt),
    missedAt: orNull(snapshot.missedAt),
    extendedTo: orNull(snapshot.extendedTo),
    contractId: snapshot.contractId,
    policyVersion: snapshot.policyVersion,
    calendarId: snapshot.calendarId,
    calendarVersion: snapshot.calendarVersion,
    fromAt: event.occurredMs,
    recordedAt: event.recordedMs,
    position: event.commit,
  };
}

function orNull(instant: string | null): number | null {
  return instant === null ? null : instantOf(instant);
}

/** A snapshot that says nothing new (time alone has gone on) begins no stretch. */
function isSame(a: Stretch, b: Stretch): boolean {
  return (
    a.state === b.state &&
    a.ticking === b.ticking &&
    a.pausedBecause === b.pausedBecause &&
    a.target === b.target &&
    a.deadline === b.deadline &&
    a.stoppedAt === b.stoppedAt &&
    a.missedAt === b.missedAt &&
    a.extendedTo === b.extendedTo &&
    a.policyVersion === b.policyVersion &&
    a.calendarVersion === b.calendarVersion
  );
}

const outcomes: ReadonlySet<string> = new Set(["met", "missed", "cancelled"]);

function judge(before: Stretch | undefined, after: Stretch, event: FoldEvent): Judgement | undefined {
  if (!outcomes.has(after.state) || (before && outcomes.has(before.state))) return undefined;
  const outcome = after.state as Judgement["outcome"];
  const judgedAt = (outcome === "missed" ? after.missedAt : after.stoppedAt) ?? event.occurredMs;
  return { stretch: after, outcome, judgedAt };
}

function facetsAfter(facets: Facets | undefined, event: FoldEvent): Facets {
  if (event.type === "TicketRegistered") {
    const { organizationId, contractId, provisional, product } = event.data;
    return { organizationId, contractId, ...provisional, product, line: null, groupId: null, engineerId: null };
  }
  if (!facets) throw new Error(`${event.stream} begins with ${event.type}, not with its registration`);
  switch (event.type) {
    case "TicketClassified":
      return { ...facets, type: event.data.type, priority: event.data.priority, product: event.data.product };
    case "TicketAssigned":
      return { ...facets, line: event.data.line, groupId: event.data.groupId, engineerId: event.data.engineerId };
    case "TicketHandedOver":
      return { ...facets, line: event.data.toLine, groupId: event.data.groupId, engineerId: event.data.engineerId };
    case "TicketAccepted":
      return { ...facets, line: event.data.line, engineerId: event.data.engineerId };
    case "TicketEscalated": {
      const { moved } = event.data;
      return moved ? { ...facets, line: moved.line, groupId: moved.groupId, engineerId: moved.engineerId } : facets;
    }
    default:
      return facets;
  }
}

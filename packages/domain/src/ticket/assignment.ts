import { isImport } from "../command.ts";
import { findGroup, findStaff } from "../directory/lookup.ts";
import type { Group } from "../directory/state.ts";
import { refuse, type Refusal } from "../errors.ts";
import { route, type Route } from "../routing.ts";
import { handOverClocks } from "./alarms.ts";
import { openClock, startClock, stopClock, targetsFor, termsAt, termsOfVersion } from "./clocks.ts";
import type { ClockSnapshot } from "./event-parts.ts";
import { engineerIn, groupById } from "./parties.ts";
import { emit, snap, type Handler, type Work } from "./work-in-hand.ts";

/**
 * Assigns to a group and, where one is named or picked, to a specialist (R §4.1.1; rules 6 and 8). Without a group the
 * routing rules decide.
 */
export const assign: Handler<"AssignTicket"> = (work, data) => {
  const { state, context } = work;
  if (state.status === "registered") return refuse("not_classified");
  if (state.status !== "classified" && state.status !== "assigned")
    return refuse("wrong_status", undefined, { status: state.status });
  let routed: Route | null = null;
  if (data.groupId === null) {
    if (data.engineerId !== null) return refuse("group_required", "data.groupId");
    routed = route(context.directory, state, context.load);
    if (!routed) return refuse("no_routing_rules");
  }
  const destination = destinationOf(work, routed?.groupId ?? data.groupId ?? "", routed?.engineerId ?? data.engineerId);
  if ("error" in destination) return destination;
  const { group, engineerId, engineerName } = destination;
  const clocks = handOverClocks(work, group.line);
  const { groupId, line } = group;
  emit(work, {
    type: "TicketAssigned",
    data: { groupId, line, engineerId, engineerName, routedBy: routed?.routedBy ?? null, reason: data.reason, clocks },
  });
  return undefined;
};

interface Destination {
  readonly group: Group;
  readonly engineerId: string | null;
  readonly engineerName: string | null;
}

function destinationOf(work: Work, groupId: string, engineerId: string | null): Destination | Refusal {
  const found = groupById(work, groupId, "data.groupId");
  if ("error" in found) return found;
  const { assignment } = work.state;
  if (assignment?.groupId === groupId && assignment.engineerId === engineerId)
    return refuse("same_assignment", "data.groupId", { group: found.group.name });
  if (engineerId === null) return { group: found.group, engineerId: null, engineerName: null };
  const engineer = engineerIn(work, found.group, engineerId, "data.engineerId");
  if ("error" in engineer) return engineer;
  return { group: found.group, engineerId, engineerName: engineer.staff.name };
}

/**
 * Accepts into work: reaction is met by the first acceptance, the line's own clock by each; resolution runs from the first
 * (R, terms "Время реакции", "Время решения"). From a group's queue any active member may take a ticket.
 */
export const accept: Handler<"AcceptTicket"> = (work) => {
  const { state, context, at, meta } = work;
  const { assignment } = state;
  if (state.status !== "assigned" || !assignment) return refuse("wrong_status", undefined, { status: state.status });
  // An imported history names the specialist by the assignment; living people act for themselves.
  const imported = isImport(meta);
  const engineerId = imported ? assignment.engineerId : meta.actor.id;
  if (engineerId === null) return refuse("no_engineer");
  if (assignment.engineerId !== null && assignment.engineerId !== engineerId) {
    return refuse("not_the_assigned_engineer", undefined, { name: assignment.engineerName ?? assignment.engineerId });
  }
  const group = findGroup(context.directory, assignment.groupId);
  if (!group) return refuse("group_unknown", undefined, { groupId: assignment.groupId });
  const engineer = imported
    ? { staff: { name: findStaff(context.directory, engineerId)?.name ?? engineerId } }
    : engineerIn(work, group, engineerId, "actor");
  if ("error" in engineer) return engineer;
  const clocks: ClockSnapshot[] = [];
  for (const clock of [openClock(state, "reaction"), openClock(state, "ola", assignment.line)]) {
    if (clock) clocks.push(snap(work, stopClock(clock.input, "done", at), clock.snapshot.target));
  }
  if (!state.clocks.some((clock) => clock.snapshot.kind === "resolution")) clocks.push(...startResolution(work));
  emit(work, {
    type: "TicketAccepted",
    data: { engineerId, engineerName: engineer.staff.name, line: assignment.line, clocks },
  });
  return undefined;
};

function startResolution(work: Work): ClockSnapshot[] {
  const { state, context, at } = work;
  let terms = termsAt(context.directory, state.contractId, at);
  let targets = targetsFor(terms.policy, state.type, state.priority);
  if (!targets) {
    // The policy now in force left this classification out; the one under which the ticket was classified still holds.
    const reaction = state.clocks.find((clock) => clock.snapshot.kind === "reaction");
    if (!reaction) return [];
    terms = termsOfVersion(context.directory, state.contractId, reaction.snapshot.policyVersion);
    targets = targetsFor(terms.policy, state.type, state.priority);
  }
  if (!targets) return [];
  return [snap(work, startClock(terms, "resolution", null, state.cycle, targets.resolution, at), targets.resolution)];
}

/** Functional escalation L1 -> L2 -> L3, back, or to a colleague (R §2, §4.3). Resolution runs on. */
export const handOver: Handler<"HandOverTicket"> = (work, data) => {
  const { state } = work;
  if (state.status !== "in_work" || !state.assignment)
    return refuse("wrong_status", undefined, { status: state.status });
  const destination = destinationOf(work, data.groupId, data.engineerId);
  if ("error" in destination) return destination;
  const { group, engineerId, engineerName } = destination;
  if (group.line !== data.toLine)
    return refuse("line_mismatch", "data.toLine", { group: group.name, line: group.line });
  const clocks = handOverClocks(work, group.line);
  emit(work, {
    type: "TicketHandedOver",
    data: {
      fromLine: state.assignment.line,
      toLine: group.line,
      groupId: group.groupId,
      engineerId,
      engineerName,
      reason: data.reason,
      clocks,
    },
  });
  return undefined;
};

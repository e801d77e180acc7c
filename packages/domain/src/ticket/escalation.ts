import { findContract } from "../directory/lookup.ts";
import { refuse, type Refusal } from "../errors.ts";
import { actorIsParty } from "./parties.ts";
import type { Escalation } from "./state.ts";
import { emit, type Handler, type Work } from "./work-in-hand.ts";

/**
 * Escalation (R §4.3, rule 4): by the customer, or by the service manager where the contract includes it. Its cause is
 * studied, actions are decided and carried out, and the ticket is under control until it is released.
 */
export const escalate: Handler<"EscalateTicket"> = (work, { escalationId, by, reason }) => {
  const refused = actorIsParty(work);
  if (refused) return refused;
  const { role } = work.meta.actor;
  if (by === "service_manager") {
    if (role !== "service_manager" && role !== "admin")
      return refuse("not_permitted", "data.by", { role, command: "EscalateTicket" });
    const contract = findContract(work.context.directory, work.state.contractId);
    if (!contract?.services.managerEscalation) return refuse("escalation_not_in_contract", "data.by");
  }
  if (work.state.escalations.some((known) => known.escalationId === escalationId))
    return refuse("escalation_exists", "data.escalationId");
  emit(work, { type: "TicketEscalated", data: { escalationId, by, reason, cause: null, moved: null, clocks: [] } });
  return undefined;
};

/** The escalation by its id, if it stands at one of the given points. */
function standing(work: Work, escalationId: string, at: readonly Escalation["state"][]): Refusal | undefined {
  const escalation = work.state.escalations.find((known) => known.escalationId === escalationId);
  if (!escalation) return refuse("escalation_unknown", "data.escalationId");
  return at.includes(escalation.state)
    ? undefined
    : refuse("escalation_out_of_order", "data.escalationId", { escalation: escalation.state });
}

export const studyEscalation: Handler<"StudyEscalation"> = (work, { escalationId, findings }) => {
  const refused = standing(work, escalationId, ["open"]);
  if (refused) return refused;
  emit(work, { type: "TicketEscalationStudied", data: { escalationId, findings } });
  return undefined;
};

export const decideActions: Handler<"DecideEscalationActions"> = (work, { escalationId, actions }) => {
  const refused = standing(work, escalationId, ["studied"]);
  if (refused) return refused;
  emit(work, { type: "TicketEscalationActionsDecided", data: { escalationId, actions } });
  return undefined;
};

export const completeActions: Handler<"CompleteEscalationActions"> = (work, { escalationId, outcome }) => {
  const refused = standing(work, escalationId, ["decided"]);
  if (refused) return refused;
  emit(work, { type: "TicketEscalationActionsDone", data: { escalationId, outcome } });
  return undefined;
};

/** Released once the actions are done; earlier only with a reason (the customer took it back, the cause was an error). */
export const releaseEscalation: Handler<"ReleaseEscalation"> = (work, { escalationId, reason }) => {
  const refused = standing(work, escalationId, ["open", "studied", "decided", "done"]);
  if (refused) return refused;
  const done = standing(work, escalationId, ["done"]) === undefined;
  if (!done && !reason?.trim()) return refuse("reason_required", "data.reason");
  emit(work, { type: "TicketEscalationReleased", data: { escalationId, reason } });
  return undefined;
};

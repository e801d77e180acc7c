import { refuse, type Refusal } from "../errors.ts";
import { lookup } from "../support/persistent-map.ts";
import { checkZone } from "./checks.ts";
import type { DirectoryCommand } from "./commands.ts";
import type { DirectoryEvent } from "./events.ts";
import { findContract, findPerson } from "./lookup.ts";
import { nextOccurrence, rruleFault } from "./recurrence.ts";
import type { Directory } from "./state.ts";

type DataOf<Type extends DirectoryCommand["type"]> = Extract<DirectoryCommand, { type: Type }>["data"];

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A start far from our time is a slip of the pen, and would be counted from. */
const years = /^(?:19[7-9]|20|21)/;

/** Rule 7: a plan owes no tickets for the time before it was defined. */
export function definePlan(directory: Directory, data: DataOf<"DefinePlan">, now: number): DirectoryEvent | Refusal {
  if (lookup(directory.plans, data.planId)) return refuse("plan_exists", "data.planId", { planId: data.planId });
  const contract = findContract(directory, data.contractId);
  if (!contract) return refuse("contract_unknown", "data.contractId", { contractId: data.contractId });
  if (data.requesterPersonId !== null) {
    const person = findPerson(directory, data.requesterPersonId);
    if (!person) return refuse("person_unknown", "data.requesterPersonId", { personId: data.requesterPersonId });
    if (person.organizationId !== contract.organizationId)
      return refuse("person_of_another_organization", "data.requesterPersonId", { name: person.name });
  }
  const refused = checkZone(data.zone, "data.zone");
  if (refused) return refused;
  const fault = rruleFault(data.rrule);
  if (fault !== null) return refuse("bad_rrule", "data.rrule", { part: fault });
  const first = Date.parse(`${data.start}:00.000Z`);
  if (Number.isNaN(first) || iso(first)!.slice(0, 16) !== data.start || !years.test(data.start))
    return refuse("bad_local_time", "data.start", { start: data.start });
  const nextAt = nextOccurrence(data.rrule, data.start, data.zone, now - 1);
  if (nextAt === null) return refuse("plan_never_occurs", "data.rrule");
  return { type: "PlanDefined", data: { ...data, nextAt: iso(nextAt) } };
}

export function stopPlan(
  directory: Directory,
  { planId, reason }: DataOf<"StopPlan">,
): DirectoryEvent | Refusal | null {
  const plan = lookup(directory.plans, planId);
  if (!plan) return refuse("plan_unknown", "data.planId", { planId });
  return plan.stopped ? null : { type: "PlanStopped", data: { reason } };
}

/** One occurrence after the other, each once; told again, it gives nothing. */
export function recordOccurrence(
  directory: Directory,
  { planId, at, ticketId }: DataOf<"RecordPlanOccurrence">,
): DirectoryEvent | Refusal | null {
  const plan = lookup(directory.plans, planId);
  if (!plan) return refuse("plan_unknown", "data.planId", { planId });
  const moment = Date.parse(at);
  if (plan.lastAt !== null && moment <= plan.lastAt) return null;
  if (plan.stopped) return refuse("plan_stopped", "data.planId", { planId });
  if (plan.nextAt !== moment) return refuse("plan_occurrence_unknown", "data.at", { at, next: iso(plan.nextAt) });
  return {
    type: "PlanOccurred",
    data: { at, ticketId, nextAt: iso(nextOccurrence(plan.rrule, plan.start, plan.zone, moment)) },
  };
}

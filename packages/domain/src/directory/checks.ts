import { isKnownZone, parseAlarm, parseTarget } from "@docket/sla";
import { isAllowedPair } from "../classification.ts";
import { refuse, type Refusal } from "../errors.ts";
import type { SlaPolicy } from "./shapes.ts";
import { findCalendar, findGroup, findPerson, findStaff } from "./lookup.ts";
import type { Directory } from "./state.ts";

export function checkZone(zone: string, field: string): Refusal | undefined {
  return isKnownZone(zone) ? undefined : refuse("zone_unknown", field, { zone });
}

/** The first entry that stands twice in a list; null when none does. */
export function firstDuplicate<T>(list: readonly T[], keyOf: (entry: T) => string): T | null {
  const seen = new Set<string>();
  for (const entry of list) {
    const key = keyOf(entry);
    if (seen.has(key)) return entry;
    seen.add(key);
  }
  return null;
}

/** An SLA policy that can be kept: known calendar and groups, allowed pairs, readable targets, unambiguous chain. */
export function checkPolicy(directory: Directory, policy: SlaPolicy, field = "data.policy"): Refusal | undefined {
  if (!findCalendar(directory, policy.calendarId))
    return refuse("calendar_unknown", `${field}.calendarId`, { calendarId: policy.calendarId });
  return checkTargets(policy, field) ?? checkChain(directory, policy, field) ?? checkConfirmation(policy, field);
}

function checkTargets(policy: SlaPolicy, field: string): Refusal | undefined {
  for (const [i, { type, priority, reaction, resolution }] of policy.targets.entries()) {
    if (!isAllowedPair(type, priority))
      return refuse("priority_not_allowed", `${field}.targets.${i}.priority`, { type, priority });
    for (const [name, target] of [
      ["reaction", reaction],
      ["resolution", resolution],
    ] as const) {
      if (!parseTarget(target).ok) return refuse("target_invalid", `${field}.targets.${i}.${name}`, { target });
    }
  }
  const twice = firstDuplicate(policy.targets, (entry) => `${entry.type} ${entry.priority}`);
  if (twice) return refuse("duplicate_target", `${field}.targets`, { type: twice.type, priority: twice.priority });
  for (const [i, { target }] of policy.ola.entries()) {
    if (!parseTarget(target).ok) return refuse("target_invalid", `${field}.ola.${i}.target`, { target });
  }
  const line = firstDuplicate(policy.ola, (entry) => String(entry.line));
  if (line) return refuse("duplicate_ola_line", `${field}.ola`, { line: line.line });
  const { type, priority } = policy.defaultClassification;
  if (!policy.targets.some((entry) => entry.type === type && entry.priority === priority)) {
    return refuse("classification_not_in_contract", `${field}.defaultClassification`, { type, priority });
  }
  return undefined;
}

function checkChain(directory: Directory, policy: SlaPolicy, field: string): Refusal | undefined {
  for (const [i, step] of policy.chain.entries()) {
    if (!parseAlarm(step.at).ok) return refuse("alarm_invalid", `${field}.chain.${i}.at`, { at: step.at });
    if (step.action === "move_to_group" && step.groupId === null)
      return refuse("chain_group_missing", `${field}.chain.${i}.groupId`, { level: step.level });
    if (step.groupId !== null && !findGroup(directory, step.groupId))
      return refuse("group_unknown", `${field}.chain.${i}.groupId`, { groupId: step.groupId });
  }
  const twice = firstDuplicate(policy.chain, (step) => `${step.clock} ${step.level}`);
  return twice
    ? refuse("duplicate_chain_level", `${field}.chain`, { clock: twice.clock, level: twice.level })
    : undefined;
}

function checkConfirmation({ confirmation }: SlaPolicy, field: string): Refusal | undefined {
  const late = confirmation.reminders.findIndex((day) => day >= confirmation.workingDays);
  if (late < 0) return undefined;
  return refuse("reminder_after_close", `${field}.confirmation.reminders.${late}`, {
    day: confirmation.reminders[late]!,
    workingDays: confirmation.workingDays,
  });
}

/** People named in a contract must be of its organization; its service manager must be staff. */
export function checkContractPeople(
  directory: Directory,
  organizationId: string,
  terms: {
    readonly authorisedPersonIds: readonly string[];
    readonly managerContactPersonIds: readonly string[];
    readonly serviceManagerId: string | null;
  },
): Refusal | undefined {
  for (const list of ["authorisedPersonIds", "managerContactPersonIds"] as const) {
    for (const [i, personId] of terms[list].entries()) {
      const person = findPerson(directory, personId);
      if (!person) return refuse("person_unknown", `data.${list}.${i}`, { personId });
      if (person.organizationId !== organizationId)
        return refuse("person_of_another_organization", `data.${list}.${i}`, { name: person.name });
    }
  }
  const { serviceManagerId } = terms;
  if (serviceManagerId !== null && !findStaff(directory, serviceManagerId))
    return refuse("staff_unknown", "data.serviceManagerId", { staffId: serviceManagerId });
  return undefined;
}

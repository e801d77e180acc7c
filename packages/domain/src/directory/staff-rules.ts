import { refuse, type Refusal } from "../errors.ts";
import { firstDuplicate } from "./checks.ts";
import type { DirectoryCommand } from "./commands.ts";
import type { DirectoryEvent } from "./events.ts";
import { currentRules, findGroup, findOrganization, findStaff, staffByEmail } from "./lookup.ts";
import type { Directory } from "./state.ts";

type DataOf<Type extends DirectoryCommand["type"]> = Extract<DirectoryCommand, { type: Type }>["data"];

/** Roles that a member of staff may have; the others are the customers', the machines' and the engine's. */
const staffRoles: ReadonlySet<string> = new Set([
  "operator",
  "engineer",
  "expert",
  "service_manager",
  "auditor",
  "analyst",
  "admin",
]);

export function hire(directory: Directory, data: DataOf<"HireStaff">): DirectoryEvent | Refusal {
  if (findStaff(directory, data.staffId)) return refuse("staff_exists", "data.staffId", { staffId: data.staffId });
  return checkStaff(directory, data) ?? { type: "StaffHired", data };
}

export function changeStaff(directory: Directory, data: DataOf<"ChangeStaff">): DirectoryEvent | Refusal {
  const { staffId, ...rest } = data;
  return unknownStaff(directory, staffId) ?? checkStaff(directory, data) ?? { type: "StaffChanged", data: rest };
}

function checkStaff(directory: Directory, data: DataOf<"HireStaff">): Refusal | undefined {
  if (!staffRoles.has(data.role)) return refuse("not_a_staff_role", "data.role", { role: data.role });
  const owner = staffByEmail(directory, data.email);
  return owner && owner.staffId !== data.staffId
    ? refuse("email_taken", "data.email", { email: data.email })
    : undefined;
}

function unknownStaff(directory: Directory, staffId: string, field = "data.staffId"): Refusal | undefined {
  return findStaff(directory, staffId) ? undefined : refuse("staff_unknown", field, { staffId });
}

export function changeAvailability(
  directory: Directory,
  { staffId, available, reason }: DataOf<"ChangeStaffAvailability">,
): DirectoryEvent | Refusal | null {
  const refused = unknownStaff(directory, staffId);
  if (refused) return refused;
  return findStaff(directory, staffId)?.available === available
    ? null
    : { type: "StaffAvailabilityChanged", data: { available, reason } };
}

export function deactivate(
  directory: Directory,
  { staffId, reason }: DataOf<"DeactivateStaff">,
): DirectoryEvent | Refusal | null {
  const refused = unknownStaff(directory, staffId);
  if (refused) return refused;
  return findStaff(directory, staffId)?.active ? { type: "StaffDeactivated", data: { reason } } : null;
}

export function reactivate(
  directory: Directory,
  { staffId }: DataOf<"ReactivateStaff">,
): DirectoryEvent | Refusal | null {
  const refused = unknownStaff(directory, staffId);
  if (refused) return refused;
  return findStaff(directory, staffId)?.active ? null : { type: "StaffReactivated", data: {} };
}

export function createGroup(directory: Directory, data: DataOf<"CreateGroup">): DirectoryEvent | Refusal {
  if (findGroup(directory, data.groupId)) return refuse("group_exists", "data.groupId", { groupId: data.groupId });
  return (
    unknownMembers(directory, data.memberIds, "data.memberIds") ?? {
      type: "GroupCreated",
      data: { ...data, memberIds: [...new Set(data.memberIds)] },
    }
  );
}

export function changeGroup(
  directory: Directory,
  { groupId, ...data }: DataOf<"ChangeGroup">,
): DirectoryEvent | Refusal {
  return findGroup(directory, groupId)
    ? { type: "GroupChanged", data }
    : refuse("group_unknown", "data.groupId", { groupId });
}

/** Adds and removes; what already is so gives nothing. */
export function changeMembers(
  directory: Directory,
  { groupId, add, remove }: DataOf<"ChangeGroupMembers">,
): DirectoryEvent | Refusal | null {
  const group = findGroup(directory, groupId);
  if (!group) return refuse("group_unknown", "data.groupId", { groupId });
  const refused = unknownMembers(directory, add, "data.add");
  if (refused) return refused;
  const leaving = new Set(remove);
  const added = [...new Set(add)].filter((member) => !group.memberIds.includes(member) && !leaving.has(member));
  const removed = group.memberIds.filter((member) => leaving.has(member));
  return added.length + removed.length === 0 ? null : { type: "GroupMembersChanged", data: { added, removed } };
}

function unknownMembers(directory: Directory, memberIds: readonly string[], field: string): Refusal | undefined {
  const i = memberIds.findIndex((member) => !findStaff(directory, member));
  return i < 0 ? undefined : refuse("staff_unknown", `${field}.${i}`, { staffId: memberIds[i]! });
}

/** Rule 6: the rule set is versioned as a whole. */
export function publishRules(
  directory: Directory,
  { rules, fallbackGroupId }: DataOf<"PublishRoutingRules">,
): DirectoryEvent | Refusal {
  if (!findGroup(directory, fallbackGroupId))
    return refuse("group_unknown", "data.fallbackGroupId", { groupId: fallbackGroupId });
  const twice = firstDuplicate(rules, (rule) => rule.ruleId);
  if (twice) return refuse("duplicate_rule", "data.rules", { ruleId: twice.ruleId });
  for (const [i, rule] of rules.entries()) {
    if (rule.ruleId === "fallback") return refuse("duplicate_rule", `data.rules.${i}.ruleId`, { ruleId: rule.ruleId });
    if (!findGroup(directory, rule.to.groupId))
      return refuse("group_unknown", `data.rules.${i}.to.groupId`, { groupId: rule.to.groupId });
    const unknown = rule.when.organizationIds?.findIndex((id) => !findOrganization(directory, id)) ?? -1;
    if (unknown >= 0) {
      return refuse("organization_unknown", `data.rules.${i}.when.organizationIds.${unknown}`, {
        organizationId: rule.when.organizationIds![unknown]!,
      });
    }
  }
  const version = (currentRules(directory)?.version ?? 0) + 1;
  return { type: "RoutingRulesPublished", data: { version, rules, fallbackGroupId } };
}

import { normaliseEmail } from "../directory/normalise.ts";
import { findGroup, findPerson, findStaff } from "../directory/lookup.ts";
import type { Group, Staff } from "../directory/state.ts";
import { isImport } from "../command.ts";
import { refuse, type Refusal } from "../errors.ts";
import type { Requester } from "./state.ts";
import type { Work } from "./work-in-hand.ts";

/** Roles of people who work for the service centre. */
const staffRoles: ReadonlySet<string> = new Set(["operator", "engineer", "expert", "service_manager", "admin"]);

export function isStaff(work: Work): boolean {
  return staffRoles.has(work.meta.actor.role);
}

/** A person of the ticket's organization, or the requester by e-mail where the directory does not know him. */
function belongsToCustomer(work: Work, person: Pick<Requester, "personId" | "email">): boolean {
  const { state } = work;
  if (person.personId !== null) {
    if (person.personId === state.requester.personId) return true;
    return findPerson(work.context.directory, person.personId)?.organizationId === state.organizationId;
  }
  const { email } = state.requester;
  return person.email !== null && email !== null && normaliseEmail(person.email) === normaliseEmail(email);
}

/** A requester who acts himself must belong to the ticket's organization. */
export function actorIsParty(work: Work): Refusal | undefined {
  const { actor } = work.meta;
  if (actor.role !== "requester") return undefined;
  return belongsToCustomer(work, { personId: actor.id, email: null })
    ? undefined
    : refuse("not_a_party", undefined, { number: work.state.number });
}

/**
 * The person of the customer in whose name something is decided. Where he acts himself it must be he; where a member of
 * staff writes down what he said, a name is enough, but a person of the directory must be of the ticket's organization.
 */
export function speaksForCustomer(work: Work, by: Requester, field: string): Refusal | undefined {
  const { actor } = work.meta;
  // An imported history may not say who it was.
  if (isImport(work.meta)) return undefined;
  const notParty = refuse("not_a_party", field, { number: work.state.number });
  if (actor.role === "requester") {
    return by.personId === actor.id && belongsToCustomer(work, by) ? undefined : notParty;
  }
  if (by.personId !== null) return belongsToCustomer(work, by) ? undefined : notParty;
  return isStaff(work) || belongsToCustomer(work, by) ? undefined : notParty;
}

/** Rule 8: who is to do the work is an active member of the group. */
export function engineerIn(
  work: Work,
  group: Group,
  engineerId: string,
  field: string,
): { readonly staff: Staff } | Refusal {
  const staff = findStaff(work.context.directory, engineerId);
  if (!staff) return refuse("staff_unknown", field, { staffId: engineerId });
  // An imported history names people who have left and groups as they were.
  if (isImport(work.meta)) return { staff };
  if (!staff.active) return refuse("staff_inactive", field, { name: staff.name });
  if (!group.memberIds.includes(engineerId))
    return refuse("not_a_group_member", field, { name: staff.name, group: group.name });
  return { staff };
}

export function groupById(work: Work, groupId: string, field: string): { readonly group: Group } | Refusal {
  const group = findGroup(work.context.directory, groupId);
  if (!group) return refuse("group_unknown", field, { groupId });
  return group.active || isImport(work.meta) ? { group } : refuse("group_inactive", field, { group: group.name });
}

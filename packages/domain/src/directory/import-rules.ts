import { refuse, type Refusal } from "../errors.ts";
import { checkZone } from "./checks.ts";
import type { DirectoryCommand } from "./commands.ts";
import type { DirectoryEvent } from "./events.ts";
import { findGroup, findOrganization, findPerson, findStaff, personByEmail, staffByEmail } from "./lookup.ts";
import { normaliseEmail } from "./normalise.ts";
import type { Directory } from "./state.ts";

/**
 * Whom and what an imported history names and nobody has entered. They come in inactive: nothing is sent to them, nobody is
 * told, until somebody takes them on. What is there already is left as it is, so that an import can be run again.
 */

type DataOf<Type extends DirectoryCommand["type"]> = Extract<DirectoryCommand, { type: Type }>["data"];

export function importOrganization(
  directory: Directory,
  data: DataOf<"ImportOrganization">,
): DirectoryEvent | Refusal | null {
  if (findOrganization(directory, data.organizationId)) return null;
  return checkZone(data.zone, "data.zone") ?? { type: "OrganizationImported", data };
}

/** An address that belongs to somebody else, or stands twice, is left out: it tells who writes. */
export function importPeople(
  directory: Directory,
  { organizationId, people, source }: DataOf<"ImportPeople">,
): DirectoryEvent | Refusal | null {
  if (!findOrganization(directory, organizationId))
    return refuse("organization_unknown", "data.organizationId", { organizationId });
  const taken = new Set<string>();
  const seen = new Set<string>();
  const fresh = people.flatMap((person) => {
    if (seen.has(person.personId) || findPerson(directory, person.personId)) return [];
    seen.add(person.personId);
    const emails = person.emails.filter((email) => {
      const key = normaliseEmail(email);
      if (taken.has(key) || personByEmail(directory, email)) return false;
      taken.add(key);
      return true;
    });
    return [{ ...person, emails }];
  });
  return fresh.length === 0 ? null : { type: "OrganizationPeopleImported", data: { people: fresh, source } };
}

export function importStaff(directory: Directory, data: DataOf<"ImportStaff">): DirectoryEvent | Refusal | null {
  if (findStaff(directory, data.staffId)) return null;
  if (staffByEmail(directory, data.email)) return refuse("email_taken", "data.email", { email: data.email });
  return { type: "StaffImported", data };
}

/** A later file may name further members of a group that nobody has taken on yet; they are added. */
export function importGroup(directory: Directory, data: DataOf<"ImportGroup">): DirectoryEvent | Refusal | null {
  const known = findGroup(directory, data.groupId);
  const memberIds = [...new Set(data.memberIds)].filter((member) => findStaff(directory, member));
  if (!known) return { type: "GroupImported", data: { ...data, memberIds } };
  if (known.active) return null;
  const added = memberIds.filter((member) => !known.memberIds.includes(member));
  return added.length === 0 ? null : { type: "GroupMembersChanged", data: { added, removed: [] } };
}

export function activateOrganization(
  directory: Directory,
  { organizationId }: DataOf<"ActivateOrganization">,
): DirectoryEvent | Refusal | null {
  const organization = findOrganization(directory, organizationId);
  if (!organization) return refuse("organization_unknown", "data.organizationId", { organizationId });
  return organization.active ? null : { type: "OrganizationActivated", data: {} };
}

export function activateGroup(
  directory: Directory,
  { groupId }: DataOf<"ActivateGroup">,
): DirectoryEvent | Refusal | null {
  const group = findGroup(directory, groupId);
  if (!group) return refuse("group_unknown", "data.groupId", { groupId });
  return group.active ? null : { type: "GroupActivated", data: {} };
}

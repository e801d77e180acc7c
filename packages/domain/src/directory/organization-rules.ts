import { refuse, type Refusal } from "../errors.ts";
import { checkZone, firstDuplicate } from "./checks.ts";
import type { DirectoryCommand } from "./commands.ts";
import type { DirectoryEvent } from "./events.ts";
import type { Person } from "./shapes.ts";
import { findOrganization, findPerson, personByEmail } from "./lookup.ts";
import { normaliseEmail } from "./normalise.ts";
import type { Directory } from "./state.ts";

type DataOf<Type extends DirectoryCommand["type"]> = Extract<DirectoryCommand, { type: Type }>["data"];

export function registerOrganization(
  directory: Directory,
  data: DataOf<"RegisterOrganization">,
): DirectoryEvent | Refusal {
  if (findOrganization(directory, data.organizationId))
    return refuse("organization_exists", "data.organizationId", { organizationId: data.organizationId });
  return checkZone(data.zone, "data.zone") ?? { type: "OrganizationRegistered", data };
}

export function changeOrganization(
  directory: Directory,
  { organizationId, ...data }: DataOf<"ChangeOrganization">,
): DirectoryEvent | Refusal {
  return (
    unknownOrganization(directory, organizationId) ??
    checkZone(data.zone, "data.zone") ?? { type: "OrganizationChanged", data }
  );
}

function unknownOrganization(directory: Directory, organizationId: string): Refusal | undefined {
  return findOrganization(directory, organizationId)
    ? undefined
    : refuse("organization_unknown", "data.organizationId", { organizationId });
}

export function addPerson(
  directory: Directory,
  { organizationId, person }: DataOf<"AddPerson">,
): DirectoryEvent | Refusal {
  const refused = unknownOrganization(directory, organizationId);
  if (refused) return refused;
  if (findPerson(directory, person.personId))
    return refuse("person_exists", "data.person.personId", { personId: person.personId });
  return emailTaken(directory, person) ?? { type: "OrganizationPersonAdded", data: { person } };
}

export function changePerson(
  directory: Directory,
  { organizationId, person }: DataOf<"ChangePerson">,
): DirectoryEvent | Refusal {
  return (
    personOf(directory, organizationId, person.personId) ??
    emailTaken(directory, person) ?? { type: "OrganizationPersonChanged", data: { person } }
  );
}

export function removePerson(
  directory: Directory,
  { organizationId, personId }: DataOf<"RemovePerson">,
): DirectoryEvent | Refusal {
  return personOf(directory, organizationId, personId) ?? { type: "OrganizationPersonRemoved", data: { personId } };
}

function personOf(directory: Directory, organizationId: string, personId: string): Refusal | undefined {
  const refused = unknownOrganization(directory, organizationId);
  if (refused) return refused;
  const person = findPerson(directory, personId);
  if (!person) return refuse("person_unknown", "data.personId", { personId });
  return person.organizationId === organizationId
    ? undefined
    : refuse("person_of_another_organization", "data.personId", { name: person.name });
}

/** An address tells who writes, so it belongs to one person only. */
function emailTaken(directory: Directory, person: Person): Refusal | undefined {
  const twice = firstDuplicate(person.emails, normaliseEmail);
  if (twice !== null) return refuse("email_taken", "data.person.emails", { email: twice });
  for (const [i, email] of person.emails.entries()) {
    const owner = personByEmail(directory, email);
    if (owner && owner.personId !== person.personId) return refuse("email_taken", `data.person.emails.${i}`, { email });
  }
  return undefined;
}

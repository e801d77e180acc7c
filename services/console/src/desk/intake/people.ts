import type { DirectoryEntry } from "@docket/api-contract";

export interface KnownPerson {
  readonly personId: string;
  readonly name: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

/** The people whom a customer has named. */
export const peopleOf = (organization: DirectoryEntry | undefined): readonly KnownPerson[] =>
  (organization?.state["people"] as readonly KnownPerson[] | undefined) ?? [];

const digits = (text: string): string => text.replaceAll(/\D/gu, "").slice(-10);

/** Customers that fit what the caller says of himself, the best first: by phone, by address, by a name that begins so. */
export function guessCustomers(
  organizations: readonly DirectoryEntry[],
  told: { readonly name: string; readonly phone: string; readonly email: string; readonly organization: string },
): readonly { readonly organization: DirectoryEntry; readonly person: KnownPerson | null }[] {
  const found = organizations.flatMap((organization) => {
    const person = peopleOf(organization).find(
      ({ emails, phones, name }) =>
        (told.email !== "" && emails.some((email) => email.toLowerCase() === told.email.toLowerCase())) ||
        (digits(told.phone).length >= 7 && phones.some((phone) => digits(phone).endsWith(digits(told.phone)))) ||
        (told.name.length >= 3 && name.toLowerCase().includes(told.name.toLowerCase())),
    );
    const named =
      told.organization.length >= 2 &&
      [organization.name, ...((organization.state["aliases"] as readonly string[] | undefined) ?? [])].some((name) =>
        name.toLowerCase().includes(told.organization.toLowerCase()),
      );
    return person === undefined && !named ? [] : [{ organization, person: person ?? null }];
  });
  return found.toSorted((a, b) => Number(b.person !== null) - Number(a.person !== null)).slice(0, 5);
}

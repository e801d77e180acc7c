import type { EntitlementSuggestion } from "@docket/api-contract";
import {
  contractByKey,
  contractByNumber,
  contractHoldsAt,
  contractsOf,
  findOrganization,
  normaliseEmail,
  organizationsByName,
  peopleByPhone,
  personByEmail,
  valuesOf,
  type Contract,
  type ContactClaims,
  type CustomerPerson,
  type Directory,
} from "@docket/domain";

type Reason = EntitlementSuggestion["because"][number];

/** Addresses that tell nothing of who employs their owner. */
const publicMail = new Set([
  "gmail.com",
  "mail.ru",
  "yandex.ru",
  "ya.ru",
  "bk.ru",
  "list.ru",
  "inbox.ru",
  "rambler.ru",
  "outlook.com",
  "hotmail.com",
  "yahoo.com",
  "icloud.com",
  "proton.me",
]);
const mostSuggestions = 10;

/**
 * Whom a contact that waits may come from, for the operator who checks it (R §3.2): each guess with everything that speaks
 * for it, the best first. What counts most is what is hardest to know by chance. `at` is when it arrived (milliseconds).
 */
export function suggestEntitlement(
  directory: Directory,
  claims: ContactClaims,
  fromEmail: string | null,
  at: number,
): EntitlementSuggestion[] {
  const guesses = new Map<
    string,
    { organizationId: string; contract: Contract | null; person: CustomerPerson | null; because: Set<Reason> }
  >();
  const guess = (
    organizationId: string,
    why: Reason,
    found: { contract?: Contract | null; person?: CustomerPerson | null } = {},
  ): void => {
    const known = guesses.get(organizationId) ?? {
      organizationId,
      contract: null,
      person: null,
      because: new Set<Reason>(),
    };
    known.because.add(why);
    known.contract ??= found.contract ?? null;
    known.person ??= found.person ?? null;
    guesses.set(organizationId, known);
  };

  const byKey = claims.supportKey ? contractByKey(directory, claims.supportKey) : null;
  if (byKey) guess(byKey.organizationId, "support_key", { contract: byKey });
  const byNumber = claims.contractNumber ? contractByNumber(directory, claims.contractNumber) : null;
  if (byNumber) guess(byNumber.organizationId, "contract_number", { contract: byNumber });
  for (const email of [claims.email, claims.otherEmail, fromEmail]) {
    const person = email ? personByEmail(directory, email) : null;
    if (person) guess(person.organizationId, "email", { person });
    else if (email)
      for (const organizationId of organizationsOfDomain(directory, email)) guess(organizationId, "email_domain");
  }
  if (claims.phone)
    for (const person of peopleByPhone(directory, claims.phone)) guess(person.organizationId, "phone", { person });
  if (claims.organization)
    for (const { organizationId } of organizationsByName(directory, claims.organization))
      guess(organizationId, "organization_name");

  return [...guesses.values()]
    .map(({ organizationId, contract, person, because }) => {
      const deal = contract ?? currentContract(directory, organizationId, at);
      return {
        organizationId,
        organizationName: findOrganization(directory, organizationId)?.name ?? organizationId,
        contractId: deal?.contractId ?? null,
        contractNumber: deal?.number ?? null,
        personId: person?.personId ?? null,
        personName: person?.name ?? null,
        because: [...because],
      };
    })
    .toSorted((a, b) => weightOf(b.because) - weightOf(a.because) || (a.organizationId < b.organizationId ? -1 : 1))
    .slice(0, mostSuggestions);
}

const weights: Readonly<Record<Reason, number>> = {
  support_key: 32,
  contract_number: 16,
  email: 16,
  phone: 8,
  organization_name: 4,
  email_domain: 2,
  person_name: 1,
};
const weightOf = (because: readonly Reason[]): number => because.reduce((sum, reason) => sum + weights[reason], 0);

const currentContract = (directory: Directory, organizationId: string, at: number): Contract | null =>
  contractsOf(directory, organizationId).find((contract) => contractHoldsAt(directory, contract, at)) ?? null;

/** Organizations whose people write from the same domain as this address. */
function organizationsOfDomain(directory: Directory, email: string): string[] {
  const domain = normaliseEmail(email).split("@")[1];
  if (domain === undefined || publicMail.has(domain)) return [];
  const organizations = domainsOf(directory).get(domain);
  return organizations === undefined ? [] : [...organizations];
}

const domains = new WeakMap<Directory["people"], ReadonlyMap<string, ReadonlySet<string>>>();

function domainsOf({ people }: Directory): ReadonlyMap<string, ReadonlySet<string>> {
  const known = domains.get(people);
  if (known) return known;
  const built = new Map<string, Set<string>>();
  for (const person of valuesOf(people))
    for (const email of person.emails) {
      const domain = normaliseEmail(email).split("@")[1];
      if (domain === undefined) continue;
      const organizations = built.get(domain) ?? new Set();
      built.set(domain, organizations.add(person.organizationId));
    }
  domains.set(people, built);
  return built;
}

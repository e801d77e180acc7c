import type { z } from "zod";
import {
  contractByKey,
  contractByNumber,
  contractHoldsAt,
  contractsOf,
  findPerson,
  organizationsByName,
  peopleByPhone,
  personByEmail,
} from "../directory/lookup.ts";
import type { Contract, CustomerPerson, Directory } from "../directory/state.ts";
import type { ContactChannel } from "../values.ts";
import type { contactClaims, Doubt } from "./events.ts";

export type ContactClaims = z.infer<typeof contactClaims>;

export interface EntitlementQuestion {
  readonly channel: ContactChannel;
  /** when the contact arrived (milliseconds); the contract must hold on that local date */
  readonly at: number;
  /** the signed-in person, or the machine whose token it was; null when nobody proved who he is */
  readonly authenticatedPersonId: string | null;
}

export type Entitlement =
  | {
      readonly ok: true;
      readonly organizationId: string;
      readonly contractId: string;
      readonly personId: string | null;
      readonly how: "support_key" | "contract_number" | "signed_in" | "machine_token";
    }
  | { readonly ok: false; readonly doubts: readonly [Doubt, ...Doubt[]] };

/**
 * L1's check (R §3.2): known organization, contract valid on that date, support key or contract number, authorised person,
 * and a channel that the contract buys (R §3.1). Takes what the contact says of itself and what is proved; gives the
 * contract, or every doubt found. A doubt refuses nobody: the contact then waits for an operator.
 */
export function checkEntitlement(
  directory: Directory,
  claims: ContactClaims,
  question: EntitlementQuestion,
): Entitlement {
  const { channel, at, authenticatedPersonId } = question;
  const machine =
    channel === "monitoring" && authenticatedPersonId !== null && findPerson(directory, authenticatedPersonId) === null;
  const doubts: Doubt[] = [];
  const person = machine ? null : findSender(directory, claims, question);
  const named = claimedContract(directory, claims);
  if (!machine && !person) doubts.push("unknown_sender");

  const claimed = claims.organization?.trim() ? organizationsByName(directory, claims.organization) : [];
  const organizationId =
    person?.organizationId ??
    named.contract?.organizationId ??
    (claimed.length === 1 ? claimed[0]!.organizationId : null);
  if (organizationId === null) doubts.push("unknown_organization");
  if (named.unknown) doubts.push("unknown_contract");
  const foreign = named.contract !== null && named.contract.organizationId !== organizationId;
  const contradicts =
    named.contract !== null &&
    claimed.length > 0 &&
    !claimed.some((entry) => entry.organizationId === named.contract?.organizationId);
  if (foreign || contradicts || named.disagree) doubts.push("key_of_another_organization");

  const signedIn = authenticatedPersonId !== null;
  let contract = foreign ? null : named.contract;
  if (!named.contract && !named.unknown) {
    if (!signedIn) doubts.push("no_key_or_contract");
    else contract = contractForSignedIn(directory, organizationId, person, question);
    if (signedIn && !contract && organizationId !== null) doubts.push("unknown_contract");
  }
  if (contract) {
    if (!contractHoldsAt(directory, contract, at)) doubts.push("contract_not_valid");
    doubts.push(...channelDoubts(contract, channel, person));
  }
  const [first, ...rest] = doubts;
  if (first !== undefined) return { ok: false, doubts: [first, ...rest] };
  if (!contract || organizationId === null) return { ok: false, doubts: ["unknown_contract"] };
  const how = machine ? "machine_token" : signedIn ? "signed_in" : named.by;
  return { ok: true, organizationId, contractId: contract.contractId, personId: person?.personId ?? null, how };
}

/** The sender: proved by sign-in, else known by the address he wrote from; on the phone also by his number. */
function findSender(directory: Directory, claims: ContactClaims, question: EntitlementQuestion): CustomerPerson | null {
  if (question.authenticatedPersonId !== null) return findPerson(directory, question.authenticatedPersonId);
  if (claims.email?.trim()) return personByEmail(directory, claims.email);
  if (question.channel === "phone" && claims.phone) {
    const people = peopleByPhone(directory, claims.phone);
    return people.length === 1 ? people[0]! : null;
  }
  return null;
}

/** The contract that a support key or a contract number names. `disagree`: both are given and name different ones. */
function claimedContract(directory: Directory, claims: ContactClaims) {
  const key = claims.supportKey?.trim() ? contractByKey(directory, claims.supportKey) : undefined;
  const number = claims.contractNumber?.trim() ? contractByNumber(directory, claims.contractNumber) : undefined;
  const contract = key ?? number ?? null;
  return {
    contract,
    by: key ? ("support_key" as const) : ("contract_number" as const),
    unknown: contract === null && (key === null || number === null),
    disagree: Boolean(key && number && key.contractId !== number.contractId),
  };
}

/** A signed-in person needs no key: the contract is one of his organization's, best one that holds and names him. */
function contractForSignedIn(
  directory: Directory,
  organizationId: string | null,
  person: CustomerPerson | null,
  question: EntitlementQuestion,
): Contract | null {
  if (organizationId === null) return null;
  const score = (contract: Contract) =>
    (contractHoldsAt(directory, contract, question.at) ? 2 : 0) +
    (channelDoubts(contract, question.channel, person).length === 0 ? 1 : 0);
  const contracts = [...contractsOf(directory, organizationId)];
  contracts.sort((a, b) => score(b) - score(a) || (a.contractId < b.contractId ? -1 : 1));
  return contracts[0] ?? null;
}

function channelDoubts(contract: Contract, channel: ContactChannel, person: CustomerPerson | null): Doubt[] {
  const doubts: Doubt[] = [];
  if (channel === "monitoring" && !contract.services.monitoring) doubts.push("channel_not_in_contract");
  if (channel === "manager" && !contract.services.managerContact) doubts.push("channel_not_in_contract");
  const authorised = channel === "manager" ? contract.managerContactPersonIds : contract.authorisedPersonIds;
  if (person && !authorised.includes(person.personId)) doubts.push("sender_not_authorised");
  return doubts;
}

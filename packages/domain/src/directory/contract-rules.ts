import { parseCalendar } from "@docket/sla";
import type { Calendar } from "@docket/sla";
import { refuse, type Refusal } from "../errors.ts";
import { checkContractPeople, checkPolicy, firstDuplicate } from "./checks.ts";
import type { DirectoryCommand } from "./commands.ts";
import type { DirectoryEvent } from "./events.ts";
import { contractByKey, contractByNumber, findCalendar, findContract, findOrganization } from "./lookup.ts";
import { normaliseKey } from "./normalise.ts";
import type { Directory } from "./state.ts";

type DataOf<Type extends DirectoryCommand["type"]> = Extract<DirectoryCommand, { type: Type }>["data"];

export function signContract(directory: Directory, data: DataOf<"SignContract">): DirectoryEvent | Refusal {
  if (findContract(directory, data.contractId))
    return refuse("contract_exists", "data.contractId", { contractId: data.contractId });
  if (contractByNumber(directory, data.number))
    return refuse("contract_number_taken", "data.number", { number: data.number });
  if (!findOrganization(directory, data.organizationId))
    return refuse("organization_unknown", "data.organizationId", { organizationId: data.organizationId });
  const refused = checkTerms(directory, data.organizationId, data) ?? checkPolicy(directory, data.policy);
  return refused ?? { type: "ContractSigned", data: { ...data, policyVersion: 1 } };
}

type Terms = Omit<DataOf<"ChangeContractTerms">, "contractId">;

function checkTerms(
  directory: Directory,
  organizationId: string,
  terms: Terms & { contractId: string },
): Refusal | undefined {
  if (terms.validTo !== null && terms.validTo < terms.validFrom)
    return refuse("period_empty", "data.validTo", { from: terms.validFrom, to: terms.validTo });
  const twice = firstDuplicate(terms.supportKeys, normaliseKey);
  if (twice !== null) return refuse("support_key_taken", "data.supportKeys", { key: twice });
  for (const [i, key] of terms.supportKeys.entries()) {
    const owner = contractByKey(directory, key);
    if (owner && owner.contractId !== terms.contractId)
      return refuse("support_key_taken", `data.supportKeys.${i}`, { key });
  }
  return checkContractPeople(directory, organizationId, terms);
}

/** A new version of the policy; it holds from its own time, after that of the version before it. */
export function changePolicy(
  directory: Directory,
  { contractId, policy, policyEffectiveFrom }: DataOf<"ChangeContractPolicy">,
): DirectoryEvent | Refusal {
  const contract = findContract(directory, contractId);
  if (!contract) return refuse("contract_unknown", "data.contractId", { contractId });
  const last = contract.policies.at(-1)!;
  if (Date.parse(policyEffectiveFrom) <= last.effectiveFrom) {
    return refuse("version_not_later", "data.policyEffectiveFrom", {
      last: new Date(last.effectiveFrom).toISOString(),
    });
  }
  const policyVersion = Math.max(...contract.policies.map((version) => version.version)) + 1;
  return (
    checkPolicy(directory, policy) ?? {
      type: "ContractPolicyChanged",
      data: { policy, policyVersion, policyEffectiveFrom },
    }
  );
}

export function changeTerms(directory: Directory, data: DataOf<"ChangeContractTerms">): DirectoryEvent | Refusal {
  const contract = findContract(directory, data.contractId);
  if (!contract) return refuse("contract_unknown", "data.contractId", { contractId: data.contractId });
  const { contractId, ...terms } = data;
  return (
    checkTerms(directory, contract.organizationId, { contractId, ...terms }) ?? {
      type: "ContractTermsChanged",
      data: terms,
    }
  );
}

export function terminate(
  directory: Directory,
  { contractId, lastDay, reason }: DataOf<"TerminateContract">,
): DirectoryEvent | Refusal {
  const contract = findContract(directory, contractId);
  if (!contract) return refuse("contract_unknown", "data.contractId", { contractId });
  if (contract.terminatedLastDay !== null)
    return refuse("contract_terminated", "data.contractId", {
      number: contract.number,
      lastDay: contract.terminatedLastDay,
    });
  return { type: "ContractTerminated", data: { lastDay, reason } };
}

function checkCalendar(calendar: Calendar): Refusal | undefined {
  const parsed = parseCalendar(calendar);
  if (parsed.ok) return undefined;
  const { code, path, params } = parsed.errors[0];
  return { ok: false, error: { code, field: ["data.calendar", path].filter(Boolean).join("."), params } };
}

/** A calendar without any working time is allowed: its deadlines never come. */
export function defineCalendar(directory: Directory, data: DataOf<"DefineCalendar">): DirectoryEvent | Refusal {
  if (findCalendar(directory, data.calendarId))
    return refuse("calendar_exists", "data.calendarId", { calendarId: data.calendarId });
  return checkCalendar(data.calendar) ?? { type: "CalendarDefined", data: { ...data, version: 1 } };
}

export function reviseCalendar(
  directory: Directory,
  { calendarId, calendar, effectiveFrom }: DataOf<"ReviseCalendar">,
): DirectoryEvent | Refusal {
  const entry = findCalendar(directory, calendarId);
  if (!entry) return refuse("calendar_unknown", "data.calendarId", { calendarId });
  const last = entry.versions.at(-1)!;
  if (Date.parse(effectiveFrom) <= last.effectiveFrom) {
    return refuse("version_not_later", "data.effectiveFrom", { last: new Date(last.effectiveFrom).toISOString() });
  }
  const version = Math.max(...entry.versions.map((known) => known.version)) + 1;
  return checkCalendar(calendar) ?? { type: "CalendarRevised", data: { calendar, version, effectiveFrom } };
}

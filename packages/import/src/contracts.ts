import {
  type AnyCommand,
  type Contract,
  contractByNumber,
  findContract,
  findOrganization,
  limits,
  localDateIn,
  organizationsByName,
  policyAt,
  type SlaPolicy,
  valuesOf,
} from "@docket/domain";
import { canonicalJson } from "@docket/event-store";
import { CodedError } from "@docket/service-kit";
import type { NamingParts, Send } from "./bring-in-names.ts";
import { clean } from "./clean-text.ts";
import { idFor } from "./names.ts";

const DAY_MS = 86_400_000;

/** The contract of every organization that the file names; they share the terms that the mapping gives. */
export async function bringInContracts(
  { job, mapping, directory, importedAt }: Pick<NamingParts, "job" | "mapping" | "directory" | "importedAt">,
  organizations: readonly { readonly key: string; readonly data: Readonly<Record<string, unknown>> }[],
  span: { readonly from: number; readonly to: number },
  send: Send,
): Promise<void> {
  const { contract, source, language, time } = mapping;
  const keep = (key: string, organizationId: string, contractId: string): void =>
    job.setNameId("organization", key, JSON.stringify({ organizationId, contractId }));
  if ("existing" in contract) {
    const found =
      findContract(directory.current(), contract.existing) ?? contractByNumber(directory.current(), contract.existing);
    if (!found)
      throw new CodedError("contract_unknown", `there is no contract "${contract.existing}" (contract.existing)`);
    for (const { key } of organizations) keep(key, found.organizationId, found.contractId);
    return;
  }
  const zone = contract.organization.zone ?? time.zone;
  const calendarId = `${source}-calendar`;
  const calendar = contract.calendar === "24x7" ? { tz: zone, "24x7": true as const } : contract.calendar;
  const beginning = new Date(span.from - 2 * DAY_MS).toISOString();
  const known = directory.current().calendars;
  if (!valuesOf(known).some((entry) => entry.calendarId === calendarId))
    await send(calendarId, {
      type: "DefineCalendar",
      data: { calendarId, name: `${source} (import)`, calendar, effectiveFrom: beginning },
    });
  const policy: SlaPolicy = {
    calendarId,
    targets: contract.targets,
    ola: contract.ola,
    pauses: contract.pauses,
    chain: contract.chain,
    confirmation: contract.confirmation,
    closeScheduledWorkOnResolution: false,
    defaultClassification: contract.defaultClassification ?? firstOf(contract.targets),
  };
  // Valid for as long as the file speaks and no longer: nobody is entitled to anything new by a history.
  const calendarZone = calendar.tz ?? "UTC";
  const validFrom = localDateIn(calendarZone, span.from - DAY_MS);
  const validTo = localDateIn(calendarZone, Math.min(span.to + DAY_MS, importedAt));
  for (const { key, data } of organizations) {
    const name = clean(String(data["name"] ?? contract.organization.name ?? key), limits.name);
    const same = organizationsByName(directory.current(), name);
    const organizationId = same.length === 1 ? (same[0]?.organizationId as string) : idFor(source, "customer", name);
    if (findOrganization(directory.current(), organizationId) === null)
      await send(`organization ${name}`, {
        type: "ImportOrganization",
        data: { organizationId, name, language, zone, source },
      });
    const contractId = idFor(source, "contract", name);
    const standing = findContract(directory.current(), contractId);
    if (standing === null)
      await send(contractId, newContract(contractId, organizationId, { validFrom, validTo }, policy, beginning));
    else await widen(standing, { validFrom, validTo }, policy, send, importedAt);
    keep(key, organizationId, contractId);
  }
}

function firstOf(targets: SlaPolicy["targets"]): SlaPolicy["defaultClassification"] {
  const [first] = targets;
  if (first === undefined) throw new CodedError("mapping_invalid", "contract.targets is empty");
  return { type: first.type, priority: first.priority };
}

function newContract(
  contractId: string,
  organizationId: string,
  valid: { readonly validFrom: string; readonly validTo: string },
  policy: SlaPolicy,
  policyEffectiveFrom: string,
): AnyCommand {
  return {
    type: "SignContract",
    data: {
      contractId,
      number: contractId,
      organizationId,
      ...valid,
      supportKeys: [],
      services: { monitoring: false, managerContact: false, managerEscalation: false },
      updateRights: [],
      authorisedPersonIds: [],
      managerContactPersonIds: [],
      serviceManagerId: null,
      policy,
      policyEffectiveFrom,
    },
  };
}

/** A later file of the same source may reach further; its terms must be the same, or clocks would be judged by two measures. */
async function widen(
  standing: Contract,
  { validFrom, validTo }: { readonly validFrom: string; readonly validTo: string },
  policy: SlaPolicy,
  send: Send,
  importedAt: number,
): Promise<void> {
  const current = policyAt(standing, importedAt).policy;
  if (standing.policies.length === 1 && canonicalJson(current) !== canonicalJson(policy))
    throw new CodedError(
      "contract_differs",
      `contract ${standing.contractId} was made by an earlier import with other terms; change its policy by the directory, name it under contract.existing, or import under another source`,
    );
  const from = validFrom < standing.validFrom ? validFrom : standing.validFrom;
  const to = standing.validTo === null || validTo < standing.validTo ? standing.validTo : validTo;
  if (from === standing.validFrom && to === standing.validTo) return;
  const {
    contractId,
    supportKeys,
    services,
    updateRights,
    authorisedPersonIds,
    managerContactPersonIds,
    serviceManagerId,
  } = standing;
  await send(`${contractId} ${from} ${to}`, {
    type: "ChangeContractTerms",
    data: {
      contractId,
      validFrom: from,
      validTo: to,
      supportKeys: [...supportKeys],
      services,
      updateRights: [...updateRights],
      authorisedPersonIds: [...authorisedPersonIds],
      managerContactPersonIds: [...managerContactPersonIds],
      serviceManagerId,
    },
  });
}

import type { Desk } from "@docket/command-handling";
import {
  type AnyCommand,
  type Contract,
  contractByNumber,
  type Directory,
  type DomainError,
  findContract,
  findOrganization,
  findStaff,
  localDateIn,
  type Line,
  normaliseName,
  organizationsByName,
  personByEmail,
  policyAt,
  type Requester,
  type SlaPolicy,
  staffByEmail,
  valuesOf,
} from "@docket/domain";
import { derivedId } from "@docket/event-store";
import { canonicalJson } from "@docket/event-store";
import { CodedError } from "@docket/service-kit";
import type { JobFile } from "./job-file.ts";
import type { Mapping } from "./mapping-schema.ts";
import { groupKey, idFor, organizationKey, requesterKey, staffKey, unknownKey } from "./names.ts";
import type { HistoryTexts } from "./texts.ts";
import type { KnownNames } from "./tell-ticket.ts";

export interface NamingParts {
  readonly job: JobFile;
  readonly mapping: Mapping;
  readonly texts: HistoryTexts;
  readonly directory: { current(): Directory; refresh(): Promise<Directory> };
  /** carries out the directory's commands; its clock stands at the history's beginning */
  readonly desk: Desk;
  readonly file: string;
  readonly importedAt: number;
  readonly onProgress: (done: number, of: number) => void;
}

const DAY_MS = 86_400_000;
const PEOPLE_AT_ONCE = 500;
const kinds = { 1: "operators", 2: "competence_centre", 3: "experts" } as const;
const roles = { 1: "operator", 2: "engineer", 3: "expert" } as const;

/**
 * Sees to it that everybody and everything that the file names is here: finds who is known (organizations and groups by name, people
 * by address or else by name), brings in the rest as imported and inactive, and keeps in the job file who is who. What is there already
 * is left as it is, so it may be run again. Throws `contract_unknown`, `contract_differs`, and `names_refused` when the rules refuse
 * what the mapping says of the contract.
 */
export async function bringInNames(parts: NamingParts): Promise<void> {
  const { job, mapping, texts } = parts;
  const { source } = mapping;
  const send = sender(parts);
  const present = (): Directory => parts.directory.current();
  await parts.directory.refresh();
  const span = job.span() ?? { from: parts.importedAt, to: parts.importedAt };

  const organizations = job.names("organization");
  const groups = job.names("group");
  const staff = job.names("staff");
  const requesters = job.names("requester");
  const total = organizations.length + groups.length + staff.length + requesters.length;
  let done = 0;
  const progress = (count: number): void => parts.onProgress((done += count), total);

  await contracts(parts, organizations, span, send);
  progress(organizations.length);

  const staffIds = new Map<string, string>();
  for (const { key, data } of [
    ...staff,
    { key: unknownKey, data: { name: texts.unknownPerson, email: null, line: 2 } },
  ]) {
    const name = String(data["name"] ?? key).slice(0, 200);
    const email = validEmail(data["email"]);
    const found = key === unknownKey ? undefined : knownStaff(present(), name, email);
    const staffId = found ?? idFor(source, "staff", key);
    if (found === undefined && findStaff(present(), staffId) === null)
      await send(`staff ${key}`, {
        type: "ImportStaff",
        data: {
          staffId,
          name,
          // An address that leads nowhere (RFC 2606): nobody is ever written to.
          email: email ?? `${staffId}@imported.invalid`,
          role: roles[lineNumber(data["line"])],
          skills: [],
          language: mapping.language,
          source,
        },
      });
    staffIds.set(key, staffId);
    progress(1);
  }
  job.transaction(() => {
    for (const [key, id] of staffIds) job.setNameId("staff", key, id);
    job.set("unknownStaff", staffIds.get(unknownKey) as string);
  });

  const members = Map.groupBy(job.members(), ({ group }) => group);
  const unknownLine = "value" in mapping.ticket.line ? mapping.ticket.line.value : mapping.ticket.line.otherwise;
  const several = new Set(
    [...Map.groupBy(groups, ({ data }) => String(data["name"]))]
      .filter(([, same]) => same.length > 1)
      .map(([name]) => name),
  );
  for (const { key, data } of [...groups, { key: unknownKey, data: { name: texts.unknownGroup, line: unknownLine } }]) {
    const line = lineNumber(data["line"]);
    const own = String(data["name"] ?? key);
    const name = (several.has(own) ? `${own} (L${line})` : own).slice(0, 200);
    const found = key === unknownKey ? undefined : knownGroup(present(), own, line);
    const groupId = found ?? idFor(source, "group", key);
    const memberIds = (members.get(key) ?? [])
      .flatMap(({ staff: member }) => staffIds.get(member) ?? [])
      .slice(0, 1_000);
    if (key === unknownKey) memberIds.push(staffIds.get(unknownKey) as string);
    if (found === undefined)
      await send(`group ${key} ${memberIds.join()}`, {
        type: "ImportGroup",
        data: { groupId, name, line, kind: kinds[line], memberIds, source },
      });
    if (key === unknownKey) job.set("unknownGroup", JSON.stringify({ groupId, line }));
    else job.setNameId("group", key, JSON.stringify({ groupId, line }));
    progress(1);
  }

  for (const [organization, people] of Map.groupBy(requesters, ({ data }) => String(data["organization"] ?? ""))) {
    const { organizationId } = JSON.parse(job.nameId("organization", organization) ?? "{}") as {
      organizationId: string;
    };
    const byName = peopleByName(present(), organizationId);
    for (let from = 0; from < people.length; from += PEOPLE_AT_ONCE) {
      const some = people.slice(from, from + PEOPLE_AT_ONCE);
      const missing = [];
      const ids: [string, string][] = [];
      for (const { key, data } of some) {
        const name = String(data["name"] ?? key).slice(0, 200);
        const email = validEmail(data["email"]);
        const known = email === null ? null : personByEmail(present(), email);
        const found = known?.organizationId === organizationId ? known.personId : byName.get(normaliseName(name));
        const personId = found ?? idFor(source, "person", key);
        if (found === undefined) {
          const phone = data["phone"] === null ? null : String(data["phone"]).slice(0, 40);
          missing.push({
            personId,
            name,
            emails: email === null ? [] : [email],
            phones: phone === null ? [] : [phone],
          });
        }
        ids.push([key, personId]);
      }
      if (missing.length > 0)
        await send(`people ${organizationId} ${missing.map(({ personId }) => personId).join()}`, {
          type: "ImportPeople",
          data: { organizationId, people: missing, source },
        });
      job.transaction(() => {
        for (const [key, id] of ids) job.setNameId("requester", key, id);
      });
      progress(some.length);
    }
  }
  await parts.directory.refresh();
}

const lineNumber = (value: unknown): Line => (value === 1 || value === 3 ? value : 2);

function validEmail(value: unknown): string | null {
  return typeof value === "string" && value.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? value : null;
}

type Send = (what: string, command: AnyCommand) => Promise<void>;

/** Sends the directory's commands with ids that follow from what they say. */
function sender({ desk, mapping, file, importedAt }: NamingParts): Send {
  const { source } = mapping;
  return async (what, command) => {
    const result = await desk.execute(command, {
      commandId: derivedId("import-name", source, command.type, what, file),
      correlationId: derivedId("import", source, file),
      causationId: null,
      actor: { id: "system", role: "system" },
      channel: "import",
      provenance: { source, file, row: 0, importedAt: new Date(importedAt).toISOString() },
    });
    if (!result.ok) throw refused(command.type, what, result.error);
  };
}

function refused(type: string, what: string, error: DomainError): CodedError {
  const params = JSON.stringify(error.params ?? {});
  const where = error.field === undefined ? "" : ` at ${error.field}`;
  return new CodedError(
    "names_refused",
    `${type} (${what.slice(0, 100)}) was refused: ${error.code}${where} ${params}`,
  );
}

function knownStaff(directory: Directory, name: string, email: string | null): string | undefined {
  const byEmail = email === null ? null : staffByEmail(directory, email);
  if (byEmail) return byEmail.staffId;
  const same = valuesOf(directory.staff).filter((one) => normaliseName(one.name) === normaliseName(name));
  return same.length === 1 ? same[0]?.staffId : undefined;
}

function knownGroup(directory: Directory, name: string, line: Line): string | undefined {
  const same = valuesOf(directory.groups).filter(
    (one) => normaliseName(one.name) === normaliseName(name) && one.line === line,
  );
  return same.length === 1 ? same[0]?.groupId : undefined;
}

/** Names that one person only has; a name that two share proves nobody. */
function peopleByName(directory: Directory, organizationId: string): Map<string, string> {
  const found = new Map<string, string>();
  const twice = new Set<string>();
  for (const { organizationId: of, name, personId } of valuesOf(directory.people)) {
    if (of !== organizationId) continue;
    const key = normaliseName(name);
    if (found.has(key)) twice.add(key);
    found.set(key, personId);
  }
  for (const key of twice) found.delete(key);
  return found;
}

/** The contract of every organization that the file names; they share the terms that the mapping gives. */
async function contracts(
  { job, mapping, directory, importedAt }: NamingParts,
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
    const name = String(data["name"] ?? contract.organization.name ?? key).slice(0, 200);
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

/** Who is who, for the telling; what is asked again and again is kept. */
export function knownNames(job: JobFile, mapping: Mapping, texts: HistoryTexts): KnownNames {
  const cached = <T>(read: (key: string) => T): ((key: string) => T) => {
    const known = new Map<string, T>();
    return (key) => {
      let value = known.get(key);
      if (value === undefined) {
        if (known.size > 50_000) known.clear();
        known.set(key, (value = read(key)));
      }
      return value;
    };
  };
  const parsed = (kind: "organization" | "group", key: string): never =>
    JSON.parse(job.nameId(kind, key) ?? "null") as never;
  const contract = cached((key) => parsed("organization", key) as { organizationId: string; contractId: string });
  const group = cached((key) => parsed("group", key) as { groupId: string; line: Line });
  const staff = cached((key) => job.nameId("staff", key));
  const requester = cached((key) => job.nameId("requester", key));
  return {
    contractOf: (fields) => contract(organizationKey(fields)),
    groupOf(fields) {
      const key = groupKey(mapping, fields);
      return key === null ? null : group(key);
    },
    engineerOf(fields) {
      const key = staffKey(fields);
      return key === null ? null : staff(key);
    },
    requesterOf(fields): Requester {
      const key = requesterKey(fields);
      const name = fields.requesterName ?? fields.requesterKey ?? fields.requesterEmail ?? texts.unknownRequester;
      return {
        personId: key === null ? null : requester(key),
        name: name.slice(0, 200),
        email: validEmail(fields.requesterEmail),
        phone: fields.requesterPhone?.slice(0, 40) ?? null,
      };
    },
    standIns: {
      group: JSON.parse(job.get("unknownGroup") ?? "{}") as { groupId: string; line: Line },
      engineerId: job.get("unknownStaff") ?? "",
    },
  };
}

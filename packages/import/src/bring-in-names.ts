import type { Desk } from "@docket/command-handling";
import {
  type AnyCommand,
  type Directory,
  type DomainError,
  findStaff,
  type Line,
  limits,
  normaliseName,
  personByEmail,
  staffByEmail,
  valuesOf,
} from "@docket/domain";
import { derivedId } from "@docket/event-store";
import { CodedError } from "@docket/service-kit";
import { clean } from "./clean-text.ts";
import { bringInContracts } from "./contracts.ts";
import type { JobFile } from "./job-file.ts";
import type { Mapping } from "./mapping-schema.ts";
import { idFor, unknownKey, validEmail } from "./names.ts";
import type { HistoryTexts } from "./texts.ts";

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

  await bringInContracts(parts, organizations, span, send);
  progress(organizations.length);

  const staffIds = new Map<string, string>();
  for (const { key, data } of [
    ...staff,
    { key: unknownKey, data: { name: texts.unknownPerson, email: null, line: 2 } },
  ]) {
    const name = nameOf(data["name"] ?? key);
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
    const name = several.has(own) ? `${nameOf(own, 190)} (L${line})` : nameOf(own);
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
        const name = nameOf(data["name"] ?? key);
        const email = validEmail(data["email"]);
        const known = email === null ? null : personByEmail(present(), email);
        const found = known?.organizationId === organizationId ? known.personId : byName.get(normaliseName(name));
        const personId = found ?? idFor(source, "person", key);
        if (found === undefined) {
          const phone = data["phone"] === null ? null : clean(String(data["phone"]), limits.phone);
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

/** A name as it may be kept, whatever the file has in its place. */
const nameOf = (value: unknown, max: number = limits.name): string => clean(String(value), max);
const lineNumber = (value: unknown): Line => (value === 1 || value === 3 ? value : 2);

export type Send = (what: string, command: AnyCommand) => Promise<void>;

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

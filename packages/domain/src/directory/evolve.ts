import type { Fact } from "../event.ts";
import { parseStreamName } from "../streams.ts";
import { lookup, put, remove, type PersistentMap } from "../support/persistent-map.ts";
import type { DirectoryEvent } from "./events.ts";
import type { FrameVersion, LetterAudience, LetterKind, LetterVersion } from "./letters.ts";
import { normaliseEmail, normaliseKey, normaliseName, normalisePhone } from "./normalise.ts";
import type {
  CalendarVersionEntry,
  Contract,
  CustomerPerson,
  Directory,
  Organization,
  Plan,
  PolicyVersion,
  Staff,
} from "./state.ts";

/**
 * Folds one fact of any administrative stream into the directory. Takes facts of one stream in their order; between
 * streams any order will do. A fact that was folded before changes nothing; neither do facts of other kinds of streams.
 */
export function evolveDirectory(directory: Directory, fact: Fact<DirectoryEvent>): Directory {
  const known = lookup(directory.revisions, fact.stream);
  if (known !== undefined && fact.revision <= known) return directory;
  const parsed = parseStreamName(fact.stream);
  if (!parsed || parsed.kind === "survey" || parsed.kind === "ticket-numbers") return directory;
  const next = applyDirectoryEvent(directory, parsed.id, fact);
  return { ...next, revisions: put(next.revisions, fact.stream, fact.revision) };
}

/** The fold itself: `id` is the stream's id. */
export function applyDirectoryEvent(directory: Directory, id: string, event: DirectoryEvent): Directory {
  switch (event.type) {
    case "OrganizationRegistered":
    case "OrganizationChanged": {
      const { name, aliases, language, zone, region } = event.data;
      const active = lookup(directory.organizations, id)?.active ?? true;
      return putOrganization(directory, { organizationId: id, name, aliases, language, zone, region, active });
    }
    case "OrganizationImported": {
      const { name, language, zone } = event.data;
      const unknown = { aliases: [], region: null, active: false };
      return putOrganization(directory, { organizationId: id, name, language, zone, ...unknown });
    }
    case "OrganizationActivated": {
      const organization = lookup(directory.organizations, id);
      return organization ? putOrganization(directory, { ...organization, active: true }) : directory;
    }
    case "OrganizationPeopleImported":
      return event.data.people.reduce(
        (before, imported) => putPerson(before, { ...imported, organizationId: id, active: false }),
        directory,
      );
    case "OrganizationPersonAdded":
    case "OrganizationPersonChanged":
      return putPerson(directory, { ...event.data.person, organizationId: id, active: true });
    case "OrganizationPersonRemoved":
      return removePerson(directory, event.data.personId);
    case "ContractSigned": {
      const { policy, policyEffectiveFrom, policyVersion, ...terms } = event.data;
      const policies = [{ version: policyVersion, effectiveFrom: Date.parse(policyEffectiveFrom), policy }];
      return putContract(directory, { ...terms, terminatedLastDay: null, policies });
    }
    case "ContractPolicyChanged":
      return changeContract(directory, id, (contract) => ({
        ...contract,
        policies: withPolicy(contract.policies, {
          version: event.data.policyVersion,
          effectiveFrom: Date.parse(event.data.policyEffectiveFrom),
          policy: event.data.policy,
        }),
      }));
    case "ContractTermsChanged":
      return changeContract(directory, id, (contract) => ({ ...contract, ...event.data }));
    case "ContractTerminated":
      return changeContract(directory, id, (contract) => ({ ...contract, terminatedLastDay: event.data.lastDay }));
    case "CalendarDefined": {
      const { calendarId, name, calendar, version, effectiveFrom } = event.data;
      const versions = [{ version, effectiveFrom: Date.parse(effectiveFrom), calendar }];
      return { ...directory, calendars: put(directory.calendars, calendarId, { calendarId, name, versions }) };
    }
    case "CalendarRevised": {
      const entry = lookup(directory.calendars, id);
      if (!entry) return directory;
      const { calendar, version, effectiveFrom } = event.data;
      const versions = [...entry.versions, { version, effectiveFrom: Date.parse(effectiveFrom), calendar }];
      return {
        ...directory,
        calendars: put(directory.calendars, id, { ...entry, versions: byEffectiveTime(versions) }),
      };
    }
    case "StaffHired":
      return putStaff(directory, { ...event.data, active: true, available: true });
    case "StaffImported": {
      const { source: _source, ...staff } = event.data;
      return putStaff(directory, { ...staff, active: false, available: true });
    }
    case "StaffChanged":
      return changeStaff(directory, id, (staff) => ({ ...staff, ...event.data }));
    case "StaffAvailabilityChanged":
      return changeStaff(directory, id, (staff) => ({ ...staff, available: event.data.available }));
    case "StaffDeactivated":
      return changeStaff(directory, id, (staff) => ({ ...staff, active: false }));
    case "StaffReactivated":
      return changeStaff(directory, id, (staff) => ({ ...staff, active: true }));
    case "GroupCreated":
      return { ...directory, groups: put(directory.groups, id, { ...event.data, active: true }) };
    case "GroupImported": {
      const { source: _source, ...group } = event.data;
      return { ...directory, groups: put(directory.groups, id, { ...group, active: false }) };
    }
    case "GroupActivated": {
      const group = lookup(directory.groups, id);
      return group ? { ...directory, groups: put(directory.groups, id, { ...group, active: true }) } : directory;
    }
    case "GroupChanged": {
      const group = lookup(directory.groups, id);
      return group ? { ...directory, groups: put(directory.groups, id, { ...group, ...event.data }) } : directory;
    }
    case "GroupMembersChanged": {
      const group = lookup(directory.groups, id);
      if (!group) return directory;
      const gone = new Set(event.data.removed);
      const memberIds = [...new Set([...group.memberIds, ...event.data.added])].filter((member) => !gone.has(member));
      return { ...directory, groups: put(directory.groups, id, { ...group, memberIds }) };
    }
    case "RoutingRulesPublished":
      return { ...directory, routing: [...directory.routing, event.data] };
    case "PlanDefined": {
      const { nextAt, ...plan } = event.data;
      return putPlan(directory, {
        ...plan,
        nextAt: nextAt === null ? null : Date.parse(nextAt),
        lastAt: null,
        stopped: false,
      });
    }
    case "PlanOccurred": {
      const plan = lookup(directory.plans, id);
      if (!plan) return directory;
      const nextAt = event.data.nextAt === null || plan.stopped ? null : Date.parse(event.data.nextAt);
      return putPlan(directory, { ...plan, nextAt, lastAt: Date.parse(event.data.at) });
    }
    case "PlanStopped": {
      const plan = lookup(directory.plans, id);
      return plan ? putPlan(directory, { ...plan, nextAt: null, stopped: true }) : directory;
    }
    case "LetterTextChanged": {
      const { letterKind, language, version, effectiveFrom, ...words } = event.data;
      return putLetter(directory, letterKind, { version, language, effectiveFrom: Date.parse(effectiveFrom), words });
    }
    case "LetterTextReset": {
      const { letterKind, language, version, effectiveFrom } = event.data;
      return putLetter(directory, letterKind, {
        version,
        language,
        effectiveFrom: Date.parse(effectiveFrom),
        words: null,
      });
    }
    case "LetterFrameChanged": {
      const { audience, language, version, effectiveFrom, ...words } = event.data;
      return putFrame(directory, audience, { version, language, effectiveFrom: Date.parse(effectiveFrom), words });
    }
    case "LetterFrameReset": {
      const { audience, language, version, effectiveFrom } = event.data;
      return putFrame(directory, audience, {
        version,
        language,
        effectiveFrom: Date.parse(effectiveFrom),
        words: null,
      });
    }
    case "TicketNumbersReserved":
    case "TicketRated":
      return directory;
    default:
      // An event of a later version of the product: what it says is unknown here, the rest still holds.
      return directory;
  }
}

function addTo(map: PersistentMap<readonly string[]>, key: string, value: string): PersistentMap<readonly string[]> {
  if (key === "") return map;
  const old = lookup(map, key) ?? [];
  return old.includes(value) ? map : put(map, key, [...old, value]);
}

function takeFrom(map: PersistentMap<readonly string[]>, key: string, value: string): PersistentMap<readonly string[]> {
  const rest = (lookup(map, key) ?? []).filter((entry) => entry !== value);
  return rest.length > 0 ? put(map, key, rest) : remove(map, key);
}

function putOrganization(directory: Directory, organization: Organization): Directory {
  const id = organization.organizationId;
  const old = lookup(directory.organizations, id);
  let names = directory.organizationsByName;
  for (const name of old ? [old.name, ...old.aliases] : []) names = takeFrom(names, normaliseName(name), id);
  for (const name of [organization.name, ...organization.aliases]) names = addTo(names, normaliseName(name), id);
  return { ...directory, organizations: put(directory.organizations, id, organization), organizationsByName: names };
}

function removePerson(directory: Directory, personId: string): Directory {
  const old = lookup(directory.people, personId);
  if (!old) return directory;
  let { personByEmail, peopleByPhone } = directory;
  for (const email of old.emails) personByEmail = remove(personByEmail, normaliseEmail(email));
  for (const phone of old.phones) peopleByPhone = takeFrom(peopleByPhone, normalisePhone(phone), personId);
  return { ...directory, people: remove(directory.people, personId), personByEmail, peopleByPhone };
}

function putPerson(directory: Directory, person: CustomerPerson): Directory {
  const cleared = removePerson(directory, person.personId);
  let { personByEmail, peopleByPhone } = cleared;
  for (const email of person.emails) personByEmail = put(personByEmail, normaliseEmail(email), person.personId);
  for (const phone of person.phones) peopleByPhone = addTo(peopleByPhone, normalisePhone(phone), person.personId);
  return { ...cleared, people: put(cleared.people, person.personId, person), personByEmail, peopleByPhone };
}

function putContract(directory: Directory, contract: Contract): Directory {
  const { contractId } = contract;
  const old = lookup(directory.contracts, contractId);
  let keys = directory.contractByKey;
  for (const key of old?.supportKeys ?? [])
    if (lookup(keys, normaliseKey(key)) === contractId) keys = remove(keys, normaliseKey(key));
  for (const key of contract.supportKeys) keys = put(keys, normaliseKey(key), contractId);
  return {
    ...directory,
    contracts: put(directory.contracts, contractId, contract),
    contractByKey: keys,
    contractByNumber: put(directory.contractByNumber, normaliseKey(contract.number), contractId),
    contractsOfOrganization: addTo(directory.contractsOfOrganization, contract.organizationId, contractId),
  };
}

function changeContract(directory: Directory, id: string, change: (contract: Contract) => Contract): Directory {
  const contract = lookup(directory.contracts, id);
  return contract ? putContract(directory, change(contract)) : directory;
}

function withPolicy(policies: readonly PolicyVersion[], added: PolicyVersion): readonly PolicyVersion[] {
  return [...policies, added].sort((a, b) => a.effectiveFrom - b.effectiveFrom || a.version - b.version);
}

function byEffectiveTime(versions: readonly CalendarVersionEntry[]): readonly CalendarVersionEntry[] {
  return [...versions].sort((a, b) => a.effectiveFrom - b.effectiveFrom || a.version - b.version);
}

function putStaff(directory: Directory, staff: Staff): Directory {
  const old = lookup(directory.staff, staff.staffId);
  let byEmail = directory.staffByEmail;
  if (old) byEmail = remove(byEmail, normaliseEmail(old.email));
  byEmail = put(byEmail, normaliseEmail(staff.email), staff.staffId);
  return { ...directory, staff: put(directory.staff, staff.staffId, staff), staffByEmail: byEmail };
}

function changeStaff(directory: Directory, id: string, change: (staff: Staff) => Staff): Directory {
  const staff = lookup(directory.staff, id);
  return staff ? putStaff(directory, change(staff)) : directory;
}

function putLetter(directory: Directory, letterKind: LetterKind, added: LetterVersion): Directory {
  const versions = [...(lookup(directory.letters, letterKind)?.versions ?? []), added];
  return { ...directory, letters: put(directory.letters, letterKind, { letterKind, versions }) };
}

function putFrame(directory: Directory, audience: LetterAudience, added: FrameVersion): Directory {
  const versions = [...(lookup(directory.letterFrames, audience)?.versions ?? []), added];
  return { ...directory, letterFrames: put(directory.letterFrames, audience, { audience, versions }) };
}

function putPlan(directory: Directory, plan: Plan): Directory {
  return { ...directory, plans: put(directory.plans, plan.planId, plan) };
}

import { versionedCalendar, type WorkingCalendar } from "@docket/sla";
import { lookup } from "../support/persistent-map.ts";
import { normaliseEmail, normaliseKey, normaliseName, normalisePhone } from "./normalise.ts";
import type {
  CalendarEntry,
  Contract,
  CustomerPerson,
  Directory,
  Group,
  Organization,
  PolicyVersion,
  RoutingRules,
  Staff,
} from "./state.ts";

/** The rules in force; null before the first are published. */
export function currentRules(directory: Directory): RoutingRules | null {
  return directory.routing.at(-1) ?? null;
}

export function personByEmail(directory: Directory, email: string): CustomerPerson | null {
  const id = lookup(directory.personByEmail, normaliseEmail(email));
  return id === undefined ? null : (lookup(directory.people, id) ?? null);
}

/** The people who share a phone number; several colleagues may. */
export function peopleByPhone(directory: Directory, phone: string): readonly CustomerPerson[] {
  const ids = lookup(directory.peopleByPhone, normalisePhone(phone)) ?? [];
  return ids.flatMap((id) => lookup(directory.people, id) ?? []);
}

/** The organizations that go by a name or alias; more than one means that the name alone does not tell. */
export function organizationsByName(directory: Directory, name: string): readonly Organization[] {
  const ids = lookup(directory.organizationsByName, normaliseName(name)) ?? [];
  return ids.flatMap((id) => lookup(directory.organizations, id) ?? []);
}

export function contractByKey(directory: Directory, key: string): Contract | null {
  const id = lookup(directory.contractByKey, normaliseKey(key));
  return id === undefined ? null : (lookup(directory.contracts, id) ?? null);
}

export function contractByNumber(directory: Directory, number: string): Contract | null {
  const id = lookup(directory.contractByNumber, normaliseKey(number));
  return id === undefined ? null : (lookup(directory.contracts, id) ?? null);
}

export function contractsOf(directory: Directory, organizationId: string): readonly Contract[] {
  const ids = lookup(directory.contractsOfOrganization, organizationId) ?? [];
  return ids.flatMap((id) => lookup(directory.contracts, id) ?? []);
}

export function staffByEmail(directory: Directory, email: string): Staff | null {
  const id = lookup(directory.staffByEmail, normaliseEmail(email));
  return id === undefined ? null : (lookup(directory.staff, id) ?? null);
}

export function findOrganization(directory: Directory, id: string): Organization | null {
  return lookup(directory.organizations, id) ?? null;
}
export function findPerson(directory: Directory, id: string): CustomerPerson | null {
  return lookup(directory.people, id) ?? null;
}
export function findContract(directory: Directory, id: string): Contract | null {
  return lookup(directory.contracts, id) ?? null;
}
export function findCalendar(directory: Directory, id: string): CalendarEntry | null {
  return lookup(directory.calendars, id) ?? null;
}
export function findStaff(directory: Directory, id: string): Staff | null {
  return lookup(directory.staff, id) ?? null;
}
export function findGroup(directory: Directory, id: string): Group | null {
  return lookup(directory.groups, id) ?? null;
}

/** The policy in force at an instant (milliseconds); the first one for all time before it. */
export function policyAt(contract: Contract, at: number): PolicyVersion {
  let found = contract.policies[0]!;
  for (const version of contract.policies) if (version.effectiveFrom <= at) found = version;
  return found;
}

export function policyOfVersion(contract: Contract, version: number): PolicyVersion | null {
  return contract.policies.find((policy) => policy.version === version) ?? null;
}

const workingCalendars = new WeakMap<CalendarEntry, WorkingCalendar>();

/** All versions of a calendar as one, ready for arithmetic; kept per entry, as compiling costs. */
export function workingCalendarOf(entry: CalendarEntry): WorkingCalendar {
  const known = workingCalendars.get(entry);
  if (known) return known;
  const built = versionedCalendar(entry.versions);
  // The deciders of the calendar's stream let no such entry come into being.
  if (!built.ok) throw new Error(`calendar ${entry.calendarId}: ${built.errors[0].code}`);
  workingCalendars.set(entry, built.value);
  return built.value;
}

/** The number of the calendar's version in force at an instant (milliseconds). */
export function calendarVersionAt(entry: CalendarEntry, at: number): number {
  let found = entry.versions[0]!;
  for (const version of entry.versions) if (version.effectiveFrom <= at) found = version;
  return found.version;
}

const dateForms = new Map<string, Intl.DateTimeFormat>();

/** The local date ("2024-04-26") of an instant (milliseconds) in an IANA zone. */
export function localDateIn(zone: string, at: number): string {
  let form = dateForms.get(zone);
  if (!form) {
    form = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
    dateForms.set(zone, form);
  }
  return form.format(at);
}

/** Whether a contract holds on the local date of an instant, in the zone of the calendar that its policy then names. */
export function contractHoldsAt(directory: Directory, contract: Contract, at: number): boolean {
  const entry = findCalendar(directory, policyAt(contract, at).policy.calendarId);
  const zone = entry?.versions.at(-1)?.calendar.tz ?? "UTC";
  const date = localDateIn(zone, at);
  if (date < contract.validFrom) return false;
  if (contract.validTo !== null && date > contract.validTo) return false;
  return contract.terminatedLastDay === null || date <= contract.terminatedLastDay;
}

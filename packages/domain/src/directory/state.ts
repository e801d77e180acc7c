import type { Calendar } from "@docket/sla";
import { emptyMap, type PersistentMap } from "../support/persistent-map.ts";
import type { groupKind, Person, RoutingRule, SlaPolicy, contractServices } from "./shapes.ts";
import type { FrameEntry, LetterEntry } from "./letters.ts";
import type { Language, Line, Role } from "../values.ts";
import type { z } from "zod";

/** Times are instants in milliseconds unless a field says otherwise. */
export interface Organization {
  readonly organizationId: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly language: Language;
  readonly zone: string;
  readonly region: string | null;
  /** false for one that an import brought in and nobody has taken on */
  readonly active: boolean;
}

export interface CustomerPerson extends Person {
  readonly organizationId: string;
  /** false for one whom an import brought in and whose data nobody has entered */
  readonly active: boolean;
}

export interface PolicyVersion {
  readonly version: number;
  readonly effectiveFrom: number;
  readonly policy: SlaPolicy;
}

export interface Contract {
  readonly contractId: string;
  readonly number: string;
  readonly organizationId: string;
  /** local dates in the calendar's zone, both inclusive */
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly terminatedLastDay: string | null;
  readonly supportKeys: readonly string[];
  readonly services: z.infer<typeof contractServices>;
  readonly updateRights: readonly string[];
  readonly authorisedPersonIds: readonly string[];
  readonly managerContactPersonIds: readonly string[];
  readonly serviceManagerId: string | null;
  /** by effective time, earliest first; never empty */
  readonly policies: readonly PolicyVersion[];
}

export interface CalendarVersionEntry {
  readonly version: number;
  readonly effectiveFrom: number;
  readonly calendar: Calendar;
}

export interface CalendarEntry {
  readonly calendarId: string;
  readonly name: string;
  /** by effective time, earliest first; never empty */
  readonly versions: readonly CalendarVersionEntry[];
}

export interface Staff {
  readonly staffId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly skills: readonly string[];
  readonly language: Language;
  readonly active: boolean;
  readonly available: boolean;
}

export interface Group {
  readonly groupId: string;
  readonly name: string;
  readonly line: Line;
  readonly kind: z.infer<typeof groupKind>;
  readonly memberIds: readonly string[];
  /** false for one that an import brought in and nobody has taken on: nothing is sent to it */
  readonly active: boolean;
}

export interface RoutingRules {
  readonly version: number;
  readonly rules: readonly RoutingRule[];
  readonly fallbackGroupId: string;
}

export interface Plan {
  readonly planId: string;
  readonly contractId: string;
  readonly rrule: string;
  readonly start: string;
  readonly zone: string;
  readonly subject: string;
  readonly description: string;
  readonly product: string | null;
  readonly requesterPersonId: string | null;
  /** the next moment at which a ticket is owed; null when there is none left or the plan is stopped */
  readonly nextAt: number | null;
  readonly lastAt: number | null;
  readonly stopped: boolean;
}

/**
 * Everything that is administered, folded from the streams of organizations, contracts, calendars, staff, groups, routing
 * rules, plans and letters. Never changed in place: `evolveDirectory` gives a new one that shares what did not change. The look-ups
 * by e-mail, key, number and name are kept beside, so that no decision walks over everything.
 */
export interface Directory {
  readonly organizations: PersistentMap<Organization>;
  /** normalised name or alias -> organization ids */
  readonly organizationsByName: PersistentMap<readonly string[]>;
  readonly people: PersistentMap<CustomerPerson>;
  readonly personByEmail: PersistentMap<string>;
  readonly peopleByPhone: PersistentMap<readonly string[]>;
  readonly contracts: PersistentMap<Contract>;
  readonly contractsOfOrganization: PersistentMap<readonly string[]>;
  readonly contractByKey: PersistentMap<string>;
  readonly contractByNumber: PersistentMap<string>;
  readonly calendars: PersistentMap<CalendarEntry>;
  readonly staff: PersistentMap<Staff>;
  readonly staffByEmail: PersistentMap<string>;
  readonly groups: PersistentMap<Group>;
  /** the latest version is the last; earlier ones explain earlier tickets */
  readonly routing: readonly RoutingRules[];
  readonly plans: PersistentMap<Plan>;
  /** by kind; a kind that nobody has touched has no entry */
  readonly letters: PersistentMap<LetterEntry>;
  /** by audience; likewise */
  readonly letterFrames: PersistentMap<FrameEntry>;
  /** last folded revision per stream, so that a fact told twice changes nothing */
  readonly revisions: PersistentMap<number>;
}

export const emptyDirectory: Directory = {
  organizations: emptyMap(),
  organizationsByName: emptyMap(),
  people: emptyMap(),
  personByEmail: emptyMap(),
  peopleByPhone: emptyMap(),
  contracts: emptyMap(),
  contractsOfOrganization: emptyMap(),
  contractByKey: emptyMap(),
  contractByNumber: emptyMap(),
  calendars: emptyMap(),
  staff: emptyMap(),
  staffByEmail: emptyMap(),
  groups: emptyMap(),
  routing: [],
  plans: emptyMap(),
  letters: emptyMap(),
  letterFrames: emptyMap(),
  revisions: emptyMap(),
};

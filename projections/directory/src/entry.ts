import { type FoldEvent, instantOf } from "@docket/projection-engine";

/** The folded state of one administrative stream, in the shapes of the domain's Directory. */
export type EntryState = Readonly<Record<string, unknown>>;

/** What a list shows of an entry. */
export type Entry = {
  readonly kind: string;
  readonly entryId: string;
  readonly name: string;
  readonly organizationId: string | null;
  readonly active: boolean;
  readonly state: EntryState;
};

type List = readonly Record<string, unknown>[];

/** The entry after one more event of its stream; undefined for events that no list shows. */
export function entryAfter(before: Entry | undefined, event: FoldEvent): Entry | undefined {
  const state = before?.state ?? {};
  const base = { kind: event.kind, entryId: event.entityId === "" ? event.kind : event.entityId };
  const make = (name: string, next: EntryState, more: Partial<Entry> = {}): Entry => ({
    ...base,
    organizationId: before?.organizationId ?? null,
    active: before?.active ?? true,
    name,
    state: next,
    ...more,
  });
  const changed = (change: EntryState, more: Partial<Entry> = {}): Entry => {
    if (!before) throw new Error(`${event.stream} begins with ${event.type}`);
    return make(before.name, { ...state, ...change }, more);
  };
  switch (event.type) {
    case "OrganizationRegistered":
    case "OrganizationChanged": {
      const { name, aliases, language, zone, region } = event.data;
      const people = state["people"] ?? [];
      const organizationId = event.entityId;
      return make(name, { organizationId, name, aliases, language, zone, region, people }, { organizationId });
    }
    case "OrganizationImported": {
      const { name, language, zone, source } = event.data;
      const organizationId = event.entityId;
      return make(
        name,
        { organizationId, name, aliases: [], language, zone, region: null, people: [], source },
        { organizationId, active: false },
      );
    }
    case "OrganizationActivated":
    case "GroupActivated":
      return changed({}, { active: true });
    case "OrganizationPeopleImported": {
      const { people, source } = event.data;
      const imported = people.map((one) => ({ ...one, organizationId: event.entityId, active: false, source }));
      return changed({ people: [...((state["people"] ?? []) as List), ...imported] });
    }
    case "OrganizationPersonAdded":
    case "OrganizationPersonChanged": {
      const { person } = event.data;
      const others = ((state["people"] ?? []) as List).filter((one) => one["personId"] !== person.personId);
      return changed({ people: [...others, { ...person, organizationId: event.entityId }] });
    }
    case "OrganizationPersonRemoved": {
      const { personId } = event.data;
      return changed({ people: ((state["people"] ?? []) as List).filter((one) => one["personId"] !== personId) });
    }
    case "ContractSigned": {
      const { policy, policyEffectiveFrom, policyVersion, ...terms } = event.data;
      const policies = [{ version: policyVersion, effectiveFrom: instantOf(policyEffectiveFrom), policy }];
      return make(
        terms.number,
        { ...terms, terminatedLastDay: null, policies },
        { organizationId: terms.organizationId },
      );
    }
    case "ContractPolicyChanged": {
      const { policy, policyEffectiveFrom, policyVersion } = event.data;
      const added = { version: policyVersion, effectiveFrom: instantOf(policyEffectiveFrom), policy };
      return changed({ policies: byEffectiveTime([...((state["policies"] ?? []) as List), added]) });
    }
    case "ContractTermsChanged":
      return changed(event.data);
    case "ContractTerminated":
      return changed({ terminatedLastDay: event.data.lastDay }, { active: false });
    case "CalendarDefined": {
      const { calendarId, name, calendar, version, effectiveFrom } = event.data;
      return make(name, {
        calendarId,
        name,
        versions: [{ version, effectiveFrom: instantOf(effectiveFrom), calendar }],
      });
    }
    case "CalendarRevised": {
      const { calendar, version, effectiveFrom } = event.data;
      const added = { version, effectiveFrom: instantOf(effectiveFrom), calendar };
      return changed({ versions: byEffectiveTime([...((state["versions"] ?? []) as List), added]) });
    }
    case "StaffHired":
      return make(event.data.name, { ...event.data, active: true, available: true });
    case "StaffImported":
      return make(event.data.name, { ...event.data, active: false, available: true }, { active: false });
    case "StaffChanged":
      return changed(event.data, { name: event.data.name });
    case "StaffAvailabilityChanged":
      return changed({ available: event.data.available });
    case "StaffDeactivated":
      return changed({ active: false }, { active: false });
    case "StaffReactivated":
      return changed({ active: true }, { active: true });
    case "GroupCreated":
      return make(event.data.name, event.data);
    case "GroupImported":
      return make(event.data.name, event.data, { active: false });
    case "GroupChanged":
      return changed(event.data, { name: event.data.name });
    case "GroupMembersChanged": {
      const gone = new Set(event.data.removed);
      const members = new Set([...((state["memberIds"] ?? []) as string[]), ...event.data.added]);
      return changed({ memberIds: [...members].filter((member) => !gone.has(member)) });
    }
    case "RoutingRulesPublished":
      return make(`v${event.data.version}`, event.data);
    case "PlanDefined": {
      const { nextAt, ...plan } = event.data;
      return make(plan.subject, { ...plan, nextAt: orNull(nextAt), lastAt: null, stopped: false });
    }
    case "PlanOccurred":
      return changed({
        nextAt: state["stopped"] === true ? null : orNull(event.data.nextAt),
        lastAt: instantOf(event.data.at),
      });
    case "PlanStopped":
      return changed({ nextAt: null, stopped: true }, { active: false });
    case "LetterTextChanged": {
      const { letterKind, language, version, effectiveFrom, ...words } = event.data;
      return make(letterKind, {
        letterKind,
        versions: [
          ...((state["versions"] ?? []) as List),
          { version, language, effectiveFrom: instantOf(effectiveFrom), words },
        ],
      });
    }
    case "LetterTextReset":
    case "LetterFrameReset": {
      const { language, version, effectiveFrom } = event.data;
      const added = { version, language, effectiveFrom: instantOf(effectiveFrom), words: null };
      return changed({ versions: [...((state["versions"] ?? []) as List), added] });
    }
    case "LetterFrameChanged": {
      const { audience, language, version, effectiveFrom, ...words } = event.data;
      return make(event.entityId, {
        audience,
        versions: [
          ...((state["versions"] ?? []) as List),
          { version, language, effectiveFrom: instantOf(effectiveFrom), words },
        ],
      });
    }
    case "TicketRated":
      return make(event.data.ticketId, event.data);
    default:
      return before;
  }
}

function orNull(instant: string | null): number | null {
  return instant === null ? null : instantOf(instant);
}

function byEffectiveTime(versions: List): List {
  const place = (one: Record<string, unknown>): [number, number] => [
    Number(one["effectiveFrom"]),
    Number(one["version"]),
  ];
  return versions.toSorted((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1]);
}

import { describe, expect, it } from "vitest";
import { contract, moscow, people, policy, serviceCentre } from "../../test/service-centre.ts";
import {
  contractByKey,
  contractByNumber,
  contractHoldsAt,
  emptyDirectory,
  evolveDirectory,
  findContract,
  findOrganization,
  findStaff,
  organizationsByName,
  peopleByPhone,
  personByEmail,
  policyAt,
  staffByEmail,
  valuesOf,
  type AnyCommand,
  type DirectoryEvent,
  type Fact,
} from "../index.ts";

const { boss, olga, auditor, maria, anna } = people;
const { number: _number, organizationId: _organization, ...terms } = contract;
const sign = (data: Partial<Extract<AnyCommand, { type: "SignContract" }>["data"]> = {}): AnyCommand => ({
  type: "SignContract",
  data: {
    ...contract,
    contractId: "c-2",
    number: "СЦ-2024/18",
    supportKeys: [],
    policy,
    policyEffectiveFrom: "2024-01-01T00:00:00.000Z",
    ...data,
  },
});
const calendar = (data: object): AnyCommand => ({
  type: "DefineCalendar",
  data: { calendarId: "new", name: "Новый", calendar: data, effectiveFrom: "2024-01-01T00:00:00.000Z" },
});

describe("look-ups", () => {
  const { directory } = serviceCentre();
  it("find by address, key, number, name and phone, however they are written", () => {
    expect(personByEmail(directory, " Anna@ROMASHKA.example")).toMatchObject({
      personId: "anna",
      organizationId: "romashka",
    });
    expect(contractByKey(directory, "key-0017-аа")?.contractId).toBe("c-1");
    expect(contractByNumber(directory, "№ сц-2024/17")?.contractId).toBe("c-1");
    expect(organizationsByName(directory, "ромашка, ООО").map((entry) => entry.organizationId)).toEqual(["romashka"]);
    expect(organizationsByName(directory, "ROMASHKA")).toHaveLength(1);
    expect(peopleByPhone(directory, "8 (495) 111 22 33").map((person) => person.personId)).toEqual(["anna"]);
    expect(staffByEmail(directory, "Ivan@sc.example")?.staffId).toBe("ivan");
    expect([
      personByEmail(directory, "no@one"),
      contractByKey(directory, ""),
      findOrganization(directory, "x"),
      findStaff(directory, "x"),
    ]).toEqual([null, null, null, null]);
  });

  it("forget what was changed or removed", () => {
    const desk = serviceCentre();
    desk.ok(
      {
        type: "ChangePerson",
        data: {
          organizationId: "romashka",
          person: { personId: "anna", name: "Анна", emails: ["new@romashka.example"], phones: [] },
        },
      },
      { as: olga },
    );
    expect(personByEmail(desk.directory, "anna@romashka.example")).toBeNull();
    expect(personByEmail(desk.directory, "new@romashka.example")?.personId).toBe("anna");
    expect(peopleByPhone(desk.directory, "+7 495 111-22-33")).toEqual([]);
    desk.ok({ type: "RemovePerson", data: { organizationId: "romashka", personId: "anna" } }, { as: boss });
    expect(personByEmail(desk.directory, "new@romashka.example")).toBeNull();
    desk.ok(
      {
        type: "ChangeOrganization",
        data: {
          organizationId: "romashka",
          name: "Лютик",
          aliases: [],
          language: "ru",
          zone: "Europe/Moscow",
          region: null,
        },
      },
      { as: boss },
    );
    expect(organizationsByName(desk.directory, "Ромашка")).toEqual([]);
    desk.ok(
      { type: "ChangeContractTerms", data: { ...terms, authorisedPersonIds: ["boris"], supportKeys: ["OTHER"] } },
      { as: boss },
    );
    expect([contractByKey(desk.directory, "KEY-0017-AA"), contractByKey(desk.directory, "other")?.contractId]).toEqual([
      null,
      "c-1",
    ]);
  });

  it("policies and contracts hold from and until their own times, in the calendar's zone", () => {
    const desk = serviceCentre();
    desk.ok(
      {
        type: "ChangeContractPolicy",
        data: { contractId: "c-1", policy, policyEffectiveFrom: "2024-06-01T00:00:00.000Z" },
      },
      { as: boss },
    );
    const found = findContract(desk.directory, "c-1")!;
    const versions = ["2023-01-01T00:00:00Z", "2024-05-31T23:59:59Z", "2024-06-01T00:00:00Z"].map(
      (time) => policyAt(found, Date.parse(time)).version,
    );
    expect(versions).toEqual([1, 1, 2]);
    const holds = (time: string) =>
      contractHoldsAt(desk.directory, findContract(desk.directory, "c-1")!, Date.parse(time));
    expect([
      holds("2023-12-31T20:59:59Z"),
      holds("2023-12-31T21:00:00Z"),
      holds("2026-12-31T20:59:59Z"),
      holds("2026-12-31T21:00:00Z"),
    ]).toEqual([false, true, true, false]);
    desk.ok(
      { type: "TerminateContract", data: { contractId: "c-1", lastDay: "2024-05-15", reason: null } },
      { as: boss },
    );
    expect([holds("2024-05-15T20:00:00Z"), holds("2024-05-15T21:00:00Z")]).toEqual([true, false]);
    expect(
      desk.refused(
        { type: "TerminateContract", data: { contractId: "c-1", lastDay: "2024-05-16", reason: null } },
        { as: boss },
      ),
    ).toBe("contract_terminated");
  });
});

describe("the fold", () => {
  it("told twice changes nothing, and never changes the directory it was given", () => {
    const desk = serviceCentre();
    const facts = desk.facts as Fact<DirectoryEvent>[];
    const halfway = facts.slice(0, 10).reduce(evolveDirectory, emptyDirectory);
    const before = JSON.stringify([valuesOf(halfway.staff), valuesOf(halfway.groups), valuesOf(halfway.people)]);
    const whole = facts.slice(10).reduce(evolveDirectory, halfway);
    expect(facts.reduce(evolveDirectory, whole)).toBe(whole);
    expect(JSON.stringify([valuesOf(halfway.staff), valuesOf(halfway.groups), valuesOf(halfway.people)])).toBe(before);
    expect(valuesOf(emptyDirectory.staff)).toEqual([]);
    expect(valuesOf(whole.people)).toHaveLength(4);
  });

  it("passes over events it has never heard of and streams that are not its own", () => {
    const { directory, facts } = serviceCentre();
    const strange = {
      ...facts[0]!,
      type: "StaffKnighted",
      stream: "staff-ivan",
      revision: 99,
    } as unknown as Fact<DirectoryEvent>;
    expect(findStaff(evolveDirectory(directory, strange), "ivan")).toEqual(findStaff(directory, "ivan"));
    expect(evolveDirectory(directory, { ...strange, stream: "survey-1" })).toBe(directory);
    expect(evolveDirectory(directory, { ...strange, stream: "somebody-elses" })).toBe(directory);
  });
});

describe("bad input is refused with a code and the field at fault", () => {
  const cases: [string, AnyCommand, string, string?][] = [
    [
      "overlapping hours",
      calendar({
        tz: "Europe/Moscow",
        weeklyHours: {
          mon: [
            ["09:00", "12:00"],
            ["11:00", "18:00"],
          ],
        },
      }),
      "calendar_hours_overlap",
      "data.calendar.weeklyHours.mon",
    ],
    [
      "an unknown zone in a calendar",
      calendar({ tz: "Europe/Atlantis", weeklyHours: {} }),
      "calendar_zone_unknown",
      "data.calendar.tz",
    ],
    [
      "a calendar that exists",
      {
        type: "DefineCalendar",
        data: {
          calendarId: "msk",
          name: "Москва",
          calendar: moscow as never,
          effectiveFrom: "2024-01-01T00:00:00.000Z",
        },
      },
      "calendar_exists",
    ],
    [
      "a revision of no calendar",
      {
        type: "ReviseCalendar",
        data: { calendarId: "no", calendar: moscow as never, effectiveFrom: "2024-01-01T00:00:00.000Z" },
      },
      "calendar_unknown",
    ],
    [
      "a revision from before the last",
      {
        type: "ReviseCalendar",
        data: { calendarId: "msk", calendar: moscow as never, effectiveFrom: "2020-01-01T00:00:00.000Z" },
      },
      "version_not_later",
      "data.effectiveFrom",
    ],
    [
      "an unknown zone of an organization",
      {
        type: "RegisterOrganization",
        data: { organizationId: "new", name: "New", aliases: [], language: "en", zone: "Mars/Base", region: null },
      },
      "zone_unknown",
      "data.zone",
    ],
    [
      "an organization that exists",
      {
        type: "RegisterOrganization",
        data: { organizationId: "lopuh", name: "New", aliases: [], language: "en", zone: "UTC", region: null },
      },
      "organization_exists",
    ],
    [
      "an address of somebody else",
      {
        type: "AddPerson",
        data: {
          organizationId: "lopuh",
          person: { personId: "new", name: "New", emails: ["ANNA@romashka.example"], phones: [] },
        },
      },
      "email_taken",
      "data.person.emails.0",
    ],
    [
      "one address twice",
      {
        type: "AddPerson",
        data: {
          organizationId: "lopuh",
          person: { personId: "new", name: "New", emails: ["a@b.example", "A@b.example"], phones: [] },
        },
      },
      "email_taken",
    ],
    [
      "a person who exists",
      {
        type: "AddPerson",
        data: { organizationId: "lopuh", person: { personId: "anna", name: "New", emails: [], phones: [] } },
      },
      "person_exists",
    ],
    [
      "a person of another organization",
      { type: "RemovePerson", data: { organizationId: "lopuh", personId: "anna" } },
      "person_of_another_organization",
    ],
    ["a contract that exists", sign({ contractId: "c-1" }), "contract_exists"],
    ["a contract number taken", sign({ number: "сц-2024/17" }), "contract_number_taken"],
    ["a contract of nobody", sign({ organizationId: "nobody" }), "organization_unknown"],
    ["a contract that ends before it begins", sign({ validTo: "2023-12-31" }), "period_empty", "data.validTo"],
    ["a support key taken", sign({ supportKeys: ["NEW", "key-0017-aa"] }), "support_key_taken", "data.supportKeys.1"],
    ["one support key twice", sign({ supportKeys: ["NEW", "new"] }), "support_key_taken"],
    [
      "a foreign authorised person",
      sign({ authorisedPersonIds: ["anna", "stranger"] }),
      "person_of_another_organization",
      "data.authorisedPersonIds.1",
    ],
    ["an unknown service manager", sign({ serviceManagerId: "nobody" }), "staff_unknown", "data.serviceManagerId"],
    [
      "a policy of an unknown calendar",
      sign({ policy: { ...policy, calendarId: "no" } }),
      "calendar_unknown",
      "data.policy.calendarId",
    ],
    [
      "a pair outside the matrix",
      sign({
        policy: {
          ...policy,
          targets: [...policy.targets, { type: "consultation", priority: "high", reaction: "1h", resolution: "1d" }],
        },
      }),
      "priority_not_allowed",
      "data.policy.targets.7.priority",
    ],
    [
      "targets given twice",
      sign({ policy: { ...policy, targets: [...policy.targets, policy.targets[0]!] } }),
      "duplicate_target",
    ],
    [
      "a target of nothing",
      sign({
        policy: { ...policy, targets: [{ ...policy.targets[0]!, resolution: "0h" }, ...policy.targets.slice(1)] },
      }),
      "target_invalid",
      "data.policy.targets.0.resolution",
    ],
    [
      "an acceptance target twice",
      sign({ policy: { ...policy, ola: [...policy.ola, { line: 2, target: "1h" }] } }),
      "duplicate_ola_line",
    ],
    [
      "a default without targets",
      sign({ policy: { ...policy, targets: [policy.targets[0]!] } }),
      "classification_not_in_contract",
      "data.policy.defaultClassification",
    ],
    [
      "a chain level twice",
      sign({ policy: { ...policy, chain: [policy.chain[0]!, { ...policy.chain[1]!, level: 1 }] } }),
      "duplicate_chain_level",
    ],
    [
      "a chain that moves to nowhere",
      sign({ policy: { ...policy, chain: [{ ...policy.chain[2]!, groupId: null }] } }),
      "chain_group_missing",
    ],
    [
      "a chain to an unknown group",
      sign({ policy: { ...policy, chain: [{ ...policy.chain[2]!, groupId: "no" }] } }),
      "group_unknown",
      "data.policy.chain.0.groupId",
    ],
    [
      "a chain step of nothing",
      sign({ policy: { ...policy, chain: [{ ...policy.chain[0]!, at: "+" }] } }),
      "alarm_invalid",
    ],
    [
      "a reminder after the close",
      sign({ policy: { ...policy, confirmation: { workingDays: 5, reminders: [2, 5] } } }),
      "reminder_after_close",
      "data.policy.confirmation.reminders.1",
    ],
    [
      "a policy from before the last",
      {
        type: "ChangeContractPolicy",
        data: { contractId: "c-1", policy, policyEffectiveFrom: "2024-01-01T00:00:00.000Z" },
      },
      "version_not_later",
    ],
    ["terms of no contract", { type: "ChangeContractTerms", data: { ...terms, contractId: "no" } }, "contract_unknown"],
    [
      "a requester as staff",
      {
        type: "HireStaff",
        data: { staffId: "new", name: "New", email: "new@sc.example", role: "requester", skills: [], language: "ru" },
      },
      "not_a_staff_role",
    ],
    [
      "staff with a taken address",
      {
        type: "HireStaff",
        data: { staffId: "new", name: "New", email: "Ivan@sc.example", role: "engineer", skills: [], language: "ru" },
      },
      "email_taken",
    ],
    [
      "staff who exist",
      {
        type: "HireStaff",
        data: { staffId: "ivan", name: "New", email: "new@sc.example", role: "engineer", skills: [], language: "ru" },
      },
      "staff_exists",
    ],
    [
      "a group that exists",
      { type: "CreateGroup", data: { groupId: "net", name: "X", line: 2, kind: "competence_centre", memberIds: [] } },
      "group_exists",
    ],
    [
      "a group of nobody",
      {
        type: "CreateGroup",
        data: { groupId: "new", name: "X", line: 2, kind: "competence_centre", memberIds: ["ivan", "nobody"] },
      },
      "staff_unknown",
      "data.memberIds.1",
    ],
    [
      "a change of no group",
      { type: "ChangeGroup", data: { groupId: "new", name: "X", line: 2, kind: "competence_centre" } },
      "group_unknown",
    ],
    [
      "rules to no group",
      {
        type: "PublishRoutingRules",
        data: {
          rules: [{ ruleId: "a", when: {}, to: { groupId: "no", pick: "nobody", skills: [] } }],
          fallbackGroupId: "l1",
        },
      },
      "group_unknown",
      "data.rules.0.to.groupId",
    ],
    [
      "rules that fall back to nothing",
      { type: "PublishRoutingRules", data: { rules: [], fallbackGroupId: "no" } },
      "group_unknown",
      "data.fallbackGroupId",
    ],
    [
      "a rule for no organization",
      {
        type: "PublishRoutingRules",
        data: {
          rules: [
            {
              ruleId: "a",
              when: { organizationIds: ["romashka", "no"] },
              to: { groupId: "l1", pick: "nobody", skills: [] },
            },
          ],
          fallbackGroupId: "l1",
        },
      },
      "organization_unknown",
      "data.rules.0.when.organizationIds.1",
    ],
    [
      "a rule named as the fallback",
      {
        type: "PublishRoutingRules",
        data: {
          rules: [{ ruleId: "fallback", when: {}, to: { groupId: "l1", pick: "nobody", skills: [] } }],
          fallbackGroupId: "l1",
        },
      },
      "duplicate_rule",
    ],
  ];
  it.each(cases)("%s", (_, command, code, field) => {
    const decision = serviceCentre().send(command, { as: boss, unparsed: true });
    expect(decision).toMatchObject({ ok: false, error: { code, ...(field === undefined ? {} : { field }) } });
  });
});

it("a calendar without any working time is allowed", () => {
  serviceCentre().ok(calendar({ tz: "Europe/Moscow", weeklyHours: {} }), { as: boss });
});

it("saying again what is so already gives no facts", () => {
  const desk = serviceCentre();
  const staff = { staffId: "ivan", reason: null };
  expect(desk.ok({ type: "ChangeStaffAvailability", data: { ...staff, available: true } }, { as: olga })).toEqual([]);
  expect(desk.ok({ type: "ReactivateStaff", data: { staffId: "ivan" } }, { as: boss })).toEqual([]);
  expect(
    desk.ok({ type: "ChangeGroupMembers", data: { groupId: "net", add: ["ivan"], remove: ["olga"] } }, { as: maria }),
  ).toEqual([]);
  expect(
    desk.ok({ type: "ChangeGroupMembers", data: { groupId: "net", add: ["olga"], remove: ["ivan"] } }, { as: maria }),
  ).toMatchObject([{ data: { added: ["olga"], removed: ["ivan"] } }]);
});

it("is administered by those who may", () => {
  const desk = serviceCentre();
  expect(desk.refused(sign(), { as: olga })).toBe("not_permitted");
  expect(desk.refused({ type: "DeactivateStaff", data: { staffId: "ivan", reason: null } }, { as: maria })).toBe(
    "not_permitted",
  );
  expect(desk.refused(sign(), { as: auditor })).toBe("not_permitted");
  expect(desk.refused(sign(), { as: anna })).toBe("not_permitted");
  expect(desk.refused(sign(), { as: boss, at: "2030-01-01T00:00:00.000Z" })).toBe("occurred_in_future");
});

import type { DirectoryCommand, Role, SlaPolicy } from "@docket/domain";
import { russianCalendar } from "@docket/sla";

/** The service centre and its customers of the demo and of the acceptance story: who exists, under which contracts. */

const since = "2024-01-01T00:00:00.000Z";

const chain = (escalationGroup: string): SlaPolicy["chain"] => [
  { clock: "reaction", level: 1, at: "80%", action: "notify_engineer", groupId: null },
  { clock: "reaction", level: 2, at: "+30m", action: "notify_manager", groupId: null },
  { clock: "resolution", level: 1, at: "80%", action: "notify_engineer", groupId: null },
  { clock: "resolution", level: 2, at: "100%", action: "notify_manager", groupId: null },
  { clock: "resolution", level: 3, at: "+1h", action: "move_to_group", groupId: escalationGroup },
  { clock: "ola", level: 1, at: "100%", action: "notify_manager", groupId: null },
];

/** Targets in the matrix of R §3.3, scaled: `fast` for the strict contract. */
const targets = (fast: boolean): SlaPolicy["targets"] => [
  { type: "incident", priority: "high", reaction: fast ? "30m" : "1h", resolution: fast ? "4h" : "8h" },
  { type: "incident", priority: "medium", reaction: fast ? "1h" : "4h", resolution: fast ? "8h" : "16h" },
  { type: "incident", priority: "low", reaction: fast ? "4h" : "8h", resolution: fast ? "3d" : "5d" },
  { type: "change", priority: "medium", reaction: "4h", resolution: "3d" },
  { type: "change", priority: "low", reaction: "8h", resolution: "10d" },
  { type: "consultation", priority: "low", reaction: "8h", resolution: "3d" },
  { type: "scheduled_work", priority: "low", reaction: "8h", resolution: "5d" },
];

const policy = (calendarId: string, fast: boolean): SlaPolicy => ({
  calendarId,
  targets: targets(fast),
  ola: [
    { line: 1, target: "30m" },
    { line: 2, target: "1h" },
    { line: 3, target: "2h" },
  ],
  pauses: { customer: true, approval: true },
  chain: chain("escalation"),
  confirmation: { workingDays: 5, reminders: [2, 4] },
  closeScheduledWorkOnResolution: false,
  defaultClassification: { type: "incident", priority: "medium" },
});

/** Nobody logs in as the engine itself. */
type AccountRole = Exclude<Role, "system">;

interface StaffEntry {
  readonly staffId: string;
  readonly name: string;
  readonly role: AccountRole;
  readonly skills: readonly string[];
}

export const staff: readonly StaffEntry[] = [
  { staffId: "olga", name: "Ольга Соколова", role: "operator", skills: [] },
  { staffId: "oleg", name: "Олег Зуев", role: "operator", skills: [] },
  { staffId: "ivan", name: "Иван Кравцов", role: "engineer", skills: ["network", "vpn"] },
  { staffId: "inna", name: "Инна Гусева", role: "engineer", skills: ["network"] },
  { staffId: "egor", name: "Егор Лапин", role: "engineer", skills: ["endpoint", "siem"] },
  { staffId: "elena", name: "Елена Маркова", role: "expert", skills: ["network", "siem"] },
  { staffId: "eduard", name: "Эдуард Тихонов", role: "expert", skills: ["endpoint"] },
  { staffId: "maria", name: "Мария Белова", role: "service_manager", skills: [] },
  { staffId: "anna", name: "Анна Орлова", role: "auditor", skills: [] },
  { staffId: "alexey", name: "Алексей Фомин", role: "analyst", skills: [] },
];

const hire = staff.map(({ staffId, name, role, skills }): DirectoryCommand => ({
  type: "HireStaff",
  data: { staffId, name, email: `${staffId}@docket.example`, role, skills: [...skills], language: "ru" },
}));

const groups: DirectoryCommand[] = [
  {
    type: "CreateGroup",
    data: { groupId: "operators", name: "Операторы СЦ", line: 1, kind: "operators", memberIds: ["olga", "oleg"] },
  },
  {
    type: "CreateGroup",
    data: {
      groupId: "cc-network",
      name: "Центр компетенций: сети и VPN",
      line: 2,
      kind: "competence_centre",
      memberIds: ["ivan", "inna"],
    },
  },
  {
    type: "CreateGroup",
    data: {
      groupId: "cc-endpoint",
      name: "Центр компетенций: защита узлов",
      line: 2,
      kind: "competence_centre",
      memberIds: ["egor", "inna"],
    },
  },
  {
    type: "CreateGroup",
    data: { groupId: "experts", name: "Эксперты СЦ", line: 3, kind: "experts", memberIds: ["elena", "eduard"] },
  },
  {
    type: "CreateGroup",
    data: {
      groupId: "escalation",
      name: "Группа эскалации",
      line: 3,
      kind: "escalation",
      memberIds: ["elena", "maria"],
    },
  },
];

const routing: DirectoryCommand = {
  type: "PublishRoutingRules",
  data: {
    rules: [
      {
        ruleId: "consultations",
        when: { types: ["consultation"] },
        to: { groupId: "operators", pick: "nobody", skills: [] },
      },
      {
        ruleId: "endpoint",
        when: { products: ["Endpoint Guard"] },
        to: { groupId: "cc-endpoint", pick: "least_loaded", skills: ["endpoint"] },
      },
      {
        ruleId: "vpn",
        when: { textContains: ["VPN", "туннель", "tunnel"] },
        to: { groupId: "cc-network", pick: "least_loaded", skills: ["vpn"] },
      },
      {
        ruleId: "incidents",
        when: { types: ["incident"] },
        to: { groupId: "cc-network", pick: "least_loaded", skills: ["network"] },
      },
      {
        ruleId: "changes",
        when: { types: ["change", "scheduled_work"] },
        to: { groupId: "cc-network", pick: "least_loaded", skills: [] },
      },
    ],
    fallbackGroupId: "operators",
  },
};

const office = { shortenPreHoliday: true } as const;
const calendars: DirectoryCommand[] = [
  {
    type: "DefineCalendar",
    data: {
      calendarId: "moscow-5x9",
      name: "Москва, 5×9",
      calendar: russianCalendar({ hours: [["09:00", "18:00"]], tz: "Europe/Moscow", ...office }),
      effectiveFrom: since,
    },
  },
  {
    type: "DefineCalendar",
    data: {
      calendarId: "ural-5x8",
      name: "Урал, 5×8 с обедом",
      calendar: russianCalendar({
        hours: [
          ["09:00", "13:00"],
          ["14:00", "18:00"],
        ],
        tz: "Asia/Yekaterinburg",
        ...office,
      }),
      effectiveFrom: since,
    },
  },
  {
    type: "DefineCalendar",
    data: {
      calendarId: "round-the-clock",
      name: "Круглосуточно",
      calendar: { tz: "Europe/Kaliningrad", "24x7": true },
      effectiveFrom: since,
    },
  },
];

const noServices = { monitoring: false, managerContact: false, managerEscalation: false };

const customers: DirectoryCommand[] = [
  {
    type: "RegisterOrganization",
    data: {
      organizationId: "severny",
      name: "ООО «Северный ветер»",
      aliases: ["Северный ветер", "Severny Veter"],
      language: "ru",
      zone: "Europe/Moscow",
      region: "Москва",
    },
  },
  {
    type: "AddPerson",
    data: {
      organizationId: "severny",
      person: {
        personId: "ivanov",
        name: "Пётр Иванов",
        emails: ["ivanov@severny.example"],
        phones: ["+7 495 000-10-01"],
      },
    },
  },
  {
    type: "AddPerson",
    data: {
      organizationId: "severny",
      person: { personId: "petrova", name: "Светлана Петрова", emails: ["petrova@severny.example"], phones: [] },
    },
  },
  {
    type: "SignContract",
    data: {
      contractId: "severny-2024",
      number: "СВ-17/2024",
      organizationId: "severny",
      validFrom: "2024-01-01",
      validTo: null,
      supportKeys: ["SEV-7Q2K"],
      services: { monitoring: true, managerContact: true, managerEscalation: true },
      updateRights: ["Perimeter Gate"],
      authorisedPersonIds: ["ivanov", "petrova"],
      managerContactPersonIds: ["ivanov"],
      serviceManagerId: "maria",
      policy: policy("moscow-5x9", true),
      policyEffectiveFrom: since,
    },
  },
  {
    type: "RegisterOrganization",
    data: {
      organizationId: "ural",
      name: "АО «Уральские сети»",
      aliases: ["Уральские сети"],
      language: "ru",
      zone: "Asia/Yekaterinburg",
      region: "Екатеринбург",
    },
  },
  {
    type: "AddPerson",
    data: {
      organizationId: "ural",
      person: {
        personId: "kuznetsov",
        name: "Андрей Кузнецов",
        emails: ["kuznetsov@ural.example"],
        phones: ["+7 343 000-20-02"],
      },
    },
  },
  {
    type: "AddPerson",
    data: {
      organizationId: "ural",
      person: { personId: "smirnova", name: "Дарья Смирнова", emails: ["smirnova@ural.example"], phones: [] },
    },
  },
  {
    type: "SignContract",
    data: {
      contractId: "ural-2024",
      number: "УС-3/2024",
      organizationId: "ural",
      validFrom: "2024-01-01",
      validTo: null,
      supportKeys: ["URL-11XY"],
      services: noServices,
      updateRights: ["Endpoint Guard"],
      authorisedPersonIds: ["kuznetsov"],
      managerContactPersonIds: [],
      serviceManagerId: "maria",
      policy: { ...policy("ural-5x8", false), confirmation: { workingDays: 5, reminders: [3] } },
      policyEffectiveFrom: since,
    },
  },
  {
    type: "RegisterOrganization",
    data: {
      organizationId: "baltic",
      name: "Baltic Freight",
      aliases: ["Baltic Freight Ltd"],
      language: "en",
      zone: "Europe/Kaliningrad",
      region: "Калининград",
    },
  },
  {
    type: "AddPerson",
    data: {
      organizationId: "baltic",
      person: {
        personId: "miller",
        name: "Anna Miller",
        emails: ["miller@baltic.example"],
        phones: ["+7 4012 000-303"],
      },
    },
  },
  {
    type: "SignContract",
    data: {
      contractId: "baltic-2024",
      number: "BF-2024-08",
      organizationId: "baltic",
      validFrom: "2024-01-01",
      validTo: null,
      supportKeys: ["BAL-555Z"],
      services: { monitoring: true, managerContact: false, managerEscalation: false },
      updateRights: [],
      authorisedPersonIds: ["miller"],
      managerContactPersonIds: [],
      serviceManagerId: "maria",
      policy: { ...policy("round-the-clock", true), closeScheduledWorkOnResolution: true },
      policyEffectiveFrom: since,
    },
  },
];

/** Everything in the order in which it can be carried out. */
export const worldCommands: readonly DirectoryCommand[] = [...calendars, ...hire, ...groups, ...customers, routing];

export interface DemoAccount {
  readonly login: string;
  readonly role: AccountRole;
  readonly name: string;
  readonly staffId?: string;
  readonly personId?: string;
  readonly organizationId?: string;
  readonly language: "ru" | "en";
}

export const demoPassword = "docket-demo";

/** One login per role, and a second customer for whoever wants to see that customers are kept apart. */
export const demoAccounts: readonly DemoAccount[] = [
  { login: "admin", role: "admin", name: "Администратор", language: "ru" },
  ...staff.map(({ staffId, role, name }): DemoAccount => ({ login: staffId, role, name, staffId, language: "ru" })),
  {
    login: "ivanov",
    role: "requester",
    name: "Пётр Иванов",
    personId: "ivanov",
    organizationId: "severny",
    language: "ru",
  },
  {
    login: "miller",
    role: "requester",
    name: "Anna Miller",
    personId: "miller",
    organizationId: "baltic",
    language: "en",
  },
];

import type { Actor, AnyCommand, Requester, SlaPolicy } from "../src/index.ts";
import { makeDesk, uuidOf, type SendOptions, type TestDesk } from "./desk.ts";

/** A small service centre with one customer, as most tests need it. */

export const people = {
  olga: { id: "olga", role: "operator" },
  ivan: { id: "ivan", role: "engineer" },
  petr: { id: "petr", role: "engineer" },
  elena: { id: "elena", role: "expert" },
  maria: { id: "maria", role: "service_manager" },
  boss: { id: "boss", role: "admin" },
  anna: { id: "anna", role: "requester" },
  stranger: { id: "stranger", role: "requester" },
  auditor: { id: "audit", role: "auditor" },
  machine: { id: "siem", role: "machine" },
} as const satisfies Record<string, Actor>;

export const policy: SlaPolicy = {
  calendarId: "msk",
  targets: [
    { type: "incident", priority: "high", reaction: "30m", resolution: "4h" },
    { type: "incident", priority: "medium", reaction: "1h", resolution: "8h" },
    { type: "incident", priority: "low", reaction: "4h", resolution: "3d" },
    { type: "change", priority: "medium", reaction: "2h", resolution: "5d" },
    { type: "change", priority: "low", reaction: "4h", resolution: "10d" },
    { type: "consultation", priority: "low", reaction: "4h", resolution: "3d" },
    { type: "scheduled_work", priority: "low", reaction: "8h", resolution: "5d" },
  ],
  ola: [
    { line: 2, target: "30m" },
    { line: 3, target: "1h" },
  ],
  pauses: { customer: true, approval: true },
  chain: [
    { clock: "resolution", level: 1, at: "80%", action: "notify_engineer", groupId: null },
    { clock: "resolution", level: 2, at: "100%", action: "notify_manager", groupId: null },
    { clock: "resolution", level: 3, at: "+1h", action: "move_to_group", groupId: "alarm" },
    { clock: "reaction", level: 1, at: "-10m", action: "notify_manager", groupId: null },
  ],
  confirmation: { workingDays: 5, reminders: [2, 4] },
  closeScheduledWorkOnResolution: false,
  defaultClassification: { type: "incident", priority: "medium" },
};

export const contract = {
  contractId: "c-1",
  number: "СЦ-2024/17",
  organizationId: "romashka",
  validFrom: "2024-01-01",
  validTo: "2026-12-31",
  supportKeys: ["KEY-0017-AA"],
  services: { monitoring: true, managerContact: true, managerEscalation: true },
  updateRights: ["Континент"],
  authorisedPersonIds: ["anna", "boris"],
  managerContactPersonIds: ["boris"],
  serviceManagerId: "maria",
};

/** Moscow 2024 around the May holidays, as officially moved. */
export const moscow = {
  tz: "Europe/Moscow",
  weeklyHours: {
    mon: [["09:00", "18:00"]],
    tue: [["09:00", "18:00"]],
    wed: [["09:00", "18:00"]],
    thu: [["09:00", "18:00"]],
    fri: [["09:00", "18:00"]],
  },
  nonWorkingDates: ["2024-04-29", "2024-04-30", "2024-05-01", "2024-05-09", "2024-05-10"],
  workingDates: [{ date: "2024-04-27", hours: [["09:00", "18:00"]] }],
} as const;

const clone = (value: unknown): never => structuredClone(value) as never;

export const setUp: readonly AnyCommand[] = [
  {
    type: "DefineCalendar",
    data: { calendarId: "msk", name: "Москва", calendar: clone(moscow), effectiveFrom: "2020-01-01T00:00:00.000Z" },
  },
  {
    type: "DefineCalendar",
    data: {
      calendarId: "always",
      name: "24x7",
      calendar: { tz: "UTC", "24x7": true },
      effectiveFrom: "2020-01-01T00:00:00.000Z",
    },
  },
  ...(
    [
      ["olga", "Ольга Операторова", "operator", []],
      ["ivan", "Иван Инженеров", "engineer", ["vpn"]],
      ["petr", "Пётр Петров", "engineer", ["vpn", "soc"]],
      ["elena", "Елена Экспертова", "expert", []],
      ["maria", "Мария Менеджерова", "service_manager", []],
    ] as const
  ).map(([staffId, name, role, skills]): AnyCommand => ({
    type: "HireStaff",
    data: { staffId, name, email: `${staffId}@sc.example`, role, skills: [...skills], language: "ru" },
  })),
  { type: "CreateGroup", data: { groupId: "l1", name: "Операторы", line: 1, kind: "operators", memberIds: ["olga"] } },
  {
    type: "CreateGroup",
    data: { groupId: "net", name: "Сети", line: 2, kind: "competence_centre", memberIds: ["ivan", "petr"] },
  },
  { type: "CreateGroup", data: { groupId: "l3", name: "Эксперты", line: 3, kind: "experts", memberIds: ["elena"] } },
  {
    type: "CreateGroup",
    data: { groupId: "alarm", name: "Эскалация", line: 3, kind: "escalation", memberIds: ["elena", "maria"] },
  },
  {
    type: "RegisterOrganization",
    data: {
      organizationId: "romashka",
      name: "ООО «Ромашка»",
      aliases: ["Romashka LLC"],
      language: "ru",
      zone: "Europe/Moscow",
      region: "Москва",
    },
  },
  {
    type: "RegisterOrganization",
    data: {
      organizationId: "lopuh",
      name: "АО Лопух",
      aliases: [],
      language: "en",
      zone: "Europe/Moscow",
      region: null,
    },
  },
  {
    type: "AddPerson",
    data: {
      organizationId: "romashka",
      person: {
        personId: "anna",
        name: "Анна Заказчикова",
        emails: ["anna@romashka.example"],
        phones: ["+7 495 111-22-33"],
      },
    },
  },
  {
    type: "AddPerson",
    data: {
      organizationId: "romashka",
      person: { personId: "boris", name: "Борис Начальников", emails: ["boris@romashka.example"], phones: [] },
    },
  },
  {
    type: "AddPerson",
    data: {
      organizationId: "romashka",
      person: { personId: "vera", name: "Вера Стажёрова", emails: ["vera@romashka.example"], phones: [] },
    },
  },
  {
    type: "AddPerson",
    data: {
      organizationId: "lopuh",
      person: { personId: "stranger", name: "Leo Lopuh", emails: ["leo@lopuh.example"], phones: [] },
    },
  },
  { type: "SignContract", data: { ...contract, policy, policyEffectiveFrom: "2024-01-01T00:00:00.000Z" } },
  {
    type: "PublishRoutingRules",
    data: {
      fallbackGroupId: "l1",
      rules: [
        {
          ruleId: "vpn",
          when: { types: ["incident"], textContains: ["VPN"] },
          to: { groupId: "net", pick: "least_loaded", skills: ["vpn"] },
        },
        { ruleId: "changes", when: { types: ["change"] }, to: { groupId: "l3", pick: "nobody", skills: [] } },
      ],
    },
  },
];

/** A desk with the service centre set up; the clock stands at `now`. */
export function serviceCentre(now = "2024-04-22T06:00:00.000Z"): TestDesk {
  const desk = makeDesk(now);
  for (const command of setUp) desk.ok(command, { as: people.boss });
  return desk;
}

export const ticketId = uuidOf(1, 0x71);
export const requester: Requester = {
  personId: "anna",
  name: "Анна Заказчикова",
  email: "anna@romashka.example",
  phone: null,
};

type Data<Type extends AnyCommand["type"]> = Extract<AnyCommand, { type: Type }>["data"];

export function registration(overrides: Partial<Data<"RegisterTicket">> = {}): AnyCommand {
  const data: Data<"RegisterTicket"> = {
    ticketId,
    number: "SC-000001",
    contactId: uuidOf(1, 0xc1),
    channel: "email",
    organizationId: "romashka",
    contractId: "c-1",
    requester,
    language: "ru",
    subject: "Не работает VPN",
    description: "С утра не поднимается туннель.",
    product: "Континент",
    productVersion: "4.1",
    stepsToReproduce: null,
    region: "Москва",
    wish: { type: "incident", priority: "high" },
    receivedAt: "2024-04-22T05:59:00.000Z",
    attachments: [],
    planId: null,
    ...overrides,
  };
  return { type: "RegisterTicket", data };
}

/** Commands on the one ticket, short to write. */
export const on = {
  classify: (data: Partial<Data<"ClassifyTicket">> = {}): AnyCommand => ({
    type: "ClassifyTicket",
    data: { ticketId, type: "incident", priority: "high", reason: null, product: "Континент", ...data },
  }),
  assign: (groupId: string | null = "net", engineerId: string | null = "ivan"): AnyCommand => ({
    type: "AssignTicket",
    data: { ticketId, groupId, engineerId, reason: null },
  }),
  accept: (): AnyCommand => ({ type: "AcceptTicket", data: { ticketId } }),
  handOver: (toLine: 1 | 2 | 3 = 3, groupId = "l3", engineerId: string | null = null): AnyCommand => ({
    type: "HandOverTicket",
    data: { ticketId, toLine, groupId, engineerId, reason: "Нужен эксперт" },
  }),
  ask: (): AnyCommand => ({ type: "AskCustomer", data: { ticketId, question: "Какая версия клиента?" } }),
  answer: (): AnyCommand => ({
    type: "RecordCustomerAnswer",
    data: { ticketId, contactId: null, answer: "4.1.2", attachments: [] },
  }),
  message: (n = 2, from = requester): AnyCommand => ({
    type: "JoinMessage",
    data: { ticketId, contactId: uuidOf(n, 0xc1), from, text: "Вот ответ", attachments: [] },
  }),
  propose: (data: Partial<Data<"ProposeChange">> = {}): AnyCommand => ({
    type: "ProposeChange",
    data: {
      ticketId,
      proposalId: uuidOf(1, 0xb0),
      kind: "configuration",
      scope: "Правило межсетевого экрана",
      schedule: "В ночь на субботу",
      effort: "2 часа",
      product: null,
      productVersion: null,
      needsDowntime: false,
      ...data,
    },
  }),
  approve: (proposalId = uuidOf(1, 0xb0), by = requester): AnyCommand => ({
    type: "ApproveChange",
    data: { ticketId, proposalId, by },
  }),
  refuse: (proposalId = uuidOf(1, 0xb0)): AnyCommand => ({
    type: "RefuseChange",
    data: { ticketId, proposalId, by: requester, reason: "Не сейчас" },
  }),
  start: (proposalId = uuidOf(1, 0xb0)): AnyCommand => ({ type: "StartChange", data: { ticketId, proposalId } }),
  downtime: (data: Partial<Data<"AnnounceDowntime">> = {}): AnyCommand => ({
    type: "AnnounceDowntime",
    data: {
      ticketId,
      proposalId: uuidOf(1, 0xb0),
      from: "2024-04-27T19:00:00.000Z",
      to: "2024-04-27T21:00:00.000Z",
      equipment: "Шлюз офиса",
      message: "Связи не будет два часа",
      ...data,
    },
  }),
  installed: (data: Partial<Data<"RecordUpdateInstalled">> = {}): AnyCommand => ({
    type: "RecordUpdateInstalled",
    data: { ticketId, proposalId: uuidOf(1, 0xb0), product: "Континент", version: "4.2", ...data },
  }),
  comment: (visibility: "public" | "internal" = "public"): AnyCommand => ({
    type: "CommentTicket",
    data: { ticketId, text: "Смотрю", visibility, attachments: [] },
  }),
  extend: (newDeadline: string, agreedAt = "2024-04-22T06:00:00.000Z"): AnyCommand => ({
    type: "ExtendTerm",
    data: { ticketId, agreedBy: requester, agreedAt, newDeadline, reason: "Ждём поставку" },
  }),
  escalate: (by: "customer" | "service_manager" = "customer", n = 1): AnyCommand => ({
    type: "EscalateTicket",
    data: { ticketId, escalationId: uuidOf(n, 0xe5), by, reason: "Слишком долго" },
  }),
  resolve: (): AnyCommand => ({ type: "ResolveTicket", data: { ticketId, solution: "Обновлён сертификат" } }),
  giveBack: (): AnyCommand => ({
    type: "ReturnTicket",
    data: { ticketId, reason: "Опять не работает", contactId: null },
  }),
  recordSource: (data: Partial<Data<"RecordSource">> = {}): AnyCommand => ({
    type: "RecordSource",
    data: {
      ticketId,
      source: "old-desk",
      key: "INC-1",
      state: "Решено",
      judgement: "met",
      fields: [{ name: "category", value: "Сеть" }],
      texts: '{"comment":"Анна звонила дважды"}',
      rows: 1,
      digest: "0".repeat(40),
      ...data,
    },
  }),
  confirm: (): AnyCommand => ({ type: "ConfirmResult", data: { ticketId, by: requester } }),
  withdraw: (): AnyCommand => ({ type: "WithdrawTicket", data: { ticketId, by: requester, reason: null } }),
  duplicate: (): AnyCommand => ({
    type: "MarkDuplicate",
    data: { ticketId, ofTicketId: uuidOf(9, 0x71), ofNumber: "SC-000009" },
  }),
  workaround: (): AnyCommand => ({ type: "GiveWorkaround", data: { ticketId, workaround: "Через резервный шлюз" } }),
};

const { olga, ivan } = people;

/** The main road to each status; every step one minute after the last. */
export function ticketIn(
  status:
    | "registered"
    | "classified"
    | "assigned"
    | "in_work"
    | "waiting_customer"
    | "waiting_approval"
    | "result_confirmation"
    | "closed",
  desk = serviceCentre(),
): TestDesk {
  const step = (command: AnyCommand, options: SendOptions) => {
    desk.ok(command, options);
    desk.now += 60_000;
  };
  step(registration(), { as: olga });
  if (status === "registered") return desk;
  step(on.classify(), { as: olga });
  if (status === "classified") return desk;
  step(on.assign(), { as: olga });
  if (status === "assigned") return desk;
  step(on.accept(), { as: ivan });
  if (status === "in_work") return desk;
  if (status === "waiting_customer") step(on.ask(), { as: ivan });
  else if (status === "waiting_approval") step(on.propose(), { as: ivan });
  else {
    step(on.resolve(), { as: ivan });
    if (status === "closed") step(on.confirm(), { as: people.anna });
  }
  return desk;
}

import { z } from "zod";
import { calendarSchema } from "@docket/sla";
import { defineEvent, type EventOf } from "../event.ts";
import { letterFields, letterWords } from "./letters.ts";
import {
  filledText,
  id,
  instant,
  language,
  limits,
  line,
  localDate,
  personal,
  priority,
  role,
  target,
  text,
  ticketType,
  uuid,
  zone,
} from "../values.ts";

const email = personal(z.email().max(limits.email));

export const person = z.strictObject({
  personId: id,
  name: personal(filledText(limits.name)),
  emails: z.array(email).max(20),
  phones: z.array(personal(text(limits.phone))).max(20),
});
export type Person = z.infer<typeof person>;

/** One step of a policy's chain: when, measured on the clock's working time, and what. */
export const chainStep = z.strictObject({
  clock: z.enum(["reaction", "resolution", "ola"]),
  level: z.int().min(1).max(20),
  /** "80%" of the target, "-30m" before or "+2h" after the deadline, in working time */
  at: z.string().regex(/^(?:\d{1,3}%|[+-](?:\d{1,5}h)?(?:\d{1,6}m)?)$/),
  action: z.enum(["notify_engineer", "notify_manager", "move_to_group"]),
  groupId: id.nullable(),
});
export type ChainStep = z.infer<typeof chainStep>;

/** The SLA policy of a contract, one version (R §3.3: set in the SLA for each customer). */
export const slaPolicy = z.strictObject({
  calendarId: id,
  targets: z.array(z.strictObject({ type: ticketType, priority, reaction: target, resolution: target })).min(1),
  /** internal acceptance per line */
  ola: z.array(z.strictObject({ line, target })),
  pauses: z.strictObject({ customer: z.boolean(), approval: z.boolean() }),
  chain: z.array(chainStep).max(50),
  confirmation: z.strictObject({
    workingDays: z.int().min(1).max(60),
    /** after which working days the requester is reminded */
    reminders: z.array(z.int().min(1).max(60)).max(20),
  }),
  closeScheduledWorkOnResolution: z.boolean(),
  /** under which clocks run until an operator classifies, when the requester's wish is not allowed */
  defaultClassification: z.strictObject({ type: ticketType, priority }),
});
export type SlaPolicy = z.infer<typeof slaPolicy>;

export const contractServices = z.strictObject({
  monitoring: z.boolean(),
  managerContact: z.boolean(),
  managerEscalation: z.boolean(),
});

export const routingRule = z.strictObject({
  ruleId: id,
  when: z.strictObject({
    types: z.array(ticketType).optional(),
    priorities: z.array(priority).optional(),
    products: z.array(text(limits.product)).optional(),
    organizationIds: z.array(id).optional(),
    regions: z.array(text(limits.name)).optional(),
    /** any of these words or phrases in subject or description, case-insensitive */
    textContains: z.array(filledText(limits.name)).optional(),
  }),
  to: z.strictObject({
    groupId: id,
    /** whom to choose within the group: nobody (the group's queue), or the least loaded available member with all skills */
    pick: z.enum(["nobody", "least_loaded"]),
    skills: z.array(text(100)),
  }),
});
export type RoutingRule = z.infer<typeof routingRule>;

/** Another system, as the mapping of an import names it. */
export const sourceName = id;

export const groupKind = z.enum(["operators", "competence_centre", "experts", "escalation"]);

export const directoryEvents = {
  organizationRegistered: defineEvent(
    "organization",
    "OrganizationRegistered",
    { ru: "Организация заведена", en: "Organization registered" },
    {
      organizationId: id,
      name: filledText(limits.name),
      aliases: z.array(filledText(limits.name)),
      language,
      zone,
      region: text(limits.name).nullable(),
    },
  ),
  organizationChanged: defineEvent(
    "organization",
    "OrganizationChanged",
    { ru: "Организация изменена", en: "Organization changed" },
    {
      name: filledText(limits.name),
      aliases: z.array(filledText(limits.name)),
      language,
      zone,
      region: text(limits.name).nullable(),
    },
  ),
  personAdded: defineEvent(
    "organization",
    "OrganizationPersonAdded",
    { ru: "Сотрудник заказчика добавлен", en: "Customer's person added" },
    { person },
  ),
  personChanged: defineEvent(
    "organization",
    "OrganizationPersonChanged",
    { ru: "Сотрудник заказчика изменён", en: "Customer's person changed" },
    { person },
  ),
  personRemoved: defineEvent(
    "organization",
    "OrganizationPersonRemoved",
    { ru: "Сотрудник заказчика удалён", en: "Customer's person removed" },
    { personId: id },
  ),
  organizationImported: defineEvent(
    "organization",
    "OrganizationImported",
    { ru: "Организация перенесена из другой системы", en: "Organization imported" },
    {
      organizationId: id,
      name: filledText(limits.name),
      language,
      zone,
      source: sourceName,
    },
  ),
  /** people whom a history names; inactive until their data are entered (OrganizationPersonChanged) */
  peopleImported: defineEvent(
    "organization",
    "OrganizationPeopleImported",
    { ru: "Люди заказчика перенесены из другой системы", en: "Customer's people imported" },
    { people: z.array(person).min(1).max(1_000), source: sourceName },
  ),
  organizationActivated: defineEvent(
    "organization",
    "OrganizationActivated",
    { ru: "Организация активна", en: "Organization active" },
    {},
  ),
  contractSigned: defineEvent(
    "contract",
    "ContractSigned",
    { ru: "Договор заключён", en: "Contract signed" },
    {
      contractId: id,
      number: filledText(100),
      organizationId: id,
      validFrom: localDate,
      /** last day of validity, inclusive, in the calendar's zone; null: open-ended */
      validTo: localDate.nullable(),
      supportKeys: z.array(filledText(100)).max(1000),
      services: contractServices,
      /** products for which the customer holds the right to updates (R §4.1.7) */
      updateRights: z.array(filledText(limits.product)),
      authorisedPersonIds: z.array(id).max(limits.contractPeople),
      managerContactPersonIds: z.array(id).max(limits.contractPeople),
      serviceManagerId: id.nullable(),
      policy: slaPolicy,
      policyVersion: z.literal(1),
      policyEffectiveFrom: instant,
    },
  ),
  contractPolicyChanged: defineEvent(
    "contract",
    "ContractPolicyChanged",
    { ru: "Политика SLA изменена", en: "SLA policy changed" },
    {
      policy: slaPolicy,
      policyVersion: z.int().min(2),
      policyEffectiveFrom: instant,
    },
  ),
  contractTermsChanged: defineEvent(
    "contract",
    "ContractTermsChanged",
    { ru: "Условия договора изменены", en: "Contract terms changed" },
    {
      validFrom: localDate,
      validTo: localDate.nullable(),
      supportKeys: z.array(filledText(100)).max(1000),
      services: contractServices,
      updateRights: z.array(filledText(limits.product)),
      authorisedPersonIds: z.array(id).max(limits.contractPeople),
      managerContactPersonIds: z.array(id).max(limits.contractPeople),
      serviceManagerId: id.nullable(),
    },
  ),
  contractTerminated: defineEvent(
    "contract",
    "ContractTerminated",
    { ru: "Договор расторгнут", en: "Contract terminated" },
    {
      lastDay: localDate,
      reason: text(limits.reason).nullable(),
    },
  ),
  calendarDefined: defineEvent(
    "calendar",
    "CalendarDefined",
    { ru: "Календарь заведён", en: "Calendar defined" },
    {
      calendarId: id,
      name: filledText(limits.name),
      calendar: calendarSchema,
      version: z.literal(1),
      effectiveFrom: instant,
    },
    2,
  ),
  calendarRevised: defineEvent(
    "calendar",
    "CalendarRevised",
    { ru: "Календарь изменён", en: "Calendar revised" },
    {
      calendar: calendarSchema,
      version: z.int().min(2),
      effectiveFrom: instant,
    },
    2,
  ),
  staffHired: defineEvent(
    "staff",
    "StaffHired",
    { ru: "Сотрудник СЦ заведён", en: "Member of staff added" },
    {
      staffId: id,
      name: personal(filledText(limits.name)),
      email,
      role,
      skills: z.array(text(100)),
      language,
    },
  ),
  staffImported: defineEvent(
    "staff",
    "StaffImported",
    { ru: "Сотрудник перенесён из другой системы", en: "Member of staff imported" },
    {
      staffId: id,
      name: personal(filledText(limits.name)),
      email,
      role,
      skills: z.array(text(100)),
      language,
      source: sourceName,
    },
  ),
  staffChanged: defineEvent(
    "staff",
    "StaffChanged",
    { ru: "Данные сотрудника СЦ изменены", en: "Member of staff changed" },
    {
      name: personal(filledText(limits.name)),
      email,
      role,
      skills: z.array(text(100)),
      language,
    },
  ),
  staffAvailabilityChanged: defineEvent(
    "staff",
    "StaffAvailabilityChanged",
    { ru: "Доступность сотрудника изменена", en: "Availability changed" },
    {
      available: z.boolean(),
      reason: personal(text(limits.reason)).nullable(),
    },
  ),
  staffDeactivated: defineEvent(
    "staff",
    "StaffDeactivated",
    { ru: "Сотрудник отключён", en: "Member of staff deactivated" },
    {
      reason: personal(text(limits.reason)).nullable(),
    },
  ),
  staffReactivated: defineEvent(
    "staff",
    "StaffReactivated",
    { ru: "Сотрудник снова активен", en: "Member of staff active again" },
    {},
  ),
  groupCreated: defineEvent(
    "group",
    "GroupCreated",
    { ru: "Группа создана", en: "Group created" },
    {
      groupId: id,
      name: filledText(limits.name),
      line,
      kind: groupKind,
      memberIds: z.array(id).max(limits.groupMembers),
    },
  ),
  groupImported: defineEvent(
    "group",
    "GroupImported",
    { ru: "Группа перенесена из другой системы", en: "Group imported" },
    {
      groupId: id,
      name: filledText(limits.name),
      line,
      kind: groupKind,
      memberIds: z.array(id).max(limits.groupMembers),
      source: sourceName,
    },
  ),
  groupActivated: defineEvent("group", "GroupActivated", { ru: "Группа активна", en: "Group active" }, {}),
  groupChanged: defineEvent(
    "group",
    "GroupChanged",
    { ru: "Группа изменена", en: "Group changed" },
    {
      name: filledText(limits.name),
      line,
      kind: groupKind,
    },
  ),
  groupMembersChanged: defineEvent(
    "group",
    "GroupMembersChanged",
    { ru: "Состав группы изменён", en: "Group members changed" },
    {
      added: z.array(id).max(limits.groupMembers),
      removed: z.array(id).max(limits.groupMembers),
    },
  ),
  routingRulesPublished: defineEvent(
    "routing-rules",
    "RoutingRulesPublished",
    { ru: "Правила маршрутизации опубликованы", en: "Routing rules published" },
    {
      version: z.int().min(1),
      rules: z.array(routingRule).max(limits.routingRules),
      /** where tickets go that no rule takes */
      fallbackGroupId: id,
    },
  ),
  ticketNumbersReserved: defineEvent(
    "ticket-numbers",
    "TicketNumbersReserved",
    { ru: "Выделен блок номеров", en: "Block of numbers reserved" },
    {
      from: z.int().min(1),
      to: z.int().min(1),
    },
  ),
  planDefined: defineEvent(
    "plan",
    "PlanDefined",
    { ru: "План регламентных работ", en: "Plan of scheduled work" },
    {
      planId: id,
      contractId: id,
      /** iCalendar RRULE (RFC 5545) without DTSTART */
      rrule: filledText(500),
      /** local start, 2024-04-01T10:00, in `zone` */
      start: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/),
      zone,
      subject: filledText(limits.subject),
      description: text(limits.text),
      product: text(limits.product).nullable(),
      requesterPersonId: id.nullable(),
      nextAt: instant.nullable(),
    },
  ),
  planOccurred: defineEvent(
    "plan",
    "PlanOccurred",
    { ru: "Заявка по плану зарегистрирована", en: "Planned ticket registered" },
    {
      at: instant,
      ticketId: uuid,
      nextAt: instant.nullable(),
    },
  ),
  planStopped: defineEvent(
    "plan",
    "PlanStopped",
    { ru: "План остановлен", en: "Plan stopped" },
    { reason: text(limits.reason).nullable() },
  ),
  /** other words for a kind of letter, in place of the built-in ones */
  letterTextChanged: defineEvent(
    "letter",
    "LetterTextChanged",
    { ru: "Текст письма изменён", en: "Letter's text changed" },
    {
      ...letterFields,
      ...letterWords,
      version: z.int().min(1),
      effectiveFrom: instant,
    },
  ),
  letterTextReset: defineEvent(
    "letter",
    "LetterTextReset",
    { ru: "Письму возвращён встроенный текст", en: "Letter's built-in text restored" },
    {
      ...letterFields,
      version: z.int().min(2),
      effectiveFrom: instant,
    },
  ),
  ticketRated: defineEvent(
    "survey",
    "TicketRated",
    { ru: "Работа оценена", en: "Work rated" },
    {
      ticketId: uuid,
      score: z.int().min(1).max(5),
      comment: personal(text(limits.text)).nullable(),
    },
  ),
} as const;

export type DirectoryEvent = EventOf<typeof directoryEvents>;

import { z } from "zod";
import { calendarSchema } from "@docket/sla";
import { defineCommand, type CommandOf } from "../command.ts";
import { frameFields, frameWords, letterFields, letterWords } from "./letters.ts";
import { contractServices, groupKind, person, routingRule, slaPolicy, sourceName } from "./shapes.ts";
import {
  filledText,
  id,
  instant,
  language,
  limits,
  line,
  localDate,
  personal,
  role,
  text,
  uuid,
  zone,
} from "../values.ts";

const email = personal(z.email().max(limits.email));

const organizationFields = {
  organizationId: id,
  name: filledText(limits.name),
  aliases: z.array(filledText(limits.name)).max(50),
  language,
  zone,
  region: text(limits.name).nullable(),
};

const contractTerms = {
  contractId: id,
  validFrom: localDate,
  /** last day of validity, inclusive, in the calendar's zone; null: open-ended */
  validTo: localDate.nullable(),
  supportKeys: z.array(filledText(100)).max(1000),
  services: contractServices,
  /** products for which the customer holds the right to updates (R §4.1.7) */
  updateRights: z.array(filledText(limits.product)).max(1000),
  authorisedPersonIds: z.array(id).max(limits.contractPeople),
  managerContactPersonIds: z.array(id).max(limits.contractPeople),
  serviceManagerId: id.nullable(),
};

const staffFields = {
  staffId: id,
  name: personal(filledText(limits.name)),
  email,
  role,
  skills: z.array(text(100)).max(200),
  language,
};

const groupFields = { groupId: id, name: filledText(limits.name), line, kind: groupKind };

/** What is administered: customers and their people, contracts, calendars, staff, groups, routing, plans; and ratings. */
export const directoryCommands = {
  registerOrganization: defineCommand(
    "RegisterOrganization",
    { ru: "Завести организацию", en: "Register an organization" },
    organizationFields,
  ),
  changeOrganization: defineCommand(
    "ChangeOrganization",
    { ru: "Изменить организацию", en: "Change an organization" },
    organizationFields,
  ),
  addPerson: defineCommand(
    "AddPerson",
    { ru: "Добавить сотрудника заказчика", en: "Add a customer's person" },
    { organizationId: id, person },
  ),
  changePerson: defineCommand(
    "ChangePerson",
    { ru: "Изменить сотрудника заказчика", en: "Change a customer's person" },
    { organizationId: id, person },
  ),
  removePerson: defineCommand(
    "RemovePerson",
    { ru: "Удалить сотрудника заказчика", en: "Remove a customer's person" },
    { organizationId: id, personId: id },
  ),
  /** sent by an import only: a customer whom a history names and nobody has entered; inactive */
  importOrganization: defineCommand(
    "ImportOrganization",
    { ru: "Перенести организацию", en: "Import an organization" },
    { organizationId: id, name: filledText(limits.name), language, zone, source: sourceName },
  ),
  /** sent by an import only: people of a customer; those who are there already are left as they are */
  importPeople: defineCommand(
    "ImportPeople",
    { ru: "Перенести людей заказчика", en: "Import a customer's people" },
    { organizationId: id, people: z.array(person).min(1).max(1_000), source: sourceName },
  ),
  activateOrganization: defineCommand(
    "ActivateOrganization",
    { ru: "Сделать организацию активной", en: "Make an organization active" },
    { organizationId: id },
  ),
  /** the policy holds from `policyEffectiveFrom`; clocks that started earlier use it too, as there is none before */
  signContract: defineCommand(
    "SignContract",
    { ru: "Заключить договор", en: "Sign a contract" },
    {
      ...contractTerms,
      number: filledText(100),
      organizationId: id,
      policy: slaPolicy,
      policyEffectiveFrom: instant,
    },
  ),
  changeContractPolicy: defineCommand(
    "ChangeContractPolicy",
    { ru: "Изменить политику SLA", en: "Change the SLA policy" },
    {
      contractId: id,
      policy: slaPolicy,
      policyEffectiveFrom: instant,
    },
  ),
  changeContractTerms: defineCommand(
    "ChangeContractTerms",
    { ru: "Изменить условия договора", en: "Change contract terms" },
    contractTerms,
  ),
  terminateContract: defineCommand(
    "TerminateContract",
    { ru: "Расторгнуть договор", en: "Terminate a contract" },
    {
      contractId: id,
      lastDay: localDate,
      reason: text(limits.reason).nullable(),
    },
  ),
  defineCalendar: defineCommand(
    "DefineCalendar",
    { ru: "Завести календарь", en: "Define a calendar" },
    {
      calendarId: id,
      name: filledText(limits.name),
      calendar: calendarSchema,
      effectiveFrom: instant,
    },
  ),
  reviseCalendar: defineCommand(
    "ReviseCalendar",
    { ru: "Изменить календарь", en: "Revise a calendar" },
    {
      calendarId: id,
      calendar: calendarSchema,
      effectiveFrom: instant,
    },
  ),
  hireStaff: defineCommand("HireStaff", { ru: "Завести сотрудника СЦ", en: "Add a member of staff" }, staffFields),
  changeStaff: defineCommand(
    "ChangeStaff",
    { ru: "Изменить данные сотрудника СЦ", en: "Change a member of staff" },
    staffFields,
  ),
  changeAvailability: defineCommand(
    "ChangeStaffAvailability",
    { ru: "Изменить доступность", en: "Change availability" },
    {
      staffId: id,
      available: z.boolean(),
      reason: text(limits.reason).nullable(),
    },
  ),
  deactivateStaff: defineCommand(
    "DeactivateStaff",
    { ru: "Отключить сотрудника", en: "Deactivate a member of staff" },
    { staffId: id, reason: text(limits.reason).nullable() },
  ),
  reactivateStaff: defineCommand(
    "ReactivateStaff",
    { ru: "Вернуть сотрудника", en: "Reactivate a member of staff" },
    { staffId: id },
  ),
  createGroup: defineCommand(
    "CreateGroup",
    { ru: "Создать группу", en: "Create a group" },
    {
      ...groupFields,
      memberIds: z.array(id).max(limits.groupMembers),
    },
  ),
  changeGroup: defineCommand("ChangeGroup", { ru: "Изменить группу", en: "Change a group" }, groupFields),
  changeGroupMembers: defineCommand(
    "ChangeGroupMembers",
    { ru: "Изменить состав группы", en: "Change a group's members" },
    {
      groupId: id,
      add: z.array(id).max(limits.groupMembers),
      remove: z.array(id).max(limits.groupMembers),
    },
  ),
  importStaff: defineCommand(
    "ImportStaff",
    { ru: "Перенести сотрудника СЦ", en: "Import a member of staff" },
    { ...staffFields, source: sourceName },
  ),
  importGroup: defineCommand(
    "ImportGroup",
    { ru: "Перенести группу", en: "Import a group" },
    { ...groupFields, memberIds: z.array(id).max(limits.groupMembers), source: sourceName },
  ),
  activateGroup: defineCommand(
    "ActivateGroup",
    { ru: "Сделать группу активной", en: "Make a group active" },
    { groupId: id },
  ),
  publishRoutingRules: defineCommand(
    "PublishRoutingRules",
    { ru: "Опубликовать правила маршрутизации", en: "Publish routing rules" },
    {
      rules: z.array(routingRule).max(limits.routingRules),
      fallbackGroupId: id,
    },
  ),
  definePlan: defineCommand(
    "DefinePlan",
    { ru: "Завести план регламентных работ", en: "Define a plan of scheduled work" },
    {
      planId: id,
      contractId: id,
      /** iCalendar RRULE (RFC 5545) without DTSTART, daily or rarer */
      rrule: filledText(500),
      /** local start in `zone`: 2024-04-01T10:00 */
      start: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/),
      zone,
      subject: filledText(limits.subject),
      description: text(limits.text),
      product: text(limits.product).nullable(),
      requesterPersonId: id.nullable(),
    },
  ),
  stopPlan: defineCommand(
    "StopPlan",
    { ru: "Остановить план", en: "Stop a plan" },
    { planId: id, reason: text(limits.reason).nullable() },
  ),
  /** sent by the clockwork after the planned ticket is registered; a repeated occurrence gives no events and no error */
  recordPlanOccurrence: defineCommand(
    "RecordPlanOccurrence",
    { ru: "Отметить заявку по плану", en: "Record a plan's occurrence" },
    {
      planId: id,
      at: instant,
      ticketId: uuid,
    },
  ),
  /** `effectiveFrom` null: at once; placeholders stand in double braces: {{number}} */
  changeLetterText: defineCommand(
    "ChangeLetterText",
    { ru: "Изменить текст письма", en: "Change a letter's text" },
    { ...letterFields, ...letterWords, effectiveFrom: instant.nullable() },
  ),
  resetLetterText: defineCommand(
    "ResetLetterText",
    { ru: "Вернуть встроенный текст письма", en: "Restore a letter's built-in text" },
    { ...letterFields, effectiveFrom: instant.nullable() },
  ),
  changeLetterFrame: defineCommand(
    "ChangeLetterFrame",
    { ru: "Изменить общее оформление писем", en: "Change the letters' frame" },
    { ...frameFields, ...frameWords, effectiveFrom: instant.nullable() },
  ),
  resetLetterFrame: defineCommand(
    "ResetLetterFrame",
    { ru: "Вернуть встроенное оформление писем", en: "Restore the letters' built-in frame" },
    { ...frameFields, effectiveFrom: instant.nullable() },
  ),
  rateTicket: defineCommand(
    "RateTicket",
    { ru: "Оценить работу", en: "Rate the work" },
    {
      ticketId: uuid,
      score: z.int().min(1).max(5),
      comment: personal(text(limits.text)).nullable(),
    },
  ),
  reserveTicketNumbers: defineCommand(
    "ReserveTicketNumbers",
    { ru: "Выделить блок номеров", en: "Reserve a block of numbers" },
    { count: z.int().min(1).max(100_000) },
  ),
} as const;

export type DirectoryCommand = CommandOf<typeof directoryCommands>;

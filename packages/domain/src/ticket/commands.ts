import { z } from "zod";
import { defineCommand, type CommandOf } from "../command.ts";
import {
  attachment,
  ticketChannel,
  filledText,
  id,
  instant,
  language,
  limits,
  line,
  personal,
  priority,
  text,
  ticketType,
  uuid,
} from "../values.ts";
import { proposalKind, requester, sourceRecord } from "./event-parts.ts";

const ticketId = uuid;

export const ticketCommands = {
  register: defineCommand(
    "RegisterTicket",
    { ru: "Зарегистрировать", en: "Register" },
    {
      ticketId,
      number: z.string().max(20),
      contactId: uuid.nullable(),
      channel: ticketChannel,
      organizationId: id,
      contractId: id,
      requester,
      language,
      subject: personal(filledText(limits.subject)),
      description: personal(text(limits.text)),
      product: text(limits.product).nullable(),
      productVersion: text(limits.product).nullable(),
      stepsToReproduce: personal(text(limits.text)).nullable(),
      region: text(limits.name).nullable(),
      wish: z.strictObject({ type: ticketType.nullable(), priority: priority.nullable() }),
      receivedAt: instant,
      attachments: z.array(attachment).max(limits.attachmentsPerMessage),
      planId: id.nullable(),
    },
  ),
  classify: defineCommand(
    "ClassifyTicket",
    { ru: "Классифицировать", en: "Classify" },
    {
      ticketId,
      type: ticketType,
      priority,
      /** needed when the ticket was classified before */
      reason: text(limits.reason).nullable(),
      product: text(limits.product).nullable(),
    },
  ),
  /** groupId null: let the routing rules decide; engineerId null: the group's queue, or whom the rule picks */
  assign: defineCommand(
    "AssignTicket",
    { ru: "Назначить", en: "Assign" },
    {
      ticketId,
      groupId: id.nullable(),
      engineerId: id.nullable(),
      reason: text(limits.reason).nullable(),
    },
  ),
  accept: defineCommand("AcceptTicket", { ru: "Принять в работу", en: "Accept" }, { ticketId }),
  handOver: defineCommand(
    "HandOverTicket",
    { ru: "Передать", en: "Hand over" },
    {
      ticketId,
      toLine: line,
      groupId: id,
      engineerId: id.nullable(),
      reason: filledText(limits.reason),
    },
  ),
  askCustomer: defineCommand(
    "AskCustomer",
    { ru: "Спросить заказчика", en: "Ask the customer" },
    { ticketId, question: personal(filledText(limits.text)) },
  ),
  /** the customer's answer: by mail or portal, or entered by staff for a call */
  answerCustomer: defineCommand(
    "RecordCustomerAnswer",
    { ru: "Записать ответ заказчика", en: "Record the customer's answer" },
    {
      ticketId,
      contactId: uuid.nullable(),
      answer: personal(text(limits.text)),
      attachments: z.array(attachment).max(limits.attachmentsPerMessage),
    },
  ),
  proposeChange: defineCommand(
    "ProposeChange",
    { ru: "Предложить изменение", en: "Propose a change" },
    {
      ticketId,
      proposalId: uuid,
      kind: proposalKind,
      scope: filledText(limits.text),
      schedule: filledText(limits.reason),
      effort: filledText(limits.reason),
      product: text(limits.product).nullable(),
      productVersion: text(limits.product).nullable(),
      needsDowntime: z.boolean(),
    },
  ),
  approveChange: defineCommand(
    "ApproveChange",
    { ru: "Согласовать", en: "Approve" },
    { ticketId, proposalId: uuid, by: requester },
  ),
  refuseChange: defineCommand(
    "RefuseChange",
    { ru: "Отказать", en: "Refuse" },
    { ticketId, proposalId: uuid, by: requester, reason: filledText(limits.reason) },
  ),
  startChange: defineCommand(
    "StartChange",
    { ru: "Начать работы", en: "Start the work" },
    { ticketId, proposalId: uuid },
  ),
  announceDowntime: defineCommand(
    "AnnounceDowntime",
    { ru: "Объявить отключение", en: "Announce downtime" },
    {
      ticketId,
      proposalId: uuid.nullable(),
      from: instant,
      to: instant,
      equipment: filledText(limits.reason),
      message: text(limits.text),
    },
  ),
  recordUpdateInstalled: defineCommand(
    "RecordUpdateInstalled",
    { ru: "Записать установку обновления", en: "Record an installed update" },
    {
      ticketId,
      proposalId: uuid,
      product: filledText(limits.product),
      version: filledText(limits.product),
    },
  ),
  comment: defineCommand(
    "CommentTicket",
    { ru: "Комментировать", en: "Comment" },
    {
      ticketId,
      text: personal(filledText(limits.text)),
      visibility: z.enum(["public", "internal"]),
      attachments: z.array(attachment).max(limits.attachmentsPerMessage),
    },
  ),
  /** a further message of a party; answers an open question, and is a plain message otherwise */
  joinMessage: defineCommand(
    "JoinMessage",
    { ru: "Присоединить сообщение", en: "Join a message" },
    {
      ticketId,
      contactId: uuid,
      from: requester,
      text: personal(text(limits.text)),
      attachments: z.array(attachment).max(limits.attachmentsPerMessage),
    },
  ),
  logCall: defineCommand(
    "LogCall",
    { ru: "Записать звонок", en: "Log a call" },
    {
      ticketId,
      direction: z.enum(["incoming", "outgoing"]),
      with: personal(text(limits.name)),
      summary: personal(filledText(limits.text)),
      seconds: z.int().min(0),
    },
  ),
  addAttachment: defineCommand("AddAttachment", { ru: "Добавить файл", en: "Add a file" }, { ticketId, attachment }),
  link: defineCommand(
    "LinkTicket",
    { ru: "Связать", en: "Link" },
    { ticketId, toTicketId: uuid, kind: z.enum(["related", "blocks", "blocked_by", "parent", "child"]) },
  ),
  giveWorkaround: defineCommand(
    "GiveWorkaround",
    { ru: "Дать обходное решение", en: "Give a workaround" },
    { ticketId, workaround: filledText(limits.text) },
  ),
  extend: defineCommand(
    "ExtendTerm",
    { ru: "Продлить срок", en: "Extend the term" },
    {
      ticketId,
      agreedBy: requester,
      agreedAt: instant,
      newDeadline: instant,
      reason: filledText(limits.reason),
    },
  ),
  escalate: defineCommand(
    "EscalateTicket",
    { ru: "Эскалировать", en: "Escalate" },
    { ticketId, escalationId: uuid, by: z.enum(["customer", "service_manager"]), reason: filledText(limits.reason) },
  ),
  studyEscalation: defineCommand(
    "StudyEscalation",
    { ru: "Изучить причину", en: "Study the cause" },
    { ticketId, escalationId: uuid, findings: filledText(limits.text) },
  ),
  decideEscalationActions: defineCommand(
    "DecideEscalationActions",
    { ru: "Определить действия", en: "Decide actions" },
    { ticketId, escalationId: uuid, actions: filledText(limits.text) },
  ),
  completeEscalationActions: defineCommand(
    "CompleteEscalationActions",
    { ru: "Действия выполнены", en: "Actions done" },
    { ticketId, escalationId: uuid, outcome: filledText(limits.text) },
  ),
  releaseEscalation: defineCommand(
    "ReleaseEscalation",
    { ru: "Снять с контроля", en: "Release from control" },
    { ticketId, escalationId: uuid, reason: text(limits.reason).nullable() },
  ),
  resolve: defineCommand(
    "ResolveTicket",
    { ru: "Решить", en: "Resolve" },
    { ticketId, solution: filledText(limits.text) },
  ),
  returnToWork: defineCommand(
    "ReturnTicket",
    { ru: "Вернуть в работу", en: "Return to work" },
    { ticketId, reason: filledText(limits.reason), contactId: uuid.nullable() },
  ),
  confirm: defineCommand(
    "ConfirmResult",
    { ru: "Подтвердить результат", en: "Confirm the result" },
    { ticketId, by: requester },
  ),
  withdraw: defineCommand(
    "WithdrawTicket",
    { ru: "Отозвать", en: "Withdraw" },
    { ticketId, by: requester, reason: text(limits.reason).nullable() },
  ),
  markDuplicate: defineCommand(
    "MarkDuplicate",
    { ru: "Закрыть как дубликат", en: "Close as a duplicate" },
    { ticketId, ofTicketId: uuid, ofNumber: z.string().max(20) },
  ),
  /** sent by the clockwork when an alarm is due; an alarm that no longer stands gives no events and no error */
  fireAlarm: defineCommand(
    "FireAlarm",
    { ru: "Срок наступил", en: "Fire an alarm" },
    { ticketId, key: z.string().max(120), at: instant },
  ),
  /** sent when a calendar or policy that the ticket's open clocks use has a new version in force */
  recomputeClocks: defineCommand(
    "RecomputeClocks",
    { ru: "Пересчитать сроки", en: "Recompute clocks" },
    { ticketId, because: z.enum(["calendar", "policy"]) },
  ),
  /** sent by an import only */
  recordSource: defineCommand(
    "RecordSource",
    { ru: "Записать сведения исходной системы", en: "Record what the source held" },
    { ticketId, ...sourceRecord },
  ),
  /** sent by an import only: the source closed the ticket by itself */
  recordAutoClose: defineCommand(
    "RecordAutoClose",
    { ru: "Записать автозакрытие в исходной системе", en: "Record that the source closed the ticket by itself" },
    { ticketId },
  ),
} as const;

export type TicketCommand = CommandOf<typeof ticketCommands>;

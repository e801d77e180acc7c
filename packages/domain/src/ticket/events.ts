import { z } from "zod";
import { defineEvent, type EventOf } from "../event.ts";
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
import { alarm, clockKind, clockSnapshot, proposalKind, requester, sourceRecord } from "./event-parts.ts";

const clocks = z.array(clockSnapshot);
const routedBy = z.strictObject({ rulesVersion: z.int(), ruleId: id, because: text(limits.reason) });

const escalationFields = { escalationId: uuid };

export const ticketEvents = {
  registered: defineEvent(
    "ticket",
    "TicketRegistered",
    { ru: "Заявка зарегистрирована", en: "Ticket registered" },
    {
      ticketId: uuid,
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
      /** what the requester asked for; the operator's classification is what counts (R §3.3) */
      wish: z.strictObject({ type: ticketType.nullable(), priority: priority.nullable() }),
      /** under which the clocks run until the operator classifies */
      provisional: z.strictObject({ type: ticketType, priority }),
      receivedAt: instant,
      attachments: z.array(attachment),
      planId: id.nullable(),
      clocks,
    },
  ),
  classified: defineEvent(
    "ticket",
    "TicketClassified",
    { ru: "Заявка классифицирована", en: "Ticket classified" },
    {
      type: ticketType,
      priority,
      previous: z.strictObject({ type: ticketType, priority }).nullable(),
      reason: personal(text(limits.reason)).nullable(),
      product: text(limits.product).nullable(),
      clocks,
    },
  ),
  assigned: defineEvent(
    "ticket",
    "TicketAssigned",
    { ru: "Заявка назначена", en: "Ticket assigned" },
    {
      groupId: id,
      line,
      engineerId: id.nullable(),
      engineerName: personal(text(limits.name)).nullable(),
      routedBy: routedBy.nullable(),
      reason: personal(text(limits.reason)).nullable(),
      clocks,
    },
  ),
  accepted: defineEvent(
    "ticket",
    "TicketAccepted",
    { ru: "Принята в работу", en: "Accepted into work" },
    {
      engineerId: id,
      engineerName: personal(text(limits.name)),
      line,
      clocks,
    },
  ),
  handedOver: defineEvent(
    "ticket",
    "TicketHandedOver",
    { ru: "Передана", en: "Handed over" },
    {
      fromLine: line,
      toLine: line,
      groupId: id,
      engineerId: id.nullable(),
      engineerName: personal(text(limits.name)).nullable(),
      reason: personal(filledText(limits.reason)),
      clocks,
    },
  ),
  customerAsked: defineEvent(
    "ticket",
    "TicketCustomerAsked",
    { ru: "Вопрос заказчику", en: "Customer asked" },
    {
      question: personal(filledText(limits.text)),
      clocks,
    },
  ),
  customerAnswered: defineEvent(
    "ticket",
    "TicketCustomerAnswered",
    { ru: "Заказчик ответил", en: "Customer answered" },
    {
      contactId: uuid.nullable(),
      answer: personal(text(limits.text)),
      attachments: z.array(attachment),
      clocks,
    },
  ),
  changeProposed: defineEvent(
    "ticket",
    "TicketChangeProposed",
    { ru: "Изменение предложено на согласование", en: "Change proposed for approval" },
    {
      proposalId: uuid,
      kind: proposalKind,
      scope: personal(filledText(limits.text)),
      schedule: personal(filledText(limits.reason)),
      effort: personal(filledText(limits.reason)),
      product: text(limits.product).nullable(),
      productVersion: text(limits.product).nullable(),
      needsDowntime: z.boolean(),
      clocks,
    },
  ),
  changeApproved: defineEvent(
    "ticket",
    "TicketChangeApproved",
    { ru: "Изменение согласовано", en: "Change approved" },
    {
      proposalId: uuid,
      by: requester,
      clocks,
    },
  ),
  changeRefused: defineEvent(
    "ticket",
    "TicketChangeRefused",
    { ru: "В изменении отказано", en: "Change refused" },
    {
      proposalId: uuid,
      by: requester,
      reason: personal(filledText(limits.reason)),
      clocks,
    },
  ),
  changeStarted: defineEvent(
    "ticket",
    "TicketChangeStarted",
    { ru: "Работы по изменению начаты", en: "Work on the change started" },
    {
      proposalId: uuid,
    },
  ),
  downtimeAnnounced: defineEvent(
    "ticket",
    "TicketDowntimeAnnounced",
    { ru: "Объявлено отключение оборудования", en: "Downtime announced" },
    {
      proposalId: uuid.nullable(),
      from: instant,
      to: instant,
      equipment: personal(filledText(limits.reason)),
      message: personal(text(limits.text)),
    },
  ),
  updateInstalled: defineEvent(
    "ticket",
    "TicketUpdateInstalled",
    { ru: "Обновление установлено", en: "Update installed" },
    {
      proposalId: uuid,
      product: filledText(limits.product),
      version: filledText(limits.product),
    },
  ),
  commented: defineEvent(
    "ticket",
    "TicketCommented",
    { ru: "Комментарий", en: "Comment" },
    {
      text: personal(filledText(limits.text)),
      visibility: z.enum(["public", "internal"]),
      attachments: z.array(attachment),
    },
  ),
  messageJoined: defineEvent(
    "ticket",
    "TicketMessageJoined",
    { ru: "Присоединено сообщение заказчика", en: "Customer's message joined" },
    {
      contactId: uuid,
      from: requester,
      text: personal(text(limits.text)),
      attachments: z.array(attachment),
    },
  ),
  callLogged: defineEvent(
    "ticket",
    "TicketCallLogged",
    { ru: "Звонок записан", en: "Call logged" },
    {
      direction: z.enum(["incoming", "outgoing"]),
      with: personal(text(limits.name)),
      summary: personal(filledText(limits.text)),
      seconds: z.int().min(0),
    },
  ),
  attachmentAdded: defineEvent(
    "ticket",
    "TicketAttachmentAdded",
    { ru: "Добавлен файл", en: "File added" },
    { attachment },
  ),
  linked: defineEvent(
    "ticket",
    "TicketLinked",
    { ru: "Связана с заявкой", en: "Linked to a ticket" },
    {
      toTicketId: uuid,
      kind: z.enum(["related", "blocks", "blocked_by", "parent", "child"]),
    },
  ),
  workaroundGiven: defineEvent(
    "ticket",
    "TicketWorkaroundGiven",
    { ru: "Дано обходное решение", en: "Workaround given" },
    {
      workaround: personal(filledText(limits.text)),
    },
  ),
  extended: defineEvent(
    "ticket",
    "TicketExtended",
    { ru: "Срок продлён по согласованию", en: "Term extended by agreement" },
    {
      agreedBy: requester,
      agreedAt: instant,
      reason: personal(filledText(limits.reason)),
      oldDeadline: instant.nullable(),
      newDeadline: instant,
      clocks,
    },
  ),
  deadlineWarned: defineEvent(
    "ticket",
    "TicketDeadlineWarned",
    { ru: "Предупреждение о сроке", en: "Deadline warning" },
    {
      alarmKey: z.string(),
      clock: clockKind,
      line: line.nullable(),
      cycle: z.int(),
      level: z.int(),
      notify: z.enum(["engineer", "manager"]),
      deadline: instant,
    },
  ),
  deadlineMissed: defineEvent(
    "ticket",
    "TicketDeadlineMissed",
    { ru: "Срок нарушен", en: "Deadline missed" },
    {
      alarmKey: z.string(),
      clock: clockKind,
      line: line.nullable(),
      cycle: z.int(),
      deadline: instant,
      clocks,
    },
  ),
  escalated: defineEvent(
    "ticket",
    "TicketEscalated",
    { ru: "Эскалация", en: "Escalated" },
    {
      ...escalationFields,
      by: z.enum(["customer", "service_manager", "policy"]),
      reason: personal(filledText(limits.reason)),
      /** set when the policy's chain escalated */
      cause: z
        .strictObject({
          alarmKey: z.string(),
          clock: clockKind,
          line: line.nullable(),
          cycle: z.int(),
          level: z.int(),
          action: z.enum(["notify_engineer", "notify_manager", "move_to_group"]),
        })
        .nullable(),
      /** the escalation group to which the ticket moved, if it did */
      moved: z
        .strictObject({
          groupId: id,
          line,
          engineerId: id.nullable(),
          engineerName: personal(text(limits.name)).nullable(),
        })
        .nullable(),
      clocks,
    },
  ),
  escalationStudied: defineEvent(
    "ticket",
    "TicketEscalationStudied",
    { ru: "Причина эскалации изучена", en: "Escalation studied" },
    {
      ...escalationFields,
      findings: personal(filledText(limits.text)),
    },
  ),
  escalationActionsDecided: defineEvent(
    "ticket",
    "TicketEscalationActionsDecided",
    { ru: "Действия по эскалации определены", en: "Escalation actions decided" },
    {
      ...escalationFields,
      actions: personal(filledText(limits.text)),
    },
  ),
  escalationActionsDone: defineEvent(
    "ticket",
    "TicketEscalationActionsDone",
    { ru: "Действия по эскалации выполнены", en: "Escalation actions done" },
    {
      ...escalationFields,
      outcome: personal(filledText(limits.text)),
    },
  ),
  escalationReleased: defineEvent(
    "ticket",
    "TicketEscalationReleased",
    { ru: "Снята с контроля", en: "Released from control" },
    {
      ...escalationFields,
      reason: personal(text(limits.reason)).nullable(),
    },
  ),
  resolved: defineEvent(
    "ticket",
    "TicketResolved",
    { ru: "Решение предоставлено", en: "Resolved" },
    {
      solution: personal(filledText(limits.text)),
      cycle: z.int().min(1),
      /** reminders to confirm and the auto-close (R §4.2); empty when it closes at once */
      alarms: z.array(alarm),
      autoCloseAt: instant.nullable(),
      clocks,
    },
  ),
  returned: defineEvent(
    "ticket",
    "TicketReturned",
    { ru: "Возвращена в работу", en: "Returned to work" },
    {
      reason: personal(filledText(limits.reason)),
      contactId: uuid.nullable(),
      cycle: z.int().min(2),
      clocks,
    },
  ),
  reminded: defineEvent(
    "ticket",
    "TicketReminded",
    { ru: "Напоминание о подтверждении", en: "Reminded to confirm" },
    {
      alarmKey: z.string(),
      number: z.int().min(1),
      of: z.int().min(1),
      autoCloseAt: instant,
    },
  ),
  confirmed: defineEvent(
    "ticket",
    "TicketConfirmed",
    { ru: "Результат подтверждён, закрыта", en: "Result confirmed, closed" },
    {
      by: requester,
      clocks,
    },
  ),
  autoClosed: defineEvent(
    "ticket",
    "TicketAutoClosed",
    { ru: "Закрыта автоматически", en: "Closed automatically" },
    {
      because: z.enum(["no_answer", "policy"]),
      resolvedAt: instant,
      workingDays: z.int().min(0),
      clocks,
    },
  ),
  withdrawn: defineEvent(
    "ticket",
    "TicketWithdrawn",
    { ru: "Отозвана", en: "Withdrawn" },
    {
      by: requester,
      reason: personal(text(limits.reason)).nullable(),
      clocks,
    },
  ),
  markedDuplicate: defineEvent(
    "ticket",
    "TicketMarkedDuplicate",
    { ru: "Закрыта как дубликат", en: "Closed as a duplicate" },
    {
      ofTicketId: uuid,
      ofNumber: z.string().max(20),
      clocks,
    },
  ),
  clocksRecomputed: defineEvent(
    "ticket",
    "TicketClocksRecomputed",
    { ru: "Сроки пересчитаны", en: "Clocks recomputed" },
    {
      because: z.enum(["calendar", "policy"]),
      alarms: z.array(alarm).nullable(),
      autoCloseAt: instant.nullable(),
      clocks,
    },
  ),
  sourceRecorded: defineEvent(
    "ticket",
    "TicketSourceRecorded",
    { ru: "Сведения исходной системы", en: "What the source held" },
    sourceRecord,
  ),
} as const;

export type TicketEvent = EventOf<typeof ticketEvents>;

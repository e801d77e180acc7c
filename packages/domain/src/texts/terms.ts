import type { z } from "zod";
import type { Doubt } from "../contact/events.ts";
import type { ContactStatus } from "../contact/state.ts";
import type { groupKind } from "../directory/shapes.ts";
import type { LetterKind, LetterPlaceholder } from "../directory/letters.ts";
import { allCommands } from "../definitions.ts";
import type { Alarm, ClockSnapshot, proposalKind } from "../ticket/event-parts.ts";
import type { ClosedBecause, Escalation, Proposal, TicketStatus } from "../ticket/state.ts";
import type { ActionChannel, Language, Priority, Role, TicketType } from "../values.ts";
import type { Text } from "./error-text.ts";

type Terms<Value extends string> = Readonly<Record<Value, Text>>;
const term = (ru: string, en: string): Text => ({ ru, en });

const ticketStatus: Terms<TicketStatus> = {
  registered: term("Зарегистрирована", "Registered"),
  classified: term("Классифицирована", "Classified"),
  assigned: term("Назначена", "Assigned"),
  in_work: term("В работе", "In work"),
  waiting_customer: term("Ожидает ответа заказчика", "Waiting for the customer"),
  waiting_approval: term("Ожидает согласования", "Waiting for approval"),
  result_confirmation: term("Подтверждение результата", "Result confirmation"),
  closed: term("Закрыта", "Closed"),
};

const closedBecause: Terms<ClosedBecause> = {
  confirmed: term("Подтверждена заказчиком", "Confirmed by the customer"),
  auto_closed: term("Закрыта автоматически", "Closed automatically"),
  withdrawn: term("Отозвана заказчиком", "Withdrawn by the customer"),
  duplicate: term("Дубликат", "Duplicate"),
};

const ticketType: Terms<TicketType> = {
  incident: term("Инцидент", "Incident"),
  change: term("Изменение", "Change"),
  consultation: term("Консультация", "Consultation"),
  scheduled_work: term("Регламентная работа", "Scheduled work"),
};

const priority: Terms<Priority> = {
  high: term("Высокий", "High"),
  medium: term("Средний", "Medium"),
  low: term("Низкий", "Low"),
};

const line: Terms<"1" | "2" | "3"> = {
  1: term("1-я линия", "Line 1"),
  2: term("2-я линия", "Line 2"),
  3: term("3-я линия", "Line 3"),
};

const role: Terms<Role> = {
  requester: term("Инициатор", "Requester"),
  operator: term("Оператор СЦ", "Operator"),
  engineer: term("Инженер СЦ", "Engineer"),
  expert: term("Эксперт СЦ", "Expert"),
  service_manager: term("Сервис-менеджер", "Service manager"),
  auditor: term("Аудитор", "Auditor"),
  analyst: term("Аналитик", "Analyst"),
  admin: term("Администратор", "Administrator"),
  machine: term("Автомат", "Machine"),
  system: term("Система", "System"),
};

const channel: Terms<ActionChannel> = {
  email: term("Электронная почта", "E-mail"),
  phone: term("Телефон", "Phone"),
  portal: term("Портал", "Portal"),
  monitoring: term("Мониторинг", "Monitoring"),
  manager: term("Сервис-менеджер", "Service manager"),
  chat: term("Чат", "Chat"),
  console: term("Консоль", "Console"),
  api: term("API", "API"),
  plan: term("План работ", "Plan"),
  system: term("Система", "System"),
  import: term("Импорт", "Import"),
};

const contactStatus: Terms<ContactStatus> = {
  received: term("Получено", "Received"),
  held: term("Ожидает проверки", "Waits for a check"),
  verified: term("Проверено", "Verified"),
  registered: term("Зарегистрирована заявка", "Registered as a ticket"),
  joined: term("Присоединено к заявке", "Joined to a ticket"),
  rejected: term("Отклонено", "Rejected"),
};

const doubt: Terms<Doubt> = {
  unknown_organization: term("Организация не определена", "The organization is not known"),
  unknown_sender: term("Отправитель не известен", "The sender is not known"),
  sender_not_authorised: term(
    "Отправитель не уполномочен по договору",
    "The sender is not authorised under the contract",
  ),
  no_key_or_contract: term(
    "Нет ни ключа поддержки, ни номера договора",
    "Neither a support key nor a contract number is given",
  ),
  unknown_contract: term("Такого ключа или договора нет", "There is no such key or contract"),
  contract_not_valid: term("Договор на эту дату не действует", "The contract is not valid on that date"),
  channel_not_in_contract: term(
    "Этот способ обращения не входит в договор",
    "The contract does not include this channel",
  ),
  key_of_another_organization: term(
    "Ключ или договор другой организации",
    "The key or contract belongs to another organization",
  ),
  empty_message: term("Сообщение пустое", "The message is empty"),
  automatic_message: term("Автоматическое сообщение", "Automatic message"),
};

const clockKind: Terms<ClockSnapshot["kind"]> = {
  reaction: term("Время реакции", "Reaction time"),
  resolution: term("Время решения", "Resolution time"),
  ola: term("Приём линией", "Acceptance by the line"),
};

const clockState: Terms<ClockSnapshot["state"]> = {
  running: term("Идёт", "Running"),
  paused: term("Остановлен", "Paused"),
  met: term("Соблюдён", "Met"),
  missed: term("Нарушен", "Missed"),
  cancelled: term("Снят", "Cancelled"),
};

const pausedBecause: Terms<NonNullable<ClockSnapshot["pausedBecause"]>> = {
  customer: term("Ждём ответа заказчика", "Waiting for the customer's answer"),
  approval: term("Ждём согласования заказчика", "Waiting for the customer's approval"),
};

const alarmKind: Terms<Alarm["kind"]> = {
  step: term("Шаг цепочки", "Step of the chain"),
  miss: term("Срок", "Deadline"),
  reminder: term("Напоминание", "Reminder"),
  auto_close: term("Автоматическое закрытие", "Automatic close"),
};

const proposal: Terms<Proposal["state"]> = {
  proposed: term("На согласовании", "Waiting for approval"),
  approved: term("Согласовано", "Approved"),
  refused: term("Отказано", "Refused"),
  started: term("Работы начаты", "Work started"),
};

const proposalKinds: Terms<z.infer<typeof proposalKind>> = {
  configuration: term("Изменение конфигурации", "Configuration change"),
  version_update: term("Обновление версии", "Version update"),
  correction: term("Корректировка решения", "Correction"),
};

const escalation: Terms<Escalation["state"]> = {
  open: term("На контроле", "Under control"),
  studied: term("Причина изучена", "Cause studied"),
  decided: term("Действия определены", "Actions decided"),
  done: term("Действия выполнены", "Actions done"),
  released: term("Снята с контроля", "Released"),
};

const escalatedBy: Terms<Escalation["by"]> = {
  customer: term("Заказчик", "Customer"),
  service_manager: term("Сервис-менеджер", "Service manager"),
  policy: term("Политика SLA", "SLA policy"),
};

const groupKinds: Terms<z.infer<typeof groupKind>> = {
  operators: term("Операторы", "Operators"),
  competence_centre: term("Центр компетенций", "Competence centre"),
  experts: term("Эксперты", "Experts"),
  escalation: term("Группа эскалации", "Escalation group"),
};

const chainAction: Terms<"notify_engineer" | "notify_manager" | "move_to_group"> = {
  notify_engineer: term("Уведомить инженера", "Notify the engineer"),
  notify_manager: term("Уведомить сервис-менеджера", "Notify the service manager"),
  move_to_group: term("Передать группе эскалации", "Move to the escalation group"),
};

const letterKinds: Terms<LetterKind> = {
  registered: term("Заявка зарегистрирована", "Ticket registered"),
  classified: term("Заявка классифицирована", "Ticket classified"),
  assigned: term("Назначен специалист", "Specialist assigned"),
  assigned_to_group: term("Заявка передана группе", "Ticket passed to a group"),
  accepted: term("Принята в работу", "Work has begun"),
  handed_over: term("Передана другому специалисту", "Handed over"),
  asked: term("Вопрос заказчику", "Question to the customer"),
  answered: term("Ответ получен", "Answer received"),
  proposed: term("Изменение на согласование", "Change to approve"),
  approved: term("Изменение согласовано", "Change approved"),
  refused: term("Изменение отклонено", "Change refused"),
  change_started: term("Работы начаты", "Work started"),
  downtime: term("Плановое отключение", "Planned downtime"),
  update_installed: term("Обновление установлено", "Update installed"),
  commented: term("Новое сообщение", "New message"),
  workaround: term("Обходное решение", "Workaround"),
  missed: term("Срок решения превышен", "Resolution time exceeded"),
  extended: term("Срок продлён", "Term extended"),
  escalated: term("Эскалация принята", "Escalation received"),
  escalation_actions: term("Меры по эскалации", "Escalation: actions"),
  escalation_released: term("Снята с контроля", "Released from control"),
  resolved: term("Решение предоставлено", "Resolved"),
  returned: term("Возвращена в работу", "Returned to work"),
  reminded: term("Напоминание о подтверждении", "Reminder to confirm"),
  confirmed: term("Закрыта заказчиком", "Closed by the customer"),
  auto_closed: term("Закрыта без ответа", "Closed without an answer"),
  auto_closed_by_policy: term("Закрыта по условиям договора", "Closed as the contract says"),
  withdrawn: term("Заявка отозвана", "Ticket withdrawn"),
  duplicate: term("Закрыта как дубликат", "Closed as a duplicate"),
  staff_assigned: term("Сотруднику: назначена заявка", "To staff: a ticket for you"),
  staff_warned: term("Сотруднику: срок близко", "To staff: deadline near"),
  staff_missed: term("Сотруднику: срок нарушен", "To staff: deadline missed"),
  staff_escalated: term("Сотруднику: ступень эскалации", "To staff: escalation step"),
  staff_customer_escalated: term("Сотруднику: заявка эскалирована", "To staff: escalated by a person"),
};

const letterPlaceholder: Terms<LetterPlaceholder> = {
  number: term("номер заявки", "ticket's number"),
  subject: term("тема заявки", "ticket's subject"),
  name: term("имя получателя", "recipient's name"),
  organization: term("организация заказчика", "customer"),
  link: term("ссылка на заявку", "link to the ticket"),
  received: term("когда получено обращение", "when the contact arrived"),
  type: term("тип", "type"),
  priority: term("приоритет", "priority"),
  specialist: term("ответственный специалист", "responsible specialist"),
  group: term("группа", "group"),
  schedule: term("сроки работ", "schedule of the work"),
  effort: term("трудоёмкость", "effort"),
  product: term("продукт", "product"),
  agreedBy: term("с кем согласовано", "who agreed"),
  from: term("начало", "beginning"),
  to: term("окончание", "end"),
  equipment: term("отключаемое оборудование", "equipment switched off"),
  deadline: term("срок", "deadline"),
  oldDeadline: term("прежний срок", "previous deadline"),
  newDeadline: term("новый срок", "new deadline"),
  autoClose: term("когда закроется сама", "when it closes by itself"),
  reminder: term("которое по счёту напоминание", "which reminder it is"),
  reminders: term("сколько всего напоминаний", "how many reminders there are"),
  workingDays: term("сколько рабочих дней прошло", "working days that passed"),
  duplicateOf: term("номер основной заявки", "main ticket's number"),
  clock: term("показатель", "which clock"),
  level: term("ступень эскалации", "escalation step"),
};

/** The words of the glossary (domain.md) for every value that a person may see, in both languages. */
export const terms = {
  ticketStatus,
  closedBecause,
  ticketType,
  priority,
  line,
  role,
  channel,
  contactStatus,
  doubt,
  clockKind,
  clockState,
  pausedBecause,
  alarmKind,
  proposal,
  proposalKind: proposalKinds,
  escalation,
  escalatedBy,
  groupKind: groupKinds,
  chainAction,
  letterKind: letterKinds,
  letterPlaceholder,
} as const;

/** Which words the params of errors are said in. */
const wordsOfParam: Readonly<Record<string, readonly Readonly<Record<string, Text>>[]>> = {
  status: [ticketStatus, contactStatus],
  type: [ticketType],
  priority: [priority],
  role: [role],
  proposal: [proposal],
  escalation: [escalation],
  clock: [clockKind],
};

/** A param of an error as a person reads it: the glossary's word where there is one, else the value itself. */
export function termOf(param: string, value: string, language: Language): string {
  if (param === "command") return allCommands.get(value)?.title[language] ?? value;
  for (const words of wordsOfParam[param] ?? []) {
    const found = words[value];
    if (found) return found[language];
  }
  return value;
}

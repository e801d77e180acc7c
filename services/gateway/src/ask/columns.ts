import type { Column } from "./table.ts";

const column = (name: string, ru: string, en: string, as?: Column["as"]): Column => ({
  name,
  title: { ru, en },
  ...(as === undefined ? {} : { as }),
});

/** What the tables of the command line show. The API's own answer (`--json`) has everything. */
export const ticketColumns: readonly Column[] = [
  column("number", "Номер", "Number"),
  column("status", "Статус", "Status", "ticketStatus"),
  column("type", "Тип", "Type", "ticketType"),
  column("priority", "Приоритет", "Priority", "priority"),
  column("line", "Линия", "Line"),
  column("groupId", "Группа", "Group"),
  column("engineerId", "Инженер", "Engineer"),
  column("nextDeadline", "Ближайший срок", "Next deadline", "instant"),
  column("registeredAt", "Регистрация", "Registered", "instant"),
  column("subject", "Тема", "Subject"),
];

export const contactColumns: readonly Column[] = [
  column("receivedAt", "Получено", "Received", "instant"),
  column("status", "Состояние", "Status", "contactStatus"),
  column("channel", "Канал", "Channel", "channel"),
  column("fromName", "От кого", "From"),
  column("fromEmail", "Адрес", "E-mail"),
  column("organizationId", "Заказчик", "Customer"),
  column("subject", "Тема", "Subject"),
  column("contactId", "Обращение", "Contact"),
];

export const clockColumns: readonly Column[] = [
  column("ticketId", "Заявка", "Ticket"),
  column("kind", "Часы", "Clock", "clockKind"),
  column("line", "Линия", "Line"),
  column("cycle", "Цикл", "Cycle"),
  column("state", "Состояние", "State", "clockState"),
  column("target", "Срок", "Target"),
  column("deadline", "Крайний срок", "Deadline", "instant"),
  column("usedSeconds", "Израсходовано", "Used", "duration"),
];

export const judgementColumns: readonly Column[] = [
  column("judgedAt", "Когда", "Judged", "instant"),
  column("ticketId", "Заявка", "Ticket"),
  column("kind", "Часы", "Clock", "clockKind"),
  column("cycle", "Цикл", "Cycle"),
  column("outcome", "Итог", "Outcome", "clockState"),
  column("target", "Срок", "Target"),
  column("deadline", "Крайний срок", "Deadline", "instant"),
  column("usedSeconds", "Израсходовано", "Used", "duration"),
  column("organizationId", "Заказчик", "Customer"),
  column("engineerId", "Инженер", "Engineer"),
];

export const entryColumns: readonly Column[] = [
  column("id", "Запись", "Entry"),
  column("name", "Название", "Name"),
  column("organizationId", "Заказчик", "Customer"),
  column("active", "Действует", "Active"),
  column("revision", "Ревизия", "Revision"),
];

export const counterColumns: readonly Column[] = [
  column("view", "Очередь", "Queue"),
  column("count", "Заявок", "Tickets"),
];

export const timelineColumns: readonly Column[] = [
  column("revision", "№", "No."),
  column("occurredAt", "Когда", "When", "instant"),
  column("recordedAt", "Записано", "Recorded", "instant"),
  column("title", "Что", "What"),
  column("by", "Кто", "Who"),
];

export const intervalColumns: readonly Column[] = [
  column("from", "С", "From", "instant"),
  column("to", "По", "To", "instant"),
  column("counted", "Засчитано", "Counted"),
  column("seconds", "Сколько", "How much", "duration"),
  column("text", "Почему", "Why"),
];

/** One thing, field by field. */
export const fieldColumns: readonly Column[] = [column("field", "Поле", "Field"), column("value", "Значение", "Value")];

export const forecastColumns: readonly Column[] = [
  column("number", "Номер", "Number"),
  column("kind", "Часы", "Clock", "clockKind"),
  column("verdict", "Что будет", "Verdict"),
  column("deadline", "Крайний срок", "Deadline", "instant"),
  column("remainingSeconds", "Осталось", "Left", "duration"),
  column("usedSeconds", "Израсходовано", "Used", "duration"),
  column("target", "Срок", "Target"),
  column("line", "Линия", "Line"),
  column("groupId", "Группа", "Group"),
  column("engineerId", "Инженер", "Engineer"),
  column("subject", "Тема", "Subject"),
];

export const forecastGroupColumns: readonly Column[] = [
  column("key", "Кто", "Who"),
  column("tickets", "Заявок", "Tickets"),
  column("clocks", "Часов", "Clocks"),
  column("missed", "Нарушено", "Missed"),
  column("willMiss", "Будет нарушено", "Will miss"),
  column("inTime", "Успевают", "In time"),
  column("paused", "Стоят", "Paused"),
  column("nextDeadline", "Ближайший срок", "Next deadline", "instant"),
];

export const outcomeColumns: readonly Column[] = [
  column("kind", "Часы", "Clock", "clockKind"),
  column("side", "Оценка", "Judgement"),
  column("met", "Выполнено", "Met"),
  column("missed", "Нарушено", "Missed"),
  column("running", "Идут", "Running"),
  column("paused", "Стоят", "Paused"),
  column("cancelled", "Отменены", "Cancelled"),
  column("none", "Нет часов", "No clock"),
  column("compliance", "Соблюдение, %", "Compliance, %"),
];

export const changeColumns: readonly Column[] = [
  column("kind", "Часы", "Clock", "clockKind"),
  column("from", "Было", "Recorded", "clockState"),
  column("to", "Стало бы", "What if", "clockState"),
  column("count", "Часов", "Clocks"),
];

export const reasonColumns: readonly Column[] = [
  column("kind", "Часы", "Clock", "clockKind"),
  column("reason", "Причина", "Reason"),
  column("count", "Часов", "Clocks"),
];

export const differenceColumns: readonly Column[] = [
  column("number", "Номер", "Number"),
  column("kind", "Часы", "Clock", "clockKind"),
  column("recorded", "Было", "Recorded", "clockState"),
  column("whatIf", "Стало бы", "What if", "clockState"),
  column("recordedDeadline", "Срок был", "Deadline recorded", "instant"),
  column("whatIfDeadline", "Срок был бы", "Deadline what if", "instant"),
  column("because", "Почему", "Why"),
];

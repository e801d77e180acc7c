import type { Texts } from "../errors/definition.ts";
import type { DimensionDefinition } from "./definition.ts";

const t = (ru: string, en: string): Texts => ({ ru, en });

export const statusTexts = {
  registered: t("зарегистрирована", "registered"),
  classified: t("классифицирована", "classified"),
  assigned: t("назначена", "assigned"),
  in_work: t("в работе", "in work"),
  waiting_customer: t("ожидание заказчика", "waiting for customer"),
  waiting_approval: t("ожидание согласования", "waiting for approval"),
  result_confirmation: t("подтверждение результата", "result confirmation"),
  closed: t("закрыта", "closed"),
} as const;

const field = (title: Texts, definition: Texts, values?: Readonly<Record<string, Texts>>): DimensionDefinition => ({
  kind: "field",
  title,
  definition,
  ...(values ? { values } : {}),
});
const time = (title: Texts, definition: Texts, values?: Readonly<Record<string, Texts>>): DimensionDefinition => ({
  kind: "time",
  title,
  definition,
  ...(values ? { values } : {}),
});
const calendar = (title: Texts, definition: Texts): DimensionDefinition => ({ kind: "calendar", title, definition });

/** Lengths of working time, each from its first to before the next one's. */
const workingBands = {
  "<15m": t("до 15 мин", "under 15 min"),
  "15-30m": t("15–30 мин", "15-30 min"),
  "30-60m": t("30–60 мин", "30-60 min"),
  "1-2h": t("1–2 ч", "1-2 h"),
  "2-4h": t("2–4 ч", "2-4 h"),
  "4-8h": t("4–8 ч", "4-8 h"),
  "8-16h": t("8–16 ч", "8-16 h"),
  "16-40h": t("16–40 ч", "16-40 h"),
  ">40h": t("более 40 ч", "over 40 h"),
} as const;

const known = t("как известно на момент отчёта", "as known at the report's moment");
const holder = t(
  "кто отвечает за заявку на момент отчёта; у решённой — кто решил",
  "who is responsible at the report's moment; of a resolved ticket, who resolved it",
);

/** Every dimension by its name: `groupBy=name`, and `name=value` as a filter. */
export const dimensions = {
  organization: field(t("организация", "organization"), t("заказчик", "the customer")),
  contract: field(
    t("договор", "contract"),
    t("договор, по которому заявка", "the contract that the ticket falls under"),
  ),
  type: field(t("тип", "type"), known, {
    incident: t("инцидент", "incident"),
    consultation: t("консультация", "consultation"),
    change: t("изменение", "change"),
    scheduled_work: t("регламентная работа", "scheduled work"),
  }),
  priority: field(t("приоритет", "priority"), known, {
    high: t("высокий", "high"),
    medium: t("средний", "medium"),
    low: t("низкий", "low"),
  }),
  line: field(t("линия", "line"), holder),
  group: field(t("группа", "group"), holder),
  engineer: field(t("инженер", "engineer"), holder),
  product: field(t("продукт", "product"), known),
  channel: field(t("канал", "channel"), t("по какому каналу пришло обращение", "the channel that the contact came by")),
  status: field(
    t("состояние", "status"),
    t(
      "состояние заявки на момент отчёта; в отчётах о времени — состояние, в котором оно прошло",
      "the ticket's status at the report's moment; in reports of time, the status in which it passed",
    ),
    statusTexts,
  ),
  closedBecause: field(t("как закрыта", "closed because"), known, {
    confirmed: t("подтверждена", "confirmed"),
    auto_closed: t("автоматически", "automatically"),
    withdrawn: t("отозвана", "withdrawn"),
    duplicate: t("дубликат", "duplicate"),
  }),
  requester: field(t("инициатор", "requester"), t("человек заказчика, по его номеру", "the customer's person, by id")),
  topic: field(t("тема", "topic"), t("продукт, а без него тип заявки", "the product; without one, the ticket's type")),
  age: field(
    t("возраст", "age"),
    t("время с регистрации до момента отчёта", "time from registration to the report's moment"),
    {
      "<1d": t("до суток", "under a day"),
      "1-3d": t("1–3 суток", "1-3 days"),
      "3-7d": t("3–7 суток", "3-7 days"),
      "7-14d": t("7–14 суток", "7-14 days"),
      "14-30d": t("14–30 суток", "14-30 days"),
      "30-90d": t("30–90 суток", "30-90 days"),
      ">90d": t("более 90 суток", "over 90 days"),
    },
  ),
  reactionTime: field(
    t("время реакции", "reaction time"),
    t(
      "рабочее время реакции; без него — реакции ещё не было",
      "working time of the reaction; none: there was no reaction yet",
    ),
    workingBands,
  ),
  resolutionTime: field(
    t("время решения", "resolution time"),
    t("рабочее время решения; без него — ещё не решена", "working time of the resolution; none: not resolved yet"),
    workingBands,
  ),
  reason: field(
    t("причина паузы", "reason of the pause"),
    t("почему часы решения стоят", "why the resolution clock stands"),
    {
      customer: t("ждём заказчика", "waiting for the customer"),
      approval: t("ждём согласования", "waiting for approval"),
    },
  ),
  fromStatus: field(t("из состояния", "from status"), t("откуда перешла", "the status that it left"), statusTexts),
  toStatus: field(t("в состояние", "to status"), t("куда перешла", "the status that it entered"), statusTexts),
  hour: time(t("час", "hour"), t("час суток, 00–23", "hour of the day, 00-23")),
  weekday: time(t("день недели", "weekday"), t("1 — понедельник, 7 — воскресенье", "1 is Monday, 7 is Sunday"), {
    1: t("понедельник", "Monday"),
    2: t("вторник", "Tuesday"),
    3: t("среда", "Wednesday"),
    4: t("четверг", "Thursday"),
    5: t("пятница", "Friday"),
    6: t("суббота", "Saturday"),
    7: t("воскресенье", "Sunday"),
  }),
  day: time(t("день", "day"), t("местная дата", "local date")),
  week: time(t("неделя", "week"), t("неделя ISO: 2024-W17", "ISO week: 2024-W17")),
  month: time(t("месяц", "month"), t("2024-04", "2024-04")),
  quarter: time(t("квартал", "quarter"), t("2024-Q2", "2024-Q2")),
  year: time(t("год", "year"), t("2024", "2024")),
  workingHour: calendar(
    t("рабочий час", "working hour"),
    t(
      "час рабочего времени календаря, 00–23; вне его — outside",
      "hour of the calendar's working time, 00-23; else: outside",
    ),
  ),
  workingDay: calendar(
    t("рабочий день", "working day"),
    t(
      "рабочий день календаря; что пришло после его конца, относится к следующему",
      "the calendar's working day; what comes after its end belongs to the next one",
    ),
  ),
  workingWeek: calendar(
    t("рабочая неделя", "working week"),
    t("неделя рабочего дня (см. рабочий день)", "the week of the working day (see working day)"),
  ),
  workingMonth: calendar(
    t("рабочий месяц", "working month"),
    t("месяц рабочего дня (см. рабочий день)", "the month of the working day (see working day)"),
  ),
} as const satisfies Record<string, DimensionDefinition>;

export type DimensionName = keyof typeof dimensions;

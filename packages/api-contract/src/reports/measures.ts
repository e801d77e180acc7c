import type { Texts } from "../errors/definition.ts";
import type { MeasureDefinition, Unit } from "./definition.ts";

const t = (ru: string, en: string): Texts => ({ ru, en });
const measure = (unit: Unit, title: Texts, definition: Texts): MeasureDefinition => ({ unit, title, definition });

const clockTitles = {
  reaction: t("реакция", "reaction"),
  resolution: t("решение", "resolution"),
} as const;

function clockMeasures<K extends keyof typeof clockTitles>(kind: K) {
  const name = clockTitles[kind];
  const count = (ru: string, en: string, definition: Texts): MeasureDefinition =>
    measure("count", t(`${name.ru}: ${ru}`, `${name.en}: ${en}`), definition);
  return {
    [`${kind}Met`]: count(
      "в срок",
      "met",
      t(
        "заявки, у которых часы (последнего цикла) остановлены работой до срока",
        "tickets whose clock (of the latest cycle) was stopped by the work before its deadline",
      ),
    ),
    [`${kind}Missed`]: count(
      "срок нарушен",
      "missed",
      t(
        "заявки, у которых нарушение срока записано, идут ли часы ещё или уже нет",
        "tickets of which a miss is recorded, whether the clock still runs or not",
      ),
    ),
    [`${kind}Running`]: count(
      "идёт",
      "running",
      t("часы идут или стоят на паузе, срок не нарушен", "the clock runs or is paused, and has not been missed"),
    ),
    [`${kind}Cancelled`]: count(
      "отменены",
      "cancelled",
      t("часы отменены отзывом или дубликатом", "the clock was cancelled by a withdrawal or a duplicate"),
    ),
    [`${kind}Compliance`]: measure(
      "percent",
      t(`${name.ru}: соблюдение срока, %`, `${name.en}: compliance, %`),
      t("в срок / (в срок + нарушено) · 100", "met / (met + missed) x 100"),
    ),
  } as Record<`${K}${"Met" | "Missed" | "Running" | "Cancelled" | "Compliance"}`, MeasureDefinition>;
}

const statistics = {
  Mean: t("среднее", "mean"),
  Median: t("медиана", "median"),
  P90: t("90-й процентиль", "90th percentile"),
  P95: t("95-й процентиль", "95th percentile"),
} as const;

function timeMeasures<P extends string>(prefix: P, name: Texts, what: Texts) {
  return Object.fromEntries(
    Object.entries(statistics).map(([statistic, title]) => [
      `${prefix}${statistic}`,
      measure(
        "seconds",
        t(`${name.ru}, ${title.ru}`, `${name.en}, ${title.en}`),
        t(
          `${what.ru}; ${title.ru}${statistic === "Mean" ? "" : ", между соседними значениями линейно"}`,
          `${what.en}; ${title.en}${statistic === "Mean" ? "" : ", linear between neighbouring values"}`,
        ),
      ),
    ]),
  ) as Record<`${P}${keyof typeof statistics}`, MeasureDefinition>;
}

/** Every measure by its name. A rate without anything to divide by, and a time of nothing, is null. */
export const measures = {
  tickets: measure("count", t("заявки", "tickets"), t("заявки периода", "the tickets of the period")),
  open: measure("count", t("открыты", "open"), t("не закрыты на момент отчёта", "not closed at the report's moment")),
  resolved: measure(
    "count",
    t("решены", "resolved"),
    t(
      "решение дано и не возвращено на момент отчёта",
      "a solution was given and has not been returned at the report's moment",
    ),
  ),
  closed: measure("count", t("закрыты", "closed"), t("закрыты на момент отчёта", "closed at the report's moment")),
  ...clockMeasures("reaction"),
  ...clockMeasures("resolution"),
  ...timeMeasures(
    "reactionWorking",
    t("время реакции, рабочее", "reaction time, working"),
    t(
      "рабочее время по календарю договора от регистрации до первого принятия в работу",
      "working time by the contract's calendar from registration to the first acceptance",
    ),
  ),
  ...timeMeasures(
    "reactionWall",
    t("время реакции, по часам", "reaction time, wall clock"),
    t("время от регистрации до первого принятия в работу", "time from registration to the first acceptance"),
  ),
  ...timeMeasures(
    "resolutionWorking",
    t("время решения, рабочее", "resolution time, working"),
    t(
      "рабочее время от первого принятия до последнего решения без пауз, всех циклов вместе",
      "working time from the first acceptance to the latest resolution without the pauses, of all cycles together",
    ),
  ),
  ...timeMeasures(
    "resolutionWall",
    t("время решения, по часам", "resolution time, wall clock"),
    t("время от первого принятия до последнего решения", "time from the first acceptance to the latest resolution"),
  ),
  returned: measure(
    "count",
    t("возвращены", "returned"),
    t("заявки, которые заказчик возвращал хотя бы раз", "tickets that the customer returned at least once"),
  ),
  reopenRate: measure(
    "percent",
    t("доля возвратов, %", "reopen rate, %"),
    t("возвращённые / (решённые или возвращённые) · 100", "returned / (resolved or returned) x 100"),
  ),
  firstContact: measure(
    "count",
    t("решены при первом обращении", "resolved at first contact"),
    t(
      "решены на первой линии без передач и без возвратов",
      "resolved on line 1 without any hand-over and without any return",
    ),
  ),
  firstContactRate: measure(
    "percent",
    t("доля решённых при первом обращении, %", "first-contact resolution, %"),
    t("решённые при первом обращении / решённые · 100", "resolved at first contact / resolved x 100"),
  ),
  handOvers: measure(
    "number",
    t("передачи", "hand-overs"),
    t("сколько раз передавали, всего", "how often tickets were handed over, in all"),
  ),
  handedOver: measure(
    "count",
    t("передавались", "handed over"),
    t("заявки, которые передавали хотя бы раз", "tickets handed over at least once"),
  ),
  handOversMean: measure(
    "number",
    t("передач на заявку", "hand-overs per ticket"),
    t("передачи / заявки", "hand-overs / tickets"),
  ),
  escalated: measure("count", t("эскалированы", "escalated"), t("заявки с эскалацией", "tickets with an escalation")),
  escalations: measure(
    "number",
    t("эскалации", "escalations"),
    t("сколько эскалаций, всего", "how many escalations, in all"),
  ),
  escalationsByCustomer: measure(
    "number",
    t("эскалации заказчика", "escalations by customers"),
    t("из них по требованию заказчика", "of them by the customer"),
  ),
  escalationsByManager: measure(
    "number",
    t("эскалации менеджера", "escalations by managers"),
    t("из них сервис-менеджера", "of them by the service manager"),
  ),
  escalationsByPolicy: measure(
    "number",
    t("эскалации по правилу", "escalations by policy"),
    t("из них цепочкой политики", "of them by the policy's chain"),
  ),
  autoClosed: measure(
    "count",
    t("закрыты автоматически", "closed automatically"),
    t("закрыты без ответа заказчика", "closed without the customer's answer"),
  ),
  autoCloseShare: measure(
    "percent",
    t("доля автозакрытий, %", "auto-close share, %"),
    t("закрытые автоматически / закрытые · 100", "closed automatically / closed x 100"),
  ),
  repeats: measure(
    "count",
    t("повторные", "repeats"),
    t(
      "заявки инициатора, который в предыдущие 30 суток уже обращался по той же теме",
      "tickets of a requester who came with the same topic within the 30 days before",
    ),
  ),
  repeatRate: measure(
    "percent",
    t("доля повторных, %", "repeat rate, %"),
    t("повторные / заявки · 100", "repeats / tickets x 100"),
  ),
  arrivals: measure(
    "count",
    t("поступило", "arrivals"),
    t("зарегистрированы в отрезке", "registered within the stretch of time"),
  ),
  resolutions: measure(
    "count",
    t("решено", "resolutions"),
    t("последнее решение дано в отрезке", "latest resolution given within it"),
  ),
  closures: measure("count", t("закрыто", "closures"), t("закрыты в отрезке", "closed within it")),
  backlog: measure(
    "count",
    t("незакрытые", "backlog"),
    t("зарегистрированы до конца отрезка и до него не закрыты", "registered before its end and not closed before it"),
  ),
  reactionMisses: measure(
    "count",
    t("нарушения реакции", "reaction misses"),
    t("срок реакции нарушен в отрезке", "the reaction's deadline was missed within it"),
  ),
  resolutionMisses: measure(
    "count",
    t("нарушения решения", "resolution misses"),
    t("срок решения нарушен в отрезке", "the resolution's deadline was missed within it"),
  ),
  ...timeMeasures(
    "age",
    t("возраст", "age"),
    t(
      "время от регистрации открытой заявки до момента отчёта",
      "time from an open ticket's registration to the report's moment",
    ),
  ),
  ageMax: measure("seconds", t("возраст, наибольший", "age, greatest"), t("возраст самой старой", "age of the oldest")),
  ...timeMeasures(
    "ageWorking",
    t("возраст, рабочий", "age, working"),
    t(
      "рабочее время по календарю договора от регистрации открытой заявки до момента отчёта; заявки без календаря не в счёт",
      "working time by the contract's calendar from an open ticket's registration to the report's moment; tickets without a calendar apart",
    ),
  ),
  ageWorkingMax: measure(
    "seconds",
    t("возраст, рабочий, наибольший", "age, working, greatest"),
    t("наибольший рабочий возраст", "the greatest working age"),
  ),
  stays: measure(
    "count",
    t("пребывания", "stays"),
    t("сколько раз заявки туда входили", "how often tickets came there"),
  ),
  wallTotal: measure(
    "seconds",
    t("время, всего", "time, total"),
    t("сумма времени по часам", "sum of wall-clock time"),
  ),
  wallPerTicket: measure(
    "seconds",
    t("время на заявку", "time per ticket"),
    t("время, всего / заявки", "time, total / tickets"),
  ),
  workingTotal: measure(
    "seconds",
    t("рабочее время, всего", "working time, total"),
    t("сумма рабочего времени по календарям договоров", "sum of working time by the contracts' calendars"),
  ),
  workingPerTicket: measure(
    "seconds",
    t("рабочее время на заявку", "working time per ticket"),
    t("рабочее время, всего / заявки", "working time, total / tickets"),
  ),
  transitions: measure(
    "count",
    t("переходы", "transitions"),
    t("сколько раз заявки так перешли", "how often tickets moved so"),
  ),
  ...timeMeasures(
    "before",
    t("время до перехода", "time before the transition"),
    t(
      "сколько заявка пробыла в прежнем состоянии, по часам",
      "how long the ticket had been in the status that it left, wall clock",
    ),
  ),
  olaJudged: measure(
    "count",
    t("приёмки на линию", "acceptances by a line"),
    t(
      "внутренние сроки приёмки с исходом, отменённые не в счёт",
      "internal acceptance clocks with an outcome, cancelled ones apart",
    ),
  ),
  olaMet: measure(
    "count",
    t("приёмка в срок", "accepted in time"),
    t("линия приняла в срок", "the line accepted in time"),
  ),
  olaMissed: measure(
    "count",
    t("приёмка с нарушением", "acceptance missed"),
    t("срок приёмки нарушен", "the acceptance was missed"),
  ),
  ...timeMeasures(
    "olaWorking",
    t("время приёмки, рабочее", "acceptance time, working"),
    t(
      "рабочее время до приёмки, а при нарушении — до него",
      "working time to the acceptance; of a missed one, to the miss",
    ),
  ),
  olaCompliance: measure(
    "percent",
    t("соблюдение приёмки, %", "acceptance compliance, %"),
    t("в срок / (в срок + нарушено) · 100", "met / (met + missed) x 100"),
  ),
} as const;

export type MeasureName = keyof typeof measures;

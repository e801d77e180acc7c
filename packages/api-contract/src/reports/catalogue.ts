import type { Texts } from "../errors/definition.ts";
import type { Basis } from "./definition.ts";
import type { DimensionName } from "./dimensions.ts";
import { measures, type MeasureName } from "./measures.ts";

/** Grows when a number comes to mean something else; every reply names it. */
export const definitionsVersion = 1;

export const reportLimits = { years: 10, groupBy: 3, rows: 1_000, mostRows: 10_000 } as const;

/** One report: measures over one kind of rows, and by what they may be grouped. */
export interface ReportDefinition {
  readonly title: Texts;
  readonly about: Texts;
  /** what it counts: tickets, their stretches, changes of status, or judgements of acceptance clocks */
  readonly counts: "tickets" | "events" | "open" | "stretches" | "pauses" | "transitions" | "acceptances";
  readonly measures: readonly MeasureName[];
  readonly usualMeasures: readonly MeasureName[];
  readonly dimensions: readonly DimensionName[];
  readonly usualGroupBy: readonly DimensionName[];
  readonly requiredGroupBy: readonly DimensionName[];
  readonly bases: readonly Basis[];
}

const t = (ru: string, en: string): Texts => ({ ru, en });

const ticketFields = [
  "organization",
  "contract",
  "type",
  "priority",
  "line",
  "group",
  "engineer",
  "product",
  "channel",
  "status",
  "closedBecause",
  "requester",
  "topic",
] as const satisfies readonly DimensionName[];
/** how long it took, in bands: a distribution */
const lengths = ["reactionTime", "resolutionTime"] as const satisfies readonly DimensionName[];
const spans = ["day", "week", "month", "quarter", "year", "workingDay", "workingWeek", "workingMonth"] as const;
const times = ["hour", "weekday", ...spans, "workingHour"] as const;
const allBases = ["registered", "accepted", "resolved", "closed"] as const;

const statistics = (
  prefix:
    | "reactionWorking"
    | "reactionWall"
    | "resolutionWorking"
    | "resolutionWall"
    | "age"
    | "ageWorking"
    | "before"
    | "olaWorking",
) => (["Mean", "Median", "P90", "P95"] as const).map((name): MeasureName => `${prefix}${name}`);

const sla = [
  "tickets",
  "open",
  "resolved",
  "closed",
  "reactionMet",
  "reactionMissed",
  "reactionRunning",
  "reactionCancelled",
  "reactionCompliance",
  "resolutionMet",
  "resolutionMissed",
  "resolutionRunning",
  "resolutionCancelled",
  "resolutionCompliance",
] as const satisfies readonly MeasureName[];
const durations: readonly MeasureName[] = [
  ...statistics("reactionWorking"),
  ...statistics("reactionWall"),
  ...statistics("resolutionWorking"),
  ...statistics("resolutionWall"),
];
const quality = [
  "returned",
  "reopenRate",
  "firstContact",
  "firstContactRate",
  "handOvers",
  "handedOver",
  "handOversMean",
  "escalated",
  "escalations",
  "escalationsByCustomer",
  "escalationsByManager",
  "escalationsByPolicy",
  "autoClosed",
  "autoCloseShare",
] as const satisfies readonly MeasureName[];
const repeats = ["repeats", "repeatRate"] as const satisfies readonly MeasureName[];

function report(
  counts: ReportDefinition["counts"],
  title: Texts,
  about: Texts,
  rest: Partial<ReportDefinition> & Pick<ReportDefinition, "measures">,
): ReportDefinition {
  return {
    counts,
    title,
    about,
    usualMeasures: rest.measures,
    dimensions: [...ticketFields, ...times],
    usualGroupBy: [],
    requiredGroupBy: [],
    bases: allBases,
    ...rest,
  };
}

const ofTicketsAbout = t(
  "заявки, которые в период зарегистрированы (или приняты, решены, закрыты – как выбрано)",
  "tickets that were registered within the period (or accepted, resolved, closed, as chosen)",
);

/** Every report by its name in the address. */
export const reports = {
  sla: report("tickets", t("Соблюдение SLA", "SLA compliance"), ofTicketsAbout, {
    measures: sla,
    dimensions: [...ticketFields, ...lengths, ...times],
    usualGroupBy: ["month", "organization"],
  }),
  times: report("tickets", t("Время реакции и решения", "Reaction and resolution times"), ofTicketsAbout, {
    measures: ["tickets", ...durations],
    usualMeasures: ["tickets", ...statistics("reactionWorking"), ...statistics("resolutionWorking")],
    dimensions: [...ticketFields, ...lengths, ...times],
    usualGroupBy: ["priority"],
  }),
  quality: report(
    "tickets",
    t("Качество", "Quality"),
    t(
      "возвраты, решение при первом обращении, передачи, эскалации, автозакрытия",
      "returns, first-contact resolution, hand-overs, escalations, auto-closes",
    ),
    { measures: ["tickets", "resolved", "closed", ...quality], usualGroupBy: ["organization"] },
  ),
  repeats: report(
    "tickets",
    t("Повторные обращения", "Repeats"),
    t("кто и с чем обращается снова", "who comes again, and with what"),
    { measures: ["tickets", ...repeats], usualGroupBy: ["requester", "topic"] },
  ),
  tickets: report("tickets", t("Заявки, все показатели", "Tickets, every measure"), ofTicketsAbout, {
    measures: [...sla, ...durations, ...quality, ...repeats],
    usualMeasures: ["tickets", "reactionCompliance", "resolutionCompliance", "resolutionWorkingMedian", "reopenRate"],
    dimensions: [...ticketFields, ...lengths, ...times],
    usualGroupBy: ["type"],
  }),
  flow: report(
    "events",
    t("Поток: поступило, решено, закрыто, осталось", "Flow: arrivals, resolutions, closures, backlog"),
    t(
      "по отрезкам времени; поля заявок — как известно на момент отчёта",
      "over stretches of time; fields of tickets as known at the report's moment",
    ),
    {
      measures: ["arrivals", "resolutions", "closures", "backlog", "reactionMisses", "resolutionMisses"],
      usualMeasures: ["arrivals", "resolutions", "closures", "backlog"],
      dimensions: [...ticketFields, ...spans],
      usualGroupBy: ["day"],
      bases: [],
    },
  ),
  heatmap: report(
    "events",
    t("Карта нагрузки", "Heat map"),
    t("поступления и нарушения по дням недели и часам", "arrivals and misses by weekday and hour"),
    {
      measures: ["arrivals", "resolutions", "closures", "reactionMisses", "resolutionMisses"],
      usualMeasures: ["arrivals", "reactionMisses", "resolutionMisses"],
      usualGroupBy: ["weekday", "hour"],
      bases: [],
    },
  ),
  backlog: report(
    "open",
    t("Открытые заявки и их возраст", "Open tickets and their age"),
    t("заявки, открытые на момент отчёта", "tickets that are open at the report's moment"),
    {
      measures: ["tickets", ...statistics("age"), "ageMax", ...statistics("ageWorking"), "ageWorkingMax"],
      usualMeasures: ["tickets", ...statistics("age"), "ageMax"],
      dimensions: [...ticketFields.filter((name) => name !== "closedBecause"), "age", ...times],
      usualGroupBy: ["age"],
      bases: [],
    },
  ),
  states: report(
    "stretches",
    t("Время в состояниях", "Time in each state"),
    t("сколько заявки периода провели в каждом состоянии", "how long the period's tickets were in each status"),
    {
      measures: ["tickets", "stays", "wallTotal", "wallPerTicket", "workingTotal", "workingPerTicket"],
      usualMeasures: ["tickets", "stays", "wallTotal", "wallPerTicket"],
      usualGroupBy: ["status"],
    },
  ),
  lines: report(
    "stretches",
    t("Время на линиях", "Time at each line"),
    t(
      "сколько открытые заявки периода провели на каждой линии",
      "how long the period's tickets were at each line while open",
    ),
    {
      measures: ["tickets", "wallTotal", "wallPerTicket", "workingTotal", "workingPerTicket"],
      usualMeasures: ["tickets", "wallTotal", "wallPerTicket"],
      usualGroupBy: ["line"],
    },
  ),
  pauses: report(
    "pauses",
    t("Паузы", "Pauses"),
    t("сколько часы решения стояли и почему", "how long resolution clocks stood, and why"),
    {
      measures: ["tickets", "stays", "wallTotal", "wallPerTicket", "workingTotal", "workingPerTicket"],
      usualMeasures: ["tickets", "stays", "wallTotal", "wallPerTicket"],
      dimensions: ["reason", ...ticketFields, ...times],
      usualGroupBy: ["reason"],
    },
  ),
  transitions: report(
    "transitions",
    t("Переходы", "Transitions"),
    t("как заявки переходят между состояниями (диаграмма Санки)", "how tickets move between statuses (Sankey diagram)"),
    {
      measures: ["transitions", "tickets", ...statistics("before")],
      usualMeasures: ["transitions", "beforeMedian"],
      dimensions: ["fromStatus", "toStatus", ...ticketFields, ...times],
      usualGroupBy: ["fromStatus", "toStatus"],
    },
  ),
  ola: report(
    "acceptances",
    t("Приёмка на линиях (OLA)", "Acceptance by lines (OLA)"),
    t(
      "внутренние сроки приёмки, по которым в период вынесен исход",
      "internal acceptance clocks judged within the period",
    ),
    {
      measures: ["olaJudged", "olaMet", "olaMissed", "olaCompliance", ...statistics("olaWorking")],
      dimensions: [...ticketFields.filter((name) => name !== "status" && name !== "closedBecause"), ...times],
      usualGroupBy: ["line"],
      bases: [],
    },
  ),
} as const satisfies Record<string, ReportDefinition>;

export type ReportName = keyof typeof reports;
export const reportNames = Object.keys(reports) as readonly ReportName[];
export const reportOf = (name: string): ReportDefinition | undefined =>
  Object.hasOwn(reports, name) ? reports[name as ReportName] : undefined;
export const isMeasure = (name: string): name is MeasureName => Object.hasOwn(measures, name);

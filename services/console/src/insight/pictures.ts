import type { EChartsCoreOption } from "echarts/core";
import { keyText, weekdayText, type Report, type Row } from "./report.ts";

type Colour = (token: string) => string;
const grid = { left: 44, right: 90, top: 12, bottom: 26 };
const keyOf = (row: Row, report: Report): string => keyText(row, report.groupBy[0] ?? "") ?? "–";

const axes = (categories: readonly string[], colour: Colour, most?: number): EChartsCoreOption => ({
  grid,
  xAxis: {
    type: "category",
    data: [...categories],
    axisLine: { lineStyle: { color: colour("--line-strong") } },
    axisLabel: { color: colour("--ink-3"), hideOverlap: true },
  },
  yAxis: {
    type: "value",
    min: 0,
    ...(most === undefined ? { minInterval: 1 } : { max: most }),
    axisLabel: { color: colour("--ink-3") },
    splitLine: { lineStyle: { color: colour("--line") } },
  },
});
/** Directly beside the line instead of in a legend. */
const label = (text: string, colour: string) => ({ show: true, formatter: text, color: colour });

/** Compliance over time, with the usual target as a line; a bucket without a judged ticket is a gap, not a zero. */
export function trendOption(
  report: Report,
  colour: Colour,
  names: { readonly reaction: string; readonly resolution: string; readonly target: string },
): EChartsCoreOption {
  const series = (measure: string, name: string, token: string, target: boolean) => ({
    type: "line",
    name,
    symbolSize: 5,
    connectNulls: false,
    data: report.rows.map(({ values }) => values[measure] ?? null),
    lineStyle: { color: colour(token), width: 2 },
    itemStyle: { color: colour(token) },
    endLabel: label(name, colour(token)),
    ...(target
      ? {
          markLine: {
            silent: true,
            symbol: "none",
            lineStyle: { color: colour("--ink-3"), type: "dashed" },
            label: { formatter: names.target, color: colour("--ink-3"), position: "insideStartTop" },
            data: [{ yAxis: 95 }],
          },
        }
      : {}),
  });
  return {
    ...axes(
      report.rows.map((row) => keyOf(row, report)),
      colour,
      100,
    ),
    tooltip: { trigger: "axis", renderMode: "richText" },
    series: [
      series("reactionCompliance", names.reaction, "--ink-3", true),
      series("resolutionCompliance", names.resolution, "--accent", false),
    ],
  };
}

/** What came, what was closed, and what was left at the end of each stretch. */
export function flowOption(
  report: Report,
  colour: Colour,
  names: { readonly arrivals: string; readonly closures: string; readonly backlog: string },
): EChartsCoreOption {
  const data = (measure: string) => report.rows.map(({ values }) => values[measure] ?? null);
  return {
    ...axes(
      report.rows.map((row) => keyOf(row, report)),
      colour,
    ),
    legend: { top: 0, right: 0, textStyle: { color: colour("--ink-2") } },
    tooltip: { trigger: "axis", renderMode: "richText" },
    series: [
      { type: "bar", name: names.arrivals, data: data("arrivals"), itemStyle: { color: colour("--line-strong") } },
      { type: "bar", name: names.closures, data: data("closures"), itemStyle: { color: colour("--accent") } },
      {
        type: "line",
        name: names.backlog,
        data: data("backlog"),
        symbol: "none",
        lineStyle: { color: colour("--ink") },
        itemStyle: { color: colour("--ink") },
      },
    ],
  };
}

/** Weekday by hour. */
export function heatOption(report: Report, measure: string, colour: Colour, token: string): EChartsCoreOption {
  const weekdays = ["7", "6", "5", "4", "3", "2", "1"];
  const data = report.rows.map(({ keys, values }) => [
    Number.parseInt(keys["hour"] ?? "0", 10),
    weekdays.indexOf(keys["weekday"] ?? ""),
    values[measure] ?? 0,
  ]);
  const axis = (names: readonly string[]) => ({
    type: "category",
    data: [...names],
    splitArea: { show: false },
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: colour("--ink-3") },
  });
  return {
    grid: { left: 92, right: 12, top: 8, bottom: 26 },
    xAxis: axis(Array.from({ length: 24 }, (_, hour) => String(hour))),
    yAxis: axis(weekdays.map((day) => weekdayText(Number(day)))),
    visualMap: {
      show: false,
      min: 0,
      max: Math.max(1, ...data.map(([, , value]) => value ?? 0)),
      inRange: { color: [colour("--sunken"), colour(token)] },
    },
    series: [{ type: "heatmap", data, itemStyle: { borderColor: colour("--surface"), borderWidth: 1 } }],
  };
}

/** How tickets move between statuses. A way back would close a circle, so it ends in a node of its own. */
export function sankeyOption(report: Report, colour: Colour, word: (status: string) => string): EChartsCoreOption {
  const order = [
    "registered",
    "classified",
    "assigned",
    "in_work",
    "waiting_customer",
    "waiting_approval",
    "result_confirmation",
    "closed",
  ];
  const links = report.rows.flatMap(({ keys, values }) => {
    const [from, to] = [keys["fromStatus"], keys["toStatus"]];
    if (from == null || to == null || from === to) return [];
    const back = order.indexOf(to) < order.indexOf(from);
    return [{ source: word(from), target: back ? `↩ ${word(to)}` : word(to), value: values["transitions"] ?? 0 }];
  });
  const nodes = [...new Set(links.flatMap(({ source, target }) => [source, target]))].map((name) => ({ name }));
  return {
    series: [
      {
        type: "sankey",
        left: 8,
        right: 96,
        top: 8,
        bottom: 8,
        nodeWidth: 10,
        nodeGap: 14,
        data: nodes,
        links,
        label: { color: colour("--ink-2"), fontSize: 11, width: 74, overflow: "break" },
        itemStyle: { color: colour("--accent"), borderWidth: 0 },
        lineStyle: { color: colour("--line-strong"), opacity: 0.45 },
      },
    ],
  };
}

/** Open tickets by their age. */
export function backlogOption(report: Report, colour: Colour): EChartsCoreOption {
  return {
    ...axes(
      report.rows.map((row) => keyOf(row, report)),
      colour,
    ),
    grid: { left: 44, right: 12, top: 16, bottom: 26 },
    series: [
      {
        type: "bar",
        data: report.rows.map(({ values }) => values["tickets"] ?? 0),
        itemStyle: { color: colour("--accent") },
        label: { show: true, position: "top", color: colour("--ink-2") },
      },
    ],
  };
}

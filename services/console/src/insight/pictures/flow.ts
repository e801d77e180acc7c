import type { EChartsCoreOption } from "echarts/core";
import type { Report } from "../report.ts";
import { axes, grid, keyOf, label, type Colour } from "./axes.ts";

interface FlowNames {
  readonly arrivals: string;
  readonly closures: string;
  readonly backlog: string;
}

/** What came, what was closed, and what was left at the end of each stretch. The series' ids are the measures. */
export function flowOption(report: Report, colour: Colour, names: FlowNames): EChartsCoreOption {
  const data = (measure: string) => report.rows.map(({ values }) => values[measure] ?? null);
  const bar = (id: "arrivals" | "closures", token: string) => ({
    type: "bar",
    id,
    name: names[id],
    data: data(id),
    barMaxWidth: 18,
    itemStyle: { color: colour(token) },
  });
  return {
    ...axes(
      report.rows.map((row) => keyOf(row, report)),
      colour,
    ),
    grid: { ...grid, top: 30 },
    legend: { top: 0, left: 36, itemWidth: 12, itemHeight: 10, textStyle: { color: colour("--ink-2") } },
    tooltip: { trigger: "axis", renderMode: "richText" },
    series: [
      bar("arrivals", "--line-strong"),
      bar("closures", "--accent"),
      {
        type: "line",
        id: "backlog",
        name: names.backlog,
        data: data("backlog"),
        symbolSize: 4,
        lineStyle: { color: colour("--ink") },
        itemStyle: { color: colour("--ink") },
        endLabel: label(names.backlog, colour("--ink")),
      },
    ],
  };
}

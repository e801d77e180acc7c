import type { EChartsCoreOption } from "echarts/core";
import { weekdayText, type Report } from "../report.ts";
import type { Colour } from "./axes.ts";

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
    splitArea: { show: true, areaStyle: { color: [colour("--sunken")] } },
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
    tooltip: {
      renderMode: "richText",
      formatter: ({ data: [hour = 0, day = 0, value = 0] }: { data: readonly number[] }) =>
        `${weekdayText(7 - day)}, ${hour}:00 – ${value}`,
    },
    series: [{ type: "heatmap", id: measure, data, itemStyle: { borderColor: colour("--surface"), borderWidth: 1 } }],
  };
}

import type { EChartsCoreOption } from "echarts/core";
import { keyText, type Report, type Row } from "../report.ts";

/** Takes the name of a token, gives its colour in the scheme that is shown. */
export type Colour = (token: string) => string;
export const grid = { left: 44, right: 92, top: 14, bottom: 26 };

/** What stands for a row below its place on the axis. */
export const keyOf = (row: Row, report: Report): string => keyText(row, report.groupBy[0] ?? "");

/** Categories below, figures from zero beside; `most` is the end of the scale. */
export const axes = (categories: readonly string[], colour: Colour, most?: number): EChartsCoreOption => ({
  grid,
  xAxis: {
    type: "category",
    data: [...categories],
    axisLine: { lineStyle: { color: colour("--line-strong") } },
    axisTick: { show: false },
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
export const label = (text: string, colour: string) => ({ show: true, formatter: text, color: colour });

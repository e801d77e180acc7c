import type { EChartsCoreOption } from "echarts/core";
import { figureText, type Report } from "../report.ts";
import { axes, keyOf, type Colour } from "./axes.ts";

interface BarsWish {
  readonly unit?: "count" | "seconds";
  /** long names stand beside their bars instead of below */
  readonly lying?: boolean;
  /** pixels that there are */
  readonly width: number;
}

const roundTimes = [1, 5, 15, 30, 60, 120, 240, 480, 720, 1_440, 2_880, 7_200, 14_400, 43_200].map((m) => m * 60);

/** The first length of time at or above this one that people count in; seconds. */
const roundTime = (seconds: number): number => roundTimes.find((each) => each >= seconds) ?? seconds;

/** Pixels that a name takes below its bar, a little more than it needs. */
const widthOf = (word: string): number => word.length * 7;

/** A name whose last word stands below the rest. */
const inTwoLines = (word: string): string => word.replace(/ (?=\S+$)/u, "\n");

/** One measure by the values of one dimension. */
export function barsOption(report: Report, measure: string, colour: Colour, wish: BarsWish): EChartsCoreOption {
  const { unit = "count", lying = false, width } = wish;
  const beside = Math.min(204, width * 0.45);
  const words = report.rows.map((row) => keyOf(row, report));
  const place = (width - 56) / Math.max(1, report.rows.length);
  const crowded = !lying && place < Math.max(56, ...words.map(widthOf));
  const broken = crowded && place > Math.max(...words.flatMap((word) => inTwoLines(word).split("\n")).map(widthOf));
  const { xAxis, yAxis } = axes(words, colour) as { xAxis: object; yAxis: object };
  const said = (value: unknown): string => (typeof value === "number" ? figureText(value, unit) : "–");
  const ink = colour("--ink-3");
  const most = Math.max(0, ...report.rows.map(({ values }) => values[measure] ?? 0));
  const step = roundTime(most / 5);
  const figures = {
    ...yAxis,
    ...(unit === "seconds"
      ? { interval: step, max: Math.max(1, Math.ceil(most / step)) * step, axisLabel: { color: ink, formatter: said } }
      : {}),
  };
  const names = {
    ...xAxis,
    inverse: lying,
    axisLabel: {
      color: ink,
      interval: 0,
      fontSize: 11,
      ...(lying ? { width: beside - 14, overflow: "truncate" } : {}),
      ...(broken ? { formatter: inTwoLines, lineHeight: 13 } : crowded ? { rotate: 40 } : {}),
    },
  };
  return {
    ...(lying
      ? {
          xAxis: { ...figures, show: false },
          yAxis: names,
          grid: { left: beside, right: 48, top: 8, bottom: 8 },
        }
      : {
          xAxis: names,
          yAxis: figures,
          grid: { left: unit === "seconds" ? 72 : 44, right: 12, top: 20, bottom: broken ? 38 : crowded ? 52 : 26 },
        }),
    tooltip: { renderMode: "richText", valueFormatter: said },
    series: [
      {
        type: "bar",
        id: measure,
        barMaxWidth: lying ? 20 : 56,
        data: report.rows.map(({ values }) => values[measure] ?? 0),
        itemStyle: { color: colour("--accent") },
        label: {
          show: true,
          position: lying ? "right" : "top",
          color: colour("--ink-2"),
          formatter: ({ value }: { value: unknown }) => said(value),
        },
      },
    ],
  };
}

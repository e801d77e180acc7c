import type { EChartsCoreOption } from "echarts/core";
import { figureText, keyWord, type Report } from "../report.ts";
import { axes, label, type Colour } from "./axes.ts";

interface TrendNames {
  readonly reaction: string;
  readonly resolution: string;
  readonly target: string;
  /** of the other period */
  readonly before: string;
  /** where nothing was judged */
  readonly nothing: string;
}

/** Compliance over time, with the usual target as a line; a bucket without a judged ticket is a gap, not a zero. The other period is dashed. */
export function trendOption(
  report: Report,
  other: Report | undefined,
  /** all stretches of each of the two periods, by their keys */
  stretches: { readonly shown: readonly string[]; readonly other: readonly string[] },
  colour: Colour,
  names: TrendNames,
): EChartsCoreOption {
  const dimension = report.groupBy[0] ?? "";
  const at = (of: Report, keys: readonly string[], measure: string): (number | null)[] => {
    const rows = new Map(of.rows.map(({ keys: { [dimension]: key }, values }) => [key, values]));
    return keys.map((key) => rows.get(key)?.[measure] ?? null);
  };
  const shownMeasures = ["reactionCompliance", "resolutionCompliance"].map((measure) =>
    at(report, stretches.shown, measure),
  );
  // one above its point, one below: where both lines end together their names do not meet
  const [lastReaction, lastResolution] = shownMeasures.map((values) => values.findLast((value) => value !== null) ?? 0);
  const reactionAbove = (lastReaction ?? 0) > (lastResolution ?? 0);
  const series = (measure: string, name: string, token: string, target: boolean) => ({
    type: "line",
    id: measure,
    name,
    symbolSize: 5,
    // a point between two gaps has no line: without its mark it would not be there at all
    showAllSymbol: true,
    connectNulls: false,
    data: at(report, stretches.shown, measure),
    lineStyle: { color: colour(token), width: 2 },
    itemStyle: { color: colour(token) },
    endLabel: { ...label(name, colour(token)), offset: [0, target === reactionAbove ? -8 : 8] },
    ...(target
      ? {
          markLine: {
            silent: true,
            symbol: "none",
            lineStyle: { color: colour("--ink-3"), type: "dotted" },
            label: { formatter: names.target, color: colour("--ink-3"), position: "insideStartTop" },
            data: [{ yAxis: 95 }],
          },
        }
      : {}),
  });
  const beside = (measure: string, name: string, token: string) =>
    other === undefined
      ? []
      : [
          {
            type: "line",
            id: `${measure}Before`,
            name: `${name}, ${names.before}`,
            symbol: "none",
            silent: true,
            connectNulls: false,
            data: at(other, stretches.other, measure),
            lineStyle: { color: colour(token), width: 1, type: "dashed" },
            itemStyle: { color: colour(token) },
          },
        ];
  return {
    ...axes(
      stretches.shown.map((key) => keyWord(dimension, key)),
      colour,
      100,
    ),
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      formatter: (
        points: readonly { axisValueLabel: string; seriesId: string; seriesName: string; value: unknown }[],
      ) => {
        const lines = points.filter(({ seriesId }) => seriesId !== "nothing");
        const judged = lines.filter(({ value }) => typeof value === "number");
        const said = (value: unknown): string => figureText(typeof value === "number" ? value : null, "percent");
        return [
          lines[0]?.axisValueLabel ?? "",
          ...(judged.length === 0 ? [names.nothing] : lines.map((one) => `${one.seriesName}: ${said(one.value)}`)),
        ].join("\n");
      },
    },
    series: [
      gapSeries(
        stretches.shown.map((_, index) => shownMeasures.every((values) => values[index] == null)),
        colour,
        names.nothing,
      ),
      series("reactionCompliance", names.reaction, "--ink-3", true),
      series("resolutionCompliance", names.resolution, "--accent", false),
      ...beside("reactionCompliance", names.reaction, "--ink-3"),
      ...beside("resolutionCompliance", names.resolution, "--accent"),
    ],
  };
}

/** Stretches without anything to show as grey bands behind the lines, so that a gap is seen to be one; a long run says so in words. */
function gapSeries(empty: readonly boolean[], colour: Colour, word: string) {
  const runAt = (index: number): number => {
    let end = index;
    while (empty[end] === true) end++;
    return end - index;
  };
  return {
    type: "bar",
    id: "nothing",
    silent: true,
    barWidth: "100%",
    barGap: "-100%",
    barCategoryGap: 0,
    itemStyle: { color: colour("--gap") },
    data: empty.map((is, index) => {
      if (!is) return null;
      const first = empty[index - 1] !== true;
      const run = first ? runAt(index) : 0;
      const says = run / empty.length > 0.2;
      return {
        value: 100,
        label: {
          show: says,
          position: "insideBottomLeft",
          distance: 4,
          color: colour("--ink-3"),
          fontSize: 11,
          formatter: word,
        },
      };
    }),
  };
}

import type { EChartsCoreOption } from "echarts/core";
import type { Colour } from "./axes.ts";

export const outcomeStates = ["met", "missed", "running", "paused", "cancelled", "none"] as const;
const outcomeColours = {
  met: "--good",
  missed: "--bad",
  running: "--accent",
  paused: "--line-strong",
  cancelled: "--ink-3",
  none: "--sunken",
} as const;

interface BothWords {
  kind(kind: string): string;
  state(state: string): string;
  readonly recorded: string;
  readonly whatIf: string;
}
type Outcomes = Readonly<Record<(typeof outcomeStates)[number], number>>;

/** Both judgements as bars below each other: the same clocks, and what each came to. A part of a bar knows its clocks. */
export function bothOption(
  kinds: readonly { readonly kind: string; readonly recorded: Outcomes; readonly whatIf: Outcomes }[],
  colour: Colour,
  width: number,
  words: BothWords,
): EChartsCoreOption {
  const rows = kinds.flatMap(({ kind, recorded, whatIf }) => [
    { kind, side: "was", title: words.recorded, counts: recorded },
    { kind, side: "now", title: words.whatIf, counts: whatIf },
  ]);
  const beside = Math.min(230, width * 0.42);
  const most = Math.max(1, ...rows.map(({ counts }) => outcomeStates.reduce((sum, of) => sum + counts[of], 0)));
  const shown = outcomeStates.filter((of) => rows.some(({ counts }) => counts[of] > 0));
  return {
    grid: { left: beside, right: 12, top: 34, bottom: 8 },
    legend: {
      top: 0,
      left: 0,
      itemWidth: 12,
      itemHeight: 10,
      textStyle: { color: colour("--ink-2") },
      selectedMode: false,
    },
    xAxis: { type: "value", min: 0, max: most, show: false },
    yAxis: {
      type: "category",
      inverse: true,
      data: rows.map(({ kind, title }) => `${words.kind(kind)}\n${title}`),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: colour("--ink-2"), fontSize: 11, lineHeight: 14, width: beside - 12, overflow: "truncate" },
    },
    tooltip: {
      renderMode: "richText",
      formatter: ({ name, seriesName, value }: { name: string; seriesName: string; value: number }) =>
        `${name.replace("\n", ", ")}: ${seriesName} ${value}`,
    },
    series: shown.map((of) => ({
      type: "bar",
      id: of,
      name: words.state(of),
      stack: "clocks",
      barWidth: 22,
      itemStyle: { color: colour(outcomeColours[of]), borderColor: colour("--surface"), borderWidth: 1 },
      data: rows.map(({ kind, side, counts }) => ({ value: counts[of], kind, side })),
      label: {
        show: true,
        color: of === "none" || of === "paused" ? colour("--ink") : colour("--surface"),
        // where the part is as wide as its number
        formatter: ({ value }: { value: number }) =>
          (value / most) * (width - beside) > 12 + 8 * String(value).length ? String(value) : "",
      },
    })),
  };
}

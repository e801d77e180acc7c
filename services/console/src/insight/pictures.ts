import type { EChartsCoreOption } from "echarts/core";
import { figureText, keyText, keyWord, weekdayText, type Report, type Row } from "./report.ts";

type Colour = (token: string) => string;
const grid = { left: 44, right: 92, top: 14, bottom: 26 };
const keyOf = (row: Row, report: Report): string => keyText(row, report.groupBy[0] ?? "") ?? "–";

const axes = (categories: readonly string[], colour: Colour, most?: number): EChartsCoreOption => ({
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
const label = (text: string, colour: string) => ({ show: true, formatter: text, color: colour });

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
    // one above its point, one below: where both lines end together their names do not meet
    endLabel: { ...label(name, colour(token)), offset: [0, target ? 8 : -8] },
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
    itemStyle: { color: colour("--sunken") },
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

/**
 * How tickets move between statuses, and how long they were where they came from. A way back would close a circle, so it ends in a node
 * of its own. Each link knows its row.
 */
export function sankeyOption(
  report: Report,
  colour: Colour,
  word: (status: string) => string,
  width: number,
): EChartsCoreOption {
  const links = report.rows.flatMap(({ keys, values }, row) => {
    const [from, to] = [keys["fromStatus"], keys["toStatus"]];
    if (from == null || to == null || from === to) return [];
    const back = order.indexOf(to) < order.indexOf(from);
    return [
      {
        source: word(from),
        target: back ? `↩ ${word(to)}` : word(to),
        value: values["transitions"] ?? 0,
        row,
        took: figureText(values["beforeMedian"] ?? values["beforeMean"], "seconds"),
      },
    ];
  });
  const nodes = [...new Set(links.flatMap(({ source, target }) => [source, target]))].map((name) => ({ name }));
  return {
    tooltip: {
      renderMode: "richText",
      formatter: ({ data, name, value }: { data: Partial<(typeof links)[number]>; name: string; value: number }) =>
        data.source === undefined
          ? `${name}: ${value}`
          : `${data.source} → ${data.target ?? ""}: ${data.value ?? 0} (${data.took ?? "–"})`,
    },
    series: [
      {
        type: "sankey",
        id: "transitions",
        left: 8,
        right: Math.min(116, width * 0.25),
        top: 18,
        bottom: 18,
        nodeWidth: 10,
        // the names beside thin nodes take two lines
        nodeGap: 30,
        draggable: false,
        data: nodes,
        links,
        // between two columns of nodes, of which there are up to six
        label: {
          color: colour("--ink-2"),
          fontSize: width < 720 ? 10 : 11,
          lineHeight: 13,
          width: Math.max(36, Math.min(116, (width - 124) / 5 - 18)),
          overflow: width < 600 ? "truncate" : "break",
        },
        itemStyle: { color: colour("--accent"), borderWidth: 0 },
        lineStyle: { color: colour("--line-strong"), opacity: 0.45 },
      },
    ],
  };
}

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

/** One measure by the values of one dimension. */
export function barsOption(report: Report, measure: string, colour: Colour, wish: BarsWish): EChartsCoreOption {
  const { unit = "count", lying = false, width } = wish;
  const beside = Math.min(204, width * 0.45);
  const crowded = !lying && width / Math.max(1, report.rows.length) < 64;
  const { xAxis, yAxis } = axes(
    report.rows.map((row) => keyOf(row, report)),
    colour,
  ) as { xAxis: object; yAxis: object };
  const said = (value: unknown): string => (typeof value === "number" ? figureText(value, unit) : "–");
  const ink = colour("--ink-3");
  const most = Math.max(0, ...report.rows.map(({ values }) => values[measure] ?? 0));
  const figures = {
    ...yAxis,
    ...(unit === "seconds" ? { interval: roundTime(most / 5), axisLabel: { color: ink, formatter: said } } : {}),
  };
  const names = {
    ...xAxis,
    inverse: lying,
    axisLabel: {
      color: ink,
      interval: 0,
      fontSize: 11,
      ...(lying ? { width: beside - 14, overflow: "truncate" } : {}),
      ...(crowded ? { rotate: 40 } : {}),
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
          grid: { left: unit === "seconds" ? 72 : 44, right: 12, top: 20, bottom: crowded ? 52 : 26 },
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

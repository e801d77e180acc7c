import type { EChartsCoreOption } from "echarts/core";
import { numberText } from "../../text/format.ts";
import { weekdayText, type Report } from "../report.ts";
import type { Colour } from "./axes.ts";
import { inkOn, mixed } from "./shades.ts";

const weekdays = ["7", "6", "5", "4", "3", "2", "1"];
const sides = { left: 92, right: 12 };

/**
 * Weekday by hour: the more, the stronger the colour, and its number in the cell where the cells are wide enough for it. An hour without
 * any is left empty. Each cell is [hour, weekday, number, row].
 */
export function heatOption(
  report: Report,
  measure: string,
  colour: Colour,
  shade: { readonly least: string; readonly most: string },
  width: number,
): EChartsCoreOption {
  const cells = report.rows.flatMap(({ keys, values }, row) => {
    const value = values[measure] ?? 0;
    return value === 0
      ? []
      : [[Number.parseInt(keys["hour"] ?? "0", 10), weekdays.indexOf(keys["weekday"] ?? ""), value, row] as const];
  });
  const most = Math.max(1, ...cells.map(([, , value]) => value));
  const [weak, strong] = [colour(shade.least), colour(shade.most)];
  const wideEnough = (width - sides.left - sides.right) / 24 > numberText(most).length * 6 + 4;
  const axis = (names: readonly string[]) => ({
    type: "category",
    data: [...names],
    splitArea: { show: true, areaStyle: { color: [colour("--sunken")] } },
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: colour("--ink-3") },
  });
  return {
    grid: { ...sides, top: 8, bottom: 26 },
    xAxis: axis(Array.from({ length: 24 }, (_, hour) => String(hour))),
    yAxis: axis(weekdays.map((day) => weekdayText(Number(day)))),
    visualMap: { show: false, dimension: 2, min: 0, max: most, inRange: { color: [weak, strong] } },
    tooltip: {
      renderMode: "richText",
      formatter: ({ value: [hour = 0, day = 0, value = 0] }: { value: readonly number[] }) =>
        `${weekdayText(7 - day)}, ${hour}:00 – ${numberText(value)}`,
    },
    series: [
      {
        type: "heatmap",
        id: measure,
        data: cells.map((cell) => ({
          value: cell,
          label: { color: inkOn(mixed(weak, strong, cell[2] / most)) },
        })),
        label: {
          show: wideEnough,
          fontSize: 10,
          formatter: ({ value }: { value: readonly number[] }) => numberText(value[2] ?? 0),
        },
        itemStyle: { borderColor: colour("--surface"), borderWidth: 1 },
      },
    ],
  };
}

import type { EChartsCoreOption } from "echarts/core";
import { ticketStatuses } from "../../ui/ticket-types.ts";
import { figureText, type Report } from "../report.ts";
import type { Colour } from "./axes.ts";

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
    const back = ticketStatuses.indexOf(to) < ticketStatuses.indexOf(from);
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

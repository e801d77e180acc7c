import { BarChart, HeatmapChart, LineChart, SankeyChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useText } from "../text/use-text.ts";
import css from "./insight.module.css";

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  GridComponent,
  HeatmapChart,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  SankeyChart,
  TooltipComponent,
  VisualMapComponent,
]);

export interface ChartProps {
  readonly title: string;
  /** what the picture says, in a sentence, for those who do not see it */
  readonly summary: string;
  /** the picture in the colours of the scheme */
  option(colour: (token: string) => string): EChartsCoreOption;
  /** what is opened by a click on a part of the picture */
  onOpen?(dataIndex: number, data: unknown): void;
  readonly height?: number;
}

const colour = (token: string): string => getComputedStyle(document.documentElement).getPropertyValue(token).trim();

/** A chart on a canvas: nothing of it is inline style, it follows the scheme, and it is saved as a picture. */
export default function Chart({ title, summary, option, onOpen, height = 220 }: ChartProps): React.ReactNode {
  const { t } = useText();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | undefined>(undefined);
  const open = useRef(onOpen);
  open.current = onOpen;
  useEffect(() => {
    if (place.current === null) return undefined;
    const made = init(place.current, undefined, { renderer: "canvas" });
    chart.current = made;
    made.on("click", (event) => open.current?.(event.dataIndex, event.data));
    const sizes = new ResizeObserver(() => made.resize());
    sizes.observe(place.current);
    return () => {
      sizes.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(
      {
        animation: false,
        textStyle: { fontFamily: "inherit", color: colour("--ink-2") },
        tooltip: { renderMode: "richText" },
        ...option(colour),
      },
      true,
    );
  });
  const save = (): void => {
    const url = chart.current?.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: colour("--surface") });
    if (url === undefined) return;
    const link = document.createElement("a");
    link.href = url;
    link.download = `${title}.png`;
    link.click();
  };
  return (
    <figure className={css["figure"]}>
      <figcaption>
        <h2>{title}</h2>
        <button type="button" className={css["link"]} onClick={save}>
          {t("insight.png")}
        </button>
      </figcaption>
      <div ref={place} style={{ height }} role="img" aria-label={`${title}. ${summary}`} />
    </figure>
  );
}

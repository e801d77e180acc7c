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

/** A part of a picture: which point of which series. */
export interface Part {
  readonly dataIndex: number;
  readonly seriesId: string;
  readonly data: unknown;
}

export interface ChartProps {
  readonly title: string;
  /** what the picture says, in a sentence, for those who do not see it */
  readonly summary: string;
  /** the picture in the colours of the scheme, for so many pixels */
  option(colour: (token: string) => string, width: number): EChartsCoreOption;
  /** what is opened by a click on a part of the picture */
  onOpen?(part: Part): void;
  readonly height?: number;
  /** address of the same as CSV */
  readonly csv: string;
  /** the same as a table: what the picture shows, to read and to open; none where the table stands beside the picture */
  readonly children?: React.ReactNode;
}

const colour = (token: string): string => getComputedStyle(document.documentElement).getPropertyValue(token).trim();

/** A chart on a canvas: nothing of it is inline style, it follows the scheme, it is saved as a picture, and it is a table as well. */
export default function Chart(props: ChartProps): React.ReactNode {
  const { title, summary, option, onOpen, csv, height = 220, children } = props;
  const { t } = useText();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | undefined>(undefined);
  const open = useRef(onOpen);
  open.current = onOpen;
  const draw = useRef((): void => undefined);
  draw.current = () =>
    chart.current?.setOption(
      {
        animation: false,
        textStyle: { fontFamily: "inherit", color: colour("--ink-2") },
        tooltip: { renderMode: "richText" },
        ...option(colour, chart.current.getWidth()),
      },
      true,
    );
  useEffect(() => {
    if (place.current === null) return undefined;
    const made = init(place.current, undefined, { renderer: "canvas" });
    chart.current = made;
    made.on("click", ({ dataIndex, seriesId, data }) =>
      open.current?.({ dataIndex, seriesId: String(seriesId ?? ""), data }),
    );
    const fit = (): void => {
      made.resize();
      draw.current();
    };
    const repaint = (): void => {
      draw.current();
      made.getZr().flush();
    };
    /**
     * On paper the colours are the light ones, and nobody draws again while it is printed. Of several canvases (a heat map has three)
     * the topmost alone would be printed: all are brought onto the lowest one.
     */
    const print = (): void => {
      repaint();
      const [lowest, ...above] = place.current?.querySelectorAll("canvas") ?? [];
      const paper = lowest?.getContext("2d");
      paper?.save();
      paper?.resetTransform();
      for (const layer of above) paper?.drawImage(layer, 0, 0);
      paper?.restore();
    };
    const sizes = new ResizeObserver(fit);
    sizes.observe(place.current);
    window.addEventListener("beforeprint", print);
    window.addEventListener("afterprint", repaint);
    return () => {
      sizes.disconnect();
      window.removeEventListener("beforeprint", print);
      window.removeEventListener("afterprint", repaint);
      made.dispose();
    };
  }, []);
  useEffect(() => draw.current());
  const save = (): void => {
    const picture = chart.current?.renderToCanvas({ pixelRatio: 2, backgroundColor: colour("--surface") });
    picture?.toBlob((png) => {
      if (png === null) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(png);
      link.download = `${title}.png`;
      link.click();
      URL.revokeObjectURL(link.href);
    }, "image/png");
  };
  return (
    <figure className={css["figure"]} data-opens={onOpen !== undefined}>
      <figcaption>
        <h2>{title}</h2>
        <span className={css["takes"]}>
          <button type="button" className={css["link"]} onClick={save} aria-label={`${title}: ${t("insight.png")}`}>
            PNG
          </button>
          <a href={csv} download aria-label={`${title}: ${t("insight.csv")}`}>
            CSV
          </a>
        </span>
      </figcaption>
      <div ref={place} style={{ height }} role="img" aria-label={`${title}. ${summary}`} />
      {children === undefined ? null : (
        <details className={css["asTable"]}>
          <summary>{t("insight.asTable")}</summary>
          {children}
        </details>
      )}
    </figure>
  );
}

import { useNavigate } from "@tanstack/react-router";
import type { EChartsCoreOption } from "echarts/core";
import { Suspense } from "react";
import { addressOf, type Query } from "../api/client.ts";
import { useMoment } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { laterPart } from "../ui/later-part.ts";
import { Shown } from "../ui/shown.tsx";
import { Empty, Loading } from "../ui/states.tsx";
import type { Part } from "./chart.tsx";
import { useFilterWords } from "./filter-words.ts";
import css from "./insight.module.css";
import { inWords, useListOf, useMenu, useReport, type Report } from "./report.ts";
import { ReportTable } from "./report-table.tsx";

const Chart = laterPart(() => import("./chart.tsx").then(({ default: chart }) => chart));

/** What a report takes of the filters that are set, and what it knows nothing of. */
export function useFitting(name: string, filters: Readonly<Record<string, string>>) {
  const menu = useMenu();
  const takes = menu.data?.reports.find((each) => each.name === name)?.dimensions;
  const entries = Object.entries(filters);
  const fits = ([dimension]: [string, string]): boolean => takes === undefined || takes.includes(dimension);
  return {
    ready: menu.data !== undefined || menu.isError,
    filters: Object.fromEntries(entries.filter(fits)),
    without: entries.filter((entry) => !fits(entry)),
  };
}

interface QuestionProps {
  readonly title: string;
  readonly report: string;
  readonly query: Query;
  readonly filters: Readonly<Record<string, string>>;
}

interface PictureProps extends QuestionProps {
  readonly summary: string | ((report: Report) => string);
  readonly height?: number;
  option(report: Report, colour: (token: string) => string, width: number): EChartsCoreOption;
  /** which row and measure a click on a part means */
  means(part: Part, report: Report): { readonly row: number; readonly measure: string } | null;
}

/** A report as a picture that opens into lists, with the table of the same behind it. */
export function Picture(props: PictureProps): React.ReactNode {
  const { title, report, query, filters, summary, height = 220, option, means } = props;
  const { t } = useText();
  const navigate = useNavigate();
  const listOf = useListOf();
  const { asOf } = useMoment();
  const fitting = useFitting(report, filters);
  const asked = { ...fitting.filters, ...query };
  const found = useReport(report, asked, fitting.ready);
  const open = (of: Report) => (part: Part) => {
    const meant = means(part, of);
    const row = meant === null ? undefined : of.rows[meant.row];
    if (meant !== null && row !== undefined)
      void navigate({ to: "/insight/tickets", search: listOf(row, meant.measure) as never });
  };
  const csv = addressOf(`/reports/${report}`, { ...asked, ...(asOf === null ? {} : { asOf }), format: "csv" });
  const frame = (content: React.ReactNode): React.ReactNode => (
    <div className={css["figure"]}>
      <h2>{title}</h2>
      {content}
    </div>
  );
  if (found.data === undefined)
    return frame(
      <Shown of={found} rows={4}>
        {() => null}
      </Shown>,
    );
  return (
    <div className={css["cell"]}>
      <Shown of={found}>
        {(data) =>
          data.rows.length === 0 ? (
            frame(<Empty title={t("insight.nothingHere")} />)
          ) : (
            <Suspense fallback={frame(<Loading rows={4} />)}>
              <Chart
                title={title}
                summary={typeof summary === "string" ? summary : summary(data)}
                height={height}
                option={(colour, width) => option(data, colour, width)}
                onOpen={open(data)}
                csv={csv}
              >
                <ReportTable report={data} caption={title} />
              </Chart>
            </Suspense>
          )
        }
      </Shown>
      <Without filters={fitting.without} />
    </div>
  );
}

interface TableProps extends QuestionProps {
  readonly other?: Query | undefined;
  readonly onNarrow?: (keys: Readonly<Record<string, string>>) => void;
  /** what stands beside the heading */
  readonly children?: React.ReactNode;
}

/** A report as a table under its heading. */
export function TablePart(props: TableProps): React.ReactNode {
  const { title, report, query, filters, other, onNarrow, children } = props;
  const { t } = useText();
  const { asOf } = useMoment();
  const fitting = useFitting(report, filters);
  const asked = { ...fitting.filters, ...query };
  const found = useReport(report, asked, fitting.ready);
  const before = useReport(report, { ...asked, ...other }, fitting.ready && other !== undefined);
  const csv = addressOf(`/reports/${report}`, { ...asked, ...(asOf === null ? {} : { asOf }), format: "csv" });
  return (
    <section className={css["section"]}>
      <header className={css["sectionHead"]}>
        <h2>{title}</h2>
        {children}
        <a href={csv} download aria-label={`${title}: ${t("insight.csv")}`}>
          CSV
        </a>
      </header>
      <Shown of={found} rows={4}>
        {(data) =>
          data.rows.length === 0 ? (
            <Empty title={t("insight.nothingHere")} />
          ) : (
            <>
              <ReportTable
                report={data}
                other={other === undefined ? undefined : before.data}
                caption={title}
                onNarrow={onNarrow}
              />
              {data.leftOut === null ? null : (
                <p className={css["about"]}>{t("insight.leftOut", { count: data.leftOut.groups })}</p>
              )}
            </>
          )
        }
      </Shown>
      <Without filters={fitting.without} />
    </section>
  );
}

/** Honest about a filter that this report cannot take. */
function Without({ filters }: { readonly filters: readonly (readonly [string, string])[] }): React.ReactNode {
  const { t } = useText();
  const words = useFilterWords();
  if (filters.length === 0) return null;
  return (
    <p className={css["about"]}>
      {t("insight.without", { filters: filters.map(([name, value]) => words(name, value)).join("; ") })}
    </p>
  );
}

/** The title of a dimension in words. */
export function useDimensionTitle(): (name: string) => string {
  const menu = useMenu();
  return (name) => {
    const found = menu.data?.dimensions.find((each) => each.name === name);
    return found === undefined ? name : inWords(found.title);
  };
}

import { Switch } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useText } from "../text/use-text.ts";
import { Empty, Failure, Loading } from "../ui/states.tsx";
import { NumberThatOpens } from "../ui/number-that-opens.tsx";
import { backlogOption, flowOption, heatOption, sankeyOption, trendOption } from "./pictures.ts";
import css from "./insight.module.css";
import { figureText, listOf, periodBefore, useReport, type Report, type Row } from "./report.ts";
import { ReportTable } from "./report-table.tsx";
import { ScopeBar, useScope } from "./scope.tsx";

const Chart = lazy(() => import("./chart.tsx"));
const day = 86_400_000;

/** The state of the service at a glance: compliance, trends, load, ageing; every count opens its list. */
export function DashboardScreen(): React.ReactNode {
  const { t, term } = useText();
  const navigate = useNavigate();
  const scope = useScope();
  const { from, to, filters } = scope;
  const compare = scope.search["compare"] === "1";
  const base = { ...filters, from, to };
  const days = (Date.parse(to) - Date.parse(from)) / day;
  const bucket = days <= 62 ? "day" : days <= 400 ? "week" : "month";
  const sla = useReport("sla", base);
  const before = useReport("sla", { ...filters, ...periodBefore(from, to) }, compare);
  const trend = useReport("sla", {
    ...base,
    groupBy: bucket,
    measures: "tickets,reactionCompliance,resolutionCompliance",
  });
  const flow = useReport("flow", { ...base, groupBy: bucket });
  const heat = useReport("heatmap", { ...base, groupBy: "weekday,hour", measures: "arrivals" });
  const misses = useReport("heatmap", { ...base, groupBy: "weekday,hour", measures: "resolutionMisses" });
  const moves = useReport("transitions", { ...base, measures: "transitions,beforeMedian" });
  const ageing = useReport("backlog", { ...filters, groupBy: "age", measures: "tickets" });
  const customers = useReport("sla", {
    ...base,
    groupBy: "organization",
    measures: "tickets,reactionMissed,reactionCompliance,resolutionMissed,resolutionCompliance",
  });
  const states = useReport("states", base);
  const byLine = useReport("lines", base);
  const pauses = useReport("pauses", base);
  useEffect(() => {
    document.title = `${t("insight.dashboard")} · Docket`;
  }, [t]);
  const open = (report: Report | undefined, measure: string) => (index: number) => {
    const row = report?.rows[index];
    if (row !== undefined) void navigate({ to: "/insight/tickets", search: listOf(row, measure) as never });
  };
  const tables = [
    [customers, "insight.byCustomer"],
    [states, "insight.states"],
    [byLine, "insight.lines"],
    [pauses, "insight.pauses"],
  ] as const;
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("insight.dashboard")}</h1>
        <button type="button" className={css["link"]} onClick={() => window.print()}>
          {t("insight.print")}
        </button>
      </header>
      <ScopeBar scope={scope}>
        <Switch
          size="xs"
          label={t("insight.compare")}
          checked={compare}
          onChange={(event) => scope.set({ compare: event.currentTarget.checked ? "1" : undefined })}
        />
      </ScopeBar>
      {sla.isError ? <Failure error={sla.error} retry={() => void sla.refetch()} /> : null}
      {sla.isPending ? <Loading rows={3} /> : null}
      {sla.data?.total == null ? null : (
        <Tiles total={sla.data.total} before={compare ? (before.data?.total ?? undefined) : undefined} />
      )}
      {sla.data?.total?.values["tickets"] === 0 ? (
        <Empty title={t("insight.empty")} hint={t("insight.emptyHint")} />
      ) : null}
      <Suspense fallback={<Loading rows={4} />}>
        <div className={css["charts"]}>
          {trend.data === undefined ? null : (
            <Chart
              title={t("insight.trend")}
              summary={t("insight.trendSummary", { count: trend.data.rows.length })}
              option={(colour) =>
                trendOption(trend.data, colour, {
                  reaction: t("insight.reaction"),
                  resolution: t("insight.resolution"),
                  target: t("insight.target"),
                })
              }
              onOpen={open(trend.data, "tickets")}
            />
          )}
          {flow.data === undefined ? null : (
            <Chart
              title={t("insight.flow")}
              summary={t("insight.flowSummary")}
              option={(colour) =>
                flowOption(flow.data, colour, {
                  arrivals: t("insight.arrivals"),
                  closures: t("insight.closures"),
                  backlog: t("insight.backlog"),
                })
              }
              onOpen={open(flow.data, "arrivals")}
            />
          )}
          {heat.data === undefined ? null : (
            <Chart
              title={t("insight.heat")}
              summary={t("insight.heatSummary")}
              option={(colour) => heatOption(heat.data, "arrivals", colour, "--accent")}
              onOpen={open(heat.data, "arrivals")}
            />
          )}
          {misses.data === undefined ? null : (
            <Chart
              title={t("insight.misses")}
              summary={t("insight.missesSummary")}
              option={(colour) => heatOption(misses.data, "resolutionMisses", colour, "--bad")}
              onOpen={open(misses.data, "resolutionMisses")}
            />
          )}
          {moves.data === undefined || moves.data.rows.length === 0 ? null : (
            <Chart
              title={t("insight.moves")}
              summary={t("insight.movesSummary")}
              height={300}
              option={(colour) => sankeyOption(moves.data, colour, (status) => term("ticketStatus", status))}
            />
          )}
          {ageing.data === undefined ? null : (
            <Chart
              title={t("insight.ageing")}
              summary={t("insight.ageingSummary", { count: ageing.data.total?.values["tickets"] ?? 0 })}
              height={300}
              option={(colour) => backlogOption(ageing.data, colour)}
              onOpen={open(ageing.data, "tickets")}
            />
          )}
        </div>
      </Suspense>
      {tables.map(([report, title]) =>
        report.data === undefined || report.data.rows.length === 0 ? null : (
          <section key={title} className={css["section"]}>
            <h2>{t(title)}</h2>
            <ReportTable report={report.data} caption={t(title)} />
          </section>
        ),
      )}
    </div>
  );
}

const tiles = [
  ["tickets", "insight.tickets", "count"],
  ["open", "insight.open", "count"],
  ["reactionCompliance", "insight.reactionKept", "percent"],
  ["reactionMissed", "insight.reactionMissed", "count"],
  ["resolutionCompliance", "insight.resolutionKept", "percent"],
  ["resolutionMissed", "insight.resolutionMissed", "count"],
  ["resolutionRunning", "insight.running", "count"],
] as const;

function Tiles({ total, before }: { readonly total: Row; readonly before: Row | undefined }): React.ReactNode {
  const { t } = useText();
  return (
    <dl className={css["tiles"]}>
      {tiles.map(([name, title, unit]) => (
        <div key={name} data-tile={name}>
          <dt>{t(title)}</dt>
          <dd>
            {unit === "count" ? (
              <NumberThatOpens
                value={total.values[name] ?? 0}
                to="/insight/tickets"
                search={listOf(total, name)}
                label={t(title)}
              />
            ) : (
              figureText(total.values[name], unit)
            )}
            {before === undefined ? null : (
              <span className={css["change"]}>
                {t("insight.before", { value: figureText(before.values[name], unit) })}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

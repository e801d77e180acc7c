import { MultiSelect, Select, Switch } from "@mantine/core";
import { useEffect } from "react";
import { addressOf } from "../api/client.ts";
import { useMoment } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { Empty, Failure, Loading } from "../ui/states.tsx";
import css from "./insight.module.css";
import { inWords, periodBefore, useMenu, useReport } from "./report.ts";
import { ReportTable } from "./report-table.tsx";
import { ScopeBar, useScope } from "./scope.tsx";

/** Any report by any dimension; the address carries the whole question. */
export function ReportsScreen(): React.ReactNode {
  const { t } = useText();
  const { asOf } = useMoment();
  const scope = useScope();
  const menu = useMenu();
  const name = scope.search["report"] ?? "sla";
  const chosen = menu.data?.reports.find((each) => each.name === name);
  const groupBy = scope.search["groupBy"] ?? chosen?.usualGroupBy.join(",") ?? "";
  const measures = scope.search["measures"] ?? chosen?.usualMeasures.join(",") ?? "";
  const compare = scope.search["compare"] === "1";
  const question = { ...scope.filters, groupBy: groupBy === "-" ? "" : groupBy, measures };
  const query = { ...question, from: scope.from, to: scope.to };
  const report = useReport(name, query, chosen !== undefined);
  const other = useReport(
    name,
    { ...question, ...periodBefore(scope.from, scope.to) },
    chosen !== undefined && compare,
  );
  useEffect(() => {
    document.title = `${chosen === undefined ? t("insight.reports") : inWords(chosen.title)} · Docket`;
  }, [t, chosen]);
  if (menu.isError) return <Failure error={menu.error} retry={() => void menu.refetch()} />;
  if (menu.data === undefined || chosen === undefined) return <Loading rows={8} />;
  const titled = (names: readonly string[], list: readonly { name: string; title: { ru: string; en: string } }[]) =>
    names.map((value) => {
      const found = list.find((each) => each.name === value);
      return { value, label: found === undefined ? value : inWords(found.title) };
    });
  const definitions = menu.data.measures.filter((each) => measures.split(",").includes(each.name));
  const exported = { ...query, ...(asOf === null ? {} : { asOf }) };
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("insight.reports")}</h1>
        {(["csv", "arrow"] as const).map((format) => (
          <a key={format} href={addressOf(`/reports/${name}`, { ...exported, format })} download>
            {t(format === "csv" ? "insight.csv" : "insight.arrow")}
          </a>
        ))}
        <button type="button" className={css["link"]} onClick={() => window.print()}>
          {t("insight.print")}
        </button>
      </header>
      <ScopeBar scope={scope}>
        <Select
          size="xs"
          label={t("insight.report")}
          allowDeselect={false}
          value={name}
          data={menu.data.reports.map((each) => ({ value: each.name, label: inWords(each.title) }))}
          onChange={(value) => scope.set({ report: value ?? "sla", groupBy: undefined, measures: undefined })}
        />
        <MultiSelect
          size="xs"
          label={t("insight.groupBy")}
          maxValues={3}
          value={groupBy === "-" || groupBy === "" ? [] : groupBy.split(",")}
          data={titled(chosen.dimensions, menu.data.dimensions)}
          onChange={(values) => scope.set({ groupBy: values.length === 0 ? "-" : values.join(",") })}
        />
        <MultiSelect
          size="xs"
          className={css["broad"] ?? ""}
          label={t("insight.measures")}
          value={measures.split(",")}
          data={titled(chosen.measures, menu.data.measures)}
          onChange={(values) => scope.set({ measures: values.length === 0 ? undefined : values.join(",") })}
        />
        <Switch
          size="xs"
          label={t("insight.compare")}
          checked={compare}
          onChange={(event) => scope.set({ compare: event.currentTarget.checked ? "1" : undefined })}
        />
      </ScopeBar>
      <p className={css["about"]}>{inWords(chosen.about)}</p>
      {report.isError ? <Failure error={report.error} retry={() => void report.refetch()} /> : null}
      {report.isPending ? <Loading rows={8} /> : null}
      {report.data === undefined ? null : report.data.rows.length === 0 && report.data.groupBy.length > 0 ? (
        <Empty title={t("insight.empty")} hint={t("insight.emptyHint")} />
      ) : (
        <>
          <ReportTable
            report={report.data}
            other={compare ? other.data : undefined}
            caption={inWords(report.data.title)}
          />
          {report.data.leftOut === null ? null : (
            <p className={css["about"]}>{t("insight.leftOut", { count: report.data.leftOut.groups })}</p>
          )}
          <p className={css["about"]}>
            {t("insight.judged", { position: report.data.position, zone: report.data.zone })}
          </p>
        </>
      )}
      <details className={css["definitions"]}>
        <summary>{t("insight.definitions")}</summary>
        <dl>
          {definitions.map((each) => (
            <div key={each.name}>
              <dt>{inWords(each.title)}</dt>
              <dd>{inWords(each.definition)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}

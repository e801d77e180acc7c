import { MultiSelect, Select } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { addressOf } from "../api/client.ts";
import { useMoment, useRead } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { SavedScreens } from "../ui/saved-screens.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import css from "./insight.module.css";
import { usePaper } from "./paper.ts";
import { PaperHead } from "./paper-head.tsx";
import { useFitting } from "./picture.tsx";
import { inWords, useMenu, useReport, type Menu } from "./report.ts";
import { ReportTable } from "./report-table.tsx";
import { ScopeBar, useScope } from "./scope.tsx";

/** Any report by any dimension; the address carries the whole question. */
export function ReportsScreen(): React.ReactNode {
  const menu = useMenu();
  return (
    <div className={css["page"]}>
      <Shown of={menu} rows={8}>
        {(known) => <Asked menu={known} />}
      </Shown>
    </div>
  );
}

/** the moment of a ticket's life that puts it into the period */
const bases = ["registered", "accepted", "resolved", "closed"] as const;
/** by what one goes on after a row was narrowed to */
const further = ["organization", "type", "priority", "group", "engineer", "product", "month", "week", "day"];

function Asked({ menu }: { readonly menu: Menu }): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const { asOf } = useMoment();
  const scope = useScope();
  usePaper();
  const { search, other: otherPeriod } = scope;
  const chosen = menu.reports.find((each) => each.name === search["report"]) ?? menu.reports[0];
  const name = chosen?.name ?? "sla";
  const groupBy = search["groupBy"] ?? chosen?.usualGroupBy.join(",") ?? "";
  const measures = search["measures"] ?? chosen?.usualMeasures.join(",") ?? "";
  const fitting = useFitting(name, scope.filters);
  const grouped = groupBy === "-" || groupBy === "" ? [] : groupBy.split(",");
  const by = bases.find((each) => each === search["by"] && chosen?.bases.includes(each));
  // what comes outside of working hours belongs to the next working day of a calendar: which one must be said
  const working = [...grouped, ...Object.keys(fitting.filters)].some((each) => each.startsWith("working"));
  const calendars = useRead<{ items: readonly { id: string; name: string }[] }>("/calendars", {
    query: { limit: 500 },
    enabled: working,
  });
  const calendar = working ? (search["calendar"] ?? calendars.data?.items[0]?.id) : undefined;
  const question = {
    ...fitting.filters,
    by,
    calendar,
    groupBy: grouped.length === 0 ? "none" : grouped.join(","),
    measures,
  };
  const query = { ...question, from: scope.from, to: scope.to };
  const report = useReport(name, query, !working || calendar !== undefined);
  const other = useReport(name, { ...question, ...otherPeriod }, otherPeriod !== null);
  const title = chosen === undefined ? t("insight.reports") : inWords(chosen.title);
  useEffect(() => {
    document.title = `${title} · Docket`;
  }, [title]);
  const titled = (names: readonly string[], list: readonly { name: string; title: { ru: string; en: string } }[]) =>
    names.map((value) => {
      const found = list.find((each) => each.name === value);
      return { value, label: found === undefined ? value : inWords(found.title) };
    });
  const definitions = menu.measures.filter((each) => measures.split(",").includes(each.name));
  const exported = { ...query, ...(asOf === null ? {} : { asOf }) };
  const narrow = (keys: Readonly<Record<string, string>>): void => {
    const narrowed = Object.keys(keys);
    const rest = grouped.filter((each) => !narrowed.includes(each));
    const next = further.find(
      (each) => !narrowed.includes(each) && scope.filters[each] === undefined && chosen?.dimensions.includes(each),
    );
    scope.set({ ...keys, groupBy: rest.length > 0 ? rest.join(",") : (next ?? "-") });
  };
  return (
    <>
      <header className={css["head"]}>
        <h1>{title}</h1>
        <SavedScreens
          area="report"
          label={t("insight.savedReports")}
          current={search}
          onOpen={(next) =>
            void navigate({ to: "/insight/reports", search: { ...next, ...(asOf === null ? {} : { asOf }) } as never })
          }
        />
        {(["csv", "arrow"] as const).map((format) => (
          <a key={format} href={addressOf(`/reports/${name}`, { ...exported, format })} download>
            {t(format === "csv" ? "insight.csv" : "insight.arrow")}
          </a>
        ))}
        <button type="button" className={css["link"]} onClick={() => window.print()}>
          {t("insight.print")}
        </button>
      </header>
      <ScopeBar scope={scope} compares>
        <Select
          size="xs"
          label={t("insight.report")}
          allowDeselect={false}
          value={name}
          data={menu.reports.map((each) => ({ value: each.name, label: inWords(each.title) }))}
          onChange={(value) => scope.set({ report: value ?? "sla", groupBy: undefined, measures: undefined })}
        />
        <MultiSelect
          size="xs"
          label={t("insight.groupBy")}
          maxValues={3}
          value={grouped}
          data={titled(chosen?.dimensions ?? [], menu.dimensions)}
          onChange={(values) => scope.set({ groupBy: values.length === 0 ? "-" : values.join(",") })}
        />
        {chosen === undefined || chosen.bases.length < 2 ? null : (
          <Select
            size="xs"
            label={t("insight.by")}
            allowDeselect={false}
            value={by ?? "registered"}
            data={bases
              .filter((each) => chosen.bases.includes(each))
              .map((value) => ({ value, label: t(`insight.by.${value}`) }))}
            onChange={(value) => scope.set({ by: value === "registered" ? undefined : (value ?? undefined) })}
          />
        )}
        {working ? (
          <Select
            size="xs"
            label={t("insight.calendar")}
            allowDeselect={false}
            value={calendar ?? null}
            data={(calendars.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))}
            onChange={(value) => scope.set({ calendar: value ?? undefined })}
          />
        ) : null}
        <MultiSelect
          size="xs"
          className={css["broad"] ?? ""}
          label={t("insight.measures")}
          value={measures.split(",")}
          data={titled(chosen?.measures ?? [], menu.measures)}
          onChange={(values) => scope.set({ measures: values.length === 0 ? undefined : values.join(",") })}
        />
      </ScopeBar>
      <PaperHead scope={scope} />
      <p className={css["about"]}>{chosen === undefined ? "" : inWords(chosen.about)}</p>
      <Shown of={report} rows={8}>
        {(data) =>
          data.rows.length === 0 && data.groupBy.length > 0 ? (
            <Empty title={t("insight.empty")} hint={t("insight.emptyHint")} />
          ) : (
            <>
              <ReportTable
                report={data}
                other={otherPeriod === null ? undefined : other.data}
                caption={inWords(data.title)}
                onNarrow={narrow}
              />
              {data.leftOut === null ? null : (
                <p className={css["about"]}>{t("insight.leftOut", { count: data.leftOut.groups })}</p>
              )}
              <p className={css["about"]}>{t("insight.judged", { position: data.position, zone: data.zone })}</p>
            </>
          )
        }
      </Shown>
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
    </>
  );
}

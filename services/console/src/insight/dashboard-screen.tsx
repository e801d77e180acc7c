import { MultiSelect } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMoment } from "../moment/moment.ts";
import { useText } from "../text/use-text.ts";
import { NumberThatOpens } from "../ui/number-that-opens.tsx";
import { SavedScreens } from "../ui/saved-screens.tsx";
import { Shown } from "../ui/shown.tsx";
import { Empty } from "../ui/states.tsx";
import css from "./insight.module.css";
import { panels } from "./panels.tsx";
import { useFitting } from "./picture.tsx";
import { figureText, useListOf, useReport, type Row } from "./report.ts";
import { usePaper } from "./paper.ts";
import { PaperHead } from "./paper-head.tsx";
import { ScopeBar, useScope } from "./scope.tsx";

/** The state of the service at a glance: compliance, trends, load, ageing; every number opens its list. What it shows is chosen, and kept. */
export function DashboardScreen(): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const { asOf } = useMoment();
  const scope = useScope();
  usePaper();
  const { from, to, other, search } = scope;
  const fitting = useFitting("sla", scope.filters);
  const sla = useReport("sla", { ...fitting.filters, from, to, groupBy: "none" }, fitting.ready);
  const before = useReport("sla", { ...fitting.filters, ...other, groupBy: "none" }, fitting.ready && other !== null);
  useEffect(() => {
    document.title = `${t("insight.dashboard")} · Docket`;
  }, [t]);
  const chosen = search["panels"]?.split(",");
  const shown = chosen === undefined ? panels : chosen.flatMap((id) => panels.find((panel) => panel.id === id) ?? []);
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("insight.dashboard")}</h1>
        <SavedScreens
          area="dashboard"
          label={t("insight.savedBoards")}
          current={search}
          onOpen={(next) =>
            void navigate({ to: "/insight", search: { ...next, ...(asOf === null ? {} : { asOf }) } as never })
          }
        />
        <button type="button" className={css["link"]} onClick={() => window.print()}>
          {t("insight.print")}
        </button>
      </header>
      <ScopeBar scope={scope} compares>
        <MultiSelect
          size="xs"
          className={css["broad"] ?? ""}
          label={t("insight.panels")}
          placeholder={chosen === undefined ? t("insight.allPanels") : ""}
          clearable
          clearButtonProps={{ "aria-label": t("insight.drop") }}
          value={chosen ?? []}
          data={panels.map(({ id, title }) => ({ value: id, label: t(title) }))}
          onChange={(values) => scope.set({ panels: values.length === 0 ? undefined : values.join(",") })}
        />
      </ScopeBar>
      <PaperHead scope={scope} />
      <Shown of={sla} rows={3}>
        {({ total }) => (
          <>
            {total === null ? null : (
              <Tiles total={total} before={other === null ? undefined : (before.data?.total ?? undefined)} />
            )}
            {total?.values["tickets"] === 0 ? <Empty title={t("insight.empty")} hint={t("insight.emptyHint")} /> : null}
          </>
        )}
      </Shown>
      <div className={css["charts"]}>
        {/* the figures of the whole first: what is asked later waits for its turn behind them */}
        {sla.data === undefined && !sla.isError
          ? null
          : shown.map(({ id, wide, Part }) => (
              <div key={id} data-panel={id} data-wide={wide}>
                <Part scope={scope} />
              </div>
            ))}
      </div>
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
  const listOf = useListOf();
  return (
    <dl className={css["tiles"]}>
      {tiles.map(([name, title, unit]) => {
        const value = total.values[name];
        return (
          <div key={name} data-tile={name}>
            <dt>{t(title)}</dt>
            <dd>
              {value === null || value === undefined ? (
                "–"
              ) : (
                <NumberThatOpens
                  value={value}
                  text={figureText(value, unit)}
                  to="/insight/tickets"
                  search={listOf(total, name)}
                  label={t(title)}
                />
              )}
              {before === undefined ? null : (
                <span className={css["change"]}>
                  {t("insight.before", { value: figureText(before.values[name], unit) })}
                </span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

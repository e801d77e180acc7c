import { SegmentedControl } from "@mantine/core";
import { Suspense } from "react";
import { addressOf } from "../api/client.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { IconX } from "../ui/icons.ts";
import { laterPart } from "../ui/later-part.ts";
import { Moment } from "../ui/moment.tsx";
import { Empty, Loading } from "../ui/states.tsx";
import css from "./insight.module.css";
import { bothOption, outcomeStates } from "./pictures/judgements.ts";
import { figureText } from "./report.ts";
import { Judgements, type Listed } from "./what-if-judgements.tsx";
import { JudgedTerms } from "./what-if-judged-terms.tsx";
import type { Asked } from "./what-if-terms.ts";
import own from "./what-if.module.css";

export type { Listed } from "./what-if-judgements.tsx";

const Chart = laterPart(() => import("./chart.tsx").then(({ default: chart }) => chart));

type Counts = Readonly<Record<(typeof outcomeStates)[number], number>> & { readonly compliance: number | null };
export interface Job {
  readonly jobId: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly progress: { readonly tickets: number; readonly total: number };
  readonly asked: Asked & {
    readonly period: { readonly from: string; readonly to: string };
    readonly filter: Readonly<Record<string, readonly (string | number)[]>>;
    readonly asOf?: string;
    readonly atPosition?: string;
  };
  readonly asOf: string;
  readonly position: string;
  readonly totals: {
    readonly tickets: number;
    readonly clocks: number;
    readonly changedTickets: number;
    readonly changedClocks: number;
    readonly movedClocks: number;
    readonly kinds: readonly { readonly kind: string; readonly recorded: Counts; readonly whatIf: Counts }[];
    readonly changes: readonly {
      readonly kind: string;
      readonly from: string;
      readonly to: string;
      readonly count: number;
    }[];
    readonly reasons: readonly { readonly kind: string; readonly reason: string; readonly count: number }[];
  } | null;
}

interface OutcomeProps {
  readonly job: Job;
  readonly listed: Listed;
  list(to: Listed): void;
}

/** Both judgements side by side, what changed into what and why, and every clock behind it. */
export function Outcome({ job, listed, list }: OutcomeProps): React.ReactNode {
  const { t, term } = useText();
  const { totals } = job;
  if (totals === null) return null;
  const state = (of: string): string => (of === "none" ? t("insight.noClock") : term("clockState", of));
  const csv = addressOf(`/what-if/${job.jobId}/tickets`, { format: "csv" });
  const same = (to: Listed): boolean => JSON.stringify(to) === JSON.stringify({ ...listed });
  const opener = (count: number, what: string, to: Listed): React.ReactNode => (
    <button
      type="button"
      className={css["link"]}
      aria-pressed={same(to)}
      aria-label={`${what}: ${numberText(count)}`}
      onClick={() => list(same(to) ? {} : to)}
    >
      {numberText(count)}
    </button>
  );
  const cells = (kind: string, side: "was" | "now", counts: Counts): React.ReactNode => (
    <>
      {outcomeStates.map((of) => (
        <td key={of}>
          {counts[of] === 0
            ? "0"
            : opener(counts[of], `${term("clockKind", kind)}: ${state(of)}`, { kind, [side]: of, show: "all" })}
        </td>
      ))}
      <td>{figureText(counts.compliance, "percent")}</td>
    </>
  );
  return (
    <>
      <section className={css["section"]} data-outcome>
        <JudgedTerms job={job} />
        <div className={own["both"]}>
          <Suspense fallback={<Loading rows={4} />}>
            <Chart
              title={t("insight.both")}
              summary={t("insight.bothSummary")}
              height={60 + totals.kinds.length * 76}
              option={(colour, width) =>
                bothOption(totals.kinds, colour, width, {
                  kind: (of) => term("clockKind", of),
                  state,
                  recorded: t("insight.asRecorded"),
                  whatIf: t("insight.byOther"),
                })
              }
              onOpen={({ data, seriesId }) => {
                const { kind, side } = (data ?? {}) as { kind?: string; side?: "was" | "now" };
                if (kind !== undefined && side !== undefined) list({ kind, [side]: seriesId, show: "all" });
              }}
              csv={csv}
            />
          </Suspense>
          <div>
            <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("insight.both")}>
              <table className={css["table"]} data-both>
                <thead>
                  <tr>
                    <th scope="col">{t("insight.clock")}</th>
                    <th scope="col">{t("insight.terms")}</th>
                    {outcomeStates.map((of) => (
                      <th key={of} scope="col">
                        {state(of)}
                      </th>
                    ))}
                    <th scope="col">{t("insight.compliance")}</th>
                  </tr>
                </thead>
                <tbody>
                  {totals.kinds.flatMap(({ kind, recorded, whatIf }) => [
                    <tr key={`${kind}recorded`}>
                      <th scope="row">{term("clockKind", kind)}</th>
                      <td>{t("insight.asRecorded")}</td>
                      {cells(kind, "was", recorded)}
                    </tr>,
                    <tr key={`${kind}whatIf`} className={css["total"]}>
                      <th scope="row">{term("clockKind", kind)}</th>
                      <td>{t("insight.byOther")}</td>
                      {cells(kind, "now", whatIf)}
                    </tr>,
                  ])}
                </tbody>
              </table>
            </div>
            <p className={css["about"]}>
              {t("insight.changed", { changed: numberText(totals.changedTickets), total: numberText(totals.tickets) })}{" "}
              {t("insight.moved", { moved: numberText(totals.movedClocks), total: numberText(totals.clocks) })}
            </p>
            <p className={css["about"]}>
              <a href={csv} download>
                {t("insight.everyClockCsv")}
              </a>{" "}
              <a href={addressOf(`/what-if/${job.jobId}/tickets`, { format: "arrow" })} download>
                {t("insight.arrow")}
              </a>
            </p>
          </div>
        </div>
      </section>
      <section className={css["section"]}>
        <h2>{t("insight.whatChanged")}</h2>
        {totals.changes.length === 0 ? (
          <Empty title={t("insight.nothingChanged")} />
        ) : (
          <ul className={css["changes"]}>
            {totals.changes.map(({ kind, from, to, count }) => (
              <li key={`${kind}${from}${to}`}>
                {term("clockKind", kind)}: {state(from)} → <b>{state(to)}</b>{" "}
                {opener(count, `${term("clockKind", kind)}: ${state(from)} → ${state(to)}`, {
                  kind,
                  was: from,
                  now: to,
                })}
              </li>
            ))}
            {totals.reasons.map(({ kind, reason, count }) => (
              <li key={`${kind}${reason}`}>
                {term("clockKind", kind)}: {t(`insight.reason.${reason}` as "insight.reason.target")}{" "}
                {opener(count, t(`insight.reason.${reason}` as "insight.reason.target"), { kind, reason })}
              </li>
            ))}
          </ul>
        )}
        <div className={css["sectionHead"]}>
          <SegmentedControl
            size="xs"
            aria-label={t("insight.show")}
            value={listed.show ?? "changed"}
            data={(["changed", "moved", "all"] as const).map((value) => ({ value, label: t(`insight.show.${value}`) }))}
            onChange={(show) => list({ ...listed, show: show === "changed" ? undefined : show })}
          />
          {Object.entries(listed).some(([name, value]) => name !== "show" && value !== undefined) ? (
            <button
              type="button"
              className={css["link"]}
              onClick={() => list(listed.show === undefined ? {} : { show: listed.show })}
            >
              <IconX size={13} aria-hidden /> {t("insight.wholeList")}
            </button>
          ) : null}
        </div>
        <Judgements jobId={job.jobId} listed={listed} />
        <p className={css["about"]}>
          {t("insight.pinned", { position: job.position })} <Moment at={job.asOf} />
        </p>
      </section>
    </>
  );
}

import { Checkbox, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { addressOf, get, post } from "../api/client.ts";
import { useMoment, useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { Moment } from "../ui/moment.tsx";
import { Failure } from "../ui/states.tsx";
import css from "./insight.module.css";
import { figureText } from "./report.ts";
import { ScopeBar, useScope } from "./scope.tsx";

interface Counts {
  readonly met: number;
  readonly missed: number;
  readonly running: number;
  readonly paused: number;
  readonly compliance: number | null;
}
interface Job {
  readonly jobId: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  readonly progress: { readonly tickets: number; readonly total: number };
  readonly totals: {
    readonly tickets: number;
    readonly changedTickets: number;
    readonly kinds: readonly { readonly kind: string; readonly recorded: Counts; readonly whatIf: Counts }[];
  } | null;
}
interface Judged {
  readonly state: string;
  readonly target: string | null;
  readonly deadline: string | null;
  readonly usedSeconds: number;
}
interface Compared {
  readonly ticketId: string;
  readonly number: string;
  readonly subject: string;
  readonly clocks: readonly {
    readonly kind: string;
    readonly cycle: number;
    readonly changed: boolean;
    readonly recorded: Judged | null;
    readonly whatIf: Judged | null;
    readonly because: readonly { readonly code: string; readonly text: string }[];
  }[];
}

/** A period judged by other terms: both judgements side by side, and what made each difference. Nothing is written. */
export function WhatIfScreen(): React.ReactNode {
  const { t } = useText();
  const scope = useScope();
  const { asOf } = useMoment();
  const calendars = useRead<{ items: readonly { id: string; name: string }[] }>("/calendars", {
    query: { limit: 500 },
  });
  const [calendarId, setCalendarId] = useState<string | null>(null);
  const [customer, setCustomer] = useState(true);
  const [approval, setApproval] = useState(true);
  const [reaction, setReaction] = useState("");
  const [resolution, setResolution] = useState("");
  const [jobId, setJobId] = useState<string>();
  useEffect(() => {
    document.title = `${t("insight.whatIf")} · Docket`;
  }, [t]);
  const job = useQuery({
    queryKey: ["what-if", jobId],
    enabled: jobId !== undefined,
    queryFn: ({ signal }) => get<Job>(`/what-if/${jobId ?? ""}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? 500 : false),
  });
  const { organization, type, priority, line } = scope.filters;
  const wants = reaction !== "" || resolution !== "";
  const start = async (): Promise<void> => {
    const day = (value: string): string => new Date(`${value}T00:00`).toISOString();
    const made = await post<Job>("/what-if", {
      period: { from: day(scope.from), to: day(scope.to) },
      filter: {
        ...(organization === undefined ? {} : { organizationId: [organization] }),
        ...(type === undefined ? {} : { type: [type] }),
        ...(priority === undefined ? {} : { priority: [priority] }),
        ...(line === undefined ? {} : { line: [Number(line)] }),
      },
      policy: {
        pauses: { customer, approval },
        ...(wants && type !== undefined && priority !== undefined
          ? { targets: [{ type, priority, reaction, resolution }] }
          : {}),
      },
      ...(calendarId === null ? {} : { calendarId }),
      ...(asOf === null ? {} : { asOf }),
    });
    setJobId(made.jobId);
  };
  const needsBoth =
    wants && (type === undefined || priority === undefined || reaction === "" || resolution === "")
      ? t("insight.whatIfNeeds")
      : undefined;
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("insight.whatIf")}</h1>
      </header>
      <p className={css["about"]}>{t("insight.whatIfHint")}</p>
      <ScopeBar scope={scope} />
      <form className={css["scope"]} onSubmit={(event) => event.preventDefault()} aria-label={t("insight.terms")}>
        <Select
          size="xs"
          label={t("insight.calendar")}
          placeholder={t("insight.asRecorded")}
          clearable
          clearButtonProps={{ "aria-label": t("insight.drop") }}
          value={calendarId}
          data={(calendars.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={setCalendarId}
        />
        <TextInput
          size="xs"
          label={t("insight.reactionTarget")}
          placeholder="1h"
          value={reaction}
          onChange={(event) => setReaction(event.currentTarget.value.trim())}
        />
        <TextInput
          size="xs"
          label={t("insight.resolutionTarget")}
          placeholder="3d"
          value={resolution}
          onChange={(event) => setResolution(event.currentTarget.value.trim())}
        />
        <Checkbox
          size="xs"
          label={t("insight.pauseCustomer")}
          checked={customer}
          onChange={(event) => setCustomer(event.currentTarget.checked)}
        />
        <Checkbox
          size="xs"
          label={t("insight.pauseApproval")}
          checked={approval}
          onChange={(event) => setApproval(event.currentTarget.checked)}
        />
        <CommandButton timeless run={start} off={needsBoth}>
          {t("insight.judge")}
        </CommandButton>
      </form>
      {job.isError ? <Failure error={job.error} /> : null}
      {job.data?.state === "running" ? (
        <p role="status">
          {t("insight.progress", {
            done: numberText(job.data.progress.tickets),
            total: numberText(job.data.progress.total),
          })}
        </p>
      ) : null}
      {job.data?.totals == null ? null : <Outcome job={job.data} />}
    </div>
  );
}

function Outcome({ job }: { readonly job: Job }): React.ReactNode {
  const { t, term } = useText();
  const changed = useQuery({
    queryKey: ["what-if", job.jobId, "tickets"],
    queryFn: ({ signal }) =>
      get<{ items: readonly Compared[] }>(`/what-if/${job.jobId}/tickets`, {
        query: { changed: "true", limit: 100 },
        signal,
      }),
  });
  const { totals } = job;
  if (totals === null) return null;
  const cells = ({ met, missed, running, paused, compliance }: Counts): React.ReactNode => (
    <>
      <td>{numberText(met)}</td>
      <td>{numberText(missed)}</td>
      <td>{numberText(running + paused)}</td>
      <td>{figureText(compliance, "percent")}</td>
    </>
  );
  return (
    <>
      <section className={css["section"]}>
        <h2>{t("insight.both")}</h2>
        <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("insight.both")}>
          <table className={css["table"]}>
            <thead>
              <tr>
                <th scope="col">{t("insight.clock")}</th>
                <th scope="col">{t("insight.terms")}</th>
                <th scope="col">{term("clockState", "met")}</th>
                <th scope="col">{term("clockState", "missed")}</th>
                <th scope="col">{t("insight.running")}</th>
                <th scope="col">{t("insight.compliance")}</th>
              </tr>
            </thead>
            <tbody>
              {totals.kinds.flatMap(({ kind, recorded, whatIf }) => [
                <tr key={`${kind}recorded`}>
                  <th scope="row">{term("clockKind", kind)}</th>
                  <td>{t("insight.asRecorded")}</td>
                  {cells(recorded)}
                </tr>,
                <tr key={`${kind}whatIf`} className={css["total"]}>
                  <th scope="row">{term("clockKind", kind)}</th>
                  <td>{t("insight.byOther")}</td>
                  {cells(whatIf)}
                </tr>,
              ])}
            </tbody>
          </table>
        </div>
        <p className={css["about"]}>
          {t("insight.changed", { changed: numberText(totals.changedTickets), total: numberText(totals.tickets) })}{" "}
          <a href={addressOf(`/what-if/${job.jobId}/tickets`, { format: "csv" })} download>
            {t("insight.csv")}
          </a>
        </p>
      </section>
      {changed.data === undefined || changed.data.items.length === 0 ? null : (
        <div className={css["tableFrame"]} tabIndex={0} role="region" aria-label={t("insight.whatIf")}>
          <table className={css["table"]}>
            <thead>
              <tr>
                <th scope="col">{t("column.number")}</th>
                <th scope="col">{t("insight.clock")}</th>
                <th scope="col">{t("insight.asRecorded")}</th>
                <th scope="col">{t("insight.byOther")}</th>
                <th scope="col">{t("insight.because")}</th>
              </tr>
            </thead>
            <tbody>
              {changed.data.items.flatMap(({ ticketId, number, clocks }) =>
                clocks
                  .filter((clock) => clock.changed)
                  .map(({ kind, cycle, recorded, whatIf, because }) => (
                    <tr key={`${ticketId}${kind}${cycle}`}>
                      <th scope="row">
                        <Link to="/tickets/$ticket" params={{ ticket: number } as never}>
                          {number}
                        </Link>
                      </th>
                      <td>{term("clockKind", kind)}</td>
                      <JudgedCell judged={recorded} />
                      <JudgedCell judged={whatIf} />
                      <td className={css["wide"]}>{because.map(({ text }) => text).join("; ")}</td>
                    </tr>
                  )),
              )}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function JudgedCell({ judged }: { readonly judged: Judged | null }): React.ReactNode {
  const { t, term } = useText();
  if (judged === null) return <td>{t("insight.none")}</td>;
  return (
    <td data-state={judged.state}>
      {term("clockState", judged.state)}
      {judged.target === null ? "" : `, ${judged.target}`}
      {judged.deadline === null ? null : (
        <>
          {" "}
          · <Moment at={judged.deadline} />
        </>
      )}
    </td>
  );
}

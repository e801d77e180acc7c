import { Button, Checkbox, MultiSelect, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get, post, remove } from "../api/client.ts";
import { useMoment, useRead } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { Stale } from "../ui/shown.tsx";
import { Failure } from "../ui/states.tsx";
import css from "./insight.module.css";
import { ScopeBar, useScope } from "./scope.tsx";
import { Outcome, type Job, type Narrowing } from "./what-if-outcome.tsx";

const clockKinds = ["reaction", "resolution", "ola"] as const;

/** our filters by the names that this question takes */
const filterNames: Readonly<Record<string, string>> = {
  organization: "organizationId",
  contract: "contractId",
  type: "type",
  priority: "priority",
  product: "product",
  channel: "channel",
  line: "line",
  group: "groupId",
  engineer: "engineerId",
};

/** A period judged by other terms: both judgements side by side, and what made each difference. Nothing is written. */
export function WhatIfScreen(): React.ReactNode {
  const { t, term } = useText();
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
  const [kinds, setKinds] = useState<readonly string[]>(["reaction", "resolution"]);
  const jobId = scope.search["job"];
  useEffect(() => {
    document.title = `${t("insight.whatIf")} · Docket`;
  }, [t]);
  const job = useQuery({
    queryKey: ["what-if", jobId],
    enabled: jobId !== undefined,
    queryFn: ({ signal }) => get<Job>(`/what-if/${jobId ?? ""}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? 500 : false),
  });
  const { type, priority } = scope.filters;
  const { kind, was, now, reason } = scope.search;
  const narrowed = Object.fromEntries(
    Object.entries({ kind, was, now, reason }).filter(([, value]) => value !== undefined),
  ) as Narrowing;
  const wants = reaction !== "" || resolution !== "";
  const start = async (): Promise<void> => {
    const day = (value: string): string => new Date(`${value}T00:00`).toISOString();
    const question = {
      period: { from: day(scope.from), to: day(scope.to) },
      kinds,
      filter: Object.fromEntries(
        Object.entries(filterNames).flatMap(([name, of]) => {
          const values = scope.filters[name]?.split(",");
          return values === undefined ? [] : [[of, name === "line" ? values.map(Number) : values]];
        }),
      ),
      policy: {
        pauses: { customer, approval },
        ...(wants && type !== undefined && priority !== undefined
          ? { targets: [{ type, priority, reaction, resolution }] }
          : {}),
      },
      ...(calendarId === null ? {} : { calendarId }),
      ...(asOf === null ? {} : { asOf }),
    };
    const made = await post<Job>("/what-if", question, { timeless: true });
    scope.set({ job: made.jobId, kind: undefined, was: undefined, now: undefined, reason: undefined });
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
        <MultiSelect
          size="xs"
          className={css["twice"] ?? ""}
          label={t("insight.clocks")}
          value={[...kinds]}
          data={clockKinds.map((value) => ({ value, label: term("clockKind", value) }))}
          onChange={setKinds}
        />
        <div className={css["options"]}>
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
          <CommandButton timeless run={start} off={kinds.length === 0 ? t("insight.needsClocks") : needsBoth}>
            {t("insight.judge")}
          </CommandButton>
        </div>
      </form>
      {jobId !== undefined && job.isError && job.data === undefined ? (
        <Failure error={job.error} retry={() => void job.refetch()} />
      ) : (
        <Stale of={job} />
      )}
      {job.data?.state === "running" ? (
        <p role="status" className={css["about"]}>
          <progress
            value={job.data.progress.tickets}
            max={Math.max(1, job.data.progress.total)}
            aria-label={t("insight.judge")}
          />{" "}
          {t("insight.progress", {
            done: numberText(job.data.progress.tickets),
            total: numberText(job.data.progress.total),
          })}{" "}
          <Button
            size="compact-xs"
            variant="default"
            onClick={() =>
              void remove(`/what-if/${jobId ?? ""}`, { timeless: true }).then(() => scope.set({ job: undefined }))
            }
          >
            {t("insight.stop")}
          </Button>
        </p>
      ) : null}
      {job.data?.totals == null ? null : (
        <Outcome
          job={job.data}
          narrowed={narrowed}
          narrow={(to) => scope.set({ kind: undefined, was: undefined, now: undefined, reason: undefined, ...to })}
        />
      )}
    </div>
  );
}

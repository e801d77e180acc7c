import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { get, post, remove } from "../api/client.ts";
import { ApiError } from "../api/problem.ts";
import { queryClient } from "../api/query-client.ts";
import { useMoment } from "../moment/moment.ts";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { SavedScreens } from "../ui/saved-screens.tsx";
import { Stale } from "../ui/shown.tsx";
import { Failure, Loading } from "../ui/states.tsx";
import css from "./insight.module.css";
import { usePaper } from "./paper.ts";
import { ScopeBar, useScope } from "./scope.tsx";
import { TermsForm } from "./what-if-form.tsx";
import { Outcome, type Job, type Listed } from "./what-if-outcome.tsx";
import { askedBy, isSameQuestion, lacking, termsIn, wordsOf, type OtherTerms } from "./what-if-terms.ts";

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
/** which clocks of the answer are listed */
const listed = { kind: undefined, was: undefined, now: undefined, reason: undefined, show: undefined } as const;
/** the answer: its job, and the moment and position by which anybody gets the same one again */
const answered = { job: undefined, at: undefined, position: undefined } as const;

/**
 * A period judged by other terms: both judgements side by side, and what made each difference. Nothing is written. The address
 * carries the whole question, and the moment and position of its answer: whoever opens it has the same answer, even
 * where the job that found it is somebody else's or long gone.
 */
export function WhatIfScreen(): React.ReactNode {
  // what is typed is written to the address in place; whatever comes from elsewhere is another place of the history
  const place = useLocation({ select: ({ state }) => state.__TSR_index });
  return <Asked key={place} />;
}

function Asked(): React.ReactNode {
  const { t } = useText();
  const navigate = useNavigate();
  const scope = useScope();
  const { asOf } = useMoment();
  usePaper();
  const { search, set } = scope;
  const [terms, setTerms] = useState(() => termsIn(search));
  const change = (part: Partial<OtherTerms>): void => {
    const next = { ...terms, ...part };
    setTerms(next);
    set(wordsOf(next));
  };
  useEffect(() => {
    document.title = `${t("insight.whatIf")} · Docket`;
  }, [t]);
  const jobId = search["job"];
  const job = useQuery({
    queryKey: ["what-if", jobId],
    enabled: jobId !== undefined,
    queryFn: ({ signal }) => get<Job>(`/what-if/${jobId ?? ""}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? 500 : false),
  });
  const day = (value: string): string => new Date(`${value}T00:00`).toISOString();
  const question = {
    ...askedBy(terms),
    period: { from: day(scope.from), to: day(scope.to) },
    filter: Object.fromEntries(
      Object.entries(filterNames).flatMap(([name, of]) => {
        const values = scope.filters[name]?.split(",");
        return values === undefined ? [] : [[of, name === "line" ? values.map(Number) : values]];
      }),
    ),
  };
  const start = async (pinned: { readonly asOf?: string; readonly atPosition?: string }): Promise<void> => {
    const made = await post<Job>("/what-if", { ...question, ...pinned }, { timeless: true });
    queryClient.setQueryData(["what-if", made.jobId], made);
    set({
      ...listed,
      ...wordsOf(terms),
      from: scope.from,
      to: scope.to,
      days: undefined,
      judge: undefined,
      job: made.jobId,
      at: made.asOf,
      position: made.position,
    });
  };
  const gone = job.error instanceof ApiError && job.error.code === "job_not_found";
  const again = useAgain(
    gone ? jobId : search["judge"],
    () =>
      start(
        search["at"] === undefined || search["position"] === undefined
          ? {}
          : { asOf: search["at"], atPosition: search["position"] },
      ),
    lacking(terms) === null,
  );
  const lack = lacking(terms);
  const { job: _job, at: _at, position: _position, kind, was, now, reason, show, ...asked } = search;
  const { data } = job;
  return (
    <div className={css["page"]}>
      <header className={css["head"]}>
        <h1>{t("insight.whatIf")}</h1>
        <SavedScreens
          area="what-if"
          label={t("insight.savedWhatIfs")}
          current={asked}
          onOpen={(next) =>
            void navigate({
              to: "/insight/what-if",
              search: { ...next, judge: "1", ...(asOf === null ? {} : { asOf }) } as never,
            })
          }
        />
        <button type="button" className={css["link"]} onClick={() => window.print()}>
          {t("insight.print")}
        </button>
      </header>
      <p className={css["about"]}>{t("insight.whatIfHint")}</p>
      <ScopeBar scope={scope} />
      <TermsForm terms={terms} change={change}>
        <CommandButton
          timeless
          run={() => start(asOf === null ? {} : { asOf })}
          off={lack === null ? undefined : t(`insight.lacking.${lack}`)}
        >
          {t("insight.judge")}
        </CommandButton>
        {data?.totals != null && !isSameQuestion(question, questionOf(data)) ? (
          <span role="status">{t("insight.otherThanJudged")}</span>
        ) : null}
      </TermsForm>
      {again.error === undefined ? null : <Failure error={again.error} />}
      {again.asking ? <Loading rows={4} /> : null}
      {job.isError && !gone && data === undefined ? (
        <Failure error={job.error} retry={() => void job.refetch()} />
      ) : gone ? null : (
        <Stale of={job} />
      )}
      {data?.state === "running" ? (
        <p role="status" className={css["about"]}>
          <progress
            value={data.progress.tickets}
            max={Math.max(1, data.progress.total)}
            aria-label={t("insight.judge")}
          />{" "}
          {t("insight.progress", {
            done: numberText(data.progress.tickets),
            total: numberText(data.progress.total),
          })}{" "}
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => void remove(`/what-if/${jobId ?? ""}`, { timeless: true }).then(() => set(answered))}
          >
            {t("insight.stop")}
          </Button>
        </p>
      ) : null}
      {data?.state === "failed" || data?.state === "cancelled" ? (
        <p role="status" className={css["about"]}>
          {t(`insight.job.${data.state}`)}
        </p>
      ) : null}
      {data?.totals == null ? null : (
        <Outcome
          job={data}
          listed={{ kind, was, now, reason, show } as Listed}
          list={(to) => set({ ...listed, ...to })}
        />
      )}
    </div>
  );
}

/** The question of a job, without the moment at which it was asked. */
const questionOf = ({ asked: { asOf: _asOf, atPosition: _atPosition, ...rest } }: Job): object => rest;

/**
 * Asks by itself, once for each `because`: where the address has a question and no answer of ours (a link from somebody else, a saved
 * question that was opened).
 */
function useAgain(because: string | undefined, ask: () => Promise<void>, can: boolean) {
  const asked = useRef<string | undefined>(undefined);
  const [state, setState] = useState<{ readonly asking: boolean; readonly error?: unknown }>({ asking: false });
  useEffect(() => {
    if (because === undefined || !can || asked.current === because) return;
    asked.current = because;
    setState({ asking: true });
    ask()
      .then(() => setState({ asking: false }))
      .catch((error: unknown) => setState({ asking: false, error }));
  });
  return state;
}

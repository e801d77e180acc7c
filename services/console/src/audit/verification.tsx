import type { Verification } from "@docket/api-contract";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get, post } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { durationText, numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { IconAlert, IconCheck } from "../ui/icons.ts";
import { Moment } from "../ui/moment.tsx";
import { Stale } from "../ui/shown.tsx";
import css from "./audit.module.css";

interface VerifyProps {
  readonly ticket: string | null;
  /** told which verification goes on, and null when it is over; whoever listens shows what it found */
  readonly onGoing?: (id: string | null) => void;
}

/** Checks the record now, all of it or one ticket: a button, then its progress, then what was found. */
export function VerifyNow({ ticket, onGoing }: VerifyProps): React.ReactNode {
  const { t } = useText();
  const [id, setId] = useState<string>();
  const job = useQuery({
    queryKey: ["verifications", id],
    enabled: id !== undefined,
    queryFn: ({ signal }) => get<Verification>(`/verifications/${id ?? ""}`, { signal }),
    refetchInterval: ({ state }) => (state.data === undefined || isGoingOn(state.data) ? 400 : false),
  });
  const state = job.data?.state;
  useEffect(() => {
    if (job.data !== undefined && !isGoingOn(job.data)) {
      void queryClient.invalidateQueries({ queryKey: ["verifications"], exact: false, predicate: isList });
      void queryClient.invalidateQueries({ queryKey: ["tickets", ticket, "chain"] });
    }
  }, [state, ticket, job.data]);
  const busy = id !== undefined && (job.data === undefined || isGoingOn(job.data));
  const going = busy ? id : null;
  useEffect(() => onGoing?.(going), [going, onGoing]);
  return (
    <div className={css["verify"]}>
      <CommandButton
        begins
        off={busy ? t("audit.verifying") : undefined}
        run={async () => setId((await post<Verification>("/verifications", { ticket })).id)}
      >
        {t(ticket === null ? "audit.verifyAll" : "audit.verifyTicket")}
      </CommandButton>
      <Stale of={job} />
      {busy ? (
        <>
          <Progress of={job.data} />
          <CommandButton
            begins
            size="compact-xs"
            variant="default"
            run={() => post(`/verifications/${id}/stop`, {}).then(() => job.refetch())}
          >
            {t("audit.stop")}
          </CommandButton>
        </>
      ) : null}
      {job.data !== undefined && !busy && onGoing === undefined ? <Outcome of={job.data} /> : null}
    </div>
  );
}

export const isGoingOn = ({ state }: Verification): boolean => state === "running" || state === "waiting";

/** The lists; what one verification came to does not change any more. */
const isList = ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean => typeof queryKey[1] !== "string";

function Progress({ of }: { readonly of: Verification | undefined }): React.ReactNode {
  const { t } = useText();
  const { done = 0, total = 0, phase } = of?.progress ?? {};
  const values = { done: numberText(done), total: numberText(total) };
  return (
    <p role="status" className={css["progress"]}>
      <progress {...(total > 0 ? { value: done, max: total } : {})} aria-label={t("audit.verifying")} />{" "}
      {total === 0
        ? t("audit.verifying")
        : phase === "read_models"
          ? t("audit.comparing", values)
          : t("audit.verified", values)}
    </p>
  );
}

/** What a verification came to: whole, or each finding by its name and in words. */
export function Outcome({ of }: { readonly of: Verification }): React.ReactNode {
  const { t } = useText();
  if (of.report === null)
    return (
      <p className={css["verdict"]} data-good="false" role="status">
        <IconAlert size={16} aria-hidden /> {t(of.state === "stopped" ? "audit.verifyStopped" : "audit.verifyFailed")}{" "}
        {of.error}
      </p>
    );
  const { found, events, streams, tickets, checkpoint, afterCheckpoint, ms } = of.report;
  const Icon = found === 0 ? IconCheck : IconAlert;
  return (
    <div>
      <p className={css["verdict"]} data-good={found === 0} role="status">
        <Icon size={16} aria-hidden />
        <b>{found === 0 ? t("audit.nothingFound") : t("audit.foundFaults", { count: found })}</b>
      </p>
      <p className={css["quiet"]}>
        {t("audit.verifySum", {
          events: numberText(events),
          streams: numberText(streams),
          tickets: numberText(tickets),
          took: durationText(Math.max(1_000, ms)),
        })}{" "}
        {checkpoint === null
          ? t("audit.noCheckpointYet")
          : t("audit.verifyCheckpoint", { number: checkpoint, after: numberText(afterCheckpoint) })}{" "}
        {of.finishedAt === null ? null : <Moment at={of.finishedAt} />}
      </p>
      <Findings of={of.report} />
    </div>
  );
}

interface FindingsProps {
  readonly of: {
    readonly found: number;
    readonly findings: readonly { readonly code: string; readonly text: string }[];
  };
}

/** Each finding by its name and in words. */
export function Findings({ of: { found, findings } }: FindingsProps): React.ReactNode {
  const { t } = useText();
  if (findings.length === 0) return null;
  return (
    <ul className={css["findings"]}>
      {findings.map(({ code, text }, index) => (
        <li key={`${code}${index}`}>
          <IconAlert size={14} aria-hidden /> <span>{text}</span> <code>{code}</code>
        </li>
      ))}
      {found > findings.length ? <li>{t("audit.moreFindings", { count: found - findings.length })}</li> : null}
    </ul>
  );
}

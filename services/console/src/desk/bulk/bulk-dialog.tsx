import type { TicketActions } from "@docket/api-contract";
import { Button, Progress } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { memo, useState } from "react";
import { get, post } from "../../api/client.ts";
import { faultsAmong } from "../../api/problem.ts";
import { useWatch } from "../../live/context.ts";
import { useText } from "../../text/use-text.ts";
import { CommandButton } from "../../ui/command-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { IconAlert, IconCheck, IconHourglass } from "../../ui/icons.ts";
import { messageOf } from "../../ui/states.tsx";
import { stopAtUnread } from "../../ui/unread.ts";
import type { Values } from "../ticket/action-field.tsx";
import { ActionFields, beginnings, bodyOf, type Item } from "../ticket/action-form.tsx";
import css from "./bulk.module.css";

interface Preview {
  readonly total: number;
  readonly allowed: number;
  readonly refused: number;
  readonly items: readonly {
    readonly ticket: string;
    readonly number: string | null;
    readonly subject: string | null;
    readonly allowed: boolean;
    readonly reason: { readonly code: string; readonly title: string } | null;
    readonly events: readonly { readonly type: string; readonly title: string }[];
  }[];
}

interface JobProgress {
  readonly jobId: string;
  readonly state: "running" | "done" | "stopped";
  readonly total: number;
  readonly done: number;
  readonly refused: number;
  readonly undoable: boolean;
}

interface Job extends JobProgress {
  readonly items: readonly {
    readonly ticketId: string;
    readonly number: string | null;
    readonly outcome: "waiting" | "done" | "refused";
    readonly title: string | null;
  }[];
}

interface BulkDialogProps {
  readonly item: Item;
  readonly actions: TicketActions;
  readonly tickets: readonly string[];
  onClose(): void;
  onDone(): void;
}

/**
 * One command on many tickets. Steps: *filling* the form -> *preview* (what it will do to each, and which it will not touch) ->
 * *running* with its progress -> *result* per ticket, with a way to take it back where the domain has one.
 */
export function BulkDialog({ item, actions, tickets, onClose, onDone }: BulkDialogProps): React.ReactNode {
  const { t } = useText();
  const [values, setValues] = useState<Values>(() => beginnings(item));
  const [jobId, setJobId] = useState<string | null>(null);
  const body = bodyOf(
    item.fields,
    item.command === "comment" && values["visibility"] === undefined ? { ...values, visibility: "internal" } : values,
  );
  const preview = useMutation({
    mutationFn: () => post<Preview>("/bulk/preview", { command: item.command, body, tickets }),
  });
  const faults = faultsAmong(
    preview.error,
    item.fields.map(({ name }) => name),
    "body.",
  );
  const shown = preview.data;
  return (
    <Dialog onClose={onClose} size="lg" title={t("bulk.heading", { action: item.title, count: tickets.length })}>
      {jobId !== null ? (
        <JobView jobId={jobId} onJob={setJobId} onClose={() => (onDone(), onClose())} />
      ) : shown === undefined ? (
        <form
          className={css["form"]}
          onSubmit={(event) => {
            event.preventDefault();
            if (!stopAtUnread(event.currentTarget)) preview.mutate();
          }}
        >
          <ActionFields
            item={item}
            actions={actions}
            values={values}
            faults={faults}
            onChange={(value) => setValues((before) => ({ ...before, ...value }))}
          />
          {preview.error === null || faults.size > 0 ? null : (
            <p className={css["refusal"]} role="alert">
              <IconAlert size={16} aria-hidden />{" "}
              {messageOf(preview.error, t("state.unreachableHint"), t("state.unexpected"))}
            </p>
          )}
          <Button type="submit" loading={preview.isPending}>
            {t("bulk.preview")}
          </Button>
        </form>
      ) : (
        <div className={css["form"]}>
          <p>{t("bulk.will", { allowed: shown.allowed, refused: shown.refused })}</p>
          <ul className={css["list"]} tabIndex={0} aria-label={t("bulk.preview")}>
            {shown.items.map(({ ticket, number, subject, allowed, reason, events }) => (
              <li key={ticket} data-allowed={allowed}>
                {allowed ? <IconCheck size={14} aria-hidden /> : <IconAlert size={14} aria-hidden />}
                <b>{number ?? ticket}</b> <span>{subject}</span>
                <i>{allowed ? events.map(({ title }) => title).join(", ") : reason?.title}</i>
              </li>
            ))}
          </ul>
          <div className={css["foot"]}>
            <Button variant="default" onClick={() => preview.reset()}>
              {t("bulk.back")}
            </Button>
            <CommandButton
              size="sm"
              off={shown.allowed === 0 ? t("bulk.nothing") : undefined}
              run={async () => {
                const { jobId: started } = await post<{ jobId: string }>("/bulk", {
                  command: item.command,
                  body,
                  tickets,
                });
                setJobId(started);
              }}
            >
              {t("bulk.run", { count: shown.allowed })}
            </CommandButton>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function JobView({
  jobId,
  onJob,
  onClose,
}: {
  readonly jobId: string;
  onJob(jobId: string): void;
  onClose(): void;
}): React.ReactNode {
  const { t } = useText();
  const [told, setTold] = useState<JobProgress | null>(null);
  const job = useQuery({
    queryKey: ["bulk", jobId, told?.state],
    queryFn: ({ signal }) => get<Job>(`/bulk/${jobId}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? 1_000 : false),
    placeholderData: (before) => (before?.jobId === jobId ? before : undefined),
  });
  useWatch(
    { view: "job", filter: { jobId } },
    {
      frame: (frame) => {
        if (frame.type === "job") setTold(frame["job"] as JobProgress);
      },
    },
  );
  const progress = [told?.jobId === jobId ? told : null, job.data ?? null]
    .filter((each) => each !== null)
    .toSorted((a, b) => b.done + b.refused - a.done - a.refused)[0];
  if (progress === undefined) return <p role="status">{t("state.loading")}</p>;
  const finished = progress.state !== "running";
  const passed = progress.done + progress.refused;
  return (
    <div className={css["form"]}>
      <Progress value={(passed / Math.max(1, progress.total)) * 100} aria-label={t("bulk.progress")} />
      <p role="status">
        {t(progress.state === "stopped" ? "bulk.stopped" : finished ? "bulk.result" : "bulk.running", {
          done: progress.done,
          refused: progress.refused,
          total: progress.total,
        })}
      </p>
      <JobItems items={job.data?.items ?? none} stopped={progress.state === "stopped"} />
      <div className={css["foot"]}>
        {finished ? null : (
          <CommandButton size="sm" variant="default" run={() => post(`/bulk/${jobId}/stop`, {})}>
            {t("bulk.stop")}
          </CommandButton>
        )}
        {finished && progress.undoable ? (
          <CommandButton
            size="sm"
            variant="default"
            run={async () => onJob((await post<{ jobId: string }>(`/bulk/${jobId}/undo`, {})).jobId)}
          >
            {t("bulk.undo")}
          </CommandButton>
        ) : null}
        <Button onClick={onClose}>{t("action.close")}</Button>
      </div>
    </div>
  );
}

const none: Job["items"] = [];

/** A line a ticket. There may be a thousand of them, while the progress moves ten times a second. */
const JobItems = memo(function JobItems({
  items,
  stopped,
}: {
  readonly items: Job["items"];
  readonly stopped: boolean;
}): React.ReactNode {
  const { t } = useText();
  return (
    <ul className={css["list"]} tabIndex={0} aria-label={t("bulk.progress")}>
      {items.map(({ ticketId, number, outcome, title }) => (
        <li key={ticketId} data-allowed={outcome !== "refused"} data-outcome={outcome}>
          {outcome === "done" ? (
            <IconCheck size={14} aria-hidden />
          ) : outcome === "refused" ? (
            <IconAlert size={14} aria-hidden />
          ) : (
            <IconHourglass size={14} aria-hidden />
          )}
          <b>{number ?? ticketId}</b>{" "}
          <i>{outcome === "refused" ? title : t(outcome === "waiting" && stopped ? "bulk.left" : `bulk.${outcome}`)}</i>
        </li>
      ))}
    </ul>
  );
});

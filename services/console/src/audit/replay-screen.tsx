import type { ReplayStep } from "@docket/api-contract";
import { ActionIcon, Button, Slider, Tooltip } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { PriorityMark, StatusMark } from "../desk/marks.tsx";
import { Timeline } from "../desk/ticket/timeline.tsx";
import { useActions } from "../keys/registry.ts";
import { useText } from "../text/use-text.ts";
import { IconChevronLeft, IconChevronRight, IconPause, IconPlay } from "../ui/icons.ts";
import { Moment } from "../ui/moment.tsx";
import { Empty, Failure, Loading } from "../ui/states.tsx";
import css from "./audit.module.css";
import { ChainState } from "./chain-state.tsx";
import { useReplay } from "./replay-data.ts";
import { StepPanel } from "./step-panel.tsx";

const pace = 1_200;

/** A ticket's life as a film: a slider over its steps, the ticket and its clocks as they then stood. The address carries the step. */
export function ReplayScreen(): React.ReactNode {
  const { ticket: reference = "" } = useParams({ strict: false }) as { ticket?: string };
  return <Replayed key={reference} reference={reference} />;
}

function Replayed({ reference }: { readonly reference: string }): React.ReactNode {
  const { t, term } = useText();
  const navigate = useNavigate();
  const { step: asked } = useSearch({ strict: false }) as { step?: number | string };
  const step = Math.max(0, Math.floor(Number(asked ?? 1) || 1) - 1);
  const [playing, setPlaying] = useState(false);
  const { total, steps, current, head, error, again } = useReplay(reference, step);
  const last = Math.max(0, total - 1);
  const go = (to: number): void =>
    void navigate({
      to: ".",
      replace: true,
      search: ((before: object) => ({ ...before, step: Math.min(Math.max(0, to), last) + 1 })) as never,
    });
  useEffect(() => {
    document.title = `${t("audit.replayOf", { number: head?.number ?? reference })} · Docket`;
  }, [t, head?.number, reference]);
  useEffect(() => {
    if (!playing) return undefined;
    if (total > 0 && step >= last) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => go(step + 1), pace);
    return () => clearTimeout(timer);
  });
  const move = (id: string, title: "audit.previous" | "audit.next", keys: string[], by: number) => ({
    id,
    title,
    group: "audit.replay" as const,
    keys,
    run: () => go(step + by),
  });
  useActions([
    move("audit.next", "audit.next", ["j"], 1),
    move("audit.previous", "audit.previous", ["k"], -1),
    {
      id: "audit.play",
      title: playing ? "audit.pause" : "audit.play",
      group: "audit.replay",
      keys: ["p"],
      run: () => setPlaying(!playing),
    },
  ]);
  const toLast = (
    <Button size="xs" variant="default" onClick={() => go(last)}>
      {t("audit.toLast")}
    </Button>
  );
  if (error !== undefined) return <Failure error={error} retry={again} />;
  if (head !== undefined && total > 0 && step >= total) return <Empty title={t("audit.noSuchStep")}>{toLast}</Empty>;
  if (head === undefined || current === undefined) return <Loading rows={10} />;
  const { state } = current;
  const changed = (field: string): boolean => current.changes.some((each) => each.field === field);
  return (
    <div className={css["replay"]}>
      <header className={css["replayHead"]}>
        <h1>
          {t("audit.replayOf", { number: head.number })} <ChainState reference={head.number} />
        </h1>
        <div className={css["player"]}>
          <Tools playing={playing} onPlay={setPlaying} step={step} last={last} go={go} />
          <Slider
            className={css["slider"] ?? ""}
            min={1}
            max={Math.max(1, total)}
            value={step + 1}
            onChange={(value) => go(value - 1)}
            label={null}
            thumbLabel={t("audit.slider")}
            disabled={total < 2}
          />
          <output className={css["stepCount"]}>{t("audit.step", { step: step + 1, total })}</output>
        </div>
        <p className={css["headline"]} aria-live="polite">
          <b>{current.title}</b> ·{" "}
          {current.actor.role === "system"
            ? current.actor.roleTitle
            : `${current.actor.name ?? current.actor.id}, ${current.actor.roleTitle} · ${current.channelTitle}`}{" "}
          · <Moment at={current.occurredAt} />
        </p>
        {state === undefined ? null : (
          <p className={css["stateLine"]}>
            <span data-changed={changed("status")}>
              <StatusMark status={state.status} />
            </span>
            <span data-changed={changed("type")}>{term("ticketType", state.type)}</span>
            <span data-changed={changed("priority")}>
              <PriorityMark priority={state.priority} word />
            </span>
            <span className={css["subject"]}>{state.subject}</span>
            <Link
              to="/tickets/$ticket"
              params={{ ticket: head.number } as never}
              search={{ asOf: current.recordedAt } as never}
            >
              {t("audit.openTicket")}
            </Link>
          </p>
        )}
      </header>
      <div className={css["story"]}>
        <Timeline
          items={steps.map(asFact)}
          filesAt={`/tickets/${head.ticketId}`}
          marked={new Set([current.eventId])}
          key={Math.floor(step / 100)}
        />
      </div>
      <StepPanel step={current} steps={steps} ticketId={head.ticketId} />
    </div>
  );
}

const asFact = (step: ReplayStep) => ({
  eventId: step.eventId,
  revision: step.revision,
  position: step.position,
  type: step.type,
  occurredAt: step.occurredAt,
  recordedAt: step.recordedAt,
  actor: { id: step.actor.id, role: step.actor.role, name: step.actor.name },
  channel: step.channel,
  data: step.data,
  hash: step.hash,
});

interface ToolsProps {
  readonly playing: boolean;
  readonly step: number;
  readonly last: number;
  onPlay(playing: boolean): void;
  go(step: number): void;
}

function Tools({ playing, step, last, onPlay, go }: ToolsProps): React.ReactNode {
  const { t } = useText();
  const tool = (title: string, off: boolean, run: () => void, icon: React.ReactNode): React.ReactNode => (
    <Tooltip label={title}>
      <ActionIcon variant="default" aria-label={title} disabled={off} onClick={run}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div className={css["tools"]} role="group" aria-label={t("audit.replay")}>
      {tool(t("audit.previous"), step === 0, () => go(step - 1), <IconChevronLeft size={16} />)}
      {tool(
        t(playing ? "audit.pause" : "audit.play"),
        last === 0,
        () => {
          if (!playing && step >= last) go(0);
          onPlay(!playing);
        },
        playing ? <IconPause size={16} /> : <IconPlay size={16} />,
      )}
      {tool(t("audit.next"), step >= last, () => go(step + 1), <IconChevronRight size={16} />)}
    </div>
  );
}

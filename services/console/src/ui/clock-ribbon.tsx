import { useId, useState } from "react";
import { absoluteTime, durationText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { now } from "../time/now.ts";
import type { ClockPart, RibbonClock } from "./clock.ts";
import css from "./ui.module.css";

interface RibbonProps {
  readonly clock: RibbonClock;
  /** the moment that is looked at; now when left out */
  readonly at?: number | null;
  readonly size?: "mini" | "full";
}

const colours = { counted: "var(--accent)", off: "var(--line)" } as const;

/**
 * The product's own picture: a bar from a clock's start to its deadline. Counted time is solid, a pause hatched, time outside
 * working hours faint; a mark for now, a flag for the deadline, an end cap for met or missed. The full one is walked with the
 * arrow keys or the pointer, interval by interval.
 */
export function ClockRibbon({ clock, at = null, size = "mini" }: RibbonProps): React.ReactNode {
  const { t, term } = useText();
  const hatch = useId();
  const [walked, setWalked] = useState<number | null>(null);
  const full = size === "full";
  const moment = at ?? now();
  const start = Date.parse(clock.startedAt);
  const deadline = clock.deadline === null ? null : Date.parse(clock.deadline);
  const stopped = clock.stoppedAt === null ? null : Date.parse(clock.stoppedAt);
  const end = Math.max(
    deadline ?? start,
    stopped ?? moment,
    ...clock.parts.map(({ to }) => Math.min(Date.parse(to), deadline ?? moment)),
    start + 1,
  );
  const x = (instant: number): number => Math.max(0, Math.min(100, ((instant - start) / (end - start)) * 100));
  const height = full ? 22 : 8;
  const drawn = clock.parts.filter(({ from }) => Date.parse(from) < end);
  const describe = (part: ClockPart): string =>
    t("ribbon.part", {
      from: absoluteTime(Date.parse(part.from)),
      to: absoluteTime(Date.parse(part.to)),
      length: durationText(Date.parse(part.to) - Date.parse(part.from)),
      what: t(`ribbon.${part.kind}`),
      why: part.because === null ? "" : ` (${term("pausedBecause", part.because)})`,
    });
  const current = walked === null ? undefined : drawn[walked];
  const picture = (
    <svg viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" height={height} aria-hidden>
      <defs>
        <pattern id={hatch} width="1.2" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(30)">
          <rect width="0.5" height="4" fill="var(--line-strong)" />
        </pattern>
      </defs>
      <rect x="0" y={height * 0.25} width="100" height={height * 0.5} fill="var(--sunken)" />
      {drawn.map((part, index) => {
        const [from, to] = [x(Date.parse(part.from)), x(Date.parse(part.to))];
        const fill = part.kind === "paused" ? `url(#${hatch})` : colours[part.kind];
        const ahead = Date.parse(part.from) >= (stopped ?? moment);
        return (
          <rect
            key={part.from}
            x={from}
            width={Math.max(0.3, to - from)}
            y={height * (part.kind === "off" ? 0.42 : 0.25)}
            height={height * (part.kind === "off" ? 0.16 : 0.5)}
            fill={fill}
            opacity={ahead && part.kind === "counted" ? 0.28 : 1}
            stroke={walked === index ? "var(--ink)" : "none"}
            strokeWidth={0.3}
            onPointerEnter={full ? () => setWalked(index) : undefined}
          />
        );
      })}
      {stopped === null && moment < end ? (
        <rect x={x(moment) - 0.2} width={0.4} y={0} height={height} fill="var(--ink)" />
      ) : null}
      {deadline === null ? null : (
        <rect
          x={Math.min(99.4, x(deadline))}
          width={0.6}
          y={0}
          height={height}
          fill={clock.state === "missed" ? "var(--bad)" : "var(--ink-2)"}
        />
      )}
      {stopped === null ? null : (
        <rect
          x={Math.min(99, x(stopped))}
          width={1}
          y={height * 0.1}
          height={height * 0.8}
          fill={clock.state === "missed" ? "var(--bad)" : "var(--good)"}
        />
      )}
    </svg>
  );
  if (!full) return <div className={css["ribbon"]}>{picture}</div>;
  const step = (by: number): void =>
    setWalked((before) => Math.max(0, Math.min(drawn.length - 1, (before ?? (by > 0 ? -1 : drawn.length)) + by)));
  return (
    <div>
      <div
        className={css["ribbon"]}
        role="slider"
        tabIndex={0}
        aria-label={t("ribbon.label", { clock: term("clockKind", clock.kind) })}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, drawn.length - 1)}
        aria-valuenow={walked ?? 0}
        aria-valuetext={current === undefined ? term("clockState", clock.state) : describe(current)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
          event.preventDefault();
          step(event.key === "ArrowRight" ? 1 : -1);
        }}
        onPointerLeave={() => setWalked(null)}
      >
        {picture}
      </div>
      <p className={css["walk"]} data-shown={current !== undefined}>
        {current === undefined ? t("ribbon.hint") : describe(current)}
      </p>
    </div>
  );
}

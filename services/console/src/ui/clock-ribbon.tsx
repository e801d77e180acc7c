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

/** A ribbon's scale: where instants lie on it, in hundredths of its length. */
interface Scale {
  readonly moment: number;
  readonly deadline: number | null;
  readonly stopped: number | null;
  readonly end: number;
  readonly drawn: readonly ClockPart[];
  x(instant: number): number;
}

function scaleOf(clock: RibbonClock, at: number | null): Scale {
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
  return {
    moment,
    deadline,
    stopped,
    end,
    drawn: clock.parts.filter(({ from }) => Date.parse(from) < end),
    x: (instant) => Math.max(0, Math.min(100, ((instant - start) / (end - start)) * 100)),
  };
}

/**
 * The product's own picture: a bar from a clock's start to its deadline. Counted time is solid, a pause hatched, time outside
 * working hours faint; a mark for now, a flag for the deadline, an end cap for met or missed. The full one is walked with the
 * arrow keys or the pointer, interval by interval.
 */
export function ClockRibbon({ clock, at = null, size = "mini" }: RibbonProps): React.ReactNode {
  return size === "full" ? (
    <FullRibbon clock={clock} at={at} />
  ) : (
    <div className={css["miniRibbon"]} style={{ background: miniPicture(clock, at) }} aria-hidden />
  );
}

const capColour = ({ state }: RibbonClock, otherwise: string): string =>
  state === "missed" ? "var(--bad)" : otherwise;

/**
 * The same picture as the backgrounds of one element: a list has a hundred of them, and drawings of ten elements each are what
 * drawing a list takes longest for.
 */
function miniPicture(clock: RibbonClock, at: number | null): string {
  const { moment, deadline, stopped, end, drawn, x } = scaleOf(clock, at);
  const layers: string[] = [];
  const bar = (image: string, from: number, length: number, height: number): void => {
    const width = Math.min(100, length);
    // A position in hundredths tells where the rest of the length is put.
    const left = width >= 100 ? 0 : (Math.min(from, 100 - width) / (100 - width)) * 100;
    layers.push(`${image} ${left.toFixed(2)}% 50% / ${width.toFixed(2)}% ${height}px no-repeat`);
  };
  const plain = (colour: string): string => `linear-gradient(${colour}, ${colour})`;
  if (stopped !== null) bar(plain(capColour(clock, "var(--good)")), x(stopped) - 1, 1.5, 7);
  if (deadline !== null) bar(plain(capColour(clock, "var(--ink-2)")), x(deadline), 1, 8);
  if (stopped === null && moment < end) bar(plain("var(--ink)"), x(moment) - 0.5, 1, 8);
  for (const part of drawn) {
    const [from, to] = [x(Date.parse(part.from)), x(Date.parse(part.to))];
    const ahead = Date.parse(part.from) >= (stopped ?? moment);
    if (part.kind === "off") bar(plain("var(--line)"), from, Math.max(0.3, to - from), 2);
    else if (part.kind === "paused")
      bar(
        "repeating-linear-gradient(120deg, var(--line-strong) 0 1px, transparent 1px 3px)",
        from,
        Math.max(0.3, to - from),
        4,
      );
    else
      bar(
        plain(ahead ? "color-mix(in srgb, var(--accent) 28%, transparent)" : "var(--accent)"),
        from,
        Math.max(0.3, to - from),
        4,
      );
  }
  bar(plain("var(--sunken)"), 0, 100, 4);
  return layers.join(", ");
}

const colours = { counted: "var(--accent)", off: "var(--line)" } as const;
const height = 24;

function FullRibbon({ clock, at }: { readonly clock: RibbonClock; readonly at: number | null }): React.ReactNode {
  const { t, term } = useText();
  const hatch = useId();
  const [walked, setWalked] = useState<number | null>(null);
  const { moment, deadline, stopped, end, drawn, x } = scaleOf(clock, at);
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
            onPointerEnter={() => setWalked(index)}
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
          fill={capColour(clock, "var(--ink-2)")}
        />
      )}
      {stopped === null ? null : (
        <rect
          x={Math.min(99, x(stopped))}
          width={1}
          y={height * 0.1}
          height={height * 0.8}
          fill={capColour(clock, "var(--good)")}
        />
      )}
    </svg>
  );
  const step = (by: number): void =>
    setWalked((before) => Math.max(0, Math.min(drawn.length - 1, (before ?? (by > 0 ? -1 : drawn.length)) + by)));
  return (
    <div className={css["walked"]}>
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

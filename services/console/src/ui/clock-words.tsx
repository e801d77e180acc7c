import { absoluteTime } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { useTicking } from "../time/now.ts";
import { readClock, type OpenHours, type RibbonClock, type Risk } from "./clock.ts";
import { IconAlert, IconCheck, IconClock, IconHourglass, IconPause, IconX } from "./icons.ts";
import { useTip } from "./tip.tsx";
import css from "./ui.module.css";

interface ClockWordsProps {
  readonly clock: RibbonClock;
  readonly hours?: OpenHours | undefined;
  /** when the clock was read, milliseconds */
  readonly readAt: number;
  /** a past moment stands still */
  readonly at?: number | null;
}

/** A clock's countdown in words, moving by itself in working hours; colour never alone, always with an icon. */
export function ClockWords({ clock, hours, readAt, at = null }: ClockWordsProps): React.ReactNode {
  const texts = useText();
  const told = useTicking((moment) => {
    const { text, risk, moving, sentence } = readClock(clock, hours, readAt, at ?? moment, texts);
    return [risk, moving ? "moving" : "still", text, sentence].join("\n");
  });
  const [risk, motion, text, read] = told.split("\n") as [Risk, string, string, string];
  const Icon =
    risk === "bad"
      ? IconAlert
      : risk === "warn"
        ? IconHourglass
        : risk === "good"
          ? IconCheck
          : motion === "moving"
            ? IconClock
            : clock.state === "cancelled"
              ? IconX
              : IconPause;
  const due =
    clock.deadline === null ? "" : `. ${texts.t("clock.due", { at: absoluteTime(Date.parse(clock.deadline)) })}`;
  const sentence = `${read}${due}`;
  const tip = useTip(sentence);
  return (
    <>
      <span
        {...tip.target}
        className={css["words"]}
        data-tour="clock"
        data-risk={risk}
        role="img"
        aria-label={sentence}
      >
        <Icon size={13} aria-hidden />
        {text}
      </span>
      {tip.shown}
    </>
  );
}

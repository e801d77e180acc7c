import { absoluteTime, relativeTime, shortTime } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import { useTicking } from "../time/now.ts";
import { useTip } from "./tip.tsx";
import css from "./ui.module.css";

interface MomentProps {
  /** ISO instant or milliseconds */
  readonly at: string | number;
  /** `relative`: "3 h ago"; `short` (usual): the time of today, the date before */
  readonly form?: "relative" | "short";
  /** another zone than the browser's for the whole form */
  readonly zone?: string;
}

/** A time: short or relative to read, whole and with its zone on hover and on focus. */
export function Moment({ at, form = "short", zone }: MomentProps): React.ReactNode {
  useText();
  const instant = typeof at === "number" ? at : Date.parse(at);
  const text = useTicking((now) => (form === "relative" ? relativeTime(instant, now) : shortTime(instant, now)));
  const tip = useTip(absoluteTime(instant, zone));
  return (
    <>
      <time {...tip.target} className={css["moment"]} dateTime={new Date(instant).toISOString()}>
        {text}
      </time>
      {tip.shown}
    </>
  );
}

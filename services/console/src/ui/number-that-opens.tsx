import { Link } from "@tanstack/react-router";
import { numberText } from "../text/format.ts";
import { useText } from "../text/use-text.ts";
import css from "./ui.module.css";

interface NumberProps {
  readonly value: number;
  /** address of the list that the figure counts */
  readonly to: string;
  readonly search?: Readonly<Record<string, unknown>>;
  /** what is counted, for those who do not see the heading */
  readonly label: string;
  readonly suffix?: string;
  readonly capped?: boolean;
  /** the figure as it is said, when it is no plain number */
  readonly text?: string;
}

/** A figure that is a link to the list that it counts. */
export function NumberThatOpens({ value, to, search, label, suffix, capped, text }: NumberProps): React.ReactNode {
  useText();
  const shown = text ?? `${numberText(value)}${capped === true ? "+" : ""}${suffix ?? ""}`;
  return (
    <Link className={css["number"] ?? ""} to={to} search={(search ?? {}) as never} aria-label={`${label}: ${shown}`}>
      {shown}
    </Link>
  );
}

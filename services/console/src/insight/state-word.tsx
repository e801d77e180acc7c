import type { Icon } from "@tabler/icons-react";
import { IconAlert, IconCheck, IconClock, IconHourglass, IconPause } from "../ui/icons.ts";
import css from "./insight.module.css";

const icons: Readonly<Record<string, Icon>> = {
  missed: IconAlert,
  will_miss: IconHourglass,
  met: IconCheck,
  in_time: IconCheck,
  running: IconClock,
  paused: IconPause,
};

interface StateWordProps {
  /** of a clock, or what is to be expected of it; null: there is none */
  readonly state: string | null;
  readonly children: React.ReactNode;
}

/** What a clock came to: its colour never alone, always with a sign and a word. */
export function StateWord({ state, children }: StateWordProps): React.ReactNode {
  const Sign = state === null ? undefined : icons[state];
  return (
    <span className={css["stateWord"]} data-state={state}>
      {Sign === undefined ? null : <Sign size={14} aria-hidden />}
      {children}
    </span>
  );
}

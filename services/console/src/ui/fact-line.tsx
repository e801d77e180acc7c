import { useState } from "react";
import { useText } from "../text/use-text.ts";
import { iconOfEvent } from "./event-icons.ts";
import { Moment } from "./moment.tsx";
import css from "./ui.module.css";

/** One event, from whatever list it comes (timeline, replay, journal, history). */
export interface Fact {
  readonly eventId: string;
  readonly type: string;
  /** the moment at which it happened, ISO */
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: { readonly id: string; readonly role: string; readonly name: string | null };
  readonly channel: string;
  readonly revision: number;
  readonly position?: string;
  readonly hash?: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

interface FactLineProps {
  readonly fact: Fact;
  /** what changed, old to new */
  readonly change?: React.ReactNode;
  /** what was said; shown below */
  readonly children?: React.ReactNode;
  readonly title?: string;
}

/** One event as one line: icon, who in which role, by which channel, what changed, when. Opens to the raw event with position and hash. */
export function FactLine({ fact, change, children, title }: FactLineProps): React.ReactNode {
  const { t, term, eventTitle } = useText();
  const [open, setOpen] = useState(false);
  const Icon = iconOfEvent(fact.type);
  const who = fact.actor.name ?? (fact.actor.role === "system" ? term("role", "system") : fact.actor.id);
  const role = term("role", fact.actor.role);
  return (
    <div className={css["fact"]} data-event={fact.type}>
      <Icon size={16} aria-hidden />
      <div className={css["factHead"]}>
        <span className={css["factWhat"]}>{title ?? eventTitle(fact.type)}</span>
        {change === undefined ? null : <span className={css["factChange"]}> {change}</span>}{" "}
        <span className={css["factWho"]}>
          ·{" "}
          {fact.actor.role === "system"
            ? who
            : `${who === role ? who : `${who}, ${role}`} · ${term("channel", fact.channel)}`}
        </span>
      </div>
      <span className={css["factWhen"]}>
        <Moment at={fact.occurredAt} />{" "}
        <button type="button" className={css["quiet"]} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("fact.raw")}
        </button>
      </span>
      {children === undefined && !open ? null : (
        <div className={css["factBody"]}>
          {children}
          {open ? (
            <pre className={css["raw"]} tabIndex={0}>
              {JSON.stringify(fact, null, 2)}
            </pre>
          ) : null}
        </div>
      )}
    </div>
  );
}

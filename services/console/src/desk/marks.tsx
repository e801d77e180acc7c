import type { TicketRow } from "@docket/api-contract";
import { useText } from "../text/use-text.ts";
import css from "./marks.module.css";

interface StatusMarkProps {
  readonly status: TicketRow["status"];
  /** in a list: the long states in fewer words, the whole of them on hover */
  readonly short?: boolean;
}

const isLong = (status: string): status is "waiting_customer" | "waiting_approval" | "result_confirmation" =>
  status.startsWith("waiting_") || status === "result_confirmation";

/** A ticket's state: a dot that fills up as the work goes on, and its word. */
export function StatusMark({ status, short = false }: StatusMarkProps): React.ReactNode {
  const { t, term } = useText();
  const whole = term("ticketStatus", status);
  const fewer = short && isLong(status);
  return (
    <span className={css["status"]} data-status={status} title={fewer ? whole : undefined}>
      <i aria-hidden />
      <span>{fewer ? t(`status.short.${status}`) : whole}</span>
    </span>
  );
}

/** Priority as one, two or three bars; the word is there for those who do not see them. */
export function PriorityMark({
  priority,
  word = false,
}: {
  readonly priority: TicketRow["priority"];
  readonly word?: boolean;
}): React.ReactNode {
  const { term } = useText();
  return (
    <span className={css["priority"]} data-priority={priority} title={word ? undefined : term("priority", priority)}>
      <i aria-hidden />
      <span className={word ? undefined : "visually-hidden"}>{term("priority", priority)}</span>
    </span>
  );
}

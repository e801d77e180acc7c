import type { TicketRow } from "@docket/api-contract";
import { useText } from "../text/use-text.ts";
import css from "./marks.module.css";

/** A ticket's state: a dot that fills up as the work goes on, and its word. */
export function StatusMark({ status }: { readonly status: TicketRow["status"] }): React.ReactNode {
  const { term } = useText();
  return (
    <span className={css["status"]} data-status={status}>
      <i aria-hidden />
      <span>{term("ticketStatus", status)}</span>
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
    <span className={css["priority"]} data-priority={priority}>
      <i aria-hidden />
      <span className={word ? undefined : "visually-hidden"}>{term("priority", priority)}</span>
    </span>
  );
}

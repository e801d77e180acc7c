import type { TicketQueue } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import { and, missing, never, not, oneOf, or, present, type Filter } from "../query/filter.ts";

/** How near a deadline has to be to count as due soon; one that has passed and still stands open counts as well. */
export const dueSoonMs = 2 * 3_600_000;

/** What a view depends on beside the rows. */
export interface ViewContext {
  readonly caller: Principal;
  /** groups of which the caller is a member */
  readonly groupIds: readonly string[];
  /** lines of those groups */
  readonly lines: readonly number[];
  readonly now: Date;
}

const running = oneOf(
  "status",
  "registered",
  "classified",
  "assigned",
  "in_work",
  "waiting_customer",
  "waiting_approval",
);

/** What a stock view holds, as a condition on open tickets (of all tickets, for `closed`). Lists, counters and frames use it alike. */
export function queueFilter(view: TicketQueue, { caller, groupIds, lines, now }: ViewContext): Filter {
  switch (view) {
    case "all-open":
      return not(oneOf("status", "closed"));
    case "unassigned":
      return or(oneOf("status", "registered", "classified"), and(oneOf("status", "assigned"), missing("engineer_id")));
    case "my-line":
      return groupIds.length === 0
        ? never
        : and(
            running,
            or(oneOf("group_id", ...groupIds), and(missing("group_id"), oneOf("line", ...lines)), firstLine(lines)),
          );
    case "mine":
      return mine(caller);
    case "due-soon":
      return and(running, present("next_deadline"), {
        op: "between",
        column: "next_deadline",
        to: new Date(now.getTime() + dueSoonMs),
      });
    case "missed":
      return and(running, or(oneOf("reaction_state", "missed"), oneOf("resolution_state", "missed")));
    case "waiting":
      return oneOf("status", "waiting_customer", "waiting_approval");
    case "under-control":
      return and(oneOf("under_control", true), not(oneOf("status", "closed")));
    case "confirmation":
      return oneOf("status", "result_confirmation");
    case "closed":
      return oneOf("status", "closed");
  }
}

/** What nobody has been given yet is the first line's to dispatch. */
const firstLine = (lines: readonly number[]): Filter =>
  lines.includes(1) ? oneOf("status", "registered", "classified") : never;

/** A specialist's own work; of a customer's person, what he asked for himself. */
function mine(caller: Principal): Filter {
  if (caller.staffId !== null) return and(oneOf("engineer_id", caller.staffId), not(oneOf("status", "closed")));
  if (caller.personId !== null)
    return and(oneOf("requester_person_id", caller.personId), not(oneOf("status", "closed")));
  return never;
}

/** Views that change by the mere passing of time. */
export const movesWithTime = (view: TicketQueue): boolean => view === "due-soon";

/** Views that a customer's people do not have: they are made of what he does not see. */
export const staffOnlyViews: ReadonlySet<TicketQueue> = new Set(["my-line", "due-soon", "under-control"]);

export const queueNames = [
  "unassigned",
  "my-line",
  "mine",
  "due-soon",
  "missed",
  "waiting",
  "under-control",
  "confirmation",
  "closed",
  "all-open",
] as const;

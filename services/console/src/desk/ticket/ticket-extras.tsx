import type { Account, TicketView } from "@docket/api-contract";
import { isCustomer } from "../../api/session.ts";
import { withLaterTexts } from "../../text/i18n.ts";
import { laterPart } from "../../ui/later-part.ts";

/** What other areas add to the head of a ticket (the state of its chain, a way to its replay). */
export interface TicketExtra {
  readonly id: string;
  show(account: Account): boolean;
  readonly Part: React.ComponentType<{ readonly ticket: TicketView }>;
}

export const ticketExtras: readonly TicketExtra[] = [
  {
    id: "rating",
    show: isCustomer,
    Part: laterPart(() => import("../../portal/rating.tsx").then(({ RatingPart }) => RatingPart)),
  },
  {
    id: "audit",
    show: ({ role }) => role === "auditor",
    Part: laterPart(() => withLaterTexts(import("../../audit/ticket-part.tsx")).then(({ TicketPart }) => TicketPart)),
  },
];

import { withLaterTexts } from "../../text/i18n.ts";
import type { Account, TicketView } from "@docket/api-contract";
import { lazy } from "react";
import { isCustomer } from "../../api/session.ts";

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
    Part: lazy(() => import("../../portal/rating.tsx").then(({ RatingPart }) => ({ default: RatingPart }))),
  },
  {
    id: "audit",
    show: ({ role }) => role === "auditor",
    Part: lazy(() =>
      withLaterTexts(import("../../audit/ticket-part.tsx")).then(({ TicketPart }) => ({ default: TicketPart })),
    ),
  },
];

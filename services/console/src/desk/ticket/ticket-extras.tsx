import type { Account, TicketView } from "@docket/api-contract";

/** What other areas add to the head of a ticket (the state of its chain, a way to its replay). */
export interface TicketExtra {
  readonly id: string;
  show(account: Account): boolean;
  readonly Part: React.ComponentType<{ readonly ticket: TicketView }>;
}

export const ticketExtras: readonly TicketExtra[] = [];

import { priorities } from "virtual:priorities";

export const ticketTypes = Object.keys(priorities) as (keyof typeof priorities)[];
export const allPriorities = ["high", "medium", "low"] as const;

export type TicketType = (typeof ticketTypes)[number];
export type Priority = (typeof allPriorities)[number];

/** R §3.3: may a ticket of this type have this priority? */
export const mayHave = (type: TicketType, priority: Priority): boolean => priorities[type].includes(priority);

/** as a ticket passes through them */
export const ticketStatuses: readonly string[] = [
  "registered",
  "classified",
  "assigned",
  "in_work",
  "waiting_customer",
  "waiting_approval",
  "result_confirmation",
  "closed",
];
export const channels: readonly string[] = [
  "email",
  "phone",
  "portal",
  "monitoring",
  "manager",
  "chat",
  "plan",
  "import",
];

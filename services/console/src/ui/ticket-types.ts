import { allPriorities, channels, priorities, ticketStatuses } from "virtual:ticket-values";

export { allPriorities, channels, ticketStatuses };
export const ticketTypes = Object.keys(priorities) as (keyof typeof priorities)[];

export type TicketType = (typeof ticketTypes)[number];
export type Priority = (typeof allPriorities)[number];

/** R §3.3: may a ticket of this type have this priority? */
export const mayHave = (type: TicketType, priority: Priority): boolean => priorities[type].includes(priority);

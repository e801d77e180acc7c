import type { Priority, TicketType } from "./values.ts";

/** R §3.3: which priorities a type may have. */
export const allowedPriorities: Readonly<Record<TicketType, readonly Priority[]>> = {
  incident: ["high", "medium", "low"],
  change: ["medium", "low"],
  consultation: ["low"],
  scheduled_work: ["low"],
};

/** Whether a type and a priority go together (R §3.3). */
export function isAllowedPair(type: TicketType, priority: Priority): boolean {
  return allowedPriorities[type].includes(priority);
}

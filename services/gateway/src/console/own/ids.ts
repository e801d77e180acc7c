import { Refusal } from "../../http/refusal.ts";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Ids of tickets as an address holds them: repeated, or separated by commas. Throws `too_long`, `bad_format`. */
export function ticketIdsOf(given: string | readonly string[], limit: number): string[] {
  const tickets = [...new Set([given].flat().flatMap((value) => value.split(",")))];
  if (tickets.length > limit) throw new Refusal("too_long", { field: "tickets", params: { limit } });
  if (!tickets.every((ticketId) => uuid.test(ticketId))) throw new Refusal("bad_format", { field: "tickets" });
  return tickets;
}

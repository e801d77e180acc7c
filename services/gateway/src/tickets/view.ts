import type { TicketView } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import { detailsFor } from "../policy/redaction.ts";
import { ticketRowFor } from "./rows.ts";

/** A row of `read.ticket` with its further state, as the caller sees it. */
export const ticketViewFor = (caller: Principal, row: Readonly<Record<string, unknown>>): Omit<TicketView, "asOf"> => ({
  ...ticketRowFor(caller, row),
  details: { ...detailsFor(caller, row["details"] as Record<string, unknown>) },
});

import { sql } from "kysely";
import { ticketFields, type TicketRow } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import { rowFor } from "../policy/redaction.ts";
import { columnsOf, namedColumns } from "../query/rows.ts";

const names = columnsOf(ticketFields);

/** Every column that a row of a list needs. */
export const ticketColumns: readonly string[] = Object.values(names);

/** Columns that may be empty, and by which a list may be sorted. */
export const nullableTicketColumns: ReadonlySet<string> = new Set([
  "requester_person_id",
  "requester_email",
  "product",
  "region",
  "line",
  "group_id",
  "engineer_id",
  "closed_because",
  "reaction_deadline",
  "resolution_deadline",
  "ola_deadline",
  "next_deadline",
  "auto_close_at",
  "accepted_at",
  "resolved_at",
  "closed_at",
]);

export const ticketKey = sql.ref("t.ticket_id");

/** A row of `read.ticket` or `read.queue` as the caller sees it. */
export const ticketRowFor = (caller: Principal, row: Readonly<Record<string, unknown>>): TicketRow =>
  rowFor(caller, namedColumns(row, names)) as TicketRow;

/** Where a search looks. */
export const searchedTicketColumns = ["number", "subject", "requester_name", "requester_email", "product"] as const;

import { sql } from "kysely";
import type { EventStore } from "@docket/event-store";
import type { Db } from "@docket/postgres";
import type { Principal } from "../auth/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { visibility } from "../policy/policy.ts";
import { and, oneOf } from "../query/filter.ts";
import { matches } from "../query/filter-match.ts";
import { filterSql } from "../query/filter-sql.ts";
import type { Moment } from "../query/moment.ts";
import { knownAt } from "../query/past.ts";
import { ticketColumns } from "./rows.ts";

const isId = (ref: string): boolean => ref.length === 36;

/** A ticket's identity never changes, so that what was once seen may be remembered. */
interface Known {
  readonly ticketId: string;
  readonly number: string;
  readonly organizationId: string;
}

export interface TicketFinder {
  /**
   * The ticket that an address names, if the caller may see it; throws `ticket_not_found` (also for one that he may not
   * see). With `trustId` the id from who sees every ticket is taken as it is: the desk itself will say whether there is such a
   * ticket, and one that was registered a moment ago is found without waiting for the read side.
   */
  resolve(
    caller: Principal,
    ref: string,
    options?: { readonly trustId?: boolean },
  ): Promise<{ readonly ticketId: string; readonly number: string | null }>;
}

const remembered = 50_000;

export function createTicketFinder(db: Db, store: Pick<EventStore, "load">): TicketFinder {
  const byRef = new Map<string, Known>();

  async function load(ref: string): Promise<Known | undefined> {
    const known = byRef.get(ref);
    if (known !== undefined) return known;
    const row = await db
      .selectFrom("read.ticket")
      .select(["ticket_id", "number", "organization_id"])
      .where(isId(ref) ? "ticket_id" : "number", "=", ref)
      .executeTakeFirst();
    const found =
      row === undefined
        ? await justRegistered(ref)
        : { ticketId: row.ticket_id, number: row.number, organizationId: row.organization_id };
    if (found === undefined) return undefined;
    if (byRef.size >= remembered) byRef.clear();
    byRef.set(found.ticketId, found);
    byRef.set(found.number, found);
    return found;
  }

  /** A ticket that the read side does not know yet, from the store. */
  async function justRegistered(ref: string): Promise<Known | undefined> {
    if (!isId(ref)) return undefined;
    const [first] = await store.load(`ticket-${ref}`, { limit: 1 });
    return first?.type === "TicketRegistered"
      ? { ticketId: ref, number: first.data.number, organizationId: first.data.organizationId }
      : undefined;
  }

  return {
    async resolve(caller, ref, { trustId = false } = {}) {
      const wanted = isId(ref) ? ref : ref.toUpperCase();
      if (trustId && isId(ref) && visibility(caller, "ticket").op === "always")
        return { ticketId: wanted, number: byRef.get(wanted)?.number ?? null };
      const known = await load(wanted);
      if (known === undefined || !sees(caller, known)) throw new Refusal("ticket_not_found");
      return known;
    },
  };
}

/** The same condition as every list's, on the one column that it names. */
function sees(caller: Principal, { ticketId, organizationId }: Known): boolean {
  return matches(visibility(caller, "ticket"), { ticket_id: ticketId, organization_id: organizationId });
}

/** The row of a ticket, now or as it was at a moment, if the caller may see it. */
export async function readTicket(
  db: Db,
  caller: Principal,
  ticketId: string,
  moment: Moment,
): Promise<Record<string, unknown>> {
  const filter = filterSql(and(oneOf("ticket_id", ticketId), visibility(caller, "ticket")), "t");
  const columns = sql.join([...ticketColumns, "details"].map((column) => sql.ref(`t.${column}`)));
  const result = await sql<Record<string, unknown>>`${
    moment.pinned
      ? sql`select ${columns} from read.ticket_history as t
          where ${filter} and t.revision = (select max(v.revision) from read.ticket_version v where v.ticket_id = ${ticketId} and ${knownAt("v", moment)})`
      : sql`select ${columns} from read.ticket as t where ${filter}`
  }`.execute(db);
  const row = result.rows[0];
  if (row === undefined) throw new Refusal("ticket_not_found");
  return row;
}

import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { consoleRoutes, type OutgoingMail } from "@docket/api-contract";
import { findContract, findPerson, findStaff } from "@docket/domain";
import { isCustomer, type Principal } from "../../auth/principal.ts";
import type { Directory } from "../../directory/directory.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import { visibility } from "../../policy/policy.ts";
import { filterSql } from "../../query/filter-sql.ts";
import { readTicket, type TicketFinder } from "../../tickets/find.ts";
import { readMails } from "./mails.ts";
import { neighbourOf, similarTickets } from "./similar.ts";

const mostNeighbours = 20;

/** What stands around a ticket: its mails, who hears of it, and the tickets that have to do with it. */
export function serveAround(
  app: FastifyInstance,
  serving: Serving,
  parts: { readonly finder: TicketFinder; readonly directory: Directory },
): void {
  const { deps, serve } = serving;
  const { db } = deps;

  serve(app, consoleRoutes.mails, {}, async ({ caller, params, query }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await parts.finder.resolve(caller, params.ticket);
    const { items, last } = await readMails(deps, caller, { ticketId, limit: query.limit, before: query.page });
    return { items: isCustomer(caller) ? items.filter(isOwn(caller)) : items, nextPage: last };
  });

  serve(app, consoleRoutes.mailLog, {}, async ({ caller, query }) => {
    demand(caller, { do: "seeMailLog" });
    const { items, last } = await readMails(deps, caller, { ...query, before: query.page });
    return { items, nextPage: last };
  });

  serve(app, consoleRoutes.watchers, {}, async ({ caller, params, reply }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await parts.finder.resolve(caller, params.ticket);
    const row = await readTicket(db, caller, ticketId, await serving.moment({}, reply));
    const { rows: following } = await sql<{ account_id: string; name: string | null }>`
      select w.account_id, a.display_name as name from app.watched_tickets w
        left join app.accounts a on a.id::text = w.account_id
      where w.ticket_id = ${ticketId} order by w.since limit 100`.execute(db);
    const mine = following.some(({ account_id }) => account_id === caller.accountId);
    const email = row["requester_email"] as string | null;
    const requester = {
      role: "requester" as const,
      id: row["requester_person_id"] as string | null,
      name: row["requester_name"] as string,
      email,
      mail: email !== null,
    };
    if (isCustomer(caller)) return { items: [requester], following: mine };
    const directory = parts.directory.now();
    const manager = findContract(directory, row["contract_id"] as string)?.serviceManagerId ?? null;
    const staff = (role: "engineer" | "manager", id: string | null) => {
      const member = id === null ? null : findStaff(directory, id);
      return member === null ? [] : [{ role, id, name: member.name, email: member.email, mail: true }];
    };
    return {
      items: [
        requester,
        ...staff("engineer", row["engineer_id"] as string | null),
        ...staff("manager", manager),
        ...following.map(({ account_id, name }) => ({
          role: "follower" as const,
          id: account_id,
          name: name ?? account_id,
          email: null,
          mail: false,
        })),
      ],
      following: mine,
    };
  });

  serve(app, consoleRoutes.related, {}, async ({ caller, params, reply }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await parts.finder.resolve(caller, params.ticket);
    const row = await readTicket(db, caller, ticketId, await serving.moment({}, reply));
    const { description } = row["details"] as { description?: string };
    const [links, sameRequester, similar] = await Promise.all([
      isCustomer(caller) ? [] : linksOf(caller, ticketId),
      ofSameRequester(caller, row),
      similarTickets(db, caller, {
        text: `${String(row["subject"])}\n${description ?? ""}`,
        limit: 10,
        except: ticketId,
        ...(isCustomer(caller) ? {} : { organizationId: row["organization_id"] as string }),
      }),
    ]);
    return { links, sameRequester, similar };
  });

  serve(app, consoleRoutes.similar, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { q, organizationId, product, open, limit } = query;
    return {
      items: await similarTickets(db, caller, { text: q, organizationId, product, open: open === "true", limit }),
    };
  });

  type Found = Parameters<typeof neighbourOf>[0];

  /** Links are the centre's business: they may name another customer's ticket. */
  async function linksOf(caller: Principal, ticketId: string) {
    const { rows } = await sql<Found & { kind: string; direction: "out" | "in" }>`
      select t.ticket_id, t.number, t.subject, t.status, t.organization_id, t.product, t.registered_at, l.kind, l.direction
      from (
        select to_id as other, kind, 'out' as direction, position from read.ticket_link where from_id = ${ticketId}
        union all
        select from_id, kind, 'in', position from read.ticket_link where to_id = ${ticketId}) l
      join read.ticket t on t.ticket_id = l.other
      where ${filterSql(visibility(caller, "ticket"), "t")} order by l.position desc limit ${sql.lit(mostNeighbours)}`.execute(
      db,
    );
    return rows.map((row) => ({ ...neighbourOf(row), kind: row.kind, direction: row.direction }));
  }

  async function ofSameRequester(caller: Principal, row: Readonly<Record<string, unknown>>) {
    const person = row["requester_person_id"] as string | null;
    const email = row["requester_email"] as string | null;
    if (person === null && email === null) return [];
    const { rows } = await sql<Found>`
      select t.ticket_id, t.number, t.subject, t.status, t.organization_id, t.product, t.registered_at from read.ticket t
      where t.organization_id = ${row["organization_id"]} and t.ticket_id <> ${row["ticket_id"]}
        and ${person === null ? sql`t.requester_email = ${email}` : sql`t.requester_person_id = ${person}`}
        and ${filterSql(visibility(caller, "ticket"), "t")}
      order by t.registered_at desc, t.ticket_id limit ${sql.lit(mostNeighbours)}`.execute(db);
    return rows.map(neighbourOf);
  }

  const isOwn = (caller: Principal): ((mail: OutgoingMail) => boolean) => {
    const person = caller.personId === null ? null : findPerson(parts.directory.now(), caller.personId);
    const own = new Set((person?.emails ?? []).map((email) => email.toLowerCase()));
    return ({ to }) => own.has(to.toLowerCase());
  };
}

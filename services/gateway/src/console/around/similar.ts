import { sql } from "kysely";
import type { SimilarTicket } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { Principal } from "../../auth/principal.ts";
import { visibility } from "../../policy/policy.ts";
import { filterSql } from "../../query/filter-sql.ts";
import { and, not, oneOf, type Filter } from "../../query/filter.ts";

/** So many candidates are weighed against each other; the index gives them in no order. */
const weighed = 2_000;
const looked = 2_000;

interface Row {
  readonly ticket_id: string;
  readonly number: string;
  readonly subject: string;
  readonly status: SimilarTicket["status"];
  readonly organization_id: string;
  readonly product: string | null;
  readonly registered_at: Date;
  readonly score: number;
}

export const neighbourOf = (row: Omit<Row, "score">) => ({
  ticketId: row.ticket_id,
  number: row.number,
  subject: row.subject,
  status: row.status,
  organizationId: row.organization_id,
  product: row.product,
  registeredAt: row.registered_at.toISOString(),
});

/**
 * Tickets about the same thing as a text, the likest first: those that share words with it (as the Russian and English
 * dictionaries know their forms), weighed by how many and how near together.
 */
export async function similarTickets(
  db: Db,
  caller: Principal,
  wish: {
    readonly text: string;
    readonly limit: number;
    readonly organizationId?: string | undefined;
    readonly product?: string | undefined;
    readonly open?: boolean;
    readonly except?: string;
  },
): Promise<SimilarTicket[]> {
  const filter: Filter = and(
    visibility(caller, "ticket"),
    ...(wish.organizationId === undefined ? [] : [oneOf("organization_id", wish.organizationId)]),
    ...(wish.product === undefined ? [] : [oneOf("product", wish.product)]),
    ...(wish.open === true ? [not(oneOf("status", "closed"))] : []),
    ...(wish.except === undefined ? [] : [not(oneOf("ticket_id", wish.except))]),
  );
  const { rows } = await sql<Row>`with wanted as (
      select replace(plainto_tsquery('russian', ${wish.text.slice(0, looked)})::text, ' & ', ' | ')::tsquery as q)
    select t.ticket_id, t.number, t.subject, t.status, t.organization_id, t.product, t.registered_at,
      ts_rank_cd(to_tsvector('russian', found.topic), wanted.q, 1 | 32) as score
    from wanted, lateral (
      select w.ticket_id, w.topic from read.ticket_words w join read.ticket t on t.ticket_id = w.ticket_id
      where to_tsvector('russian', w.topic) @@ wanted.q and ${filterSql(filter, "t")}
      limit ${sql.lit(weighed)}) found
      join read.ticket t on t.ticket_id = found.ticket_id
    where numnode(wanted.q) > 0
    order by score desc, t.registered_at desc, t.ticket_id limit ${sql.lit(wish.limit)}`.execute(db);
  return rows.map((row) => ({ ...neighbourOf(row), score: Math.round(row.score * 1000) / 1000 }));
}

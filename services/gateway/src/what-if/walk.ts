import { sql } from "kysely";
import type pg from "pg";
import type { WhatIfBody } from "@docket/api-contract";
import type { RecordedStretch, TicketStory, TicketVersion } from "@docket/domain";
import type { Db } from "@docket/postgres";
import { and, oneOf, type Filter, type Scalar } from "../query/filter.ts";
import { filterSql } from "../query/filter-sql.ts";

/** A ticket as a what-if tells of it: what stands fixed, how it stood at the moment, and its story up to there. */
export interface ToldTicket {
  readonly ticketId: string;
  readonly number: string;
  readonly subject: string;
  readonly organizationId: string;
  readonly contractId: string;
  readonly registeredAt: number;
  readonly type: string;
  readonly priority: string;
  readonly product: string | null;
  readonly line: number | null;
  readonly groupId: string | null;
  readonly engineerId: string | null;
  readonly story: TicketStory;
}

/** Where a walk stands: behind this ticket. */
export interface Place {
  readonly registeredAt: number;
  readonly ticketId: string;
}

export interface Walk {
  readonly asked: WhatIfBody;
  /** facts recorded later, or behind the position, are not counted */
  readonly asOf: Date;
  readonly position: string;
  readonly sees: Filter;
}

const atOnce = 1_000;

/** How many tickets a walk looks at, at most. */
export async function countTickets(db: Db, walk: Walk): Promise<number> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from read.ticket t where ${wanted(walk)}`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/**
 * Walks through the tickets of a what-if in the order of their registration, a thousand at a time, with their stories. Says of each
 * batch how many tickets it looked at and where it ends; those that at the moment were not what is asked for are left out.
 */
export async function* walkTickets(
  db: Db,
  pool: pg.Pool,
  walk: Walk,
  after?: Place,
  batch = atOnce,
): AsyncGenerator<{ readonly tickets: readonly ToldTicket[]; readonly looked: number; readonly end: Place }> {
  let next = readHeads(db, walk, after, batch);
  for (;;) {
    const heads = await next;
    const last = heads.at(-1);
    if (last === undefined) return;
    const end = { registeredAt: last.registered_at.getTime(), ticketId: last.ticket_id };
    const more = heads.length === batch;
    if (more) {
      next = readHeads(db, walk, end, batch);
      // it is awaited later, if at all
      next.catch(() => undefined);
    }
    yield { tickets: await withStories(pool, walk, heads), looked: heads.length, end };
    if (!more) return;
  }
}

interface Head {
  readonly ticket_id: string;
  readonly number: string;
  readonly subject: string;
  readonly organization_id: string;
  readonly contract_id: string;
  readonly registered_at: Date;
}

/** Only what stands fixed from the registration is asked of the tables; the rest is looked up as it was at the moment. */
function wanted({ asked, sees }: Walk) {
  const { filter, period, by } = asked;
  const fixed = (column: string, values: readonly Scalar[] | undefined): Filter =>
    values === undefined ? { op: "always" } : oneOf(column, ...values);
  return filterSql(
    and(
      sees,
      {
        op: "between",
        column: "registered_at",
        from: by === "registeredAt" ? new Date(period.from) : undefined,
        to: new Date(period.to),
      },
      fixed("organization_id", filter.organizationId),
      fixed("contract_id", filter.contractId),
      fixed("channel", filter.channel),
      fixed("region", filter.region),
    ),
    "t",
  );
}

async function readHeads(db: Db, walk: Walk, after: Place | undefined, limit: number): Promise<Head[]> {
  const beyond =
    after === undefined
      ? sql`true`
      : sql`(t.registered_at, t.ticket_id) > (${new Date(after.registeredAt)}::timestamptz, ${after.ticketId}::uuid)`;
  const { rows } = await sql<Head>`
    select t.ticket_id, t.number, t.subject, t.organization_id, t.contract_id, t.registered_at from read.ticket t
    where ${wanted(walk)} and ${beyond} order by t.registered_at, t.ticket_id limit ${sql.lit(limit)}`.execute(db);
  return rows;
}

/** As a number: a Date for each of ten million cells would cost more than all the rest. */
const millis = (column: string): string => `round(date_part('epoch', ${column}) * 1000)`;

const versionsSql = `
  select v.ticket_id::text, ${millis("v.occurred_at")}, v.position::float8, v.status, v.type, v.priority, v.line::int4, v.product,
    v.group_id, v.engineer_id, ${millis("v.resolved_at")}
  from read.ticket_version v
  where v.ticket_id = any($1::uuid[]) and v.position <= $2::bigint and v.recorded_at <= $3
  order by v.ticket_id, v.revision`;

const stretchesSql = `
  select k.ticket_id::text, k.kind, nullif(k.line, 0), k.cycle, ${millis("k.from_at")}, k.position::float8, k.state, k.ticking,
    k.paused_because, ${millis("k.started_at")}, k.target, ${millis("k.deadline")}, k.used_seconds, k.remaining_seconds,
    ${millis("k.stopped_at")}, ${millis("k.missed_at")}, ${millis("k.extended_to")}, k.calendar_id
  from read.clock k
  where k.ticket_id = any($1::uuid[]) and k.position <= $2::bigint and k.valid_from <= $3
  order by k.ticket_id, k.position, k.seq`;

type Cells = readonly unknown[];

async function withStories(
  pool: pg.Pool,
  { asked, asOf, position }: Walk,
  heads: readonly Head[],
): Promise<ToldTicket[]> {
  const values = [heads.map(({ ticket_id }) => ticket_id), position, asOf];
  const [versions, stretches] = await Promise.all([
    pool.query<unknown[]>({ text: versionsSql, values, rowMode: "array" }),
    pool.query<unknown[]>({ text: stretchesSql, values, rowMode: "array" }),
  ]);
  const versionsOf = byTicket(versions.rows);
  const stretchesOf = byTicket(stretches.rows);
  return heads.flatMap((head) => {
    const own = versionsOf.get(head.ticket_id);
    const last = own?.at(-1);
    if (own === undefined || last === undefined) return [];
    const [, at, , status, type, priority, line, product, groupId, engineerId, resolvedAt] = last as [
      string,
      number,
      number,
      string,
      string,
      string,
      number | null,
      string | null,
      string | null,
      string | null,
      number | null,
    ];
    const told = {
      ticketId: head.ticket_id,
      number: head.number,
      subject: head.subject,
      organizationId: head.organization_id,
      contractId: head.contract_id,
      registeredAt: head.registered_at.getTime(),
      type,
      priority,
      product,
      line,
      groupId,
      engineerId,
    };
    const moment =
      asked.by === "registeredAt"
        ? told.registeredAt
        : asked.by === "resolvedAt"
          ? resolvedAt
          : status === "closed"
            ? at
            : null;
    if (moment === null || moment < Date.parse(asked.period.from) || moment >= Date.parse(asked.period.to)) return [];
    if (!isWanted(asked, told)) return [];
    const story = {
      versions: own.map(versionOf),
      stretches: (stretchesOf.get(head.ticket_id) ?? []).map(stretchOf),
    };
    return [{ ...told, story }];
  });
}

type Facets = Pick<ToldTicket, "type" | "priority" | "product" | "line" | "groupId" | "engineerId">;

function isWanted({ filter }: WhatIfBody, ticket: Facets): boolean {
  for (const name of ["type", "priority", "product", "line", "groupId", "engineerId"] as const) {
    const values = filter[name] as readonly unknown[] | undefined;
    if (values !== undefined && !values.includes(ticket[name])) return false;
  }
  return true;
}

function byTicket(rows: readonly Cells[]): Map<string, Cells[]> {
  const found = new Map<string, Cells[]>();
  let last: { id: string; rows: Cells[] } | undefined;
  for (const row of rows) {
    const id = row[0] as string;
    if (last?.id !== id) {
      last = { id, rows: [] };
      found.set(id, last.rows);
    }
    last.rows.push(row);
  }
  return found;
}

const versionOf = (row: Cells): TicketVersion =>
  ({ at: row[1], position: row[2], status: row[3], type: row[4], priority: row[5], line: row[6] }) as TicketVersion;

const stretchOf = (row: Cells): RecordedStretch =>
  ({
    kind: row[1],
    line: row[2],
    cycle: row[3],
    from: row[4],
    position: row[5],
    state: row[6],
    ticking: row[7],
    pausedBecause: row[8],
    startedAt: row[9],
    target: row[10],
    deadline: row[11],
    usedSeconds: row[12],
    remainingSeconds: row[13],
    stoppedAt: row[14],
    missedAt: row[15],
    extendedTo: row[16],
    calendarId: row[17],
  }) as RecordedStretch;

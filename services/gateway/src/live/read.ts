import { sql, type Kysely } from "kysely";
import type { Database, Db } from "@docket/postgres";
import { contactColumns } from "../contacts/find.ts";
import { type Opener, revealRows } from "../journal/reveal.ts";
import { filterSql } from "../query/filter-sql.ts";
import type { Filter } from "../query/filter.ts";
import { ticketColumns } from "../tickets/rows.ts";
import { journalColumns, type JournalRow } from "../tickets/timeline.ts";
import { SharedRow, type Change, type Row } from "./change.ts";

/** Everything within is seen as of one moment. */
export function atOneMoment<T>(db: Db, work: (moment: Kysely<Database>) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(work);
}

/** Position of the last event that the read side holds. */
export async function readPosition(db: Kysely<Database>): Promise<bigint> {
  const row = await db
    .selectFrom("read.journal")
    .select("position")
    .orderBy("position", "desc")
    .limit(1)
    .executeTakeFirst();
  return BigInt(row?.position ?? 0);
}

type FactRow = JournalRow & { readonly stream_kind: string };

const mostFacts = 1_000;

/** The next facts after a position with the rows that they changed, in one look; undefined when there are none. */
export async function readChange(
  { db, store }: { readonly db: Db; readonly store: Opener },
  after: bigint,
): Promise<Change | undefined> {
  const change = await atOneMoment(db, (moment) => changeAfter(moment, after));
  if (change === undefined) return undefined;
  const { facts, ...rest } = change;
  const shown = facts.filter(({ stream_kind }) => stream_kind === "ticket");
  return { ...rest, facts: factsByTicket(await revealRows(store, shown)) };
}

async function changeAfter(
  moment: Kysely<Database>,
  after: bigint,
): Promise<(Omit<Change, "facts"> & { readonly facts: readonly FactRow[] }) | undefined> {
  const facts = (await moment
    .selectFrom("read.journal")
    .select([...journalColumns, "stream_kind"])
    .where("position", ">", String(after))
    .orderBy("position")
    // facts written together may share a position, and none of them may be left behind
    .fetch(mostFacts, "with ties")
    .execute()) as unknown as FactRow[];
  const last = facts.at(-1);
  if (last === undefined) return undefined;
  const idsOf = (kind: string): string[] => [
    ...new Set(facts.flatMap((fact) => (fact.stream_kind === kind ? [fact.stream.slice(kind.length + 1)] : []))),
  ];
  return {
    position: BigInt(last.position),
    tickets: await readTickets(moment, idsOf("ticket")),
    contacts: await readContacts(moment, idsOf("contact")),
    facts,
    groupsChanged: facts.some(({ stream_kind }) => stream_kind === "group"),
    erased: facts.some(({ stream_kind }) => stream_kind === "erasure"),
  };
}

function factsByTicket(facts: readonly FactRow[]): Map<string, JournalRow[]> {
  const byTicket = new Map<string, JournalRow[]>();
  for (const fact of facts) {
    if (fact.stream_kind !== "ticket") continue;
    const id = fact.stream.slice("ticket-".length);
    const known = byTicket.get(id);
    if (known) known.push(fact);
    else byTicket.set(id, [fact]);
  }
  return byTicket;
}

export async function readTickets(db: Kysely<Database>, ids: readonly string[]): Promise<SharedRow[]> {
  if (ids.length === 0) return [];
  return selectShared(
    db,
    "read.ticket",
    [...ticketColumns, "details"],
    "ticket_id",
    { op: "in", column: "ticket_id", values: ids },
    ids.length,
  );
}

export async function readContacts(db: Kysely<Database>, ids: readonly string[]): Promise<SharedRow[]> {
  if (ids.length === 0) return [];
  return selectShared(
    db,
    "read.contact",
    contactColumns,
    "contact_id",
    { op: "in", column: "contact_id", values: ids },
    ids.length,
  );
}

/** Rows of a view in its own order, no more than `limit`. */
export async function selectShared(
  db: Kysely<Database>,
  table: string,
  columns: readonly string[],
  id: string,
  filter: Filter,
  limit: number,
  order = id,
): Promise<SharedRow[]> {
  const result =
    await sql<Row>`select ${sql.join(columns.map((column) => sql.ref(`t.${column}`)))} from ${sql.table(table)} as t
    where ${filterSql(filter, "t")} order by ${sql.ref(`t.${order}`)}, ${sql.ref(`t.${id}`)} limit ${sql.lit(limit)}`.execute(
      db,
    );
  return result.rows.map((row) => new SharedRow(row[id] as string, row));
}

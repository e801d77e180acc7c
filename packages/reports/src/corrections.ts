import { sql, type SqlBool } from "kysely";
import type { ReportCorrections, TicketMeasures } from "@docket/api-contract";
import { ticketEvents } from "@docket/domain";
import type { Db } from "@docket/postgres";
import { labelsFor } from "./labels.ts";
import type { Question } from "./question.ts";
import type { Group } from "./group.ts";
import { inReading } from "./reading.ts";
import { answer, sayQuestion } from "./report.ts";
import { opened } from "./tickets.ts";
import { ticketColumns, ticketRow } from "./ticket-row.ts";

const mostChanges = 200;
const titles = new Map(Object.values(ticketEvents).map(({ type, title }) => [type as string, title]));

/**
 * What a question's answer was at one position of the log and is at a later one: the numbers that differ, both of them, and
 * the tickets behind it with the facts that came between. The question itself is asked as of one moment; its position is the later one.
 */
export async function corrections(
  db: Db,
  question: Question,
  fromPosition: string,
  limit: number,
): Promise<ReportCorrections> {
  const earlier: Question = { ...question, position: fromPosition };
  const [before, after] = [await answer(db, earlier, limit), await answer(db, question, limit)];
  const pairs = new Map<string, { before: Group | null; after: Group | null }>();
  for (const group of before.groups) pairs.set(JSON.stringify(group.keys), { before: group, after: null });
  for (const group of after.groups) {
    const id = JSON.stringify(group.keys);
    pairs.set(id, { before: pairs.get(id)?.before ?? null, after: group });
  }
  const changed = [...pairs.values()].filter((pair) => !isSame(pair.before?.values, pair.after?.values));
  const labels = await labelsFor(
    db,
    question,
    changed.map((pair) => pair.after ?? pair.before ?? { keys: [] }),
  );
  const { changes, more } = await changedTickets(db, earlier, question);
  return {
    ...sayQuestion(question),
    fromPosition,
    toPosition: question.position,
    rows: changed.map((pair) => {
      const keys = (pair.after ?? pair.before)?.keys ?? [];
      const named = question.groupBy.map((name, index) => [name, keys[index] ?? null] as const);
      const shown = named.flatMap(([name, value]) => {
        const label = labels.get(`${name}/${String(value)}`);
        return label === undefined ? [] : [[name, label] as const];
      });
      return {
        keys: Object.fromEntries(named),
        labels: Object.fromEntries(shown),
        before: pair.before && { ...pair.before.values },
        after: pair.after && { ...pair.after.values },
      };
    }),
    changes,
    more,
  };
}

function isSame(
  a: Readonly<Record<string, number | null>> | undefined,
  b: Readonly<Record<string, number | null>> | undefined,
): boolean {
  if (!a || !b) return a === b;
  return Object.keys(b).every((name) => a[name] === b[name]);
}

type Row = Record<string, unknown>;

/** Tickets that are in the question at one position and not at the other, or stand there in another version. */
async function changedTickets(
  db: Db,
  earlier: Question,
  later: Question,
): Promise<{ changes: ReportCorrections["changes"]; more: boolean }> {
  return inReading(db, later, async (reading) => {
    const read = async (question: Question) => {
      const { source, conditions } = await opened(reading, question, undefined);
      return sql`(select distinct on (f.ticket_id) f.* from ${source} where ${sql.join([sql<SqlBool>`true`, ...conditions], sql` and `)})`;
    };
    const pair = sql`${await read(earlier)} as a full join ${await read(later)} as b on b.ticket_id = a.ticket_id`;
    const { rows } = await sql<{ id: string; was: boolean; is: boolean }>`
      select coalesce(a.ticket_id, b.ticket_id)::text as id, a.ticket_id is not null as was, b.ticket_id is not null as is
      from ${pair} where a.position is distinct from b.position
      order by coalesce(b.position, a.position) limit ${sql.lit(mostChanges + 1)}`.execute(reading);
    const shown = rows.slice(0, mostChanges);
    const ids = shown.map(({ id }) => id);
    const [was, is, facts] = [
      await versions(reading, earlier, ids),
      await versions(reading, later, ids),
      await factsBetween(reading, earlier, later, ids),
    ];
    return {
      more: rows.length > mostChanges,
      changes: shown.map(({ id, was: then, is: now }) => {
        const [before, after] = [was.get(id), is.get(id)];
        const differs = differences(before, after);
        return {
          ticketId: id,
          number: (after ?? before)?.number ?? "",
          kind: then ? (now ? "changed" : "left") : "entered",
          before: differs.before,
          after: differs.after,
          facts: facts.get(id) ?? [],
        };
      }),
    };
  });
}

async function versions(db: Db, question: Question, ids: readonly string[]): Promise<Map<string, TicketMeasures>> {
  const { rows } = await sql<Row>`select ${ticketColumns}
    from read.measures_at(${question.asOf}::timestamptz, ${question.position}::bigint) as f
    where f.ticket_id = any(${ids as string[]}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [String(row["ticket_id"]), ticketRow(row)]));
}

/** The fields that differ; one side null where the ticket was not known there at all. */
function differences(before: TicketMeasures | undefined, after: TicketMeasures | undefined) {
  if (!before || !after) return { before: before ? { ...before } : null, after: after ? { ...after } : null };
  const names = (Object.keys(after) as (keyof TicketMeasures)[]).filter(
    (name) => before[name] !== after[name] && name !== "position" && name !== "recordedAt",
  );
  const pick = (of: TicketMeasures) => Object.fromEntries(names.map((name) => [name, of[name]]));
  return { before: pick(before), after: pick(after) };
}

type Facts = ReportCorrections["changes"][number]["facts"];

async function factsBetween(
  db: Db,
  earlier: Question,
  later: Question,
  ids: readonly string[],
): Promise<Map<string, Facts>> {
  const known = await sql<{ at: Date | null }>`
    select max(recorded_at) as at from (
      select recorded_at from read.journal where position <= ${earlier.position}::bigint and stream_kind = 'ticket'
      order by position desc limit 1) as last`.execute(db);
  const last = known.rows[0]?.at?.getTime() ?? 0;
  const { rows } = await sql<Row>`
    select stream, type, position, occurred_at, recorded_at, meta ? 'provenance' as imported
    from read.journal where stream = any(${ids.map((id) => `ticket-${id}`)}::text[])
      and position > ${earlier.position}::bigint and position <= ${later.position}::bigint and recorded_at <= ${later.asOf}::timestamptz
    order by position`.execute(db);
  const facts = new Map<string, Facts>();
  for (const row of rows) {
    const id = String(row["stream"]).slice("ticket-".length);
    const type = String(row["type"]);
    const occurredAt = row["occurred_at"] as Date;
    const list = facts.get(id) ?? [];
    list.push({
      position: String(row["position"]),
      type,
      title: titles.get(type) ?? { ru: type, en: type },
      occurredAt: occurredAt.toISOString(),
      recordedAt: (row["recorded_at"] as Date).toISOString(),
      late: occurredAt.getTime() <= last,
      imported: row["imported"] === true,
    });
    facts.set(id, list);
  }
  return facts;
}

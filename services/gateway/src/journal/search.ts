import { sql, type RawBuilder } from "kysely";
import { journalFields } from "@docket/api-contract";
import { storedColumns } from "@docket/audit";
import { changedFields, changedMask, fieldsOfMask, type ChangedField } from "@docket/domain";
import type { Db } from "@docket/postgres";
import { Refusal } from "../http/refusal.ts";
import type { Moment } from "../query/moment.ts";
import { knownAt } from "../query/past.ts";
import { or, oneOf, type Filter } from "../query/filter.ts";
import { searchFilter, type QueryValues } from "../query/list-filter.ts";
import type { Row } from "../query/page.ts";
import { columnsOf, namedColumns } from "../query/rows.ts";

const names = {
  ...columnsOf(journalFields),
  revision: "revision",
  schemaVersion: "schema_version",
  actorName: "actor_name",
  number: "number",
  data: "data",
  meta: "meta",
  prevHash: "prev_hash",
  hash: "hash",
};

/** Every column that an entry of the journal needs. */
export const entryColumns: readonly string[] = [
  // the data come decoded from their stored form
  ...new Set([...Object.values(names).filter((column) => column !== "data"), ...storedColumns, "changed_mask"]),
];

/** An entry as the interface gives it. */
export function entryOf(row: Row): Record<string, unknown> {
  const mask = row["changed_mask"];
  const meta = row["meta"] as { readonly actor?: { readonly name?: string } } | null;
  return {
    ...namedColumns(row, names),
    // the column holds the name as it is stored, which is sealed
    actorName: meta?.actor?.name ?? null,
    changed: mask === null || mask === undefined ? [] : fieldsOfMask(mask as string),
  };
}

/** The fields named by `changed=priority,status`; throws `not_allowed` for one that there is not. */
export function changedOf(query: QueryValues): readonly ChangedField[] | null {
  const { changed } = query;
  if (typeof changed !== "string") return null;
  return changed.split(",").map((name) => {
    if (!changedFields.includes(name as ChangedField)) throw new Refusal("not_allowed", { field: "changed" });
    return name as ChangedField;
  });
}

/**
 * The journal as of a moment, with each fact's changed fields. Asked for changes, the narrow table of changes leads, in the order of
 * the log; else it is looked up for the rows that are shown.
 */
export function journalSource(moment: Moment, changed: readonly ChangedField[] | null): RawBuilder<unknown> {
  const onPlace = sql`c.position = j.position and c.prepare_position = j.prepare_position`;
  const changes =
    changed === null
      ? sql`left join read.ticket_change c on ${onPlace}`
      : sql`join read.ticket_change c on ${onPlace} and (c.mask & ${sql.lit(changedMask(changed))}::int8) <> 0`;
  const number = sql`(select n.number from read.ticket n
    where n.ticket_id = case when j.stream ~ '^ticket-[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then substr(j.stream, 8)::uuid end) as number`;
  return sql`(select j.*, c.mask as changed_mask, ${number} from read.journal j ${changes} where ${knownAt("j", moment)})`;
}

const mostTickets = 500;

/** Words that are looked for in streams, types and actors, and in the numbers of tickets. */
export async function wordsFilter(db: Db, words: string | undefined): Promise<Filter> {
  const filter = searchFilter(["stream", "type", "actor_id"], words);
  const word = words?.trim() ?? "";
  if (!/\d/.test(word) || /\s/.test(word)) return filter;
  const like = `%${word.toUpperCase().replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const { rows } = await sql<{ stream: string }>`select 'ticket-' || ticket_id as stream from read.ticket
    where number like ${like} order by registered_at desc limit ${sql.lit(mostTickets)}`.execute(db);
  return rows.length === 0 ? filter : or(filter, oneOf("stream", ...rows.map(({ stream }) => stream)));
}

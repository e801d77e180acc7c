import { sql, type Selectable } from "kysely";
import { errorText, type JobProgress } from "@docket/api-contract";
import type { Language } from "@docket/domain";
import type { AppTables, Db } from "@docket/postgres";
import type { Principal } from "../../auth/principal.ts";
import { Refusal } from "../../http/refusal.ts";
import { undoable } from "./undo.ts";

export type Job = Selectable<AppTables["app.bulk_jobs"]>;
export type Item = Selectable<AppTables["app.bulk_items"]>;

interface Counted extends Job {
  readonly done: string;
  readonly refused: string;
}

const counted = sql`j.*,
  (select count(*) from app.bulk_items i where i.job_id = j.id and i.outcome = 'done') as done,
  (select count(*) from app.bulk_items i where i.job_id = j.id and i.outcome = 'refused') as refused`;

const shown = (row: Counted): JobProgress => ({
  jobId: row.id,
  command: row.command,
  state: row.state,
  total: row.total,
  done: Number(row.done),
  refused: Number(row.refused),
  createdAt: row.created_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  undoable: row.state !== "running" && row.undo_of === null && undoable.has(row.command) && Number(row.done) > 0,
  undoOf: row.undo_of,
});

/** Who asked for it, and those who look after the desk, see a job. */
const seenBy = ({ accountId, role }: Principal) =>
  role === "service_manager" || role === "admin" ? sql`true` : sql`j.account_id = ${accountId}`;

export async function readJobs(db: Db, { accountId }: Principal, limit: number): Promise<JobProgress[]> {
  const { rows } = await sql<Counted>`select ${counted} from app.bulk_jobs j where j.account_id = ${accountId}
    order by j.created_at desc, j.id limit ${sql.lit(limit)}`.execute(db);
  return rows.map(shown);
}

/** A job that the caller may see; throws `not_found`. */
export async function readJob(
  db: Db,
  caller: Principal,
  jobId: string,
): Promise<{ readonly job: Job; readonly progress: JobProgress }> {
  const { rows } = await sql<Counted>`select ${counted} from app.bulk_jobs j
    where j.id = ${jobId} and ${seenBy(caller)}`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Refusal("not_found");
  return { job: row, progress: shown(row) };
}

export const itemsOf = (db: Db, jobId: string): Promise<Item[]> =>
  db.selectFrom("app.bulk_items").selectAll().where("job_id", "=", jobId).orderBy("place").execute();

/** What became of each ticket, the refusals in the reader's language. */
export const shownItem = (item: Item, language: Language) => ({
  ticketId: item.ticket_id,
  number: item.number,
  outcome: item.outcome,
  code: item.code,
  title: item.code === null ? null : errorText(item.code, language, item.params ?? {}),
  revision: item.revision,
});

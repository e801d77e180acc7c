import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ExtractedRow, RowFields } from "./extract.ts";

/** How a row ended: all of it taken, nothing new in it, taken otherwise than it says, a part of it not taken, nothing taken. */
export type Outcome = "taken" | "unchanged" | "adjusted" | "partly" | "refused" | "told_before";

/** One line of the report: what of a row was not taken as it stands, why, and what was done instead. */
export interface ReportEntry {
  /** the file's line; 0 for what concerns no row */
  readonly row: number;
  readonly ticket: string | null;
  /** how bad: `adjusted` (taken otherwise), `partly` (this part was not taken), `refused` (nothing of the row was taken) */
  readonly outcome: "adjusted" | "partly" | "refused";
  readonly code: string;
  readonly field: string | null;
  readonly done: string;
  readonly detail: string;
}

/** A name that the file has and that must be somebody or something here. */
export interface FoundName {
  readonly kind: "organization" | "group" | "staff" | "requester";
  /** what tells it from others of its kind */
  readonly key: string;
  /** what is known of it, in the shapes of names.ts */
  readonly data: Readonly<Record<string, string | number | null>>;
}

export interface StagedTicket {
  readonly id: number;
  readonly key: string;
  readonly rows: number;
}

export interface StagedRow {
  readonly line: number;
  readonly at: number;
  readonly openedAt: number | null;
  readonly fields: RowFields;
  /** something of it is in the report already: it could not be read as it stands */
  readonly noted: boolean;
}

/** How a ticket came out: counts of its rows, and both judgements. */
export interface TicketResult {
  readonly id: number;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  readonly events: number;
  readonly ours: "met" | "missed" | "running" | null;
  readonly theirs: "met" | "missed" | null;
  readonly report: readonly ReportEntry[];
}

/**
 * The work file of one import: a small SQLite database in a folder of its own. The rows of the source are put here first, so that
 * they can be taken ticket by ticket whatever the order of the file and however long it is; what is done is noted here, and the
 * report grows here.
 *
 * States, kept as `phase`: staging -> naming -> telling -> done. A file whose phase is past staging can be resumed.
 */
export interface JobFile {
  readonly folder: string;
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  /** Runs several writings as one. */
  transaction(work: () => void): void;
  addRow(line: number, row: ExtractedRow, noted: boolean): void;
  addName(name: FoundName): void;
  addMember(group: string, staff: string): void;
  addReport(entry: ReportEntry): void;
  addOutcome(outcome: Outcome, count?: number): void;
  /** Closes the staging: builds the list of tickets. */
  finishStaging(): void;
  names(
    kind: FoundName["kind"],
  ): { key: string; id: string | null; data: Readonly<Record<string, string | number | null>> }[];
  members(): { group: string; staff: string }[];
  nameId(kind: FoundName["kind"], key: string): string | null;
  setNameId(kind: FoundName["kind"], key: string, id: string): void;
  ticketCount(): { all: number; done: number };
  /** The next tickets that are not done, by their first row. */
  nextTickets(afterId: number, limit: number): StagedTicket[];
  rows(key: string): StagedRow[];
  /** Rows of the file's earliest and latest time (milliseconds); null when there is no row. */
  span(): { from: number; to: number } | null;
  finishTickets(results: readonly TicketResult[]): void;
  outcomes(): Readonly<Record<Outcome, number>>;
  events(): number;
  /** Entries by code, with the details that stand most often where the details are words of the source. */
  reportCounts(): { code: string; outcome: string; count: number; words: string[] }[];
  /** A page of the report, as its entries came. */
  report(options?: { readonly after?: number; readonly limit?: number }): (ReportEntry & { readonly id: number })[];
  /** The whole report in the order of the file's rows, one entry in memory at a time. */
  reportByRow(): Iterable<ReportEntry>;
  judgements(): { ours: string | null; theirs: string | null; count: number }[];
  differingTickets(limit: number): { key: string; ours: string; theirs: string }[];
  /** Ends the import: the source's rows, and with them what they say of people, are thrown away; the report stays. */
  finish(): void;
  close(): void;
}

const schema = `
  create table meta (name text primary key, value text not null) without rowid;
  create table row (key text not null, ord, line integer not null, at integer not null, opened_at integer, data text not null, noted integer not null);
  create table name (kind text not null, key text not null, data text not null, id text, place integer not null, primary key (kind, key)) without rowid;
  create table member (grp text not null, staff text not null, primary key (grp, staff)) without rowid;
  create table report (id integer primary key, line integer not null, key text, outcome text not null, code text not null, field text, done text not null, detail text not null);
  create table outcome (outcome text primary key, count integer not null) without rowid;
`;
const fileName = "job.sqlite";

/** Codes whose details are words of the source that a table of the mapping may lack. */
const wordCodes = "'state_unknown', 'value_unknown', 'priority_not_allowed', 'time_invalid', 'time_too_early'";
/** Rows of one ticket that are told; a key that so many rows share is no ticket's. */
export const MAX_ROWS_OF_TICKET = 20_000;

/** Opens the work file in a folder; with `fresh` whatever was there is thrown away. */
export function openJobFile(folder: string, options: { readonly fresh: boolean }): JobFile {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, fileName);
  if (options.fresh) for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(path + end, { force: true });
  const db = new DatabaseSync(path);
  // What is lost with the machine can be done again: every step of an import may be repeated.
  db.exec(
    "pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -32000; pragma busy_timeout = 5000",
  );
  const made = db.prepare("select count(*) as n from sqlite_master where name = 'meta'").get() as { n: number };
  if (made.n === 0) db.exec(schema);

  const prepared = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const sql = (text: string): ReturnType<DatabaseSync["prepare"]> => {
    let statement = prepared.get(text);
    if (statement === undefined) prepared.set(text, (statement = db.prepare(text)));
    return statement;
  };
  let open = false;
  const transaction = (work: () => void): void => {
    if (open) return work();
    db.exec("begin");
    open = true;
    try {
      work();
      db.exec("commit");
    } catch (error) {
      db.exec("rollback");
      throw error;
    } finally {
      open = false;
    }
  };
  const addReport = ({ row, ticket, outcome, code, field, done, detail }: ReportEntry): void => {
    sql("insert into report (line, key, outcome, code, field, done, detail) values (?, ?, ?, ?, ?, ?, ?)").run(
      row,
      ticket,
      outcome,
      code,
      field,
      done,
      detail.slice(0, 500),
    );
  };
  const addOutcome = (outcome: Outcome, count = 1): void => {
    sql("insert into outcome values (?, ?) on conflict (outcome) do update set count = count + excluded.count").run(
      outcome,
      count,
    );
  };
  let place = 0;

  return {
    folder,
    get: (name) => (sql("select value from meta where name = ?").get(name) as { value: string } | undefined)?.value,
    set: (name, value) =>
      void sql("insert into meta values (?, ?) on conflict (name) do update set value = excluded.value").run(
        name,
        value,
      ),
    transaction,
    addRow(line, row, noted) {
      sql("insert into row values (?, ?, ?, ?, ?, ?, ?)").run(
        row.key,
        row.order,
        line,
        row.at,
        row.openedAt,
        JSON.stringify(row.fields),
        noted ? 1 : 0,
      );
    },
    addName({ kind, key, data }) {
      sql("insert into name values (?, ?, ?, null, ?) on conflict do nothing").run(
        kind,
        key,
        JSON.stringify(data),
        ++place,
      );
    },
    addMember: (group, staff) => void sql("insert into member values (?, ?) on conflict do nothing").run(group, staff),
    addReport,
    addOutcome,
    finishStaging() {
      db.exec(`
        create index row_by_key on row (key, ord, line);
        create table ticket (id integer primary key, key text not null, rows integer not null, done integer not null default 0, ours text, theirs text, events integer);
        insert into ticket (key, rows) select key, count(*) from row group by key order by min(line);
        create index ticket_open on ticket (id) where done = 0;
      `);
      transaction(() => {
        for (const { key, rows } of sql("select key, rows from ticket where rows > ?").all(MAX_ROWS_OF_TICKET) as {
          key: string;
          rows: number;
        }[]) {
          const done = "nothing of the row was taken";
          const rest = "select rowid from row where key = ?1 order by ord, line, rowid limit -1 offset ?2";
          sql(
            `insert into report (line, key, outcome, code, field, done, detail)
             select line, key, 'refused', 'ticket_too_long', 'ticket.key', ?3, ?4 from row where rowid in (${rest})`,
          ).run(key, MAX_ROWS_OF_TICKET, done, `${rows} rows`);
          sql(`delete from row where rowid in (${rest})`).run(key, MAX_ROWS_OF_TICKET);
          sql("update ticket set rows = ? where key = ?").run(MAX_ROWS_OF_TICKET, key);
          addOutcome("refused", rows - MAX_ROWS_OF_TICKET);
        }
      });
    },
    names: (kind) =>
      (
        sql("select key, id, data from name where kind = ? order by place").all(kind) as {
          key: string;
          id: string | null;
          data: string;
        }[]
      ).map(({ key, id, data }) => ({ key, id, data: JSON.parse(data) as Record<string, string | number | null> })),
    members: () =>
      (sql("select grp, staff from member").all() as { grp: string; staff: string }[]).map(({ grp, staff }) => ({
        group: grp,
        staff,
      })),
    nameId: (kind, key) =>
      (sql("select id from name where kind = ? and key = ?").get(kind, key) as { id: string | null } | undefined)?.id ??
      null,
    setNameId: (kind, key, id) => void sql("update name set id = ? where kind = ? and key = ?").run(id, kind, key),
    ticketCount: () =>
      sql('select count(*) as "all", coalesce(sum(done), 0) as done from ticket').get() as {
        all: number;
        done: number;
      },
    nextTickets: (afterId, limit) =>
      sql("select id, key, rows from ticket where done = 0 and id > ? order by id limit ?").all(
        afterId,
        limit,
      ) as unknown as StagedTicket[],
    rows: (key) =>
      (
        sql("select line, at, opened_at, data, noted from row where key = ? order by ord, line, rowid").all(key) as {
          line: number;
          at: number;
          opened_at: number | null;
          data: string;
          noted: number;
        }[]
      ).map(({ line, at, opened_at: openedAt, data, noted }) => ({
        noted: noted === 1,
        line,
        at,
        openedAt,
        fields: JSON.parse(data) as RowFields,
      })),
    span() {
      const { low, high } = sql(
        "select min(min(at, coalesce(opened_at, at))) as low, max(at) as high from row",
      ).get() as { low: number | null; high: number | null };
      return low === null || high === null ? null : { from: low, to: high };
    },
    finishTickets(results) {
      transaction(() => {
        for (const { id, counts, events, ours, theirs, report } of results) {
          sql("update ticket set done = 1, ours = ?, theirs = ?, events = ? where id = ?").run(
            ours,
            theirs,
            events,
            id,
          );
          for (const [outcome, count] of Object.entries(counts)) addOutcome(outcome as Outcome, count);
          for (const entry of report) addReport(entry);
        }
      });
    },
    outcomes() {
      const counts: Record<Outcome, number> = {
        taken: 0,
        unchanged: 0,
        adjusted: 0,
        partly: 0,
        refused: 0,
        told_before: 0,
      };
      for (const row of sql("select outcome, count from outcome").all() as { outcome: Outcome; count: number }[])
        counts[row.outcome] = row.count;
      return counts;
    },
    events: () => (sql("select coalesce(sum(events), 0) as n from ticket").get() as { n: number }).n,
    reportCounts() {
      const words = Map.groupBy(
        sql(
          `select code, outcome, detail, count(*) as count from report where code in (${wordCodes})
           group by code, outcome, detail order by count desc, detail limit 1000`,
        ).all() as { code: string; outcome: string; detail: string; count: number }[],
        ({ code, outcome }) => `${code} ${outcome}`,
      );
      const counts = sql(
        "select code, outcome, count(*) as count from report group by code, outcome order by count desc, code",
      ).all() as { code: string; outcome: string; count: number }[];
      return counts.map(({ code, outcome, count }) => ({
        code,
        outcome,
        count,
        words: (words.get(`${code} ${outcome}`) ?? []).slice(0, 8).map((one) => `${one.detail} (${one.count})`),
      }));
    },
    report: ({ after = 0, limit = -1 } = {}) =>
      (
        sql(
          "select id, line, key, outcome, code, field, done, detail from report where id > ? order by id limit ?",
        ).all(after, limit) as {
          id: number;
          line: number;
          key: string | null;
          outcome: ReportEntry["outcome"];
          code: string;
          field: string | null;
          done: string;
          detail: string;
        }[]
      ).map(({ line, key, ...rest }) => ({ ...rest, row: line, ticket: key })),
    *reportByRow() {
      // Its own statement: somebody may break off in the middle of it.
      const statement = db.prepare(
        "select line, key, outcome, code, field, done, detail from report order by line, id",
      );
      for (const entry of statement.iterate()) {
        const { line, key, ...rest } = entry as unknown as Omit<ReportEntry, "row" | "ticket"> & {
          line: number;
          key: string | null;
        };
        yield { ...rest, row: line, ticket: key };
      }
    },
    judgements: () =>
      sql(
        "select ours, theirs, count(*) as count from ticket where done = 1 group by ours, theirs order by 1, 2",
      ).all() as never,
    differingTickets: (limit) =>
      sql(
        "select key, ours, theirs from ticket where ours in ('met', 'missed') and theirs is not null and ours <> theirs order by id limit ?",
      ).all(limit) as never,
    finish() {
      transaction(() => {
        db.exec("delete from row; delete from name; delete from member");
        sql("insert into meta values ('phase', 'done') on conflict (name) do update set value = 'done'").run();
      });
      db.exec("vacuum");
    },
    close: () => db.close(),
  };
}

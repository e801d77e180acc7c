import { sql } from "kysely";
import { liveLimits } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import { sleep, type Logger } from "@docket/service-kit";
import { matches } from "../query/filter-match.ts";
import { filterSql } from "../query/filter-sql.ts";
import { and, type Filter } from "../query/filter.ts";
import type { Change, Row, SharedRow } from "./change.ts";
import type { Hub } from "./hub.ts";
import { atOneMoment, readContacts, readPosition, readTickets } from "./read.ts";
import { SortedSet, type SortKey } from "./sorted-set.ts";

/** A view and its order. Readers whose `key` is the same share one set. */
export interface SortedSpec {
  readonly key: string;
  readonly rows: "tickets" | "contacts";
  readonly table: string;
  readonly sees: Filter;
  /** made anew for each look where the view depends on the present moment */
  holds(): Filter;
  readonly sort: { readonly column: string; readonly descending: boolean };
  /** rows that are kept in order */
  readonly most: number;
  readonly movesWithTime: boolean;
  readonly ofGroups: boolean;
}

/** A reader's hold on a sorted view. */
export interface SortedHandle {
  /** the set has been read; rejects when it could not be */
  readonly ready: Promise<void>;
  readonly position: bigint;
  readonly total: number;
  readonly capped: boolean;
  ids(offset: number, limit: number): string[];
  release(): void;
}

export interface SortedViews {
  /**
   * Watches a view; `onMove` gets the ids of rows that came, went or changed. A view that is only counted (`patient`) is read
   * when its turn comes, one that is looked at now.
   */
  acquire(
    spec: SortedSpec,
    onMove: (touched: readonly string[]) => void,
    options?: { readonly patient?: boolean },
  ): SortedHandle;
  /** Rows by id, as they are by now. */
  rows(kind: SortedSpec["rows"], ids: readonly string[]): Promise<SharedRow[]>;
  stop(): void;
}

const rememberedRows = 5_000;
/** So many views that are only counted are read at a time: the database has to answer those who look at rows. */
const patientAtOnce = 2;
/** A capped set that has lost so many is read again, so that those beyond come in. */
const refillAfter = 500;

const idColumn = { tickets: "ticket_id", contacts: "contact_id" } as const;

/** Ranks of words that people order otherwise than the alphabet does: the most pressing, the earliest first. */
const ranks: Readonly<Record<string, readonly string[]>> = {
  priority: ["high", "medium", "low"],
  status: [
    "registered",
    "classified",
    "assigned",
    "in_work",
    "waiting_customer",
    "waiting_approval",
    "result_confirmation",
    "closed",
  ],
};

function sortKeyOf(column: string, value: unknown): SortKey {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number") return value;
  const text = String(value);
  const rank = ranks[column]?.indexOf(text);
  return rank === undefined || rank < 0 ? text.toLowerCase() : rank;
}

/**
 * Keeps the ids of views in order in memory, so that any stretch of fifty thousand rows and the count of each view are there
 * without asking the database, and windows and counters cannot disagree: they are the same set.
 *
 * A view's states: *waiting* (only counted, others are read before it; the first reader who looks at it ends that) -> *loading*
 * (changes are kept) -> *live* (read as of a position; every later change moves it) -> *gone* when its last reader leaves. A view that could not be read is gone at once, and the next reader
 * tries again. All views are moved by one listener at the hub, before anybody is told.
 */
export function createSortedViews(parts: { readonly db: Db; readonly hub: Hub; readonly logger: Logger }): SortedViews {
  const { db, hub, logger } = parts;
  const views = new Map<string, View>();
  const recent = { tickets: new Map<string, SharedRow>(), contacts: new Map<string, SharedRow>() };
  const waiting: View[] = [];
  let patient = 0;
  let attachment: ReturnType<Hub["attach"]> | undefined;

  interface View {
    readonly spec: SortedSpec;
    readonly set: SortedSet;
    readonly readers: Set<(touched: readonly string[]) => void>;
    readonly pending: Change[];
    /** it has been begun to be read */
    begun: boolean;
    loading: boolean;
    position: bigint;
    readonly ready: PromiseWithResolvers<void>;
  }

  function attach(): Promise<void> {
    attachment ??= hub.attach({
      onChange: (change) => {
        // Every reader is told to come back: what he finds then is read anew, in the order of what is left.
        if (change.erased) {
          views.clear();
          recent.tickets.clear();
          recent.contacts.clear();
        }
        remember("tickets", change.tickets);
        remember("contacts", change.contacts);
        for (const view of views.values()) onChange(view, change);
      },
      onDue: (rows, position) => {
        for (const view of views.values())
          if (view.spec.movesWithTime && !view.loading) {
            if (position > view.position) view.position = position;
            tell(view, sortIn(view, rows));
          }
      },
    });
    const mine = attachment;
    return mine.attached.catch((error: unknown) => {
      mine.detach();
      if (attachment === mine) attachment = undefined;
      throw error;
    });
  }

  function remember(kind: SortedSpec["rows"], rows: readonly SharedRow[]): void {
    const known = recent[kind];
    for (const row of rows) {
      known.delete(row.id);
      known.set(row.id, row);
    }
    for (const id of known.keys()) {
      if (known.size <= rememberedRows) break;
      known.delete(id);
    }
  }

  function onChange(view: View, change: Change): void {
    if (view.loading) {
      // What comes before it is read will be in what is read.
      if (view.begun) view.pending.push(change);
      return;
    }
    if (change.position <= view.position) return;
    view.position = change.position;
    tell(view, sortIn(view, change[view.spec.rows]));
  }

  /** Puts changed rows where they belong now; gives the ids of those that were or are in the view. */
  function sortIn({ spec, set }: View, rows: readonly SharedRow[]): string[] {
    const touched: string[] = [];
    const holds = spec.holds();
    for (const { id, row } of rows) {
      const was = set.has(id);
      if (matches(spec.sees, row) && matches(holds, row)) {
        const kept = set.put(id, sortKeyOf(spec.sort.column, row[spec.sort.column]));
        if (was || kept) touched.push(id);
      } else if (set.remove(id)) touched.push(id);
    }
    return touched;
  }

  function tell(view: View, touched: readonly string[]): void {
    if (touched.length === 0) return;
    for (const reader of view.readers) reader(touched);
    if (view.set.capped && view.set.size < view.spec.most - refillAfter) void refill(view);
  }

  /** A capped set has lost so much that what lay beyond it has to come in. */
  async function refill(view: View): Promise<void> {
    while (view.readers.size > 0) {
      try {
        return await load(view);
      } catch (error) {
        logger.debug({ err: error, view: view.spec.key }, "a sorted view could not be read again; will try once more");
        await sleep(1_000);
      }
    }
  }

  async function load(view: View): Promise<void> {
    const { spec, set } = view;
    view.loading = true;
    await attach();
    const { position, rows } = await atOneMoment(db, async (moment) => {
      const id = sql.ref(`t.${idColumn[spec.rows]}`);
      const key = sql.ref(`t.${spec.sort.column}`);
      const way = spec.sort.descending ? sql`desc` : sql`asc`;
      const found = await sql<Row>`select ${id} as id, ${key} as key from ${sql.table(spec.table)} as t
        where ${filterSql(and(spec.sees, spec.holds()), "t")} order by ${key} ${way}, ${id} ${way} limit ${sql.lit(spec.most + 1)}`.execute(
        moment,
      );
      return { position: await readPosition(moment), rows: found.rows };
    });
    set.fill(
      rows.map(({ id, key }) => ({ id: String(id), key: sortKeyOf(spec.sort.column, key) })),
      rows.length > spec.most,
    );
    view.position = position;
    view.loading = false;
    for (const change of view.pending.splice(0)) onChange(view, change);
  }

  function dropIfUnused(key: string, view: View): void {
    if (view.readers.size > 0 || views.get(key) !== view) return;
    views.delete(key);
    if (views.size > 0) return;
    attachment?.detach();
    attachment = undefined;
    recent.tickets.clear();
    recent.contacts.clear();
  }

  function viewOf(spec: SortedSpec): View {
    const known = views.get(spec.key);
    if (known !== undefined) return known;
    const view: View = {
      spec,
      set: new SortedSet(spec.sort.descending, spec.most),
      readers: new Set(),
      pending: [],
      begun: false,
      loading: true,
      position: 0n,
      ready: Promise.withResolvers(),
    };
    view.ready.promise.catch(() => undefined);
    views.set(spec.key, view);
    return view;
  }

  /** waiting -> loading; the promise is kept when it is through, well or not */
  async function begin(view: View): Promise<void> {
    if (view.begun) return;
    view.begun = true;
    try {
      await load(view);
      view.ready.resolve();
    } catch (error) {
      const { key } = view.spec;
      logger.debug({ err: error, view: key }, "a sorted view could not be read");
      if (views.get(key) === view) views.delete(key);
      view.ready.reject(error);
    }
  }

  /** Begins those that wait, as many as may be read at a time. Whoever left meanwhile need not be answered. */
  function beginWaiting(): void {
    while (patient < patientAtOnce) {
      const view = waiting.shift();
      if (view === undefined) return;
      if (view.begun) continue;
      if (view.readers.size === 0) {
        view.ready.resolve();
        continue;
      }
      patient++;
      void begin(view).finally(() => {
        patient--;
        beginWaiting();
      });
    }
  }

  return {
    acquire(spec, onMove, options) {
      const view = viewOf(spec);
      view.readers.add(onMove);
      if (options?.patient !== true) void begin(view);
      else if (!view.begun) {
        waiting.push(view);
        beginWaiting();
      }
      return {
        ready: view.ready.promise,
        get position() {
          return view.position;
        },
        get total() {
          return view.set.size;
        },
        get capped() {
          return view.set.capped;
        },
        ids: (offset, limit) => view.set.ids(offset, limit),
        release() {
          view.readers.delete(onMove);
          dropIfUnused(spec.key, view);
        },
      };
    },
    async rows(kind, ids) {
      const known = recent[kind];
      const missing = ids.filter((id) => !known.has(id));
      const read = missing.length === 0 ? [] : await (kind === "tickets" ? readTickets : readContacts)(db, missing);
      const found = new Map(read.map((row) => [row.id, row]));
      // a change that came meanwhile is at least as new as what was read
      for (const row of read) if (!known.has(row.id) && attachment !== undefined) remember(kind, [row]);
      return ids.flatMap((id) => known.get(id) ?? found.get(id) ?? []);
    },
    stop() {
      attachment?.detach();
      attachment = undefined;
      views.clear();
    },
  };
}

/** Rows of a view that may be kept in order. */
export const mostSorted = (queue: string): number =>
  queue === "closed" ? liveLimits.sortedClosed : liveLimits.sortedRows;

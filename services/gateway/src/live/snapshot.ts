import type { Kysely } from "kysely";
import { liveLimits } from "@docket/api-contract";
import type { Database, Db } from "@docket/postgres";
import { contactColumns } from "../contacts/find.ts";
import { type Opener, revealRows } from "../journal/reveal.ts";
import { and } from "../query/filter.ts";
import { ticketColumns } from "../tickets/rows.ts";
import { journalColumns, type JournalRow } from "../tickets/timeline.ts";
import type { SharedRow } from "./change.ts";
import { atOneMoment, readContacts, readPosition, readTickets, selectShared } from "./read.ts";
import type { ViewSpec } from "./subscription.ts";
import { movesWithTime } from "../tickets/queue-views.ts";

/** A view as of one position. With `missed`, only what changed since the reader's own position need be told. */
export interface Snapshot {
  readonly position: bigint;
  /** what the view holds */
  readonly rows: readonly SharedRow[];
  readonly missed: readonly SharedRow[] | undefined;
  readonly truncated: boolean;
  /** of a ticket's view: its facts, all or those missed */
  readonly facts: readonly JournalRow[] | undefined;
}

/**
 * Reads a view at one moment. `since` is the position that the reader has come to: when no more changed than can
 * sensibly be replayed, the snapshot says what he missed; otherwise (or when his position is not of this log) he gets all.
 */
export async function readSnapshot(
  { db, store }: { readonly db: Db; readonly store: Opener },
  view: ViewSpec,
  since: bigint | undefined,
): Promise<Snapshot> {
  const snapshot = await atOneMoment(db, async (moment): Promise<Snapshot> => {
    const position = await readPosition(moment);
    const filter = and(view.sees, view.holds());
    const most = liveLimits.snapshotRows;
    const found =
      view.kind === "contacts"
        ? await selectShared(moment, "read.contact", contactColumns, "contact_id", filter, most + 1, "received_at")
        : view.kind === "ticket"
          ? await selectShared(moment, "read.ticket", [...ticketColumns, "details"], "ticket_id", filter, 1)
          : await selectShared(
              moment,
              view.queue === "closed" ? "read.ticket" : "read.queue",
              ticketColumns,
              "ticket_id",
              filter,
              most + 1,
              view.queue === "closed" ? "ticket_id" : "next_deadline",
            );
    const truncated = found.length > most;
    const rows = found.slice(0, most);
    const replay =
      since !== undefined &&
      since <= position &&
      !truncated &&
      !(view.queue !== undefined && movesWithTime(view.queue));
    const missed = replay ? await readMissed(moment, view, since) : undefined;
    const facts =
      view.ticketId === undefined || rows.length === 0
        ? undefined
        : await readFacts(moment, view.ticketId, missed === undefined ? -1n : (since as bigint));
    return { position, rows, missed, truncated, facts };
  });
  const { facts } = snapshot;
  return facts === undefined ? snapshot : { ...snapshot, facts: await revealRows(store, facts) };
}

/** What changed since a position among the rows of the view's kind; undefined when it is too much. */
async function readMissed(moment: Kysely<Database>, view: ViewSpec, since: bigint): Promise<SharedRow[] | undefined> {
  const kind = view.kind === "contacts" ? "contact" : "ticket";
  let query = moment
    .selectFrom("read.journal")
    .select("stream")
    .where("position", ">", String(since))
    .orderBy("position")
    .limit(liveLimits.resumeChanges + 1);
  query =
    view.ticketId === undefined
      ? query.where("stream_kind", "=", kind)
      : query.where("stream", "=", `ticket-${view.ticketId}`);
  const changes = await query.execute();
  // An erasure leaves blanks in rows that no fact has changed.
  const erased = await moment
    .selectFrom("read.journal")
    .select("stream")
    .where("position", ">", String(since))
    .where("stream_kind", "=", "erasure")
    .limit(1)
    .execute();
  if (erased.length > 0) return undefined;
  if (changes.length > liveLimits.resumeChanges) return undefined;
  const ids = [...new Set(changes.map(({ stream }) => stream.slice(kind.length + 1)))];
  return kind === "contact" ? readContacts(moment, ids) : readTickets(moment, ids);
}

async function readFacts(moment: Kysely<Database>, ticketId: string, after: bigint): Promise<JournalRow[]> {
  const rows = await moment
    .selectFrom("read.journal")
    .select([...journalColumns])
    .where("stream", "=", `ticket-${ticketId}`)
    .where("position", ">", String(after))
    .orderBy("revision")
    .execute();
  return rows;
}

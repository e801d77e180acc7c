import type { TimelineEntry } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { Principal } from "../auth/principal.ts";
import { type Opener, revealRows } from "../journal/reveal.ts";
import { factFor } from "../policy/redaction.ts";
import type { Moment } from "../query/moment.ts";
import { knownAt } from "../query/past.ts";

export interface JournalRow {
  stream: string;
  position: string;
  revision: number;
  event_id: string;
  type: string;
  occurred_at: Date;
  recorded_at: Date;
  actor_id: string;
  actor_role: string;
  channel: string;
  data: Record<string, unknown>;
  meta: Record<string, unknown>;
}

export const journalColumns = [
  "stream",
  "position",
  "revision",
  "event_id",
  "type",
  "occurred_at",
  "recorded_at",
  "actor_id",
  "actor_role",
  "channel",
  "data",
  "meta",
] as const;

/** A fact of the journal as the caller may see it; undefined when he may not. */
export function timelineEntryFor(caller: Principal, row: JournalRow): TimelineEntry | undefined {
  const data = factFor(caller, row.type, row.data);
  if (data === undefined) return undefined;
  const actor = row.meta["actor"] as { name?: string } | undefined;
  return {
    eventId: row.event_id,
    revision: row.revision,
    position: row.position,
    type: row.type,
    occurredAt: row.occurred_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    actor: { id: row.actor_id, role: row.actor_role, name: actor?.name ?? null },
    channel: row.channel,
    data: { ...data },
  };
}

/** The facts of one ticket from a revision on, in order, as the caller may see them, and where to go on. */
export async function readTimeline(
  { db, store }: { readonly db: Db; readonly store: Opener },
  caller: Principal,
  ticketId: string,
  options: { readonly from?: number; readonly limit: number; readonly moment?: Moment; readonly after?: string },
): Promise<{ items: TimelineEntry[]; nextRevision: number | null }> {
  let query = db
    .selectFrom("read.journal")
    .select([...journalColumns])
    .where("stream", "=", `ticket-${ticketId}`)
    .where("revision", ">=", options.from ?? 0)
    .orderBy("revision")
    .limit(options.limit + 1);
  if (options.moment) query = query.where(knownAt("read.journal", options.moment));
  if (options.after !== undefined) query = query.where("position", ">", options.after);
  const rows = (await query.execute()) as unknown as JournalRow[];
  const shown = await revealRows(store, rows.slice(0, options.limit));
  return {
    items: shown.flatMap((row) => timelineEntryFor(caller, row) ?? []),
    nextRevision: rows[options.limit]?.revision ?? null,
  };
}

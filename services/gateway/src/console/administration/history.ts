import { sql } from "kysely";
import type { HistoryEntry } from "@docket/api-contract";
import { allEvents, streamNameOf, type Language, type StreamKind } from "@docket/domain";
import type { EventStore } from "@docket/event-store";
import type { Db } from "@docket/postgres";

type State = Readonly<Record<string, unknown>>;

/** Facts that hold from another time than the one at which they were recorded say so. */
const effectiveIn = ({ policyEffectiveFrom, effectiveFrom }: State): string | null =>
  typeof policyEffectiveFrom === "string"
    ? policyEffectiveFrom
    : typeof effectiveFrom === "string"
      ? effectiveFrom
      : null;

/** The facts of an entry of the directory, newest first, each with what it changed; none for an entry that is not there. */
export async function historyOf(
  { db, store }: { readonly db: Db; readonly store: Pick<EventStore, "load"> },
  kind: StreamKind,
  id: string,
  language: Language,
): Promise<HistoryEntry[]> {
  const [facts, states] = await Promise.all([
    store.load(streamNameOf(kind, id)),
    sql<{ revision: number; state: State }>`select revision, state from read.directory
      where kind = ${kind} and entry_id = ${kind === "routing-rules" ? kind : id} order by revision`.execute(db),
  ]);
  const byRevision = new Map(states.rows.map(({ revision, state }) => [revision, state]));
  let before: State = {};
  const history = facts.map((fact): HistoryEntry => {
    const data = fact.data as State;
    const after = byRevision.get(fact.revision) ?? before;
    const entry = {
      eventId: fact.eventId,
      revision: fact.revision,
      position: String(fact.position.commit),
      type: fact.type,
      title: allEvents.get(fact.type)?.title[language] ?? fact.type,
      occurredAt: fact.meta.occurredAt,
      recordedAt: fact.meta.recordedAt,
      effectiveFrom: effectiveIn(data),
      actor: { id: fact.meta.actor.id, role: fact.meta.actor.role, name: fact.meta.actor.name ?? null },
      channel: fact.meta.channel,
      changes: changesBetween(before, after),
      data: { ...data },
      hash: fact.hash,
    };
    before = after;
    return entry;
  });
  return history.toReversed();
}

/** The fields in which two states differ. */
export function changesBetween(before: State, after: State): HistoryEntry["changes"] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted().flatMap((field) => {
    const [old, now] = [before[field] ?? null, after[field] ?? null];
    return JSON.stringify(old) === JSON.stringify(now) ? [] : [{ field, before: old, after: now }];
  });
}

import { derivedId } from "@docket/event-store";
import { defineProjection, defineTable, type Queryable } from "@docket/projection-engine";
import { concernedAfter, concernsOf, nobody, type Concerned } from "./concern.ts";

/** One row per event, kind and recipient; the id is the same for all recipients. No words: readers look them up. */
const notes = defineTable({
  name: "notification",
  columns: [
    ["notification_id", "uuid"],
    ["recipient", "text"],
    ["kind", "text"],
    ["ticket_id", "uuid"],
    ["revision", "int4"],
    ["actor_id", "text"],
    ["actor_role", "text"],
    ["recorded_at", "timestamptz"],
    ["position", "int8"],
  ],
  indexes: ["(recipient, position)", "(ticket_id, position)", "(position)"],
});

const concerned = defineTable({
  name: "ticket_concern",
  columns: [
    ["ticket_id", "uuid"],
    ["engineer_id", "text", "null"],
    ["group_id", "text", "null"],
    ["requester_id", "text", "null"],
  ],
  key: ["ticket_id"],
});

/** What happened to tickets, by whom it concerns. Imported facts concern nobody: they are long over. */
export const notification = defineProjection<Concerned>({
  name: "notification",
  version: 1,
  kinds: ["ticket"],
  tables: [notes, concerned],
  views: [{ name: "notification", sql: (schema) => `select * from ${schema}.notification` }],
  load,
  fold: (state, event, write) => {
    const next = concernedAfter(state ?? nobody, event);
    const concerns = concernsOf(event, next);
    if (concerns.length === 0 || event.meta.provenance !== undefined) return next;
    const { actor } = event.meta;
    for (const { kind, recipients } of concerns) {
      const id = derivedId("notification", event.eventId, kind);
      for (const recipient of recipients)
        write.insert(notes, [
          id,
          recipient,
          kind,
          event.entityId,
          event.revision,
          actor.id,
          actor.role,
          event.recordedMs,
          event.commit,
        ]);
    }
    return next;
  },
  flush: (before, after, write, stream) => {
    if (before === after) return;
    const { engineerId, groupId, requesterId } = after;
    if (before?.engineerId === engineerId && before.groupId === groupId && before.requesterId === requesterId) return;
    const row = [stream.slice("ticket-".length), engineerId, groupId, requesterId];
    (before ? write.update : write.insert)(concerned, row);
  },
});

type Row = Record<string, string | null>;

async function load(db: Queryable, schema: string, streams: readonly string[]): Promise<Map<string, Concerned>> {
  const ids = streams.map((stream) => stream.slice("ticket-".length));
  const { rows } = await db.query<Row>(`select * from ${schema}.ticket_concern where ticket_id = any($1::uuid[])`, [
    ids,
  ]);
  return new Map(
    rows.map((row) => [
      `ticket-${row["ticket_id"]}`,
      {
        engineerId: row["engineer_id"] ?? null,
        groupId: row["group_id"] ?? null,
        requesterId: row["requester_id"] ?? null,
      },
    ]),
  );
}

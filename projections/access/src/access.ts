import { defineProjection, defineTable, instantOf } from "@docket/projection-engine";

const entries = defineTable({
  name: "entry",
  columns: [
    ["access_id", "uuid"],
    ["at", "timestamptz"],
    ["account_id", "text"],
    ["actor_id", "text"],
    ["actor_role", "text"],
    ["kind", "text"],
    ["ticket_id", "uuid", "null"],
    ["query", "text"],
    ["items", "int8", "null"],
    ["complete", "bool", "null"],
    ["stream", "text"],
    ["recorded_at", "timestamptz"],
    ["position", "int8"],
  ],
  key: ["access_id"],
  indexes: ["(at, access_id)", "(ticket_id) where ticket_id is not null"],
});

/** Who looked at what: a row for each access that was recorded. */
export const access = defineProjection({
  name: "access",
  version: 1,
  kinds: ["access"],
  tables: [entries],
  views: [{ name: "access", sql: (schema) => `select * from ${schema}.entry` }],
  fold: (_state, event, write) => {
    if (event.type !== "RecordsAccessed") return undefined;
    for (const one of event.data.entries)
      write.insert(entries, [
        one.accessId,
        instantOf(one.at),
        one.accountId,
        one.actorId,
        one.role,
        one.kind,
        one.ticketId,
        one.query,
        one.items,
        one.complete,
        event.stream,
        event.recordedMs,
        event.commit,
      ]);
    return undefined;
  },
});

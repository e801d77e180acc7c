import { type Column, defineProjection, defineTable, type FoldEvent, type Row } from "@docket/projection-engine";

/*
 * Every event as it is: the auditors' read model, the gateway's live feed, the source of rebuilds. The data stand here as
 * stored, byte for byte. Of the metadata only what no column holds is kept beside the columns; the view puts it together again.
 */

const columns: readonly Column[] = [
  ["position", "int8"],
  ["prepare_position", "int8"],
  ["stream", "text"],
  ["stream_kind", "text"],
  ["revision", "int4"],
  ["event_id", "uuid"],
  ["type", "text"],
  ["schema_version", "int2"],
  ["occurred_at", "timestamptz"],
  ["recorded_at", "timestamptz"],
  ["actor_id", "text"],
  ["actor_role", "text"],
  ["actor_name", "text", "null"],
  ["channel", "text"],
  ["command_id", "uuid"],
  ["correlation_id", "uuid"],
  ["causation_id", "uuid", "null"],
  ["prev_hash", "bytea", "null"],
  ["hash", "bytea"],
  ["more_meta", "text", "null"],
  ["data", "text"],
];

const events = defineTable({
  name: "event",
  columns,
  // events of one transaction may share the commit half
  key: ["position", "prepare_position"],
  // The second is walked by audits that look for a type, an actor or a correlation: it is as long as the log, but narrow, holds what
  // is asked for, and costs little to keep, since all that is new goes to its end. An index for each would cost several times that.
  indexes: [
    "(stream, revision)",
    "(position, prepare_position, type, actor_id, correlation_id)",
    "using brin (recorded_at)",
  ],
  plain: ["data"],
  opaque: ["event_id", "command_id", "correlation_id", "causation_id", "prev_hash", "hash", "more_meta"],
});

/** What the columns hold, and what the view leaves out. */
const inColumns: ReadonlySet<string> = new Set([
  "commandId",
  "$correlationId",
  "$causationId",
  "actor",
  "channel",
  "occurredAt",
  "recordedAt",
  "schemaVersion",
  "prevHash",
  "hash",
]);

function row(event: FoldEvent): Row {
  const { stored } = event;
  const { actor } = stored;
  return [
    event.commit,
    event.prepare,
    event.stream,
    event.kind,
    event.revision,
    event.eventId,
    event.type,
    stored.schemaVersion,
    event.occurredMs,
    event.recordedMs,
    actor.id,
    actor.role,
    actor.name ?? null,
    stored.channel,
    stored.commandId,
    stored.$correlationId,
    stored.$causationId,
    stored.prevHash,
    stored.hash,
    moreMeta(stored),
    event.dataText,
  ];
}

function moreMeta(stored: object): string | null {
  let more: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(stored)) {
    if (inColumns.has(key)) continue;
    more ??= {};
    more[key] = value;
  }
  return more ? JSON.stringify(more) : null;
}

const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export const journal = defineProjection({
  name: "journal",
  version: 2,
  kinds: "all",
  tables: [events],
  views: [
    {
      name: "journal",
      sql: (schema) => `
        select position, prepare_position, stream, stream_kind, revision, event_id, type, schema_version, occurred_at, recorded_at,
          actor_id, actor_role, actor_name, channel, command_id, correlation_id, causation_id,
          case when data is json then data::json else to_json(data) end as data,
          (jsonb_build_object(
            'commandId', command_id, 'correlationId', correlation_id, 'causationId', causation_id,
            'actor', jsonb_strip_nulls(jsonb_build_object('id', actor_id, 'role', actor_role, 'name', actor_name)),
            'channel', channel, 'occurredAt', ${instant("occurred_at")}, 'recordedAt', ${instant("recorded_at")},
            'schemaVersion', schema_version)
            || coalesce(more_meta::jsonb, '{}')) as meta,
          encode(prev_hash, 'hex') as prev_hash, encode(hash, 'hex') as hash,
          data as data_text, more_meta
        from ${schema}.event`,
    },
  ],
  fold: (_state, event, write) => {
    write.insert(events, row(event));
    return undefined;
  },
});

import { type Column, defineProjection, defineTable, type FoldEvent, type Row } from "@docket/projection-engine"

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
  ["channel", "text"],
  ["command_id", "uuid"],
  ["correlation_id", "uuid"],
  ["causation_id", "uuid", "null"],
  ["prev_hash", "bytea", "null"],
  ["hash", "bytea"],
  ["more_meta", "text", "null"],
  ["data", "text"],
]

const events = defineTable({
  name: "event",
  columns,
  // events of one transaction may share the commit half
  key: ["position", "prepare_position"],
  indexes: ["(stream, revision)"],
  plain: ["data"],
})

function row(event: FoldEvent): Row {
  const { meta } = event
  const { commandId, correlationId, causationId, actor, channel, occurredAt: _o, recordedAt: _r, schemaVersion, ...rest } = meta
  const more: Record<string, unknown> = rest
  if (actor.name !== undefined) more["actorName"] = actor.name
  return [
    event.commit,
    event.prepare,
    event.stream,
    event.kind,
    event.revision,
    event.eventId,
    event.type,
    schemaVersion,
    event.occurredMs,
    event.recordedMs,
    actor.id,
    actor.role,
    channel,
    commandId,
    correlationId,
    causationId,
    event.prevHash,
    event.hash,
    hasKeys(more) ? JSON.stringify(more) : null,
    event.dataText,
  ]
}

function hasKeys(object: object): boolean {
  for (const _key in object) return true
  return false
}

const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

export const journal = defineProjection({
  name: "journal",
  version: 1,
  kinds: "all",
  tables: [events],
  views: [
    {
      name: "journal",
      sql: (schema) => `
        select position, prepare_position, stream, stream_kind, revision, event_id, type, schema_version, occurred_at, recorded_at,
          actor_id, actor_role, channel, command_id, correlation_id, causation_id,
          data::json as data,
          (jsonb_build_object(
            'commandId', command_id, 'correlationId', correlation_id, 'causationId', causation_id,
            'actor', jsonb_strip_nulls(jsonb_build_object('id', actor_id, 'role', actor_role, 'name', more_meta::jsonb -> 'actorName')),
            'channel', channel, 'occurredAt', ${instant("occurred_at")}, 'recordedAt', ${instant("recorded_at")},
            'schemaVersion', schema_version)
            || coalesce(more_meta::jsonb - 'actorName', '{}')) as meta,
          encode(prev_hash, 'hex') as prev_hash, encode(hash, 'hex') as hash,
          data as data_text, more_meta
        from ${schema}.event`,
    },
  ],
  fold: (_state, event, write) => {
    write.insert(events, row(event))
    return undefined
  },
})

import { type Column, defineProjection, defineTable, type Queryable, type Value } from "@docket/projection-engine";
import { type Entry, type EntryState, entryAfter } from "./entry.ts";

type State = {
  readonly entry: Entry;
  readonly stateText: string;
  readonly recordedAt: number;
  readonly revision: number;
  readonly position: number;
};

const columns: readonly Column[] = [
  ["kind", "text"],
  ["entry_id", "text"],
  ["name", "text"],
  ["organization_id", "text", "null"],
  ["active", "bool"],
  ["state", "text"],
  ["recorded_at", "timestamptz"],
  ["revision", "int4"],
  ["position", "int8"],
];

const current = defineTable({ name: "entry", columns, key: ["kind", "entry_id"], opaque: ["state"] });
const past = defineTable({
  name: "entry_past",
  columns: [...columns, ["valid_to", "timestamptz"]],
  opaque: ["state"],
  indexes: ["(kind, entry_id, revision)"],
});

const list = "kind, entry_id, name, organization_id, active, state::jsonb as state";

/** Organizations with their people, contracts, calendars, staff, groups, routing rules, plans, letters and ratings: now and at any past moment. */
export const directory = defineProjection<State>({
  name: "directory",
  version: 1,
  kinds: ["organization", "contract", "calendar", "staff", "group", "routing-rules", "plan", "letter", "survey"],
  tables: [current, past],
  views: [
    {
      name: "directory",
      sql: (schema) => `
        select ${list}, recorded_at as valid_from, valid_to, revision, position from ${schema}.entry_past
        union all
        select ${list}, recorded_at, 'infinity'::timestamptz, revision, position from ${schema}.entry`,
    },
  ],
  load,
  clear: (schema) =>
    ["entry", "entry_past"].map((table) => `delete from ${schema}.${table} where kind || '-' || entry_id = any($1)`),
  fold: (state, event, write) => {
    const entry = entryAfter(state?.entry, event);
    if (!entry) return undefined;
    if (state) write.insert(past, [...values(state), event.recordedMs]);
    const stateText = entry.state === state?.entry.state ? state.stateText : JSON.stringify(entry.state);
    return { entry, stateText, recordedAt: event.recordedMs, revision: event.revision, position: event.commit };
  },
  flush: (before, after, write) => (before ? write.update : write.insert)(current, values(after)),
});

function values({ entry, stateText, recordedAt, revision, position }: State): Value[] {
  const { kind, entryId, name, organizationId, active } = entry;
  return [kind, entryId, name, organizationId, active, stateText, recordedAt, revision, position];
}

async function load(db: Queryable, schema: string, streams: readonly string[]): Promise<Map<string, State>> {
  // a single stream's name is its kind, and so is its entry's id
  const { rows } = await db.query<
    Record<string, string | null> & { active: boolean; recorded_at: Date; stream: string }
  >(
    `select s.stream, e.* from unnest($1::text[]) as s(stream)
     join ${schema}.entry e on s.stream = case when e.kind = 'routing-rules' then e.kind else e.kind || '-' || e.entry_id end`,
    [streams],
  );
  return new Map(
    rows.map((row) => {
      const stateText = String(row["state"]);
      const state = JSON.parse(stateText) as EntryState;
      const entry: Entry = {
        kind: String(row["kind"]),
        entryId: String(row["entry_id"]),
        name: String(row["name"]),
        organizationId: row["organization_id"] ?? null,
        active: row.active,
        state,
      };
      const place = { revision: Number(row["revision"]), position: Number(row["position"]) };
      return [row.stream, { entry, stateText, recordedAt: row.recorded_at.getTime(), ...place }];
    }),
  );
}

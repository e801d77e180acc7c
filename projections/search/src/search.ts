import { defineProjection, defineTable, type FoldEvent, type Queryable } from "@docket/projection-engine";

/** Longer descriptions are looked at no further: what a ticket is about is said at its beginning. */
const looked = 2_000;

/**
 * What people look for a ticket by, in one row: `words` (number, subject, requester, product; in lower case, one a line) for
 * parts of words, `topic` (subject and the beginning of the description) for tickets about the same thing.
 */
const texts = defineTable({
  name: "ticket_words",
  columns: [
    ["ticket_id", "uuid"],
    ["organization_id", "text"],
    ["words", "text"],
    ["topic", "text"],
  ],
  key: ["ticket_id"],
  indexes: ["using gin (words public.gin_trgm_ops)", "using gin (to_tsvector('russian', topic))"],
  opaque: ["words", "topic"],
});

/** Which ticket names which other. */
const links = defineTable({
  name: "ticket_link",
  columns: [
    ["from_id", "uuid"],
    ["to_id", "uuid"],
    ["kind", "text"],
    ["recorded_at", "timestamptz"],
    ["position", "int8"],
  ],
  indexes: ["(from_id)", "(to_id)"],
});

type State = {
  readonly organizationId: string;
  readonly fixed: string;
  readonly product: string | null;
  readonly topic: string;
};

/** Search: tickets by parts of words and by topic, and links between them in both directions. */
export const search = defineProjection<State>({
  name: "search",
  version: 1,
  kinds: ["ticket"],
  tables: [texts, links],
  views: [
    { name: "ticket_words", sql: (schema) => `select * from ${schema}.ticket_words` },
    { name: "ticket_link", sql: (schema) => `select * from ${schema}.ticket_link` },
  ],
  load,
  clear: (schema) => [
    `delete from ${schema}.ticket_words where ticket_id = any(array(select substr(s, 8)::uuid from unnest($1::text[]) s))`,
    `delete from ${schema}.ticket_link where from_id = any(array(select substr(s, 8)::uuid from unnest($1::text[]) s))`,
  ],
  fold: (state, event, write) => {
    const link = linkOf(event);
    if (link !== undefined) write.insert(links, [event.entityId, link.to, link.kind, event.recordedMs, event.commit]);
    return evolve(state, event);
  },
  flush: (before, after, write, stream) => {
    if (before === after || (before !== undefined && before.product === after.product)) return;
    const { organizationId, fixed, product, topic } = after;
    const row = [stream.slice("ticket-".length), organizationId, `${fixed}\n${(product ?? "").toLowerCase()}`, topic];
    (before ? write.update : write.insert)(texts, row);
  },
});

function linkOf(event: FoldEvent): { readonly to: string; readonly kind: string } | undefined {
  if (event.type === "TicketLinked") return { to: event.data.toTicketId, kind: event.data.kind };
  if (event.type === "TicketMarkedDuplicate") return { to: event.data.ofTicketId, kind: "duplicate" };
  return undefined;
}

function evolve(state: State | undefined, event: FoldEvent): State | undefined {
  if (event.type === "TicketRegistered") {
    const { number, subject, requester, description, product, organizationId } = event.data;
    const fixed = [number, subject, requester.name, requester.email ?? ""].map(oneLine).join("\n");
    return { organizationId, fixed, product, topic: `${subject}\n${description.slice(0, looked)}` };
  }
  if (event.type === "TicketClassified" && state !== undefined && event.data.product !== state.product)
    return { ...state, product: event.data.product };
  return state;
}

const oneLine = (text: string): string => text.toLowerCase().replaceAll("\n", " ");

async function load(db: Queryable, schema: string, streams: readonly string[]): Promise<Map<string, State>> {
  const ids = streams.map((stream) => stream.slice("ticket-".length));
  const { rows } = await db.query<Record<string, string>>(
    `select * from ${schema}.ticket_words where ticket_id = any($1::uuid[])`,
    [ids],
  );
  return new Map(
    rows.map((row) => {
      const words = String(row["words"]).split("\n");
      const product = words.at(-1) ?? "";
      return [
        `ticket-${row["ticket_id"]}`,
        {
          organizationId: String(row["organization_id"]),
          fixed: words.slice(0, -1).join("\n"),
          // in lower case here: a classification that names the same product writes the same row once more
          product: product === "" ? null : product,
          topic: String(row["topic"]),
        },
      ];
    }),
  );
}

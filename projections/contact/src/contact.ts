import {
  type Column,
  defineProjection,
  defineTable,
  type FoldEvent,
  instantOf,
  type Queryable,
  type Row,
  type Value,
} from "@docket/projection-engine";

/** A contact as the intake queue and its page show it. Instants are milliseconds. Never changed in place. */
type State = {
  readonly contactId: string;
  readonly status: string;
  readonly channel: string;
  readonly receivedAt: number;
  readonly subject: string;
  readonly fromName: string | null;
  readonly fromEmail: string | null;
  readonly claimedOrganization: string | null;
  readonly organizationId: string | null;
  readonly contractId: string | null;
  readonly personId: string | null;
  readonly ticketId: string | null;
  readonly aboutTicketId: string | null;
  readonly doubts: readonly string[];
  readonly rejectReason: string | null;
  readonly messageId: string | null;
  readonly rawSha256: string | null;
  /** what happened to it, as JSON */
  readonly outcome: Readonly<Record<string, unknown>>;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly revision: number;
  readonly position: number;
};

/** What stands fixed from the first second. */
const fixed: readonly Column[] = [
  ["channel", "text"],
  ["received_at", "timestamptz"],
  ["subject", "text"],
  ["from_name", "text", "null"],
  ["from_email", "text", "null"],
  ["claimed_organization", "text", "null"],
  ["about_ticket_id", "uuid", "null"],
  ["message_id", "text", "null"],
  ["raw_sha256", "text", "null"],
];

/** What became of it. */
const changing: readonly Column[] = [
  ["status", "text"],
  ["organization_id", "text", "null"],
  ["contract_id", "text", "null"],
  ["person_id", "text", "null"],
  ["ticket_id", "uuid", "null"],
  ["doubts", "text"],
  ["reject_reason", "text", "null"],
  ["outcome", "text"],
  ["occurred_at", "timestamptz"],
  ["recorded_at", "timestamptz"],
  ["revision", "int4"],
  ["position", "int8"],
];

const current = defineTable({
  name: "contact",
  columns: [["contact_id", "uuid"], ...fixed, ...changing],
  key: ["contact_id"],
  opaque: ["doubts", "outcome"],
  indexes: ["(received_at, contact_id)", "(received_at) where status = 'held'", "(message_id)", "(ticket_id)"],
});

/** Versions that are over, written when the next one replaces them; `span` finds those that held at a moment (0060). */
const past = defineTable({
  name: "contact_past",
  columns: [["contact_id", "uuid"], ...changing, ["valid_to", "timestamptz"], ["span", "int2"]],
  opaque: ["doubts", "outcome", "position"],
  indexes: ["(contact_id, revision)", "(span, recorded_at)"],
});

/** What was received beyond the columns: written once, however large. */
const texts = defineTable({
  name: "contact_text",
  columns: [
    ["contact_id", "uuid"],
    ["text", "text"],
    ["details", "text"],
  ],
  key: ["contact_id"],
  plain: ["text", "details"],
});

/** The columns of a list, where `c` is the contact and `v` the version (the same, or a past one) that it is shown as of. */
const columns = (v: string): string => `
  c.contact_id, ${v}.status, c.channel, c.received_at, c.subject, c.from_name, c.from_email, c.claimed_organization,
  ${v}.organization_id, ${v}.contract_id, ${v}.person_id, ${v}.ticket_id, c.about_ticket_id,
  array(select json_array_elements_text(${v}.doubts::json)) as doubts, ${v}.reject_reason, c.message_id, c.raw_sha256,
  ${v}.occurred_at, ${v}.recorded_at, ${v}.revision, ${v}.position`;
const whole = (v: string): string => `${columns(v)}, x.text, x.details::jsonb || ${v}.outcome::jsonb as details`;
const withText = (schema: string): string => `left join ${schema}.contact_text x on x.contact_id = c.contact_id`;
const forever = "'infinity'::timestamptz";

/** Everything that arrived, from its first second, and what became of it (R §3.1); now and at any past moment. */
export const contact = defineProjection<State>({
  name: "contact",
  version: 2,
  kinds: ["contact"],
  tables: [current, past, texts],
  views: [
    {
      name: "contact",
      sql: (schema) => `select ${whole("c")} from ${schema}.contact c ${withText(schema)}`,
    },
    {
      name: "contact_history",
      sql: (schema) => `
        select ${whole("p")}, p.recorded_at as valid_from, p.valid_to
        from ${schema}.contact_past p join ${schema}.contact c on c.contact_id = p.contact_id ${withText(schema)}
        union all
        select ${whole("c")}, c.recorded_at, ${forever} from ${schema}.contact c ${withText(schema)}`,
    },
    {
      // the same without what is long: what lists of a past moment are made of
      name: "contact_version",
      sql: (schema) => `
        select ${columns("p")}, p.recorded_at as valid_from, p.valid_to
        from ${schema}.contact_past p join ${schema}.contact c on c.contact_id = p.contact_id
        union all
        select ${columns("c")}, c.recorded_at, ${forever} from ${schema}.contact c`,
    },
    {
      name: "contacts_at",
      kind: "function",
      sql: (schema) => `
        create or replace function read.contacts_at(moment timestamptz) returns setof read.contact_version language sql stable as $$
          select ${columns("p")}, p.recorded_at, p.valid_to
          from generate_series(0, 31) as magnitude(n)
            cross join lateral (
              select * from ${schema}.contact_past
              where span = magnitude.n and recorded_at <= moment and recorded_at > moment - make_interval(secs => 2 ^ magnitude.n)
                and valid_to > moment
              offset 0) p
            join ${schema}.contact c on c.contact_id = p.contact_id
          union all
          select ${columns("c")}, c.recorded_at, ${forever} from ${schema}.contact c where c.recorded_at <= moment
        $$`,
    },
  ],
  load,
  fold: (state, event, write) => {
    if (event.type === "ContactReceived") {
      if (state) throw new Error(`${event.stream} is received a second time`);
      const { text, claims, wish, product, productVersion, stepsToReproduce, region, attachments, raw, mail } =
        event.data;
      const details = { claims, wish, product, productVersion, stepsToReproduce, region, attachments, raw, mail };
      const { authenticatedPersonId } = event.data;
      write.insert(texts, [event.entityId, text, JSON.stringify({ ...details, authenticatedPersonId })]);
    }
    if (state) write.insert(past, pastRow(state, event.recordedMs));
    const next = evolve(state, event);
    return {
      ...next,
      occurredAt: event.occurredMs,
      recordedAt: event.recordedMs,
      revision: event.revision,
      position: event.commit,
    };
  },
  flush: (before, after, write) => (before ? write.update : write.insert)(current, rowOf(after)),
  clear: (schema) => [
    `delete from ${schema}.contact where contact_id = any(array(select substr(s, 9)::uuid from unnest($1::text[]) s))`,
    `delete from ${schema}.contact_past where contact_id = any(array(select substr(s, 9)::uuid from unnest($1::text[]) s))`,
    `delete from ${schema}.contact_text where contact_id = any(array(select substr(s, 9)::uuid from unnest($1::text[]) s))`,
  ],
});

function evolve(state: State | undefined, event: FoldEvent): State {
  if (event.type === "ContactReceived") return received(event);
  if (!state) throw new Error(`${event.stream} begins with ${event.type}, not with what was received`);
  switch (event.type) {
    case "ContactHeld":
      return { ...state, status: "held", doubts: event.data.doubts };
    case "ContactVerified": {
      const { organizationId, contractId, personId, how, note } = event.data;
      return {
        ...state,
        status: "verified",
        organizationId,
        contractId,
        personId,
        outcome: { ...state.outcome, how, note },
      };
    }
    case "ContactRegistered": {
      const { ticketId, ticketNumber, afterTicketId } = event.data;
      return { ...state, status: "registered", ticketId, outcome: { ...state.outcome, ticketNumber, afterTicketId } };
    }
    case "ContactJoined":
      return { ...state, status: "joined", ticketId: event.data.ticketId };
    case "ContactRejected": {
      const { reason, automatic } = event.data;
      return { ...state, status: "rejected", rejectReason: reason, outcome: { ...state.outcome, automatic } };
    }
    default:
      return state;
  }
}

function received(event: Extract<FoldEvent, { type: "ContactReceived" }>): State {
  const { data } = event;
  return {
    contactId: event.entityId,
    status: "received",
    channel: data.channel,
    receivedAt: instantOf(data.receivedAt),
    subject: data.subject,
    fromName: data.claims.personName,
    fromEmail: data.mail?.from ?? data.claims.email,
    claimedOrganization: data.claims.organization,
    organizationId: null,
    contractId: null,
    personId: null,
    ticketId: null,
    aboutTicketId: data.aboutTicketId,
    doubts: [],
    rejectReason: null,
    messageId: data.mail?.messageId ?? null,
    rawSha256: data.raw?.sha256 ?? null,
    outcome: {},
    occurredAt: 0,
    recordedAt: 0,
    revision: 0,
    position: 0,
  };
}

const changingValues = (state: State): Value[] => [
  state.status,
  state.organizationId,
  state.contractId,
  state.personId,
  state.ticketId,
  JSON.stringify(state.doubts),
  state.rejectReason,
  JSON.stringify(state.outcome),
  state.occurredAt,
  state.recordedAt,
  state.revision,
  state.position,
];

function rowOf(state: State): Row {
  return [
    state.contactId,
    state.channel,
    state.receivedAt,
    state.subject,
    state.fromName,
    state.fromEmail,
    state.claimedOrganization,
    state.aboutTicketId,
    state.messageId,
    state.rawSha256,
    ...changingValues(state),
  ];
}

/** A version that ended when the next one was recorded. */
function pastRow(state: State, validTo: number): Row {
  return [state.contactId, ...changingValues(state), validTo, spanOf(validTo - state.recordedAt)];
}

/** The magnitude of a duration: it is shorter than 2^span seconds. -1 for none at all, which no moment falls into. */
function spanOf(ms: number): number {
  if (ms <= 0) return -1;
  return ms < 1_000 ? 0 : Math.floor(Math.log2(ms / 1_000)) + 1;
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const ms = (value: unknown): number => (value instanceof Date ? value.getTime() : 0);

async function load(db: Queryable, schema: string, streams: readonly string[]): Promise<Map<string, State>> {
  const ids = streams.map((stream) => stream.slice("contact-".length));
  const { rows } = await db.query<Record<string, unknown>>(
    `select * from ${schema}.contact where contact_id = any($1::uuid[])`,
    [ids],
  );
  return new Map(
    rows.map((row) => {
      const state: State = {
        contactId: String(row["contact_id"]),
        status: String(row["status"]),
        channel: String(row["channel"]),
        receivedAt: ms(row["received_at"]),
        subject: String(row["subject"]),
        fromName: text(row["from_name"]),
        fromEmail: text(row["from_email"]),
        claimedOrganization: text(row["claimed_organization"]),
        organizationId: text(row["organization_id"]),
        contractId: text(row["contract_id"]),
        personId: text(row["person_id"]),
        ticketId: text(row["ticket_id"]),
        aboutTicketId: text(row["about_ticket_id"]),
        doubts: JSON.parse(String(row["doubts"])) as string[],
        rejectReason: text(row["reject_reason"]),
        messageId: text(row["message_id"]),
        rawSha256: text(row["raw_sha256"]),
        outcome: JSON.parse(String(row["outcome"])) as Record<string, unknown>,
        occurredAt: ms(row["occurred_at"]),
        recordedAt: ms(row["recorded_at"]),
        revision: Number(row["revision"]),
        position: Number(row["position"]),
      };
      return [`contact-${state.contactId}`, state];
    }),
  );
}

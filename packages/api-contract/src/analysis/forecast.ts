import { z } from "zod";
import { clockKind, id, instant, uuid } from "@docket/domain";
import { asOfParam, listQuery, searchText } from "../list.ts";
import type { ListField } from "../ticket-fields.ts";
import { clockState, ticketStatus } from "../ticket.ts";
import { anyInstant, logPosition } from "../values.ts";

const field = (kind: ListField["kind"], column: string, sort = false): ListField => ({
  kind,
  column,
  filter: true,
  sort,
  staffOnly: false,
});

/** What a forecast can be filtered and sorted by: of the clock, and of the ticket that it belongs to. */
export const forecastFields = {
  ticketId: field("id", "ticket_id"),
  number: field("id", "number", true),
  status: field("enum", "status"),
  type: field("enum", "type"),
  priority: field("enum", "priority"),
  organizationId: field("id", "organization_id", true),
  contractId: field("id", "contract_id"),
  product: field("text", "product"),
  region: field("text", "region"),
  channel: field("enum", "channel"),
  line: field("int", "line", true),
  groupId: field("id", "group_id", true),
  engineerId: field("id", "engineer_id", true),
  kind: field("enum", "kind"),
  cycle: field("int", "cycle"),
  state: field("enum", "state"),
  verdict: field("enum", "verdict"),
  deadline: field("instant", "deadline", true),
} as const satisfies Record<string, ListField>;

/** By what a forecast counts. */
export const forecastGroups = [
  "line",
  "groupId",
  "engineerId",
  "organizationId",
  "contractId",
  "type",
  "priority",
  "product",
  "kind",
] as const;
export type ForecastGroup = (typeof forecastGroups)[number];

export const forecastVerdict = z.enum(["missed", "will_miss", "in_time", "paused", "never"]);

export const exportFormat = z.enum(["json", "csv", "ndjson", "arrow"]);

export const forecastQuery = listQuery(forecastFields, {
  ...asOfParam,
  until: anyInstant,
  q: searchText.optional(),
  /** several with commas */
  groupBy: z
    .string()
    .regex(new RegExp(`^(?:${forecastGroups.join("|")})(?:,(?:${forecastGroups.join("|")}))*$`))
    .optional(),
  format: exportFormat.optional(),
});

const counts = {
  tickets: z.int(),
  clocks: z.int(),
  missed: z.int(),
  willMiss: z.int(),
  inTime: z.int(),
  paused: z.int(),
  never: z.int(),
} as const;

/** An open clock, the time that is left on it, and what becomes of it if nothing changes. */
export const forecastRow = z
  .strictObject({
    ticketId: uuid,
    number: z.string(),
    subject: z.string(),
    status: ticketStatus,
    organizationId: id,
    contractId: id,
    type: z.string(),
    priority: z.string(),
    product: z.string().nullable(),
    line: z.int().nullable(),
    groupId: z.string().nullable(),
    engineerId: z.string().nullable(),
    kind: clockKind,
    clockLine: z.int().nullable(),
    cycle: z.int(),
    state: clockState,
    ticking: z.boolean(),
    pausedBecause: z.string().nullable(),
    startedAt: instant,
    target: z.string(),
    deadline: instant.nullable(),
    /** agreed with the customer */
    extended: z.boolean(),
    /** working seconds at the moment of the forecast */
    usedSeconds: z.int(),
    /** working seconds left; 0 when missed, null where no one can say */
    remainingSeconds: z.int().nullable(),
    verdict: forecastVerdict,
    calendarId: id,
  })
  .meta({ id: "ForecastRow" });
export type ForecastRow = z.infer<typeof forecastRow>;

export const forecastCounts = z.strictObject(counts).meta({ id: "ForecastCounts" });
export const forecastGroupRow = z
  .strictObject({ key: z.string().nullable(), ...counts, nextDeadline: instant.nullable() })
  .meta({ id: "ForecastGroupRow" });

export const forecastReply = z
  .strictObject({
    until: instant,
    asOf: instant.nullable(),
    /** the moment at which the time left is told */
    at: instant,
    position: logPosition,
    /** with the first page only */
    totals: forecastCounts.nullable(),
    groups: z.partialRecord(z.enum(forecastGroups), z.array(forecastGroupRow)).nullable(),
    items: z.array(forecastRow),
    nextPage: z.string().nullable(),
    total: z.int().optional(),
    totalCapped: z.boolean().optional(),
  })
  .meta({ id: "Forecast" });

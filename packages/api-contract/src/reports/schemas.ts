import { z } from "zod";
import { instant, text } from "@docket/domain";
import { pageLimit } from "../list.ts";
import { anyInstant, logPosition } from "../values.ts";
import { reportLimits } from "./catalogue.ts";
import { dimensions } from "./dimensions.ts";

const texts = z.strictObject({ ru: z.string(), en: z.string() });
const many = z.union([text(2_000).min(1), z.array(text(2_000).min(1)).max(200)]);
const count = z.coerce.number().int();

/** An instant, or a local date, which means midnight in the report's zone. */
export const reportMoment = z.union([z.iso.date(), anyInstant]);

export const reportFormats = ["json", "csv", "arrow", "ndjson"] as const;
export type ReportFormat = (typeof reportFormats)[number];

const filters = Object.fromEntries(Object.keys(dimensions).map((name) => [name, many.optional()]));

const question = {
  from: reportMoment.optional(),
  to: reportMoment.optional(),
  zone: z.string().min(1).max(60).optional(),
  calendar: z.string().min(1).max(120).optional(),
  by: z.enum(["registered", "accepted", "resolved", "closed"]).optional(),
  asOf: anyInstant.optional(),
  atPosition: logPosition.optional(),
  wait: logPosition.optional(),
  ...filters,
} as const;

export const reportQuery = z.strictObject({
  ...question,
  measures: many.optional(),
  groupBy: many.optional(),
  limit: count.min(1).max(reportLimits.mostRows).default(reportLimits.rows),
  format: z.enum(reportFormats).optional(),
});

export const reportTicketsQuery = z.strictObject({
  ...question,
  measure: z.string().min(1).max(60).optional(),
  limit: count.min(1).max(pageLimit.most).default(pageLimit.usual),
  page: z.string().max(2000).optional(),
});

export const reportRowsQuery = z.strictObject({ ...question, format: z.enum(reportFormats).optional() });

export const reportCorrectionsQuery = z.strictObject({
  ...question,
  measures: many.optional(),
  groupBy: many.optional(),
  fromPosition: logPosition,
  toPosition: logPosition.optional(),
  limit: count.min(1).max(reportLimits.mostRows).default(reportLimits.rows),
});

const unit = z.enum(["count", "percent", "seconds", "number"]);

export const reportMenu = z
  .strictObject({
    definitions: z.int(),
    reports: z.array(
      z.strictObject({
        name: z.string(),
        title: texts,
        about: texts,
        period: z.enum(["required", "optional"]),
        measures: z.array(z.string()),
        usualMeasures: z.array(z.string()),
        dimensions: z.array(z.string()),
        usualGroupBy: z.array(z.string()),
        requiredGroupBy: z.array(z.string()),
        bases: z.array(z.string()),
      }),
    ),
    measures: z.array(z.strictObject({ name: z.string(), title: texts, definition: texts, unit, opens: z.boolean() })),
    dimensions: z.array(
      z.strictObject({
        name: z.string(),
        title: texts,
        definition: texts,
        kind: z.enum(["field", "time", "calendar"]),
        values: z.array(z.strictObject({ value: z.string(), title: texts })).optional(),
      }),
    ),
    limits: z.strictObject({ years: z.int(), groupBy: z.int(), rows: z.int(), mostRows: z.int() }),
  })
  .meta({ id: "ReportMenu" });

const key = z.record(z.string(), z.string().nullable());
const values = z.record(z.string(), z.number().nullable());

const row = z.strictObject({
  keys: key,
  labels: z.record(z.string(), z.string()),
  values,
  position: logPosition.nullable(),
  tickets: z.string(),
});

const asked = {
  report: z.string(),
  definitions: z.int(),
  title: texts,
  from: instant.nullable(),
  to: instant.nullable(),
  zone: z.string(),
  calendar: z.string().nullable(),
  by: z.string().nullable(),
  asOf: instant,
  groupBy: z.array(z.string()),
  measures: z.array(z.string()),
} as const;

export const reportReply = z
  .strictObject({
    ...asked,
    position: logPosition,
    columns: z.array(
      z.strictObject({
        name: z.string(),
        role: z.enum(["dimension", "measure"]),
        unit: unit.nullable(),
        title: texts,
      }),
    ),
    rows: z.array(row),
    total: row.nullable(),
    leftOut: z.strictObject({ because: z.literal("too_many_groups"), groups: z.int(), shown: z.int() }).nullable(),
  })
  .meta({ id: "Report" });
export type ReportReply = z.infer<typeof reportReply>;
export type ReportRow = z.infer<typeof row>;

const clockState = z.enum(["running", "paused", "met", "missed", "cancelled"]).nullable();
const seconds = z.number().nullable();

/** A ticket with everything that reports count of it. */
export const ticketMeasures = z
  .strictObject({
    ticketId: z.string(),
    number: z.string(),
    organization: z.string(),
    contract: z.string(),
    type: z.string(),
    priority: z.string(),
    status: z.string(),
    line: z.int().nullable(),
    group: z.string().nullable(),
    engineer: z.string().nullable(),
    product: z.string().nullable(),
    channel: z.string(),
    requester: z.string().nullable(),
    registeredAt: instant,
    acceptedAt: instant.nullable(),
    resolvedAt: instant.nullable(),
    closedAt: instant.nullable(),
    closedBecause: z.string().nullable(),
    reaction: clockState,
    reactionWorkingSeconds: seconds,
    reactionWallSeconds: seconds,
    reactionMissedAt: instant.nullable(),
    resolution: clockState,
    resolutionWorkingSeconds: seconds,
    resolutionWallSeconds: seconds,
    resolutionMissedAt: instant.nullable(),
    returns: z.int(),
    handOvers: z.int(),
    escalations: z.int(),
    recordedAt: instant,
    position: logPosition,
  })
  .meta({ id: "TicketMeasures" });
export type TicketMeasures = z.infer<typeof ticketMeasures>;

export const reportTicketsReply = z
  .strictObject({
    items: z.array(ticketMeasures),
    nextPage: z.string().nullable(),
    count: z.int(),
    asOf: instant,
    position: logPosition,
  })
  .meta({ id: "ReportTickets" });

export const reportCorrections = z
  .strictObject({
    ...asked,
    fromPosition: logPosition,
    toPosition: logPosition,
    rows: z.array(
      z.strictObject({
        keys: key,
        labels: z.record(z.string(), z.string()),
        before: values.nullable(),
        after: values.nullable(),
      }),
    ),
    changes: z.array(
      z.strictObject({
        ticketId: z.string(),
        number: z.string(),
        /** by which the ticket came into the period, left it, or was changed within it */
        kind: z.enum(["entered", "left", "changed"]),
        before: z.record(z.string(), z.unknown()).nullable(),
        after: z.record(z.string(), z.unknown()).nullable(),
        facts: z.array(
          z.strictObject({
            position: logPosition,
            type: z.string(),
            title: texts,
            occurredAt: instant,
            recordedAt: instant,
            /** it happened before the last fact that was known at `fromPosition` */
            late: z.boolean(),
            imported: z.boolean(),
          }),
        ),
      }),
    ),
    /** not all tickets that changed are listed */
    more: z.boolean(),
  })
  .meta({ id: "ReportCorrections" });
export type ReportCorrections = z.infer<typeof reportCorrections>;

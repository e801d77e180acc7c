import { z } from "zod";
import { instant, text, uuid } from "@docket/domain";
import { ticketRef } from "../values.ts";

export const bulkLimits = { tickets: 1_000 } as const;

/** One command on many tickets; `body` is what the single command would take. */
export const bulkBody = z.strictObject({
  /** a ticket command's name as in its address: `assign`, `hand-over` */
  command: text(50).min(1),
  body: z.record(z.string(), z.unknown()).default({}),
  tickets: z.array(ticketRef).min(1).max(bulkLimits.tickets),
});

const reason = z.strictObject({ code: z.string(), title: z.string() });

export const bulkPreview = z
  .strictObject({
    total: z.int(),
    allowed: z.int(),
    refused: z.int(),
    items: z.array(
      z.strictObject({
        ticket: z.string(),
        ticketId: uuid.nullable(),
        number: z.string().nullable(),
        subject: z.string().nullable(),
        allowed: z.boolean(),
        reason: reason.nullable(),
        /** the facts that the command would record */
        events: z.array(z.strictObject({ type: z.string(), title: z.string() })),
      }),
    ),
  })
  .meta({ id: "BulkPreview" });

export const jobState = z.enum(["running", "done", "stopped"]);
export const jobProgress = z
  .strictObject({
    jobId: uuid,
    command: z.string(),
    state: jobState,
    total: z.int(),
    done: z.int(),
    refused: z.int(),
    createdAt: instant,
    finishedAt: instant.nullable(),
    /** what it did can be taken back */
    undoable: z.boolean(),
    /** the job that this one takes back */
    undoOf: uuid.nullable(),
  })
  .meta({ id: "BulkProgress" });
export type JobProgress = z.infer<typeof jobProgress>;

export const bulkJob = z
  .strictObject({
    ...jobProgress.shape,
    items: z.array(
      z.strictObject({
        ticketId: uuid,
        number: z.string().nullable(),
        outcome: z.enum(["waiting", "done", "refused"]),
        code: z.string().nullable(),
        title: z.string().nullable(),
        revision: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: "BulkJob" });

export const bulkStarted = z.strictObject({ jobId: uuid }).meta({ id: "BulkStarted" });

import { z } from "zod";
import { instant, uuid } from "@docket/domain";

const outcome = z.enum(["taken", "unchanged", "adjusted", "partly", "refused", "told_before"]);

/** What an import came to (docs/import.md, "Reading the report"). */
export const importSummary = z
  .strictObject({
    source: z.string(),
    /** SHA-256 of the file */
    file: z.string(),
    importedAt: instant,
    dryRun: z.boolean(),
    resumed: z.boolean(),
    rows: z.int(),
    tickets: z.int(),
    events: z.int(),
    /** the earliest and the latest time that the file speaks of */
    from: instant.nullable(),
    to: instant.nullable(),
    outcomes: z.record(outcome, z.int()),
    reasons: z.array(
      z.strictObject({
        code: z.string(),
        outcome: z.string(),
        count: z.int(),
        /** words of the source that a table of the mapping may lack, with counts */
        words: z.array(z.string()).default([]),
      }),
    ),
    /** how many tickets were judged so by us and so by the source */
    judgements: z.array(z.strictObject({ ours: z.string().nullable(), theirs: z.string().nullable(), count: z.int() })),
    seconds: z.number(),
  })
  .meta({ id: "ImportSummary" });

/** An import that was sent to the gateway. `interrupted`: the gateway was stopped meanwhile; it can be gone on with. */
export const importJob = z
  .strictObject({
    importId: uuid,
    status: z.enum(["running", "done", "failed", "interrupted"]),
    dryRun: z.boolean(),
    accountId: z.string(),
    createdAt: instant,
    finishedAt: instant.nullable(),
    dataName: z.string(),
    /** `done` of `of`: per cent of the file (staging), names (naming), tickets (telling) */
    progress: z
      .strictObject({
        phase: z.enum(["staging", "naming", "telling", "done"]),
        done: z.int(),
        of: z.int(),
        rows: z.int(),
        events: z.int(),
        /** at the present pace; null when it cannot be told */
        secondsLeft: z.int().nullable(),
      })
      .nullable(),
    summary: importSummary.nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: "ImportJob" });
export type ImportJob = z.infer<typeof importJob>;

/** One row that was not taken as it stands. */
export const importReportRow = z
  .strictObject({
    id: z.int(),
    row: z.int(),
    ticket: z.string().nullable(),
    outcome: z.enum(["adjusted", "partly", "refused"]),
    code: z.string(),
    field: z.string().nullable(),
    done: z.string(),
    detail: z.string(),
  })
  .meta({ id: "ImportReportRow" });

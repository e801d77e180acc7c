import type { HistoryTicket } from "@docket/command-handling";
import type { StagedRow } from "./job-file.ts";
import type { SourceRecord } from "./source-record.ts";

/** How much of a ticket's rows its stream tells already, and what it last recorded of the source. */
export function toldBefore(
  history: HistoryTicket,
  source: string,
  rows: readonly StagedRow[],
  digests: readonly string[],
) {
  const records = history.told.filter((fact) => fact.type === "TicketSourceRecorded" && fact.data.source === source);
  const last = records.at(-1);
  if (last?.type !== "TicketSourceRecorded")
    return { recorded: undefined, offset: 0, latest: -Infinity, covers: () => false } as const;
  const recorded: SourceRecord = last.data;
  const imported = history.told.filter((fact) => fact.meta.provenance?.source === source);
  const latest = Math.max(...imported.map((fact) => Date.parse(fact.meta.recordedAt)));
  if (digests[recorded.rows - 1] === recorded.digest) {
    // The same rows, and perhaps more behind them. What came behind a close is refused again, as it was then.
    return { recorded, offset: 0, latest, covers: (index: number) => index < recorded.rows } as const;
  }
  // Another cut of the same history, or another mapping: only what is later than all that was told is new.
  const older = rows.filter(({ at }) => at <= latest).length;
  return {
    recorded,
    offset: Math.max(0, recorded.rows - older),
    latest,
    covers: (_index: number, at: number) => at <= latest,
  } as const;
}

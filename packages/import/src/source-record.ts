import { createHash } from "node:crypto";
import { limits, type TicketCommand, type TicketState } from "@docket/domain";
import { clean } from "./clean-text.ts";
import type { RowFields } from "./extract.ts";
import type { StagedRow } from "./job-file.ts";
import type { Mapping } from "./mapping-schema.ts";

/** What the source itself held of a ticket, and how it and we judged its terms. */

export type SourceRecord = Omit<Extract<TicketCommand, { type: "RecordSource" }>["data"], "ticketId">;

/** The chain of digests over a ticket's rows: equal at a place means that everything up to it is equal. */
export function digestsOf(rows: readonly StagedRow[]): string[] {
  let last = "";
  return rows.map(({ at, openedAt, fields }) => {
    last = createHash("sha256")
      .update(`${last}\0${at}\0${openedAt}\0${JSON.stringify(fields)}`)
      .digest("hex")
      .slice(0, 40);
    return last;
  });
}

export function recordOf(
  mapping: Mapping,
  source: string,
  key: string,
  fields: RowFields,
  stateUnknown: boolean,
  before: SourceRecord | undefined,
  rows: number,
  digest: string,
): SourceRecord {
  const state = stateUnknown ? (before?.state ?? null) : (fields.status ?? before?.state ?? null);
  const kept = mapping.keep.flatMap((name, i) => {
    const value = fields.keep?.[i] ?? null;
    return value === null ? [] : [{ name, value: clean(value, limits.name) }];
  });
  const texts = mapping.keepTexts.flatMap((name, i) => {
    const value = fields.keepTexts?.[i] ?? null;
    return value === null ? [] : [[name, clean(value, 2_000)] as const];
  });
  return {
    source,
    key,
    state: state === null ? null : clean(state, limits.name),
    judgement: judgementOf(mapping, fields.judgement) ?? before?.judgement ?? null,
    fields: kept.length === 0 ? (before?.fields ?? []) : kept,
    texts: texts.length === 0 ? (before?.texts ?? null) : clean(JSON.stringify(Object.fromEntries(texts)), limits.text),
    rows,
    digest,
  };
}

export function sameRecord(a: SourceRecord | undefined, b: SourceRecord): boolean {
  return (
    a !== undefined &&
    a.state === b.state &&
    a.judgement === b.judgement &&
    a.texts === b.texts &&
    JSON.stringify(a.fields) === JSON.stringify(b.fields)
  );
}

function judgementOf({ judgement }: Mapping, raw: string | undefined): "met" | "missed" | null {
  if (judgement === undefined || raw === undefined) return null;
  return judgement.met.includes(raw) ? "met" : judgement.missed.includes(raw) ? "missed" : null;
}

/** The source's judgement as its last row that has one says. */
export function lastJudgement(mapping: Mapping, rows: readonly StagedRow[]): "met" | "missed" | null {
  const row = rows.findLast(({ fields }) => judgementOf(mapping, fields.judgement) !== null);
  return judgementOf(mapping, row?.fields.judgement);
}

/** Our own judgement on the clocks that the mapping compares: a miss is a miss for good. */
export function ourJudgement({ judgement }: Mapping, state: TicketState): "met" | "missed" | "running" {
  const kinds =
    judgement === undefined || judgement.compare === "both" ? ["reaction", "resolution"] : [judgement.compare];
  const clocks = state.clocks.filter(({ snapshot }) => kinds.includes(snapshot.kind));
  if (clocks.some(({ snapshot }) => snapshot.missedAt !== null)) return "missed";
  return state.status === "closed" || (clocks.length > 0 && clocks.every(({ snapshot }) => snapshot.stoppedAt !== null))
    ? "met"
    : "running";
}

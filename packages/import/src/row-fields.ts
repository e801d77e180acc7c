import { changedFields, type RowFields } from "./extract.ts";
import type { StagedRow } from "./job-file.ts";
import type { Mapping } from "./mapping-schema.ts";
import { lookUp } from "./tables.ts";

/** Rows of one ticket held against each other. */

/**
 * Whether two rows of a change log are one change: somebody changed several fields at once, and in which order they stand says
 * nothing. States are told one by one.
 */
export function isOneChange({ changes, status }: Mapping, row: StagedRow, next: StagedRow): boolean {
  if (changes === undefined || row.at !== next.at) return false;
  const known = (state: string | undefined): boolean =>
    state === undefined || status.otherwise !== undefined || lookUp(status.values, state) !== undefined;
  if (!known(row.fields.status) || !known(next.fields.status)) return false;
  return changedFields.every(
    (name) =>
      row.fields[name] === undefined || next.fields[name] === undefined || row.fields[name] === next.fields[name],
  );
}

/** What a ticket keeps from its registration, as the first row says it that does: a change log tells a title once. */
export function firstStated(rows: readonly StagedRow[]): RowFields {
  const found: RowFields = {};
  for (const name of keptFields) {
    const value = rows.find(({ fields }) => fields[name] !== undefined)?.fields[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
const keptFields = [
  "organization",
  "requesterKey",
  "requesterName",
  "requesterEmail",
  "requesterPhone",
  "subject",
  "description",
  "region",
] as const;

/** How a ticket of a change log stood before its first change, as far as the rows say what they changed it from. */
export function standingBefore(rows: readonly StagedRow[]): RowFields {
  const found: RowFields = {};
  for (const name of changedFields) {
    const first = rows.find(({ fields }) => fields[name] !== undefined || fields.was?.field === name)?.fields.was;
    if (first?.field === name) found[name] = first.value;
  }
  return found;
}

export function withStatus({ status: _status, ...fields }: RowFields, status: string | undefined): RowFields {
  return status === undefined ? fields : { ...fields, status };
}

function sameFields(a: RowFields, b: RowFields): boolean {
  const { keep: keepA, keepTexts: textsA, was: _wasA, ...restA } = a;
  const { keep: keepB, keepTexts: textsB, was: _wasB, ...restB } = b;
  const names = new Set([...Object.keys(restA), ...Object.keys(restB)]) as Set<keyof typeof restA>;
  for (const name of names) if (restB[name] !== undefined && restA[name] !== restB[name]) return false;
  return JSON.stringify([keepA, textsA]) === JSON.stringify([keepB, textsB]);
}

/** What one row says otherwise than another, in the source's words: for whoever reads the report. */
export function differences(before: RowFields, after: RowFields): Record<string, string> {
  return Object.fromEntries(
    changedFields.flatMap((name) => {
      const [from, to] = [before[name], after[name]];
      return to === undefined || from === to ? [] : [[name, `${from ?? "?"} -> ${to}`]];
    }),
  );
}

/** Whether a row says nothing that the rows before it have not said. */
export function saysTheSame(previous: StagedRow, row: StagedRow, stated: RowFields): boolean {
  const opened = row.openedAt === null || previous.openedAt === null || row.openedAt === previous.openedAt;
  return opened && sameFields(previous.fields, stated);
}

/** What is known after a row: what it states, and of the rest what was stated before. */
export function followed(previous: StagedRow | undefined, row: StagedRow, stated: RowFields): StagedRow {
  const fields = { ...previous?.fields, ...stated };
  return { ...row, openedAt: row.openedAt ?? previous?.openedAt ?? null, fields };
}

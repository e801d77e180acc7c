import { hash } from "node:crypto";
import { limits, type TicketCommand, type TicketState } from "@docket/domain";
import { clean } from "./clean-text.ts";
import type { RowFields } from "./extract.ts";
import type { StagedRow } from "./job-file.ts";
import type { Mapping, Rule } from "./mapping-schema.ts";
import { isCode, isPlainKey, namesPeople } from "./plain-code.ts";

/** What the source itself held of a ticket, and how it and we judged its terms. */

export type SourceRecord = Omit<Extract<TicketCommand, { type: "RecordSource" }>["data"], "ticketId">;

/** The chain of digests over a ticket's rows: equal at a place means that everything up to it is equal. */
export function digestsOf(rows: readonly StagedRow[]): string[] {
  let last = "";
  return rows.map(({ at, openedAt, fields }) => {
    last = hash("sha256", `${last}\0${at}\0${openedAt}\0${JSON.stringify(fields)}`, "hex").slice(0, 40);
    return last;
  });
}

/** What a mapping keeps in clear, as far as its columns go: the rest of `keep` is sealed with `keepTexts`. */
const sealedColumns = new WeakMap<Mapping, ReadonlySet<string>>();

/** Columns of `keep` that hold people or their words, by their own names or by what else the mapping takes from them. */
export function sealedKeep(mapping: Mapping): ReadonlySet<string> {
  let sealed = sealedColumns.get(mapping);
  if (sealed === undefined) {
    const { requester, person, personEmail, description, subject } = mapping.ticket;
    const rules = [...Object.values(requester), person, personEmail, description];
    const own = new Set([...rules.flatMap(columnsOf), ...(typeof subject === "string" ? [subject] : [])]);
    sealed = new Set(mapping.keep.filter((name) => own.has(name) || namesPeople(name)));
    sealedColumns.set(mapping, sealed);
  }
  return sealed;
}

function columnsOf(rule: Rule | undefined): string[] {
  if (rule === undefined) return [];
  if (typeof rule === "string") return [rule];
  if ("column" in rule) return [rule.column];
  return "text" in rule ? [...rule.text.matchAll(/\{([^{}]+)\}/g)].map(([, name = ""]) => name.trim()) : [];
}

/** What the source held of a ticket after a row: codes in clear, everything else sealed. */
export function recordOf(
  mapping: Mapping,
  names: { isSomebody(text: string): boolean },
  key: string,
  fields: RowFields,
  stateUnknown: boolean,
  before: SourceRecord | undefined,
  rows: number,
  digest: string,
): SourceRecord {
  const { source } = mapping;
  const sealed = sealedKeep(mapping);
  const isPlain = (value: string): boolean => isCode(value) && !names.isSomebody(value);
  const kept: SourceRecord["fields"] = [];
  const texts: [string, string][] = [];
  for (const [i, name] of mapping.keep.entries()) {
    const value = fields.keep?.[i] ?? null;
    if (value === null) continue;
    if (!sealed.has(name) && isPlain(value)) kept.push({ name, value: clean(value, limits.name) });
    else texts.push([name, value]);
  }
  for (const [i, name] of mapping.keepTexts.entries()) {
    const value = fields.keepTexts?.[i] ?? null;
    if (value !== null) texts.push([name, value]);
  }
  const state = stateUnknown ? undefined : fields.status;
  // A state that the mapping names is a word of the system; any other may be anything.
  const isWord = state !== undefined && (Object.hasOwn(mapping.status.values, state) || isPlain(state));
  if (state !== undefined && !isWord) texts.push([mapping.status.column ?? "state", state]);
  if (!isPlainKey(key)) texts.push(["key", key]);
  return {
    source,
    key: isPlainKey(key) ? key : hash("sha256", key, "hex").slice(0, 20),
    state: state === undefined ? (before?.state ?? null) : isWord ? clean(state, limits.name) : null,
    judgement: judgementOf(mapping, fields.judgement) ?? before?.judgement ?? null,
    fields: kept.length === 0 ? (before?.fields ?? []) : kept,
    texts: texts.length === 0 ? (before?.texts ?? null) : textOf(texts),
    rows,
    digest,
  };
}

/** Texts as one JSON object that is whole, whatever their length. */
function textOf(texts: readonly (readonly [string, string])[]): string | null {
  if (texts.length === 0) return null;
  for (const most of [2_000, 500, 100]) {
    const all = JSON.stringify(Object.fromEntries(texts.map(([name, value]) => [name, clean(value, most)])));
    if (all.length <= limits.text) return all;
  }
  return null;
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

import { CodedError } from "@docket/service-kit";
import { type Mapping, mappingSchema } from "./mapping-schema.ts";
import { openSourceFile } from "./source-file.ts";
import { type Choice, chooseColumns } from "./sketch-choice.ts";
import { type ColumnSeen, MAX_WORDS, missingWords, newColumn, seeCell, settleForms } from "./sketch-columns.ts";
import { type GuessedForm, guessForm } from "./sketch-file.ts";
import { guessField } from "./sketch-guesses.ts";
import { sketchText } from "./sketch-text.ts";
import { knownForms, timeIn } from "./sketch-times.ts";

/** Everything that a sketch says of a file. */
export interface Sketch extends GuessedForm {
  readonly path: string;
  readonly header: boolean;
  readonly columns: readonly ColumnSeen[];
  readonly rows: number;
  readonly faults: number;
  readonly choice: Choice;
  /** the states with counts, as the column, both columns together, or the changes of a change log have them */
  readonly states: ReadonlyMap<string, number>;
  /** of a change log: the same of priorities and types */
  readonly priorities: ReadonlyMap<string, number>;
  readonly types: ReadonlyMap<string, number>;
  /** of a ticket's rows some stand before earlier ones */
  readonly unordered: boolean;
}

type Row = (column: ColumnSeen | undefined) => string;
const MAX_KEYS = 200_000;

/**
 * Reads a file that nobody has described yet, twice, and proposes a mapping for it, as text with comments: delimiter, encoding,
 * forms of times, which column may be what, and every word that stands in columns that look like tables. A proposal to work on;
 * what could not be told says so. Throws `file_unreadable`, `file_empty`.
 */
export async function sketchMapping(path: string): Promise<string> {
  const guessed = await guessForm(path);
  const form: Mapping["file"] = { ...mappingSchema.shape.file.parse({}), ...guessed };
  let columns: ColumnSeen[] | undefined;
  let rows = 0;
  let faults = 0;
  let header = true;
  for await (const batch of (await openSourceFile(path, form)).records())
    for (const entry of batch) {
      if (entry.kind === "fault") {
        faults++;
        continue;
      }
      const cells = Array.from({ length: entry.record.width }, (_, i) => entry.record.cell(i).text.trim());
      if (columns === undefined) {
        header = looksLikeHeader(cells);
        columns = cells.map((name, i) => newColumn(header ? name : `column${i + 1}`, knownForms));
        if (header) continue;
      }
      rows++;
      for (const [i, column] of columns.entries()) seeCell(column, cells[i] ?? "");
    }
  if (columns === undefined) throw new CodedError("file_empty", `${path} has no row`);
  for (const column of columns) settleForms(column);
  const choice = chooseColumns(columns);
  const looked = await lookAgain(path, form, header, columns, choice);
  return sketchText({ path, ...guessed, header, columns, rows, faults, choice, ...looked });
}

function looksLikeHeader(cells: readonly string[]): boolean {
  const values = cells.filter(
    (cell) => /^\d+([.,]\d+)?$/.test(cell) || knownForms.some((form) => timeIn(form, cell) !== null),
  );
  return values.length === 0 && new Set(cells).size === cells.length;
}

/** A second pass, now that it is known where states, keys and times stand. */
async function lookAgain(
  path: string,
  form: Mapping["file"],
  header: boolean,
  columns: readonly ColumnSeen[],
  choice: Choice,
): Promise<Pick<Sketch, "states" | "priorities" | "types" | "unordered">> {
  const found = { status: newWords(), priority: newWords(), type: newWords() };
  const places = new Map(columns.map((column, i) => [column, i]));
  const wordsOf = wordReader(choice);
  const times = new Map<string, number>();
  let back = 0;
  let first = header;
  let rows = 0;
  for await (const batch of (await openSourceFile(path, form)).records())
    for (const entry of batch) {
      if (entry.kind === "fault") continue;
      if (first) {
        first = false;
        continue;
      }
      rows++;
      const row: Row = (column) => {
        const place = column === undefined ? undefined : places.get(column);
        return place === undefined ? "" : entry.record.cell(place).text.trim();
      };
      for (const [kind, word] of wordsOf(row)) {
        const words = found[kind];
        if (words.has(word) || words.size <= MAX_WORDS) words.set(word, (words.get(word) ?? 0) + 1);
      }
      const key = row(choice.key);
      const at = timeOf(choice.rowTime, row(choice.rowTime));
      if (key === "" || at === null) continue;
      const latest = times.get(key) ?? -Infinity;
      if (at < latest) back++;
      else if (times.size < MAX_KEYS || latest > -Infinity) times.set(key, at);
    }
  return { states: found.status, priorities: found.priority, types: found.type, unordered: back > rows / 50 };
}

const newWords = (): Map<string, number> => new Map();

function timeOf(column: ColumnSeen | undefined, cell: string): number | null {
  for (const form of column?.forms ?? []) {
    const at = timeIn(form, cell);
    if (at !== null) return at;
  }
  return null;
}

type Words = readonly (readonly ["status" | "priority" | "type", string])[];

/** The words of a row: what a change of a field is from and to, or the state as one column or two together say it. */
function wordReader({ field, from, to, status, subStatus }: Choice): (row: Row) => Words {
  const stated = (text: string): boolean => text !== "" && !missingWords.includes(text);
  if (field !== undefined)
    return (row) => {
      const kind = guessField(row(field));
      if (kind !== "status" && kind !== "priority" && kind !== "type") return [];
      return [row(from), row(to)].filter(stated).map((text) => [kind, text] as const);
    };
  const two = status !== undefined && subStatus !== undefined && status !== subStatus;
  return (row) => {
    const parts = (two ? [row(status), row(subStatus)] : [row(status)]).map((text) => (stated(text) ? text : ""));
    return parts.every((text) => text === "") ? [] : [["status", parts.join(" / ").trim()]];
  };
}

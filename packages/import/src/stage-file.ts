import { CodedError } from "@docket/service-kit";
import { type ExtractedRow, extractorOf, type Extraction } from "./extract.ts";
import type { JobFile } from "./job-file.ts";
import { MappingInvalid, type ReadMapping } from "./mapping-file.ts";
import { groupKey, namesIn, staffKey } from "./names.ts";
import { openSourceFile, type TextRecord } from "./source-file.ts";

/** Columns without which a row cannot be placed: broken bytes in one of them cost the row. */
const vital: ReadonlySet<string> = new Set(["ticket.key", "ticket.rowTime", "status.column", "status.text"]);
/** Rows are written together until there are so many of them, or characters in them: rows may be long. */
const BATCH = 5_000;
const BATCH_CHARACTERS = 4_000_000;

/**
 * Puts the file's rows into the job file, one pass, whatever the file's length. A row that cannot be read is reported and left
 * out. Gives the number of rows (the header is none). Throws `file_unreadable`, `file_empty`, and MappingInvalid when the mapping names
 * columns that the file does not have.
 */
export async function stageFile(
  path: string,
  read: ReadMapping,
  job: JobFile,
  options: { readonly latest: number; readonly onProgress: (share: number, rows: number) => void },
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const { mapping } = read;
  const file = await openSourceFile(path, mapping.file);
  const extractor = extractorOf(mapping);
  let columns: ReadonlyMap<string, number> | undefined;
  let width = 0;
  if (!mapping.file.header) ({ columns, width } = placesOf(mapping.file.columns ?? [], read, extractor.columns));
  const vitalColumns = new Set(
    extractor.columns.filter(({ path: at }) => vital.has(at.slice(0, 2).join("."))).map(({ name }) => name),
  );
  let rowCount = 0;
  let pending: (() => void)[] = [];
  let held = 0;
  const write = (work: () => void): void => void pending.push(work);
  const flush = (): void => {
    const works = pending;
    pending = [];
    held = 0;
    job.transaction(() => {
      for (const work of works) work();
    });
    options.onProgress(file.progress(), rowCount);
  };
  const refuse = (line: number, ticket: string | null, code: string, field: string | null, detail: string): void =>
    write(() => {
      job.addReport({
        row: line,
        ticket,
        outcome: "refused",
        code,
        field,
        done: "nothing of the row was taken",
        detail,
      });
      job.addOutcome("refused");
    });
  const named = new Set<string>();

  for await (const batch of file.records()) {
    for (const entry of batch) {
      if (entry.kind === "fault") {
        if (columns === undefined)
          throw new CodedError("header_unreadable", `line ${entry.line}: ${entry.fault.code} (${entry.fault.detail})`);
        rowCount++;
        refuse(entry.line, null, entry.fault.code, null, entry.fault.detail);
        continue;
      }
      const { record } = entry;
      if (columns === undefined) {
        const header = Array.from({ length: record.width }, (_, i) => record.cell(i).text.trim());
        ({ columns, width } = placesOf(header, read, extractor.columns));
        continue;
      }
      rowCount++;
      takeRow(record, columns);
      if (pending.length >= BATCH || held >= BATCH_CHARACTERS) flush();
    }
  }
  if (columns === undefined) throw new CodedError("file_empty", `${path} has no row`);
  flush();
  return { rows: rowCount, sha256: file.sha256() };

  function takeRow(record: TextRecord, places: ReadonlyMap<string, number>): void {
    const { line } = record;
    if (record.width !== width && !onlyEmptyBehind(record, width)) {
      const code = record.width < width ? "columns_missing" : "columns_extra";
      return refuse(line, null, code, null, `${record.width} cells instead of ${width}`);
    }
    const broken: string[] = [];
    const foreign: string[] = [];
    const extraction: Extraction = extractor.extract((name) => {
      const place = places.get(name);
      if (place === undefined) return undefined;
      const { text, clean, fellBack } = record.cell(place);
      if (!clean) broken.push(name);
      else if (fellBack) foreign.push(name);
      held += text.length;
      return text;
    });
    const lost = broken.find((name) => vitalColumns.has(name));
    if (lost !== undefined) return refuse(line, null, "bytes_invalid", lost, `not ${mapping.file.encoding}`);
    if (!extraction.ok) return refuse(line, null, extraction.code, extraction.field, extraction.detail);
    const notes = [...extraction.notes];
    const { key } = extraction.rows[0] as ExtractedRow;
    const rows = extraction.rows.filter(({ at }) => at <= options.latest);
    const later = extraction.rows.find(({ at }) => at > options.latest);
    if (later !== undefined) {
      const detail = new Date(later.at).toISOString();
      if (rows.length === 0) return refuse(line, key, "time_in_future", "ticket.rowTime", detail);
      notes.push({ code: "time_in_future", field: "moments", detail });
    }
    write(() => {
      for (const row of rows) job.addRow(line, row, broken.length + foreign.length + notes.length > 0);
      const note = (code: string, field: string, done: string, detail: string): void =>
        job.addReport({ row: line, ticket: key, outcome: "adjusted", code, field, done, detail });
      for (const name of new Set(broken))
        note("bytes_invalid", name, "unreadable bytes became U+FFFD", `not ${mapping.file.encoding}`);
      for (const name of new Set(foreign))
        note("encoding_fallback", name, `read as ${mapping.file.fallbackEncoding ?? ""}`, "");
      for (const { code, field, detail } of notes) note(code, field, "left out", detail);
      // All rows of one line name the same.
      const { fields } = rows[0] as ExtractedRow;
      const group = groupKey(mapping, fields);
      const staff = staffKey(fields);
      for (const name of namesIn(mapping, fields)) {
        const mark = `${name.kind}\0${name.key}`;
        if (named.has(mark)) continue;
        job.addName(name);
        // Only spares the look-up; the table itself knows each name once.
        if (named.size < 200_000) named.add(mark);
      }
      if (group !== null && staff !== null) {
        const mark = `member\0${group}\0${staff}`;
        if (!named.has(mark)) job.addMember(group, staff);
        if (named.size < 200_000) named.add(mark);
      }
    });
  }
}

/** Cells behind the last column are nobody's loss while they are empty. */
function onlyEmptyBehind(record: TextRecord, width: number): boolean {
  if (record.width < width) return false;
  for (let i = width; i < record.width; i++) if (record.cell(i).text.trim() !== "") return false;
  return true;
}

/** Where each column stands. Throws MappingInvalid for names that the file does not have, or has twice. */
function placesOf(
  header: readonly string[],
  read: ReadMapping,
  used: readonly { readonly name: string; readonly path: readonly (string | number)[] }[],
): { columns: ReadonlyMap<string, number>; width: number } {
  const columns = new Map<string, number>();
  const twice = new Set<string>();
  for (const [i, name] of header.entries()) {
    if (columns.has(name)) twice.add(name);
    else columns.set(name, i);
  }
  const list = header.slice(0, 60).join(", ");
  const faults = used.flatMap(({ name, path }) => {
    if (twice.has(name)) return [read.faultAt(path, "column_twice", `the file has the column "${name}" twice`)];
    if (columns.has(name)) return [];
    return [read.faultAt(path, "column_unknown", `the file has no column "${name}"; it has: ${list}`)];
  });
  if (faults.length > 0) throw new MappingInvalid(faults);
  return { columns, width: header.length };
}

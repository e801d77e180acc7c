import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { CodedError } from "@docket/service-kit";
import { stringify } from "yaml";
import { type Mapping, mappingSchema } from "./mapping-schema.ts";
import { openSourceFile } from "./source-file.ts";
import { guessChannel, guessField, guessPriority, guessState, guessType } from "./sketch-guesses.ts";
import { timeReader } from "./times.ts";

/** What is known of one column after the whole file was read. */
interface ColumnSeen {
  readonly name: string;
  filled: number;
  /** words with their counts; undefined once there were too many to be a table */
  words: Map<string, number> | undefined;
  readonly samples: string[];
  /** forms of times that every cell so far fits; at the end, where none is left, those that fit most of the samples together */
  forms: string[];
  /** no one form fits all: those of `forms` are all needed */
  several: boolean;
}

const MAX_WORDS = 60;
const SAMPLES = 300;
const forms = [
  "iso",
  "d/M/yyyy HH:mm",
  "d/M/yyyy HH:mm:ss",
  "M/d/yyyy HH:mm",
  "M/d/yyyy HH:mm:ss",
  "M/d/yyyy h:mm a",
  "d.M.yyyy H:mm",
  "d.M.yyyy H:mm:ss",
  "d.M.yy H:mm",
  "yyyy/MM/dd HH:mm:ss",
  "d-M-yyyy HH:mm",
  "d-MMM-yyyy HH:mm",
  "d MMM yyyy HH:mm",
  "MMM d, yyyy h:mm a",
  "d/MMM/yy h:mm a",
  "d.M.yyyy",
  "d/M/yyyy",
  "epoch-seconds",
  "epoch-milliseconds",
];
const missingWords = ["?", "-", "--", "NULL", "null", "None", "none", "N/A", "n/a", "NaN", "не указано", "нет"];

/**
 * Reads a file that nobody has described yet, and proposes a mapping for it, as text with comments: delimiter, encoding, forms of
 * times, which column may be what, and every word that stands in columns that look like tables. A proposal to work on; what could
 * not be told says so. Throws `file_unreadable`, `file_empty`.
 */
export async function sketchMapping(path: string): Promise<string> {
  const head = await beginning(path);
  const encoding = encodingOf(head);
  const text = new TextDecoder(encoding).decode(head).replace(/^\uFEFF/, "");
  const delimiter = delimiterOf(text);
  const form: Mapping["file"] = { ...mappingSchema.shape.file.parse({}), encoding, delimiter };
  const file = await openSourceFile(path, form);
  let columns: ColumnSeen[] | undefined;
  let rows = 0;
  let faults = 0;
  let header = true;
  const see = (cells: readonly string[]): void => {
    rows++;
    columns?.forEach((column, i) => seeCell(column, cells[i] ?? ""));
  };
  for await (const batch of file.records())
    for (const entry of batch) {
      if (entry.kind === "fault") {
        faults++;
        continue;
      }
      const cells = Array.from({ length: entry.record.width }, (_, i) => entry.record.cell(i).text.trim());
      if (columns !== undefined) {
        see(cells);
        continue;
      }
      header = looksLikeHeader(cells);
      columns = cells.map((name, i) => ({
        name: header ? name : `column${i + 1}`,
        filled: 0,
        words: new Map(),
        samples: [],
        forms: [...forms],
        several: false,
      }));
      if (!header) see(cells);
    }
  for (const column of columns ?? [])
    if (column.forms.length === 0) {
      column.forms = severalForms(column.samples);
      column.several = column.forms.length > 1;
    }
  if (columns === undefined) throw new CodedError("file_empty", `${path} has no row`);
  const seen: Seen = { path, encoding, delimiter, header, columns, rows, faults, states: new Map() };
  const change = changeColumns(columns);
  if (change !== undefined) await countStates(path, form, header, columns, change, seen.states);
  return write(seen);
}

/** The columns of a change log that name what changed, and to what; undefined for other files. */
function changeColumns(columns: readonly ColumnSeen[]): { readonly field: number; readonly to: number } | undefined {
  const field = columns.findIndex((column) => habits.field.some((habit) => habit.test(column.name)) && isTable(column));
  const to = columns.findIndex((column, i) => i !== field && habits.to.some((habit) => habit.test(column.name)));
  return field < 0 || to < 0 ? undefined : { field, to };
}

/** The states that a change log changes to; a second pass, now that it is known where they stand. */
async function countStates(
  path: string,
  form: Mapping["file"],
  header: boolean,
  columns: readonly ColumnSeen[],
  { field, to }: { readonly field: number; readonly to: number },
  states: Map<string, number>,
): Promise<void> {
  const named = new Set([...(columns[field]?.words?.keys() ?? [])].filter((name) => guessField(name) === "status"));
  let first = header;
  for await (const batch of (await openSourceFile(path, form)).records())
    for (const entry of batch) {
      if (entry.kind === "fault") continue;
      if (!first && named.has(entry.record.cell(field).text.trim()) && states.size <= MAX_WORDS) {
        const state = entry.record.cell(to).text.trim();
        if (state !== "") states.set(state, (states.get(state) ?? 0) + 1);
      }
      first = false;
    }
}

function seeCell(column: ColumnSeen, cell: string): void {
  if (cell === "") return;
  if (column.words !== undefined) {
    column.words.set(cell, (column.words.get(cell) ?? 0) + 1);
    if (column.words.size > MAX_WORDS) column.words = undefined;
  }
  if (missingWords.includes(cell)) return;
  column.filled++;
  // Every thousandth row is looked at as well, lest the first days of a month decide between day and month.
  if (column.samples.length >= SAMPLES && column.filled % 1_000 !== 0) return;
  if (column.samples.length < SAMPLES) column.samples.push(cell);
  column.forms = column.forms.filter((form) => isPlausible(form, cell));
}

const earliest = Date.UTC(1995, 0, 1);
const latest = Date.UTC(2100, 0, 1);

function isPlausible(form: string, cell: string): boolean {
  const at = timeReader([form], "UTC")(cell);
  return at !== null && at > earliest && at < latest;
}

/** Times in several forms: the fewest forms that nine of ten samples fit; none where they are no times. */
function severalForms(samples: readonly string[]): string[] {
  const chosen: string[] = [];
  let left = [...samples];
  while (left.length > samples.length / 10 && chosen.length < 4) {
    const best = forms
      .map((form) => ({ form, rest: left.filter((cell) => !isPlausible(form, cell)) }))
      .toSorted((a, b) => a.rest.length - b.rest.length)[0];
    if (best === undefined || best.rest.length === left.length) return [];
    chosen.push(best.form);
    left = best.rest;
  }
  return chosen;
}

async function beginning(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const handle = await open(path, "r");
    const start = Buffer.alloc(2);
    try {
      await handle.read(start, 0, 2, 0);
    } finally {
      await handle.close();
    }
    const file = createReadStream(path);
    const source = start[0] === 0x1f && start[1] === 0x8b ? file.pipe(createGunzip()) : file;
    for await (const chunk of source as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > 1_000_000) break;
    }
    file.destroy();
  } catch (error) {
    throw new CodedError("file_unreadable", `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return Buffer.concat(chunks);
}

function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  // The last characters may be cut in two.
  const whole = head.subarray(0, Math.max(0, head.lastIndexOf(10)));
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(whole.length === 0 ? head : whole);
    return "utf-8";
  } catch {
    return "windows-1251";
  }
}

/** The character that stands equally often in the first lines. */
function delimiterOf(text: string): string {
  const lines = text
    .split(/\r\n|\n|\r/)
    .filter((line) => line !== "")
    .slice(0, 30);
  const scored = [",", ";", "\t", "|"].map((delimiter) => {
    const counts = lines.map((line) => line.replace(/"(?:[^"]|"")*"/g, "").split(delimiter).length - 1);
    const usual = counts[0] ?? 0;
    return {
      delimiter,
      score: usual === 0 ? 0 : counts.filter((count) => count === usual).length * Math.min(usual, 50),
    };
  });
  return scored.toSorted((a, b) => b.score - a.score)[0]?.delimiter ?? ",";
}

function looksLikeHeader(cells: readonly string[]): boolean {
  const values = cells.filter(
    (cell) => /^\d+([.,]\d+)?$/.test(cell) || forms.slice(0, 17).some((form) => isPlausible(form, cell)),
  );
  return values.length === 0 && new Set(cells).size === cells.length;
}

interface Seen {
  readonly path: string;
  readonly encoding: string;
  readonly delimiter: string;
  readonly header: boolean;
  readonly columns: readonly ColumnSeen[];
  readonly rows: number;
  readonly faults: number;
  /** of a change log: the states that it changes to */
  readonly states: Map<string, number>;
}

const isTime = (column: ColumnSeen): boolean => column.filled > 0 && column.forms.length > 0;
const isTable = (column: ColumnSeen): boolean => column.words !== undefined && column.words.size > 0 && !isTime(column);

/** Names that columns for a thing mostly have; the first that fits, in the order of the list. */
const habits = {
  key: [
    /^(issue|ticket|incident|case|request)?[ _.-]?(key|number|no|nr|id|#)$/i,
    /number|ticket|issue|incident|case|номер|заявк/i,
  ],
  rowTime: [/updated|changed|modified|event.*(time|date)|timestamp|изменен|обновлен/i, /time|date|дата|время/i],
  openedAt: [/opened|created|reported|submitted|registered|создан|открыт|зарегистр/i],
  status: [/status|state|статус|состояние|activity|stage|step/i],
  priority: [/^priority|priority$|приоритет/i, /severity|urgency|prio|важност|срочност/i],
  type: [/^(issue|ticket|request|case)?[ _]?type$|^тип|kind/i],
  group: [/group|team|queue|группа|очередь|department|org.*line/i],
  person: [/assignee|assigned|owner|agent|engineer|resource|исполнител|ответствен/i],
  requester: [/caller|requester|reporter|requestor|customer_?id|client|заявител|инициатор|автор/i],
  organization: [/organi[sz]ation|company|account|customer|заказчик|организаци|клиент/i],
  subject: [/subject|summary|title|short.?desc|тема|заголовок/i, /category|symptom|категори/i],
  description: [/^description|^body|описание|текст/i],
  channel: [/channel|contact_?type|^via$|source|канал/i],
  judgement: [/sla|breach|overdue|просроч/i],
  product: [/product|service|component|cmdb|продукт|сервис/i],
  field: [/^field|поле/i],
  to: [/^(new|to)([ _]?(value|string))?$|new_?value|новое/i],
} as const;
type Habit = keyof typeof habits;

function write(seen: Seen): string {
  const used = new Set<string>();
  const pick = (habit: Habit, fits: (column: ColumnSeen) => boolean = () => true): ColumnSeen | undefined => {
    for (const pattern of habits[habit]) {
      const found = seen.columns.find((column) => !used.has(column.name) && pattern.test(column.name) && fits(column));
      if (found !== undefined) {
        used.add(found.name);
        return found;
      }
    }
    return undefined;
  };
  const field = pick("field", isTable);
  const to = field && pick("to");
  const openedAt = pick("openedAt", isTime);
  const rowTime =
    pick("rowTime", isTime) ?? seen.columns.find((column) => isTime(column) && column !== openedAt) ?? openedAt;
  const judgement = pick("judgement", (column) => isTable(column) && (column.words?.size ?? 0) <= 4);
  const status = pick("status", isTable);
  const priority = pick("priority", isTable);
  const type = pick("type", isTable);
  const channel = pick("channel", isTable);
  const key =
    pick("key", (column) => !isTime(column) && column.words === undefined) ?? pick("key", (column) => !isTime(column));
  const group = pick("group");
  const person = pick("person");
  const requester = pick("requester");
  const organization = pick("organization", (column) => !isTime(column));
  const subject = pick("subject");
  const description = pick("description");
  const product = pick("product");
  const found = new Set(
    seen.columns.flatMap((column) =>
      missingWords.filter((word) => column.words?.has(word) === true || column.samples.includes(word)),
    ),
  );
  const lines: string[] = [];
  const line = (text: string): void => void lines.push(text);
  const word = (text: string): string => stringify(text).trim();
  const table = (
    indent: string,
    column: Pick<ColumnSeen, "words"> | undefined,
    guess: (text: string) => string,
  ): void => {
    for (const [text, count] of [...(column?.words ?? [])].toSorted((a, b) => b[1] - a[1]))
      if (!missingWords.includes(text)) line(`${indent}${word(text)}: ${guess(text)} # ${count} rows`);
  };

  line(
    `# A sketch of ${seen.path.split(/[\\/]/).at(-1) ?? ""}: ${seen.rows} rows, ${seen.columns.length} columns${seen.faults > 0 ? `, ${seen.faults} lines that cannot be read` : ""}.`,
  );
  line(
    "# Every guess is to be checked; docs/import.md tells every key. Then: scripts/docket import THIS.yaml FILE --dry-run",
  );
  line("version: 1");
  line("source: changeme # a short name of the other system; ids follow from it");
  line("language: en");
  line("");
  line("file:");
  line(
    `  encoding: ${seen.encoding}${seen.encoding === "windows-1251" ? " # not UTF-8; another one-byte encoding would look the same" : ""}`,
  );
  line(`  delimiter: ${seen.delimiter === "\t" ? "tab" : word(seen.delimiter)}`);
  if (!seen.header)
    line(
      `  header: false\n  columns: [${seen.columns.map(({ name }) => word(name)).join(", ")}] # give them names of your own`,
    );
  line(`  missing: [${["", ...found].map(word).join(", ")}]`);
  line("");
  line("time:");
  const times = [rowTime, openedAt].filter((column) => column !== undefined);
  const timeForms = new Set(times.flatMap((column) => (column.several ? column.forms : column.forms.slice(0, 1))));
  const others = times.flatMap((column) => (column.several ? [] : column.forms.slice(1)));
  const hint = others.length === 0 ? "" : ` # these fit as well: ${[...new Set(others)].join(" | ")}`;
  line(`  formats: [${(timeForms.size === 0 ? ["iso"] : [...timeForms]).map(word).join(", ")}]${hint}`);
  line("  zone: UTC # of times without an offset: whose local time is it?");
  line("");
  line("ticket:");
  line(`  key: ${key === undefined ? "changeme # which column tells one ticket from another?" : word(key.name)}`);
  line(`  rowTime: ${rowTime === undefined ? "changeme # when did the source write the row?" : word(rowTime.name)}`);
  if (openedAt !== undefined && openedAt !== rowTime) line(`  openedAt: ${word(openedAt.name)}`);
  line("  order: file # or: time");
  line(
    `  subject: ${subject === undefined ? `{text: ${word(key === undefined ? "Imported" : `{${key.name}}`)}} # no column looks like one` : word(subject.name)}`,
  );
  if (description !== undefined) line(`  description: ${word(description.name)}`);
  if (organization !== undefined)
    line(`  organization: ${word(organization.name)} # or leave it out, if all tickets are one customer's`);
  if (requester !== undefined) line(`  requester: {key: ${word(requester.name)}, name: ${word(requester.name)}}`);
  if (type !== undefined && field === undefined) {
    line(`  type:\n    column: ${word(type.name)}\n    values:`);
    table("      ", type, guessType);
    line("    otherwise: incident");
  } else line("  type: {value: incident}");
  if (priority !== undefined && field === undefined) {
    line(`  priority:\n    column: ${word(priority.name)}\n    values:`);
    table("      ", priority, guessPriority);
    line("    otherwise: medium");
  } else line("  priority: {value: medium}");
  if (channel !== undefined) {
    line(`  channel:\n    column: ${word(channel.name)}\n    values:`);
    table("      ", channel, guessChannel);
    line("    otherwise: import");
  }
  if (product !== undefined) line(`  product: ${word(product.name)}`);
  if (group !== undefined && field === undefined) line(`  group: ${word(group.name)}`);
  line("  line: {value: 2}");
  if (person !== undefined && field === undefined) line(`  person: ${word(person.name)}`);
  line("");
  if (field !== undefined) {
    line("# One row is one change of one field.");
    line(`changes:\n  field: ${word(field.name)}\n  to: ${word(to?.name ?? "changeme")}`);
    line("  names: # only: status, priority, type, group, person, product");
    table("    ", field, guessField);
    line("");
  }
  line("status:");
  if (field === undefined)
    line(`  column: ${status === undefined ? "changeme # which column has the state?" : word(status.name)}`);
  line(
    "  values: # new, in_work, waiting_customer, waiting_approval, resolved, closed, auto_closed, withdrawn, ignore",
  );
  if (field === undefined && status !== undefined) table("    ", status, guessState);
  else if (seen.states.size > 0) table("    ", { words: seen.states }, guessState);
  else line("    changeme: new # the states that the file has");
  line("");
  const rest = seen.columns.filter(
    (column) => !used.has(column.name) && column.filled > 0 && !column.samples.some((cell) => cell.includes("@")),
  );
  line(
    `keep: [${rest
      .filter(isTable)
      .map(({ name }) => word(name))
      .slice(0, 100)
      .join(", ")}]`,
  );
  if (judgement !== undefined) {
    line("# The source's own judgement on its terms; say which words mean met, and which missed:");
    line(
      `judgement:\n  column: ${word(judgement.name)}\n  met: [${wordsLike(judgement, /true|yes|met|within|да|нет/i)}]\n  missed: [${wordsLike(judgement, /false|no|breach|missed|over/i)}]`,
    );
  }
  line("");
  line("contract:");
  line("  organization: {name: Changeme}");
  line("  calendar: 24x7");
  line("  targets:");
  for (const one of ["high", "medium", "low"] as const)
    line(`    - {type: incident, priority: ${one}, reaction: 1h, resolution: 24h}`);
  line("    - {type: change, priority: medium, reaction: 8h, resolution: 240h}");
  line("    - {type: change, priority: low, reaction: 8h, resolution: 240h}");
  line("    - {type: consultation, priority: low, reaction: 8h, resolution: 120h}");
  line("    - {type: scheduled_work, priority: low, reaction: 8h, resolution: 240h}");
  line("  defaultClassification: {type: incident, priority: medium}");
  line("");
  line("# The columns, with how many rows fill them:");
  for (const column of seen.columns) {
    const what = isTime(column)
      ? `a time (${column.forms.join(" | ")})`
      : column.words === undefined
        ? `e.g. ${column.samples.slice(0, 3).join(" | ")}`
        : [...column.words]
            .toSorted((a, b) => b[1] - a[1])
            .slice(0, 12)
            .map(([text, count]) => `${text} (${count})`)
            .join(", ");
    line(`#   ${column.name}: ${column.filled}; ${what.replaceAll(/\s+/g, " ").slice(0, 300)}`);
  }
  return `${lines.join("\n")}\n`;
}

function wordsLike(column: ColumnSeen, pattern: RegExp): string {
  const words = [...(column.words ?? new Map<string, number>()).keys()].filter((text) => pattern.test(text));
  return (words.length === 0 ? ["changeme"] : words).map((text) => JSON.stringify(text)).join(", ");
}

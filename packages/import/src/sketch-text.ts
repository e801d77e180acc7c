import { basename } from "node:path";
import { stringify } from "yaml";
import { namesPeople } from "./plain-code.ts";
import type { Sketch } from "./sketch.ts";
import { type ColumnSeen, isTable, isTime, missingWords } from "./sketch-columns.ts";
import { guessChannel, guessField, guessLines, guessPriority, guessState, guessType } from "./sketch-guesses.ts";
import { formsThatDiffer } from "./sketch-times.ts";

const word = (text: string): string => stringify(text, { lineWidth: 0 }).trim();
/** A column's name where YAML reads a list or a table in braces. */
const inner = (text: string): string => JSON.stringify(text);
const times = (count: number): string => `${count} row${count === 1 ? "" : "s"}`;

type Guess = (text: string, words: Iterable<string>) => string;

/** Lines of a table, the most frequent words first. */
function table(indent: string, words: ReadonlyMap<string, number> = new Map(), guess: Guess): string[] {
  return [...words]
    .filter(([text]) => !missingWords.includes(text))
    .toSorted((a, b) => b[1] - a[1])
    .map(([text, count]) => `${indent}${word(text)}: ${guess(text, words.keys())} # ${times(count)}`);
}

/** The sketch as a mapping: YAML, with what is to be looked at in comments. */
export function sketchText(sketch: Sketch): string {
  return [
    ...headOf(sketch),
    "",
    ...fileOf(sketch),
    "",
    ...timeOf(sketch),
    "",
    ...ticketOf(sketch),
    "",
    ...changesOf(sketch),
    ...(sketch.choice.moments.length > 0 ? momentsOf(sketch) : statusOf(sketch)),
    "",
    ...keptOf(sketch),
    ...contractOf(),
    "",
    "# The columns, with how many rows fill them:",
    ...sketch.columns.map((column) => `#   ${column.name}: ${column.filled}; ${contentOf(column)}`),
    "",
  ].join("\n");
}

function headOf({ path, rows, columns, faults }: Sketch): string[] {
  const name = basename(path);
  const source = name
    .replace(/[.].*$/, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[-_]+/, "")
    .slice(0, 30);
  return [
    `# A sketch of ${name}: ${times(rows)}, ${columns.length} columns${faults > 0 ? `, ${faults} lines that cannot be read` : ""}.`,
    "# Every guess is to be checked; docs/import.md tells every key. Then: scripts/docket import THIS.yaml FILE --dry-run",
    "version: 1",
    `source: ${source === "" ? "changeme" : word(source)} # a short name of the other system; ids follow from it`,
    `language: ${columns.some((column) => /[а-яё]/i.test(column.name)) ? "ru" : "en"}`,
  ];
}

function fileOf({ encoding, fallbackEncoding, delimiter, header, columns }: Sketch): string[] {
  const found = missingWords.filter((text) =>
    columns.some((column) => column.words?.has(text) === true || column.samples.includes(text)),
  );
  return [
    "file:",
    `  encoding: ${encoding}${encoding.startsWith("windows") ? " # not UTF-8; another one-byte encoding would look the same" : ""}`,
    ...(fallbackEncoding === undefined
      ? []
      : [`  fallbackEncoding: ${fallbackEncoding} # of lines that are no ${encoding}`]),
    `  delimiter: ${delimiter === "\t" ? "tab" : JSON.stringify(delimiter)}`,
    ...(header
      ? []
      : [
          `  header: false`,
          `  columns: [${columns.map(({ name }) => name).join(", ")}] # give them names of your own`,
        ]),
    `  missing: [${["", ...found].map(inner).join(", ")}]`,
  ];
}

function timeOf({ choice }: Sketch): string[] {
  const own = [choice.rowTime, choice.openedAt, ...choice.moments.map(({ column }) => column)];
  const columns = own.filter((column) => column !== undefined);
  const forms = new Set(columns.flatMap((column) => (column.several ? column.forms : column.forms.slice(0, 1))));
  const others = new Set(
    columns.flatMap((column) => (column.several ? [] : formsThatDiffer(column.forms, column.samples))),
  );
  const hint = others.size === 0 ? "" : ` # these fit as well, and say otherwise: ${[...others].join(" | ")}`;
  return [
    "time:",
    `  formats: [${(forms.size === 0 ? ["iso"] : [...forms]).map(inner).join(", ")}]${hint}`,
    "  zone: UTC # of times without an offset: whose local time is it?",
  ];
}

function ticketOf({ choice, unordered, priorities, types }: Sketch): string[] {
  const { key, rowTime, openedAt, subject, description, organization, requester, email, field } = choice;
  const { type, priority, channel, product, region, group, person } = choice;
  const lines: string[] = ["ticket:"];
  const line = (text: string): void => void lines.push(`  ${text}`);
  const rule = (name: string, column: ColumnSeen | undefined, comment = ""): void => {
    if (column !== undefined) line(`${name}: ${word(column.name)}${comment}`);
  };
  const tableOf = (name: string, column: ColumnSeen, guess: Guess, otherwise: string): void => {
    line(`${name}:`);
    line(`  column: ${word(column.name)}`);
    line("  values:");
    lines.push(...table("      ", column.words, guess));
    line(`  otherwise: ${otherwise}`);
  };
  line(`key: ${key === undefined ? "changeme # which column tells one ticket from another?" : word(key.name)}`);
  if (choice.moments.length === 0)
    line(`rowTime: ${rowTime === undefined ? "changeme # when did the source write the row?" : word(rowTime.name)}`);
  rule("openedAt", openedAt);
  if (choice.moments.length === 0)
    line(
      unordered
        ? "order: time # rows of one ticket do not stand in the order of their times"
        : "order: file # rows of one ticket stand in the order of their times",
    );
  const instead = [product, group].flatMap((column) => (column === undefined ? [] : [`{${column.name}}`]))[0];
  line(
    subject === undefined
      ? `subject: {text: ${inner(instead ?? (key === undefined ? "Imported" : `{${key.name}}`))}} # no column looks like one`
      : `subject: ${word(subject.name)}`,
  );
  rule("description", description);
  rule("organization", organization, " # or leave it out, if all tickets are one customer's");
  const asks = [
    ...(requester === undefined ? [] : [`key: ${inner(requester.name)}`, `name: ${inner(requester.name)}`]),
    ...(email === undefined ? [] : [`email: ${inner(email.name)}`]),
  ];
  if (asks.length > 0) line(`requester: {${asks.join(", ")}}`);
  const changed = (name: string, words: ReadonlyMap<string, number>, guess: Guess, usual: string) => {
    if (words.size === 0) return line(`${name}: {value: ${usual}}`);
    line(`${name}: # the words that its changes have`);
    line("  values:");
    lines.push(...table("      ", words, guess));
    line(`  otherwise: ${usual}`);
  };
  if (field !== undefined) {
    changed("type", types, guessType, "incident");
    changed("priority", priorities, guessPriority, "medium");
  } else {
    if (type === undefined) line("type: {value: incident}");
    else tableOf("type", type, guessType, "incident");
    if (priority === undefined) line("priority: {value: medium}");
    else tableOf("priority", priority, guessPriority, "medium");
  }
  if (channel !== undefined) tableOf("channel", channel, guessChannel, "import");
  rule("product", product);
  rule("region", region);
  if (field === undefined) rule("group", group);
  const groups = guessLines([...(group?.words?.keys() ?? group?.samples ?? [])]);
  if (groups.length === 0)
    line('line: {value: 2} # or by group: {groups: {Service Desk: 1, "*3rd*": 3}, otherwise: 2}');
  else
    line(
      `line: {groups: {${groups.map(({ pattern, line: at }) => `${inner(pattern)}: ${at}`).join(", ")}}, otherwise: ${groups.some((one) => one.line === 1) ? 2 : 1}}`,
    );
  if (field === undefined) rule("person", person);
  return lines;
}

function changesOf({ choice: { field, from, to } }: Sketch): string[] {
  if (field === undefined) return [];
  const names = [...(field.words ?? [])]
    .filter(([text]) => !missingWords.includes(text))
    .toSorted((a, b) => b[1] - a[1]);
  return [
    "# One row is one change of one field.",
    "changes:",
    `  field: ${word(field.name)}`,
    ...(from === undefined ? [] : [`  from: ${word(from.name)}`]),
    `  to: ${word(to?.name ?? "changeme")}`,
    "  names: # status, priority, type, group, person, product; fields that are not named here tell nothing",
    ...names.map(([text, count]) => {
      const ours = guessField(text);
      return ours === undefined
        ? `    # ${word(text)}: ${times(count)}`
        : `    ${word(text)}: ${ours} # ${times(count)}`;
    }),
    "",
  ];
}

/** Of a file in which one row is a whole ticket: its times, and what a state says of the last of them. */
function momentsOf({ choice: { moments, status } }: Sketch): string[] {
  const gone = [...(status?.words?.keys() ?? [])].filter((text) => guessState(text, []) === "withdrawn");
  return [
    "# One row is a whole ticket: each of these columns is a moment of its life. Times that moved nothing are left out.",
    "moments: # new, in_work, waiting_customer, waiting_approval, resolved, closed, auto_closed, withdrawn",
    ...moments.map(({ column, meaning }) => {
      const as =
        meaning !== "closed" || status === undefined || gone.length === 0
          ? meaning
          : `{column: ${inner(status.name)}, values: {${gone.map((text) => `${inner(text)}: withdrawn`).join(", ")}}, otherwise: closed}`;
      return `  - {column: ${inner(column.name)}, as: ${as}}`;
    }),
  ];
}

function statusOf({ choice, states }: Sketch): string[] {
  const { field, status, subStatus } = choice;
  const source =
    status === undefined
      ? "  column: changeme # which column has the state?"
      : subStatus === undefined || subStatus === status
        ? `  column: ${word(status.name)}`
        : `  text: ${inner(`{${status.name}} / {${subStatus.name}}`)} # or the column of one of them alone`;
  return [
    "status:",
    ...(field === undefined ? [source] : []),
    "  values: # new, in_work, waiting_customer, waiting_approval, resolved, closed, auto_closed, withdrawn, ignore",
    ...(states.size > 0 ? table("    ", states, guessState) : ["    changeme: new # the states that the file has"]),
  ];
}

function keptOf({ choice: { rest, judgement } }: Sketch): string[] {
  const codes = rest.filter((column) => isTable(column) && !namesPeople(column.name));
  const lines = [
    "# Further columns that are to stay beside the tickets: codes here; what speaks of people under keepTexts.",
    `keep: [${codes
      .map(({ name }) => inner(name))
      .slice(0, 100)
      .join(", ")}]`,
  ];
  if (judgement !== undefined)
    lines.push(
      "# The source's own judgement on its terms; say which words mean met, and which missed:",
      "judgement:",
      `  column: ${word(judgement.name)}`,
      `  met: [${wordsLike(judgement, /true|yes|met|within|да|ja|нет просроч/i)}]`,
      `  missed: [${wordsLike(judgement, /false|no|breach|missed|over|нет|nein/i)}]`,
    );
  return [...lines, ""];
}

function contractOf(): string[] {
  return [
    "# The terms of the clocks. These are invented: put in those of the old contract, if they are known.",
    "contract:",
    "  organization: {name: Imported customer}",
    "  calendar: 24x7",
    "  targets:",
    ...(["high", "medium", "low"] as const).map(
      (one) => `    - {type: incident, priority: ${one}, reaction: 1h, resolution: 24h}`,
    ),
    "    - {type: change, priority: medium, reaction: 8h, resolution: 240h}",
    "    - {type: change, priority: low, reaction: 8h, resolution: 240h}",
    "    - {type: consultation, priority: low, reaction: 8h, resolution: 120h}",
    "    - {type: scheduled_work, priority: low, reaction: 8h, resolution: 240h}",
    "  defaultClassification: {type: incident, priority: medium}",
  ];
}

function contentOf(column: ColumnSeen): string {
  const what = isTime(column)
    ? `a time (${column.forms.slice(0, 4).join(" | ")})`
    : column.words === undefined
      ? `e.g. ${column.samples.slice(0, 3).join(" | ")}`
      : [...column.words]
          .toSorted((a, b) => b[1] - a[1])
          .slice(0, 12)
          .map(([text, count]) => `${text} (${count})`)
          .join(", ");
  return what.replaceAll(/\s+/g, " ").slice(0, 300);
}

function wordsLike(column: ColumnSeen, pattern: RegExp): string {
  const words = [...(column.words ?? new Map<string, number>()).keys()].filter((text) => pattern.test(text));
  return (words.length === 0 ? ["changeme"] : words).map(inner).join(", ");
}

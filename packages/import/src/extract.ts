import { limits } from "@docket/domain";
import type { Mapping, Rule, TimeRule } from "./mapping-schema.ts";
import { stateOfMoment } from "./moments.ts";
import { lookUp } from "./tables.ts";
import { timeReader } from "./times.ts";

/** What a row says, still in the source's words; null or absent: not stated. */
export interface RowFields {
  status?: string;
  type?: string;
  priority?: string;
  group?: string;
  line?: string;
  person?: string;
  personEmail?: string;
  product?: string;
  channel?: string;
  organization?: string;
  requesterKey?: string;
  requesterName?: string;
  requesterEmail?: string;
  requesterPhone?: string;
  subject?: string;
  description?: string;
  region?: string;
  solution?: string;
  question?: string;
  answer?: string;
  returned?: string;
  reclassified?: string;
  handedOver?: string;
  withdrawn?: string;
  judgement?: string;
  /** of a change log: what the field that this row changes was before */
  was?: { readonly field: ChangedField; readonly value: string };
  /** the columns of `keep`, in its order */
  keep?: (string | null)[];
  /** those of `keepTexts` */
  keepTexts?: (string | null)[];
}

export const changedFields = ["status", "priority", "type", "group", "person", "product"] as const;
export type ChangedField = (typeof changedFields)[number];

/** One row as it is kept until its ticket's turn comes. */
export interface ExtractedRow {
  readonly key: string;
  /** what rows of one ticket are put in order by; rows that are equal in it stay as the file has them */
  readonly order: number | string;
  /** milliseconds */
  readonly at: number;
  readonly openedAt: number | null;
  readonly fields: RowFields;
}

/** `rows`: one, or as many as there are moments in a row that is a whole ticket. */
export type Extraction =
  { readonly ok: true; readonly rows: readonly ExtractedRow[]; readonly notes: readonly RowNote[] } | Refused;
interface Refused {
  readonly ok: false;
  readonly code: string;
  readonly field: string;
  readonly detail: string;
}
/** Something about a row that was taken although it was not as it should be. */
export interface RowNote {
  readonly code: string;
  readonly field: string;
  readonly detail: string;
}

export interface Extractor {
  /** every column that the mapping names, with the place in the mapping */
  readonly columns: readonly { readonly name: string; readonly path: readonly (string | number)[] }[];
  /** Takes the cells by the columns' names (undefined: no such column). */
  extract(cell: (column: string) => string | undefined): Extraction;
}

/** No help desk wrote earlier; such a time stands for none (0001-01-01, 1899-12-30, 1970-01-01). */
const EARLIEST = Date.UTC(1980, 0, 1);
const MAX_KEPT = 2_000;

/** No more of a text than it takes to see that it is too long. */
const short = (text: string, max: number = limits.text): string => (text.length > max ? text.slice(0, max + 1) : text);

const textNames = ["solution", "question", "answer", "returned", "reclassified", "handedOver", "withdrawn"] as const;
const hole = /\{([^{}]+)\}/g;

/** What a mapping takes out of a row. */
export function extractorOf(mapping: Mapping): Extractor {
  const columns: { name: string; path: (string | number)[] }[] = [];
  const missing = new Set(mapping.file.missing.map((text) => text.trim()));
  const { ticket } = mapping;
  const use = (name: string, path: (string | number)[]): string => {
    columns.push({ name, path });
    return name;
  };
  type Reader = (cell: (column: string) => string | undefined) => string | null;
  const cellOf = (name: string, path: (string | number)[]): Reader => {
    use(name, path);
    return (cell) => stated(cell(name), missing);
  };
  const template = (text: string, path: (string | number)[]): Reader => {
    const names = [...text.matchAll(hole)].map(([, name = ""]) => name.trim());
    for (const name of names) use(name, path);
    return (cell) => {
      let said = names.length === 0;
      const filled = text.replace(hole, (_all, name: string) => {
        const value = stated(cell(name.trim()), missing);
        said ||= value !== null;
        return value ?? "";
      });
      // What stands around columns that say nothing says nothing, either.
      return !said || filled.trim() === "" ? null : filled.trim();
    };
  };
  const reader = (rule: Rule | undefined, path: (string | number)[]): Reader | undefined => {
    if (rule === undefined) return undefined;
    if (typeof rule === "string") return cellOf(rule, path);
    if ("value" in rule) return () => rule.value;
    const of = "text" in rule ? template(rule.text, [...path, "text"]) : cellOf(rule.column, [...path, "column"]);
    const { values = {}, otherwise } = rule;
    return (cell) => {
      const raw = of(cell);
      if (raw === null) return null;
      const mapped = lookUp(values, raw);
      return mapped === undefined ? (otherwise === undefined ? raw : otherwise) : mapped;
    };
  };
  const time = (rule: TimeRule, path: (string | number)[]) => {
    const of = cellOf(
      rule.column,
      typeof rule.formats === "undefined" && rule.zone === undefined ? path : [...path, "column"],
    );
    const read = timeReader(rule.formats ?? mapping.time.formats, rule.zone ?? mapping.time.zone);
    return (cell: (column: string) => string | undefined) => {
      const raw = of(cell);
      return { raw, at: raw === null ? null : read(raw) };
    };
  };
  const words = (
    field: { column?: string | undefined; text?: string | undefined } | { value: string },
    path: (string | number)[],
  ): Reader | undefined => {
    if ("value" in field) return undefined;
    if (field.text !== undefined) return template(field.text, [...path, "text"]);
    return field.column === undefined ? undefined : cellOf(field.column, [...path, "column"]);
  };

  /** When what the row says was so: at the row's time, or at several. */
  type Moments = (cell: (column: string) => string | undefined, notes: RowNote[]) => Refused | readonly Moment[];
  interface Moment {
    readonly at: number;
    readonly state?: string;
  }
  const atRowTime = (): Moments => {
    const rowTime = time(ticket.rowTime, ["ticket", "rowTime"]);
    return (cell) => {
      const field = "ticket.rowTime";
      const { raw, at } = rowTime(cell);
      if (raw === null) return { ok: false, code: "time_missing", field, detail: "" };
      if (at === null) return { ok: false, code: "time_invalid", field, detail: raw.slice(0, 100) };
      return at < EARLIEST ? { ok: false, code: "time_too_early", field, detail: raw.slice(0, 100) } : [{ at }];
    };
  };
  const atMoments = (list: NonNullable<Mapping["moments"]>): Moments => {
    const readers = list.map(({ column, as }, i) => ({
      column,
      read: time({ column, formats: undefined, zone: undefined }, ["moments", i, "column"]),
      word: typeof as === "string" ? undefined : words(as, ["moments", i, "as"]),
    }));
    return (cell, notes) => {
      const found = readers.flatMap(({ column, read, word }): Moment[] => {
        const { raw, at } = read(cell);
        if (raw === null) return [];
        if (at !== null && at >= EARLIEST) return [{ at, state: stateOfMoment(column, word?.(cell) ?? null) }];
        const code = at === null ? "time_invalid" : "time_too_early";
        notes.push({ code, field: column, detail: raw.slice(0, 100) });
        return [];
      });
      const bad = notes[0];
      if (found.length > 0) return found;
      return { ok: false, code: bad?.code ?? "time_missing", field: "moments", detail: bad?.detail ?? "" };
    };
  };

  const key = reader(ticket.key, ["ticket", "key"]) as Reader;
  const momentsOf = mapping.moments === undefined ? atRowTime() : atMoments(mapping.moments);
  const openedAt = ticket.openedAt === undefined ? undefined : time(ticket.openedAt, ["ticket", "openedAt"]);
  const { order } = ticket;
  const orderBy = typeof order === "object" ? cellOf(order.column, ["ticket", "order", "column"]) : undefined;
  const fields: [keyof Omit<RowFields, "keep" | "keepTexts" | "was">, Reader | undefined][] = [
    ["status", mapping.moments === undefined ? words(mapping.status, ["status"]) : undefined],
    ["type", words(ticket.type, ["ticket", "type"])],
    ["priority", words(ticket.priority, ["ticket", "priority"])],
    ["channel", words(ticket.channel, ["ticket", "channel"])],
    ["line", "column" in ticket.line ? cellOf(ticket.line.column, ["ticket", "line", "column"]) : undefined],
    ["group", reader(ticket.group, ["ticket", "group"])],
    ["person", reader(ticket.person, ["ticket", "person"])],
    ["personEmail", reader(ticket.personEmail, ["ticket", "personEmail"])],
    ["product", reader(ticket.product, ["ticket", "product"])],
    ["region", reader(ticket.region, ["ticket", "region"])],
    ["organization", reader(ticket.organization, ["ticket", "organization"])],
    ["requesterKey", reader(ticket.requester.key, ["ticket", "requester", "key"])],
    ["requesterName", reader(ticket.requester.name, ["ticket", "requester", "name"])],
    ["requesterEmail", reader(ticket.requester.email, ["ticket", "requester", "email"])],
    ["requesterPhone", reader(ticket.requester.phone, ["ticket", "requester", "phone"])],
    ["subject", reader(ticket.subject, ["ticket", "subject"])],
    ["description", reader(ticket.description, ["ticket", "description"])],
    ["judgement", mapping.judgement && cellOf(mapping.judgement.column, ["judgement", "column"])],
    ...textNames.map((name): [keyof Omit<RowFields, "keep" | "keepTexts" | "was">, Reader | undefined] => {
      const text = mapping.texts[name];
      return [name, text === undefined ? undefined : template(text, ["texts", name])];
    }),
  ];
  const used = fields.filter(
    (entry): entry is [keyof Omit<RowFields, "keep" | "keepTexts" | "was">, Reader] => entry[1] !== undefined,
  );
  const keep = mapping.keep.map((name, i) => cellOf(name, ["keep", i]));
  const keepTexts = mapping.keepTexts.map((name, i) => cellOf(name, ["keepTexts", i]));
  const { changes } = mapping;
  const changed = changes && {
    field: cellOf(changes.field, ["changes", "field"]),
    to: cellOf(changes.to, ["changes", "to"]),
    from: changes.from === undefined ? undefined : cellOf(changes.from, ["changes", "from"]),
    names: changes.names,
  };

  return {
    columns,
    extract(cell) {
      const ticketKey = key(cell);
      if (ticketKey === null) return { ok: false, code: "key_missing", field: "ticket.key", detail: "" };
      if (ticketKey.length > 200)
        return { ok: false, code: "key_too_long", field: "ticket.key", detail: ticketKey.slice(0, 60) };
      const notes: RowNote[] = [];
      const moments = momentsOf(cell, notes);
      if ("ok" in moments) return moments;
      const opened = openedAt?.(cell);
      const early = opened !== undefined && opened.at !== null && opened.at < EARLIEST;
      if (opened && opened.raw !== null && (opened.at === null || early))
        notes.push({
          code: early ? "time_too_early" : "time_invalid",
          field: "ticket.openedAt",
          detail: opened.raw.slice(0, 100),
        });
      const row: RowFields = {};
      for (const [name, read] of used) {
        const value = read(cell);
        if (value !== null) row[name] = short(value);
      }
      if (changed) {
        const field = changed.field(cell);
        const to = changed.to(cell);
        const name = field === null ? undefined : lookUp(changed.names, field);
        if (name !== undefined) {
          if (to !== null) row[name] = to;
          const value = changed.from?.(cell) ?? null;
          if (value !== null) row.was = { field: name, value };
        }
      }
      const kept = (read: Reader): string | null => {
        const value = read(cell);
        return value === null ? null : short(value, MAX_KEPT);
      };
      if (keep.length > 0) row.keep = keep.map(kept);
      if (keepTexts.length > 0) row.keepTexts = keepTexts.map(kept);
      let sortedBy: number | string = 0;
      if (typeof order === "object") {
        const by = orderBy?.(cell) ?? null;
        sortedBy = order.as === "number" ? Number((by ?? "").replace(",", ".")) : (by ?? "");
        if (typeof sortedBy === "number" && !Number.isFinite(sortedBy)) {
          notes.push({ code: "order_invalid", field: "ticket.order", detail: (by ?? "").slice(0, 100) });
          sortedBy = 0;
        }
      }
      const rows = moments.map(({ at, state }) => ({
        key: ticketKey,
        order: order === "time" ? at : sortedBy,
        at,
        openedAt: early ? null : (opened?.at ?? null),
        fields: state === undefined ? row : { ...row, status: state },
      }));
      return { ok: true, rows, notes };
    },
  };
}

/** A cell's text, null where it says nothing. */
function stated(raw: string | undefined, missing: ReadonlySet<string>): string | null {
  if (raw === undefined) return null;
  const text = raw.trim();
  return text === "" || missing.has(text) ? null : text;
}

import type { Language } from "@docket/domain";
import { misused } from "./command-line.ts";
import type { Door } from "./door.ts";
import { tableOf, type Column, type Reader } from "./table.ts";

export type Row = Readonly<Record<string, unknown>>;

/** What the verbs that show lists have in common. */
export interface Asking {
  /** the moment, as parameters of an address */
  readonly moment: Row;
  readonly values: {
    readonly filter?: readonly string[] | undefined;
    readonly sort?: string | undefined;
    readonly limit?: string | undefined;
    readonly json?: boolean | undefined;
  };
  readonly reader: Reader;
}

export function languageNamed(lang: string | undefined): Language {
  if (lang === "ru" || lang === "en") return lang;
  throw misused("--lang is ru or en");
}

export function print(json: boolean | undefined, answer: unknown, text: () => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(answer, null, 2)}\n` : text());
}

/** `--filter name=value`, any number of times, as parameters. */
export function filtersOf(filters: readonly string[] | undefined): [string, string][] {
  return (filters ?? []).map((text) => {
    const place = text.indexOf("=");
    if (place < 1) throw misused(`--filter wants NAME=VALUE, not ${text}`);
    return [text.slice(0, place), text.slice(place + 1)];
  });
}

export function limitOf(text: string | undefined): number {
  if (text === undefined) return 50;
  if (!/^\d{1,9}$/.test(text)) throw misused(`--limit wants a number, not ${text}`);
  return text === "0" ? Infinity : Number(text);
}

const mostInPage = 500;

/** Rows of a list of the API, page by page until there are enough, and the first page's own words about the whole. */
export async function walk(
  door: Door,
  path: string,
  query: readonly (readonly [string, string])[],
  limit: number,
): Promise<{ readonly head: Row; readonly items: Row[]; readonly more: boolean }> {
  const items: Row[] = [];
  let head: Row | undefined;
  let page: string | null = null;
  do {
    const size = String(Math.min(mostInPage, Math.max(1, limit - items.length)));
    const parameters = new URLSearchParams([
      ...query.map(([name, value]) => [name, value] as [string, string]),
      ["limit", size],
    ]);
    if (page !== null) parameters.set("page", page);
    const answer: Row = await door.ask("GET", `${path}?${parameters.toString()}`);
    head ??= answer;
    items.push(...(answer["items"] as Row[]));
    page = answer["nextPage"] as string | null;
  } while (page !== null && items.length < limit);
  return { head, items, more: page !== null };
}

/** Shows a list of the API as of the moment asked about. */
export async function listOf(
  door: Door,
  { moment, values, reader }: Asking,
  path: string,
  columns: readonly Column[],
): Promise<void> {
  const query: [string, string][] = [
    ...Object.entries(moment as Record<string, string>),
    ...filtersOf(values.filter),
    ...(values.sort === undefined ? [] : [["sort", values.sort] as [string, string]]),
  ];
  const { head, items, more } = await walk(door, path, query, limitOf(values.limit));
  const { nextPage: _nextPage, ...rest } = head;
  print(values.json, { ...rest, items, more }, () => tableOf(columns, items, reader));
  if (more && values.json !== true)
    process.stderr.write(
      reader.language === "ru"
        ? `Показано ${items.length}; есть ещё: --limit 0 покажет все\n`
        : `${items.length} shown; there are more: --limit 0 shows all\n`,
    );
}

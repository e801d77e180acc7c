import type { RawBuilder } from "kysely";
import type { ListField } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { mayUseField } from "../policy/policy.ts";
import { and, type Filter } from "./filter.ts";
import { filterOfQuery, searchFilter, ticketSearch, type QueryValues } from "./list-filter.ts";
import { momentOf, toldAsOf, type Asked, type Moment } from "./moment.ts";
import { countRows, keyOfRow, readPage, type Row } from "./page.ts";
import { queryFingerprint, readPageToken, writePageToken } from "./page-token.ts";

/** One list: where it reads, how it is ordered, what its rows become. */
export interface ListSpec<Item> {
  readonly id: string;
  /** the rows as of a moment */
  readonly source: (moment: Moment) => RawBuilder<unknown>;
  readonly columns: readonly string[];
  readonly key: RawBuilder<unknown>;
  readonly fields: Readonly<Record<string, ListField>>;
  readonly defaultSort: string;
  /** sorted columns that may be missing */
  readonly nullable: ReadonlySet<string>;
  readonly search: readonly string[];
  /** the words of these columns are indexed, as they are now */
  readonly searchIndexed?: boolean;
  /** what the caller sees, and what the view holds */
  readonly filter: Filter;
  /** what the query asks about */
  readonly asked: Asked;
  /** what must be known of a page's rows before they become items */
  prepare?(rows: readonly Row[]): Promise<readonly Row[]>;
  item(row: Row): Item;
}

export interface ListAnswer<Item> {
  items: Item[];
  nextPage: string | null;
  total?: number;
  totalCapped?: boolean;
  asOf: string | null;
  position: string;
}

/** A list as one caller asks for it, at its moment. */
async function prepare<Item>(serving: Serving, caller: Principal, query: QueryValues, spec: ListSpec<Item>) {
  const sort = sortOf(caller, spec, query["sort"]);
  const present = spec.asked.asOf === null && spec.asked.atPosition === null;
  const searching = spec.searchIndexed === true && present ? ticketSearch : searchFilter;
  const search = searching(spec.search, query["q"] as string | undefined);
  const filter = and(
    spec.filter,
    filterOfQuery(spec.fields, query, (field) => mayUseField(caller, field)),
    search,
  );
  const fingerprint = queryFingerprint(spec.id, `${caller.accountId}/${caller.role}/${caller.organizationId}`, query);
  const page = query["page"] as string | undefined;
  const after = page === undefined ? undefined : readPageToken(serving.deps.secret, fingerprint, page);
  const moment = await momentOf(serving, spec.asked, after?.position);
  const { columns, key } = spec;
  const request = { source: spec.source(moment), columns, key, filter, sort };
  return { request, fingerprint, after, moment };
}

/**
 * Reads one page of a list for a caller: his filters, his order, his place. The pages of a list of a past moment are all of
 * that moment: their tokens carry the log position of the first.
 */
export async function answerList<Item>(
  serving: Serving,
  caller: Principal,
  query: QueryValues,
  spec: ListSpec<Item>,
): Promise<ListAnswer<Item>> {
  const { deps } = serving;
  const { request, fingerprint, after, moment } = await prepare(serving, caller, query, spec);
  const { rows, more } = await readPage(deps.db, { ...request, limit: query["limit"] as number, after });
  const last = rows.at(-1);
  const counted = query["count"] === "true" ? await countRows(deps.db, request.source, request.filter) : undefined;
  return {
    items: ((await spec.prepare?.(rows)) ?? rows).map((row) => spec.item(row)),
    nextPage:
      more && last !== undefined
        ? writePageToken(deps.secret, fingerprint, {
            ...keyOfRow(last, request.sort.column),
            ...(moment.pinned ? { position: moment.position } : {}),
          })
        : null,
    ...(counted === undefined ? {} : { total: counted.total, totalCapped: counted.capped }),
    asOf: toldAsOf(moment),
    position: moment.position,
  };
}

const atOnce = 2_000;

/** All items of a list from the caller's place on, a few thousand in memory at a time. */
export async function* walkList<Item>(
  serving: Serving,
  caller: Principal,
  query: QueryValues,
  spec: ListSpec<Item>,
): AsyncGenerator<Item> {
  const { request, after: place } = await prepare(serving, caller, query, spec);
  let after = place;
  for (;;) {
    const { rows, more } = await readPage(serving.deps.db, { ...request, limit: atOnce, after });
    for (const row of rows) yield spec.item(row);
    const last = rows.at(-1);
    if (!more || last === undefined) return;
    after = keyOfRow(last, request.sort.column);
  }
}

function sortOf(
  caller: Principal,
  spec: ListSpec<unknown>,
  asked: unknown,
): { column: string; descending: boolean; nullable: boolean } {
  const wish = typeof asked === "string" ? asked : spec.defaultSort;
  const descending = wish.startsWith("-");
  const field = spec.fields[descending ? wish.slice(1) : wish];
  if (field === undefined || !mayUseField(caller, field)) throw new Refusal("not_allowed", { field: "sort" });
  return { column: field.column, descending, nullable: spec.nullable.has(field.column) };
}

import { sql } from "kysely";
import fc from "fast-check";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { matches } from "./filter-match.ts";
import { filterSql } from "./filter-sql.ts";
import type { Filter } from "./filter.ts";
import { keyOfRow, readPage, type PageRequest } from "./page.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query(
    "create table thing (id uuid primary key, word text, number int, flag boolean, at timestamptz)",
  );
});
afterAll(() => database.close());

const words = ["", "vpn", "VPN Москва", "100%", "a_b", "back\\slash", "Ёлка", "none", "it's"];
const instants = [0, 1, 2, 3].map((n) => new Date(Date.UTC(2024, 0, 1 + n)));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const row = fc.record({
  id: fc.uuid(),
  word: maybe(fc.constantFrom(...words)),
  number: maybe(fc.integer({ min: 0, max: 4 })),
  flag: maybe(fc.boolean()),
  at: maybe(fc.constantFrom(...instants)),
});
type Thing = { id: string; word: string | null; number: number | null; flag: boolean | null; at: Date | null };

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>({ op: "always" }),
  fc.constant<Filter>({ op: "never" }),
  fc.array(fc.constantFrom(...words), { maxLength: 3 }).map((values): Filter => ({ op: "in", column: "word", values })),
  fc
    .array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
    .map((values): Filter => ({ op: "in", column: "number", values })),
  fc.boolean().map((value): Filter => ({ op: "in", column: "flag", values: [value] })),
  fc.constantFrom("word", "number", "flag", "at").map((column): Filter => ({ op: "missing", column })),
  fc
    .tuple(
      fc.option(fc.constantFrom(...instants), { nil: undefined }),
      fc.option(fc.constantFrom(...instants), { nil: undefined }),
    )
    .map(([from, to]): Filter => ({ op: "between", column: "at", from, to })),
  fc
    .constantFrom("v", "PN", "%", "_", "\\", "ёл", "москва")
    .map((text): Filter => ({ op: "contains", column: "word", text })),
  fc.constantFrom("vp", "100%", "a_").map((text): Filter => ({ op: "startsWith", column: "word", text })),
);
const filter: fc.Arbitrary<Filter> = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((of): Filter => ({ op: "and", of })),
    fc.array(tie("tree"), { minLength: 1, maxLength: 3 }).map((of): Filter => ({ op: "or", of })),
    tie("tree").map((of): Filter => ({ op: "not", of })),
  ),
})).tree;

async function fill(rows: readonly Thing[]): Promise<void> {
  await database.pool.query("truncate thing");
  for (const { id, word, number, flag, at } of rows)
    await database.pool.query("insert into thing values ($1, $2, $3, $4, $5)", [id, word, number, flag, at]);
}

const distinct = fc.uniqueArray(row, { maxLength: 15, selector: ({ id }) => id });

it("a condition means the same in SQL and as a predicate, missing values included", async () => {
  await fc.assert(
    fc.asyncProperty(distinct, fc.array(filter, { minLength: 1, maxLength: 6 }), async (rows, filters) => {
      await fill(rows);
      for (const condition of filters) {
        const found = await sql<{ id: string }>`select id from thing as t where ${filterSql(condition, "t")}`.execute(
          database.db,
        );
        const expected = rows.filter((candidate) => matches(condition, candidate)).map(({ id }) => id);
        expect(found.rows.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
      }
    }),
    { numRuns: 40 },
  );
});

const request = (column: string, descending: boolean, limit: number): PageRequest => ({
  source: sql`thing`,
  columns: ["id", "word", "number", "at"],
  key: sql.ref("t.id"),
  filter: { op: "always" },
  sort: { column, descending, nullable: column !== "id" },
  limit,
  after: undefined,
});

it("walking the pages gives the whole list in order, whatever the order and the size of a page", async () => {
  await fc.assert(
    fc.asyncProperty(
      distinct,
      fc.constantFrom("word", "number", "at"),
      fc.boolean(),
      fc.integer({ min: 1, max: 6 }),
      async (rows, column, descending, limit) => {
        await fill(rows);
        const whole = await readPage(database.db, request(column, descending, 1_000));
        const walked: string[] = [];
        let page = await readPage(database.db, request(column, descending, limit));
        for (;;) {
          walked.push(...page.rows.map((one) => one["id"] as string));
          const last = page.rows.at(-1);
          if (!page.more || last === undefined) break;
          page = await readPage(database.db, { ...request(column, descending, limit), after: keyOfRow(last, column) });
        }
        expect(walked).toEqual(whole.rows.map((one) => one["id"]));
        expect(walked.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
      },
    ),
    { numRuns: 40 },
  );
});

it("under concurrent change every row that was there throughout and kept its place comes exactly once", async () => {
  await fc.assert(
    fc.asyncProperty(
      distinct,
      distinct,
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.nat()),
      async (rows, arrivals, limit, chance) => {
        const fresh = arrivals.filter(({ id }) => !rows.some((known) => known.id === id));
        await fill(rows);
        const touched = new Set<string>();
        const walked: string[] = [];
        let after: PageRequest["after"];
        for (let more = true; more;) {
          const page = await readPage(database.db, { ...request("number", false, limit), after });
          walked.push(...page.rows.map((one) => one["id"] as string));
          more = page.more;
          const last = page.rows.at(-1);
          if (last !== undefined) after = keyOfRow(last, "number");
          // between two pages somebody adds, removes and moves
          const added = fresh.pop();
          if (added)
            await database.pool.query("insert into thing values ($1, $2, $3, $4, $5)", [
              added.id,
              added.word,
              added.number,
              added.flag,
              added.at,
            ]);
          const victim = rows[chance.next().value % Math.max(1, rows.length)];
          if (victim && chance.next().value % 3 === 0) {
            touched.add(victim.id);
            if (chance.next().value % 2 === 0)
              await database.pool.query("delete from thing where id = $1", [victim.id]);
            else await database.pool.query("update thing set number = 2 where id = $1", [victim.id]);
          }
        }
        for (const { id } of rows) if (!touched.has(id)) expect(walked.filter((one) => one === id)).toHaveLength(1);
      },
    ),
    { numRuns: 30 },
  );
});

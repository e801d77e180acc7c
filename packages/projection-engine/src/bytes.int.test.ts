import { testDatabase, type TestDatabase } from "@docket/test-kit";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client } from "pg";
import type { Value } from "./bytes.ts";
import { type Column, defineTable } from "./table.ts";
import { copyIn } from "./copy-in.ts";

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new Client(database.url);
  await client.connect();
  await client.query("create schema bytes");
});
afterAll(async () => {
  await client.end();
  await database.close();
});

const columns: readonly Column[] = [
  ["n", "int4"],
  ["a_text", "text", "null"],
  ["a_uuid", "uuid", "null"],
  ["an_instant", "timestamptz", "null"],
  ["small", "int2", "null"],
  ["large", "int8", "null"],
  ["flag", "bool", "null"],
  ["raw", "bytea", "null"],
  ["a_json", "json", "null"],
];
const table = defineTable({ name: "every_type", columns, key: ["n"] });

function forCopy(rows: readonly Value[][]): Buffer {
  const copy = table.copyRows();
  for (const row of rows) copy.add(row);
  return copy.bytes();
}

const orNull = (value: fc.Arbitrary<Value>): fc.Arbitrary<Value> => fc.option(value, { nil: null });
// any text that Postgres can hold: no NUL, no half of a surrogate pair
const anyText = fc.string({ unit: "binary", maxLength: 200 }).map((text) => text.replaceAll("\0", "").toWellFormed());
const instant = fc.oneof(
  fc
    .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
    .map((date) => date.getTime()),
  fc.constant(Infinity),
);
const row = fc.tuple(
  orNull(anyText),
  orNull(fc.uuid()),
  orNull(instant),
  orNull(fc.integer({ min: -32_768, max: 32_767 })),
  orNull(fc.maxSafeInteger()),
  orNull(fc.boolean()),
  orNull(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString("hex"))),
  orNull(fc.json()),
);

const read = `select n, a_text, a_uuid::text, extract(epoch from an_instant)::text as an_instant, small, large::text, flag, encode(raw, 'hex') as raw,
  a_json::text from bytes.every_type order by n`;

function seconds(ms: number): string {
  const [sign, size] = ms < 0 ? ["-", -ms] : ["", ms];
  return `${sign}${Math.floor(size / 1_000)}.${String(size % 1_000).padStart(3, "0")}000`;
}

/** What Postgres shows of a row that was written right. */
function shown([n, text, uuid, at, small, large, flag, raw, json]: readonly Value[]): Record<string, unknown> {
  return {
    n,
    a_text: text,
    a_uuid: uuid,
    small,
    flag,
    raw,
    a_json: json,
    an_instant: at === null ? null : at === Infinity ? "Infinity" : seconds(Number(at)),
    large: large === null ? null : String(large),
  };
}

test("what is written in binary is read as it was, by COPY, by arrays and by update", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 30 }),
      fc.array(row, { minLength: 1, maxLength: 30 }),
      async (values, other) => {
        const rows = values.map((value, n): Value[] => [n, ...value]);
        const changed = other.slice(0, rows.length).map((value, n): Value[] => [n, ...value]);
        for (const way of ["copy", "arrays"]) {
          await client.query("drop table if exists bytes.every_type");
          await client.query(table.createSql("bytes"));
          if (way === "copy") await copyIn(client, table.copySql("bytes"), forCopy(rows));
          else await client.query(table.insertSql("bytes"), table.encodeArrays(rows));
          expect((await client.query(read)).rows).toEqual(rows.map(shown));
          await client.query(table.updateSql("bytes"), table.encodeArrays(changed));
          expect((await client.query(read)).rows).toEqual(rows.map((row, n) => shown(changed[n] ?? row)));
          await client.query(table.removeSql("bytes"), table.encodeKeys(changed.map(([n = null]) => [n])));
          expect((await client.query(read)).rows).toEqual(rows.slice(changed.length).map(shown));
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("a value that is not of its column's type is an error, never another value", () => {
  const bad: readonly (readonly [number, Value])[] = [
    [1, 5],
    [1, "nul\0"],
    [2, "no-uuid"],
    [2, "00000000-0000-0000-0000-00000000000"],
    [3, Number.NaN],
    [4, 40_000],
    [4, 1.5],
    [5, 2 ** 60],
    [6, "true"],
    [7, "abc"],
    [7, "zz"],
  ];
  for (const [place, value] of bad) {
    const values: Value[] = [1, null, null, null, null, null, null, null, null];
    values[place] = value;
    expect(() => forCopy([values]), `${columns[place]?.[0]} ${JSON.stringify(value)}`).toThrow(TypeError);
    expect(() => table.encodeArrays([values])).toThrow(TypeError);
  }
});

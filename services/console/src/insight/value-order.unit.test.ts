import { expect, it } from "vitest";
import type { Menu, Report, Row } from "./report.ts";
import { byValues, inOrder, valuesOf } from "./value-order.ts";

const row = (keys: Row["keys"], tickets = 1): Row => ({ keys, labels: {}, values: { tickets }, tickets: "/list" });
const report = (groupBy: readonly string[], rows: readonly Row[]): Report => ({
  report: "tickets",
  title: { ru: "", en: "" },
  from: null,
  to: null,
  zone: "UTC",
  position: "1",
  groupBy,
  columns: [],
  rows,
  total: null,
  leftOut: null,
});
const title = { ru: "", en: "" };
const menu: Menu = {
  reports: [],
  measures: [],
  dimensions: [
    { name: "age", title, values: ["<1d", "1-3d", "3-7d"].map((value) => ({ value, title })) },
    { name: "priority", title, values: ["high", "medium", "low"].map((value) => ({ value, title })) },
    { name: "group", title },
  ],
};

it("gives every band its place, with nothing in those that have no ticket", () => {
  const { rows } = byValues(
    report(["age"], [row({ age: "<1d" }, 4), row({ age: "3-7d" }, 2), row({ age: null }, 9)]),
    "age",
    valuesOf(menu, "age"),
  );
  expect(rows.map(({ keys, values }) => [keys["age"], values["tickets"]])).toEqual([
    ["<1d", 4],
    ["1-3d", undefined],
    ["3-7d", 2],
  ]);
});

it("shows what there is as long as the bands are not known", () => {
  const { rows } = byValues(
    report(["age"], [row({ age: "3-7d" }), row({ age: null })]),
    "age",
    valuesOf(undefined, "age"),
  );
  expect(rows.map(({ keys }) => keys["age"])).toEqual(["3-7d"]);
});

it("puts rows in the order of life, each part by itself, and leaves the order of what has none", () => {
  const rows = [
    row({ priority: "high", group: "b" }),
    row({ priority: "high", group: "a" }),
    row({ priority: "low", group: "a" }),
    row({ priority: "medium", group: "a" }),
    row({ priority: null, group: "a" }),
  ];
  const read = (groupBy: readonly string[]): unknown =>
    inOrder(report(groupBy, rows), menu).map(({ keys }) => `${keys["priority"]} ${keys["group"]}`);
  expect(read(["priority", "group"])).toEqual(["high b", "high a", "medium a", "low a", "null a"]);
  expect(read(["group", "priority"])).toEqual(["high b", "high a", "medium a", "low a", "null a"]);
  expect(read(["group"])).toEqual(["high b", "high a", "low a", "medium a", "null a"]);
  expect(read([])).toHaveLength(5);
});

import { expect, it } from "vitest";
import { headsOf } from "./heads.ts";

const heads = (...titles: string[]) => headsOf(titles, (title) => title).map(({ over, columns }) => [over, ...columns]);

it("says once what neighbouring columns have in common", () => {
  expect(heads("Tickets", "Reaction: met", "Reaction: missed", "Resolution: met", "Resolution: missed")).toEqual([
    [null, "Tickets"],
    ["Reaction", "Reaction: met", "Reaction: missed"],
    ["Resolution", "Resolution: met", "Resolution: missed"],
  ]);
});

it("leaves whole what has no neighbour of its kind", () => {
  expect(heads("Reaction: met", "Open", "Reaction: missed", "Time: 1:30")).toEqual([
    [null, "Reaction: met"],
    [null, "Open"],
    [null, "Reaction: missed"],
    [null, "Time: 1:30"],
  ]);
  expect(heads()).toEqual([]);
});

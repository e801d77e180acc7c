import { expect, test } from "vitest";
import { allPages } from "./all-pages.ts";

const story = [0, 1, 2, 3, 4, 5, 6];

test.each([[2], [7], [100]])("a list that comes %i items at a time is whole and in order", async (limit) => {
  const asked: unknown[] = [];
  const told = await allPages(
    (more) => {
      asked.push(more["from"]);
      const from = Number(more["from"] ?? 0);
      const next = from + limit < story.length ? from + limit : null;
      return Promise.resolve({ items: story.slice(from, from + limit), next });
    },
    ({ next }) => (next === null ? null : { from: next }),
  );
  expect(told).toEqual({ items: story, next: null });
  expect(asked).toEqual([undefined, ...[2, 4, 6].filter((from) => limit === 2 && from < story.length)]);
});

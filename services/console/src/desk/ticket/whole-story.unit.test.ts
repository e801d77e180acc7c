import type { TimelineEntry } from "@docket/api-contract";
import { expect, test } from "vitest";
import { wholeStory } from "./whole-story.ts";

const story = Array.from({ length: 7 }, (_, revision) => ({ revision }) as TimelineEntry);

test.each([[2], [7], [100]])("a story that comes %i facts at a time is whole and in order", async (limit) => {
  const asked: number[] = [];
  const told = await wholeStory(({ from = 0 }) => {
    asked.push(from);
    const more = from + limit < story.length;
    return Promise.resolve({ items: story.slice(from, from + limit), nextRevision: more ? from + limit : null });
  });
  expect(told.items.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(asked.length).toBe(Math.ceil(story.length / limit));
});

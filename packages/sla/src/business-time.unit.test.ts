import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { clockAnswerer } from "./clock-lines.ts";

/** The given cases: expected answers computed by three independent programs. */
const lines = readFileSync(new URL("../test-data/business-time.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n");

describe("the given business-time cases", () => {
  it("are all here", () => expect(lines).toHaveLength(124));

  it.each(lines.map((line) => JSON.parse(line) as { id: string; tags: string[]; expected: unknown }))(
    "$id $tags",
    ({ expected, ...task }) => {
      expect(clockAnswerer()(JSON.stringify(task))).toEqual({ id: task.id, answer: expected });
    },
  );
});

import { describe, expect, it } from "vitest";
import { isTarget, targetWords } from "./target.ts";

const t = ((key: string, values?: object) => `${key} ${Object.values(values ?? {}).join()}`) as Parameters<
  typeof targetWords
>[1];

describe("a promise in words", () => {
  it.each([
    ["3d", "side.targetDays 3"],
    ["4h", "side.targetHours 4"],
    ["30m", "side.targetMinutes 30"],
    ["1h30m", "side.targetHours 1 side.targetMinutes 30"],
    ["soon", "soon"],
    ["", ""],
  ])("%s", (said, words) => {
    expect(targetWords(said, t)).toBe(words);
    expect(isTarget(said) && words === said).toBe(false);
  });
});

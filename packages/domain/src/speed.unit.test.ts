import { expect, it } from "vitest";
import { measure } from "../test/speed.ts";

it("deciding and folding a command takes microseconds, not a copy of the world", () => {
  measure(200);
  // The aim is 50; the bound leaves room for a busy machine and is still far below what a deep clone costs.
  expect(Math.min(...[1, 2, 3].map(() => measure(200).perCommand))).toBeLessThan(300);
});

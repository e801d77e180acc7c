import { expect, it } from "vitest";
import { inkOn, mixed } from "./shades.ts";

it("mixes two colours", () => {
  expect(mixed("#000000", "#ffffff", 0)).toBe("#000000");
  expect(mixed("#000000", "#ff8040", 0.5)).toBe("#804020");
  expect(mixed("#e6ebfb", "#3453c4", 1)).toBe("#3453c4");
});

it("writes black on bright colours and white on dark ones", () => {
  expect(["#e6ebfb", "#fdeceb", "#ff8a80"].map(inkOn)).toEqual(["#000000", "#000000", "#000000"]);
  expect(["#3453c4", "#b42318", "#232c4d", "#3d1d1b"].map(inkOn)).toEqual(Array(4).fill("#ffffff"));
});

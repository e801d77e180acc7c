import { describe, expect, it } from "vitest";
import { isAmong, lookUp } from "./tables.ts";

describe("a mapping's table", () => {
  it("has a word itself before any pattern, and patterns in their order", () => {
    const table = { "Wait - User": "customer", "Wait*": "wait", "*User": "user", "a*b*c": "abc", "[x].*": "brackets" };
    expect(lookUp(table, "Wait - User")).toBe("customer");
    expect(lookUp(table, "Wait - Super User")).toBe("wait");
    expect(lookUp(table, "New User")).toBe("user");
    expect(lookUp(table, "a\nb - c")).toBe("abc");
    expect(lookUp(table, "[x].y")).toBe("brackets");
    expect(lookUp(table, "xxy")).toBeUndefined();
    expect(lookUp(table, "wait")).toBeUndefined();
  });

  it("knows nothing that an object inherits, and null where the table says so", () => {
    expect(lookUp({ a: 1 }, "constructor")).toBeUndefined();
    expect(lookUp({ "sys*": null }, "system")).toBeNull();
  });

  it("of a list, says whether a word is meant", () => {
    expect(isAmong(["Open", "In *"], "In Progress")).toBe(true);
    expect(isAmong(["Open", "In *"], "Within")).toBe(false);
  });
});

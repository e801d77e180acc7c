import { describe, expect, it } from "vitest";
import { cursorNow } from "./cursor.ts";

const list = (...ids: string[]) => ({ order: new Map(ids.map((id, at) => [at, id])), total: ids.length });

describe("the cursor of a list that changes", () => {
  it("stays with its ticket wherever that goes", () => {
    expect(cursorNow(list("a", "b", "c"), "b", null)).toEqual({ id: "b", place: 1 });
    expect(cursorNow(list("new", "a", "b", "c"), "b", 1)).toEqual({ id: "b", place: 2 });
  });

  it("passes to what took the place of a ticket that left, and to the last when that was the last", () => {
    expect(cursorNow(list("a", "c"), "b", 1)).toEqual({ id: "c", place: 1 });
    expect(cursorNow(list("a", "b"), "c", 2)).toEqual({ id: "b", place: 1 });
    expect(cursorNow(list(), "a", 0)).toEqual({ id: null, place: null });
  });

  it("stays where nothing is known of its place", () => {
    const elsewhere = { order: new Map([[500, "x"]]), total: 900 };
    expect(cursorNow(elsewhere, "b", 1)).toEqual({ id: "b", place: 1 });
    expect(cursorNow(elsewhere, "b", null)).toEqual({ id: "b", place: null });
  });
});

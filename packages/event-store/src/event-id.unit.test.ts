import { describe, expect, it } from "vitest";
import { derivedId, derivedIdAt } from "./event-id.ts";

describe("derived ids", () => {
  it("are the same for the same name, for ever", () => {
    // Written down: a change of the rule would let every reactor do its past work again.
    expect(derivedId("fire", "ticket-1", "miss:reaction:1")).toBe("f5b0b273-a510-562d-b59a-eef0b77a23a0");
    expect(derivedId("a", 1)).toBe(derivedId("a", "1"));
    expect(derivedId("a", 1)).not.toBe(derivedId("a", 11));
    expect(derivedId("ab", "c")).not.toBe(derivedId("a", "bc"));
  });

  it("sort by time when they carry one", () => {
    const early = derivedIdAt(new Date("2024-04-26T12:00:00.000Z"), "contact", "z");
    const late = derivedIdAt(new Date("2024-04-26T12:00:00.001Z"), "contact", "a");
    expect(early < late).toBe(true);
    expect(early).toMatch(/^018f1a46-d200-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(derivedIdAt(new Date("2024-04-26T12:00:00.000Z"), "contact", "z")).toBe(early);
  });
});

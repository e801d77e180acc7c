import { describe, expect, test } from "vitest";
import type { Consumer } from "./consumer.ts";
import type { Message } from "./message.ts";
import { createStrategy, isStrategy } from "./strategies.ts";

const consumer = (size: number): Consumer => {
  const one = { held: 0, size } as Consumer;
  one.hasRoom = () => one.held < one.size;
  return one;
};
const message = (stream: string, correlation?: string) =>
  ({ pin: { stream, correlation: () => correlation ?? stream } }) as unknown as Message;

/** Hands out messages and counts who got how many. */
const spread = (name: string, sizes: number[], messages: Message[]) => {
  const strategy = createStrategy(name);
  const consumers = sizes.map(consumer);
  for (const one of consumers) strategy.join(one);
  const given = messages.map((one) => {
    const chosen = strategy.choose(one);
    if (chosen === "later" || chosen === "full") return chosen;
    chosen.held += 1;
    return consumers.indexOf(chosen);
  });
  return { given, consumers, strategy };
};

describe("strategies", () => {
  const ten = Array.from({ length: 10 }, (_, index) => message(`s-${index}`));

  test("RoundRobin takes turns and passes over who is full", () => {
    expect(spread("RoundRobin", [2, 4, 1], ten).given).toEqual([0, 1, 2, 0, 1, 1, 1, "full", "full", "full"]);
  });

  test("DispatchToSingle fills one after the other", () => {
    expect(spread("DispatchToSingle", [3, 4, 1], ten).given).toEqual([0, 0, 0, 1, 1, 1, 1, 2, "full", "full"]);
  });

  test("Pinned keeps a stream with its consumer and lets others pass while it is full", () => {
    const { given } = spread(
      "Pinned",
      [2, 10],
      Array.from({ length: 4 }, () => message("same")),
    );
    const [owner] = given;
    expect(given).toEqual(owner === 0 ? [0, 0, "later", "later"] : [1, 1, 1, 1]);
  });

  test("Pinned spreads streams evenly, shares with who joins, and gives the streams of who leaves to others", () => {
    const many = Array.from({ length: 200 }, (_, index) => message(`stream-${index}`));
    const { strategy, consumers } = spread("Pinned", [1000, 1000], many);
    expect(Math.abs(consumers[0]!.held - consumers[1]!.held)).toBeLessThan(30);
    const third = consumer(1000);
    strategy.join(third);
    const moved = many.filter((one) => strategy.choose(one) === third).length;
    expect(moved).toBeGreaterThan(40);
    strategy.leave(third);
    expect(many.some((one) => strategy.choose(one) === third)).toBe(false);
  });

  test("PinnedByCorrelation goes by the correlation id", () => {
    const { given } = spread(
      "PinnedByCorrelation",
      [10, 10],
      ten.map((_, index) => message(`s-${index}`, "one")),
    );
    expect(new Set(given).size).toBe(1);
  });

  test("names", () => {
    expect(["RoundRobin", "DispatchToSingle", "Pinned", "PinnedByCorrelation"].every(isStrategy)).toBe(true);
    expect(isStrategy("Nobody")).toBe(false);
    expect(spread("RoundRobin", [], ten).given[0]).toBe("full");
  });
});

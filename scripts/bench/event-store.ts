import { benchEventStore } from "../../packages/embedded-eventstore/src/bench.ts";
import type { Aim, Bench } from "./figure.ts";

/** What the real single node was seen to do on a machine of this size (the official client in a process of its own). */
const realNode: readonly [part: string, seen: number, better: "more" | "less"][] = [
  ["single appends, 1 in flight", 1_300, "more"],
  ["single appends, 16 in flight", 6_600, "more"],
  ["single appends, 64 in flight", 9_000, "more"],
  ["events in appends of 100", 45_000, "more"],
  ["official client", 75_000, "more"],
  ["subscriber, p50", 2, "less"],
  ["subscriber, p99", 5, "less"],
  ["start, process to ready", 1_500, "less"],
];

export const eventStore: Bench = {
  name: "eventstore",
  title: "The embedded event store, beside the figures of a real single node",
  async run({ folder, quick }) {
    const figures = await benchEventStore({ folder, seconds: quick ? 0.5 : 2 });
    return figures.map(({ name, value, unit, note }) => {
      const [, seen, better] = realNode.find(([part]) => name.includes(part)) ?? [];
      const aim: Aim =
        better === "more" ? { of: "value", atLeast: seen as number } : { of: "value", atMost: seen as number };
      return {
        what: name,
        value,
        unit,
        ...(note === undefined ? {} : { note }),
        ...(seen === undefined ? {} : { aims: [aim] }),
      };
    });
  },
};

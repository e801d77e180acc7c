import { benchSla } from "../../packages/sla/src/bench.ts";
import type { Bench } from "./figure.ts";

export const sla: Bench = {
  name: "sla",
  title: "Deadlines over the Moscow calendar, one core",
  async run({ quick }) {
    return benchSla(quick ? 200 : 1_000).map(({ name, value, unit, aim }) => ({
      what: name,
      value,
      unit,
      aims: [{ of: "value", atLeast: aim }],
    }));
  },
};

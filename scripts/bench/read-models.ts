import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ReadModelFigures } from "../../services/projector/src/bench.ts";
import type { Bench } from "./figure.ts";

/** Catching up and rebuilding, measured by the projector's own bench in a process of its own. */
export const readModels: Bench = {
  name: "read-models",
  title: "All read models: catching up live, and rebuilding",
  async run({ folder, quick, say }) {
    const [events, total] = quick ? [20_000, 100_000] : [200_000, 1_000_000];
    say(`catching up ${events} events, then rebuilding from ${total}`);
    const program = fileURLToPath(new URL("../../services/projector/src/bench.ts", import.meta.url));
    const child = spawn(process.execPath, [program, folder, String(events), String(total)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const failed = once(child, "exit").then(() => Promise.reject(new Error("the projector's bench failed")));
    const [figures] = (await Promise.race([once(child, "message"), failed])) as [ReadModelFigures];
    const { catchUpMs, rows, bareMs, fillMs, rebuild, copyRows, copyMs } = figures;
    const seconds = (rebuild.runMs + rebuild.switchMs) / 1_000;
    return [
      {
        what: `catching up ${events / 1_000} k events`,
        value: (events * 1_000) / catchUpMs,
        unit: "events/s",
        yardstick: { what: "bare unnest upserts of the same rows", value: (events * 1_000) / bareMs },
        aims: [
          { of: "ratio", atLeast: 0.8 },
          { of: "value", atLeast: 30_000 },
        ],
        note: `${rows.toLocaleString("en-US")} rows written`,
      },
      {
        what: `going on to ${total / 1_000} k events`,
        value: ((total - events) * 1_000) / fillMs,
        unit: "events/s",
        note: "the log is made meanwhile, by the same process",
      },
      {
        what: `rebuild of all read models from ${total / 1_000} k events, until switched over`,
        value: seconds,
        unit: "s",
        yardstick: { what: "COPY of the same rows into bare tables", value: copyMs / 1_000 },
        aims: [
          { of: "ratio", atMost: 1.5 },
          { of: "value", atMost: 5 },
        ],
        note: `${copyRows.toLocaleString("en-US")} rows; the switch itself ${(rebuild.switchMs / 1_000).toFixed(2)} s; dropping the old tables afterwards, not counted, ${(rebuild.dropMs / 1_000).toFixed(2)} s`,
      },
      {
        what: "peak memory of the rebuilding process",
        value: rebuild.peakMb,
        unit: "MB",
        aims: [{ of: "value", atMost: 600 }],
      },
    ];
  },
};

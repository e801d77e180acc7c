import { compileCalendar } from "./compile.ts";
import { russianCalendar } from "./ru-calendar.ts";
import { addWorkingTime } from "./working-time.ts";

interface BenchLine {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is meant to reach. */
  readonly aim: number;
}

/** Runs a computation over and over for about `ms` milliseconds; gives how many a second. */
function rate(ms: number, once: (i: number) => number): number {
  const batch = 10_000;
  let done = 0;
  let sum = 0;
  for (let i = 0; i < batch * 3; i++) sum += once(i);
  const begun = performance.now();
  let now = begun;
  while (now - begun < ms) {
    for (let i = 0; i < batch; i++) sum += once(done + i);
    done += batch;
    now = performance.now();
  }
  // The sum keeps the loop from being optimised away.
  return Number.isFinite(sum) ? Math.round((done / (now - begun)) * 1_000) : 0;
}

/**
 * Deadline computations a second on one core over the cached Moscow calendar (one hour's shorter days, a lunch break,
 * starts spread over 2024-2027, targets from half an hour to 40 hours): without pauses, and with three of them. What is
 * not in it: building the calendar, reading JSON. Takes the time for each line in milliseconds.
 */
export function benchSla(msPerLine = 1_000): BenchLine[] {
  const moscow = compileCalendar(
    russianCalendar({
      hours: [
        ["09:00", "13:00"],
        ["14:00", "18:00"],
      ],
    }),
  );
  const first = Date.UTC(2024, 0, 1);
  const span = Date.UTC(2027, 11, 1) - first;
  const count = 4_096;
  const starts = new Float64Array(count);
  const amounts = new Float64Array(count);
  let seed = 12_345;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  for (let i = 0; i < count; i++) {
    starts[i] = first + Math.floor(random() * span);
    amounts[i] = (1 + Math.floor(random() * 80)) * 1_800_000;
  }
  const pauses = Array.from(starts, (start) =>
    [1, 8, 30].map((hours) => ({ from: start + hours * 3_600_000, to: start + (hours + 2) * 3_600_000 })),
  );
  const at = (list: Float64Array, i: number): number => list[i % count] as number;
  return [
    {
      name: "deadlines, no pauses",
      value: rate(msPerLine, (i) => addWorkingTime(moscow, at(starts, i), at(amounts, i)) ?? 0),
      unit: "1/s",
      aim: 1_000_000,
    },
    {
      name: "deadlines, three pauses",
      value: rate(msPerLine, (i) => addWorkingTime(moscow, at(starts, i), at(amounts, i), pauses[i % count]) ?? 0),
      unit: "1/s",
      aim: 300_000,
    },
  ];
}

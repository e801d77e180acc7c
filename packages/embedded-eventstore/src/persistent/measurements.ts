/** How long the messages of a consumer took from hand-over to answer, over the last ones (spec 2.8 `extra_statistics`). */
export type Measurements = {
  begin(id: string, nowMs: number): void;
  end(id: string, nowMs: number): void;
  /** Name and value in milliseconds; nothing before the first answer. */
  report(): { key: string; value: number }[];
};

const KEPT = 1000;
const SHARES: readonly [string, number][] = [
  ["Quintile 1", 0.2],
  ["Quintile 2", 0.4],
  ["Quintile 3", 0.6],
  ["Quintile 4", 0.8],
  ["Quintile 5", 1],
  ["90%", 0.9],
  ["95%", 0.95],
  ["99%", 0.99],
  ["99.5%", 0.995],
  ["99.9%", 0.999],
];

export function createMeasurements(): Measurements {
  const begun = new Map<string, number>();
  const times: number[] = [];
  let next = 0;
  return {
    begin: (id, nowMs) => void begun.set(id, nowMs),
    end(id, nowMs) {
      const start = begun.get(id);
      if (start === undefined) return;
      begun.delete(id);
      times[next] = nowMs - start;
      next = (next + 1) % KEPT;
    },
    report() {
      if (times.length === 0) return [];
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number) => Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!);
      const mean = Math.round(sorted.reduce((sum, time) => sum + time, 0) / sorted.length);
      return [
        { key: "Mean", value: mean },
        { key: "Median", value: at(0.5) },
        { key: "Fastest", value: Math.round(sorted[0]!) },
        ...SHARES.map(([key, share]) => ({ key, value: at(share) })),
        { key: "Highest", value: Math.round(sorted.at(-1)!) },
      ];
    },
  };
}

import type { Outcome } from "./job-file.ts";

/** How the lines of the file came out that tell of one ticket; each line once, whatever it was taken apart into. */
export interface LineOutcomes {
  add(line: number, outcome: Outcome): void;
  counts(): Partial<Record<Outcome, number>>;
}

const ranks: readonly Outcome[] = ["told_before", "unchanged", "taken", "adjusted", "partly", "refused"];

export function lineOutcomes(): LineOutcomes {
  const known = new Map<number, Outcome>();
  return {
    add(line, outcome) {
      const before = known.get(line);
      known.set(line, before === undefined ? outcome : together(before, outcome));
    },
    counts() {
      const counts: Partial<Record<Outcome, number>> = {};
      for (const outcome of known.values()) counts[outcome] = (counts[outcome] ?? 0) + 1;
      return counts;
    },
  };
}

/** A line of which some was refused and some was not is taken in part. */
function together(a: Outcome, b: Outcome): Outcome {
  if (a === b) return a;
  if (a === "refused" || b === "refused") return "partly";
  return ranks.indexOf(a) > ranks.indexOf(b) ? a : b;
}

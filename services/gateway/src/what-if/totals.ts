import type { DifferenceReason, WhatIfTotals } from "@docket/api-contract";
import type { ComparedClock, StoryKind } from "@docket/domain";

type State = WhatIfTotals["changes"][number]["from"];
type Outcomes = WhatIfTotals["kinds"][number]["recorded"];

/** Adds up what is said of each ticket; its size does not grow with their number. */
export interface TotalsInTheMaking {
  add(clocks: readonly ComparedClock[]): void;
  totals(): WhatIfTotals;
}

const stateOf = (clock: ComparedClock["recorded"]): State => clock?.state ?? "none";

export function addUp(kinds: readonly StoryKind[]): TotalsInTheMaking {
  const sums = { tickets: 0, clocks: 0, changedTickets: 0, changedClocks: 0, movedClocks: 0 };
  const states = new Map<string, number>();
  const changes = new Map<string, number>();
  const reasons = new Map<string, number>();
  const count = (map: Map<string, number>, ...key: string[]): void => {
    const name = key.join("/");
    map.set(name, (map.get(name) ?? 0) + 1);
  };
  const outcomes = (kind: StoryKind, side: "recorded" | "whatIf"): Outcomes => {
    const of = (state: State): number => states.get(`${kind}/${side}/${state}`) ?? 0;
    const judged = of("met") + of("missed");
    return {
      met: of("met"),
      missed: of("missed"),
      running: of("running"),
      paused: of("paused"),
      cancelled: of("cancelled"),
      none: of("none"),
      compliance: judged === 0 ? null : Math.round((of("met") / judged) * 10_000) / 100,
    };
  };
  const table = (map: ReadonlyMap<string, number>) =>
    [...map]
      .map(([name, n]) => [...name.split("/"), n] as const)
      .toSorted((a, b) => Number(b.at(-1)) - Number(a.at(-1)));
  return {
    add(clocks) {
      sums.tickets++;
      let changed = false;
      for (const clock of clocks) {
        sums.clocks++;
        count(states, clock.kind, "recorded", stateOf(clock.recorded));
        count(states, clock.kind, "whatIf", stateOf(clock.whatIf));
        if (clock.moved) sums.movedClocks++;
        if (!clock.changed) continue;
        changed = true;
        sums.changedClocks++;
        count(changes, clock.kind, stateOf(clock.recorded), stateOf(clock.whatIf));
        for (const { reason, decisive } of clock.because) if (decisive) count(reasons, clock.kind, reason);
      }
      if (changed) sums.changedTickets++;
    },
    totals: () => ({
      ...sums,
      kinds: kinds.map((kind) => ({ kind, recorded: outcomes(kind, "recorded"), whatIf: outcomes(kind, "whatIf") })),
      changes: table(changes).map(([kind, from, to, n]) => ({
        kind: kind as StoryKind,
        from: from as State,
        to: to as State,
        count: Number(n),
      })),
      reasons: table(reasons).map(([kind, reason, n]) => ({
        kind: kind as StoryKind,
        reason: reason as DifferenceReason,
        count: Number(n),
      })),
    }),
  };
}

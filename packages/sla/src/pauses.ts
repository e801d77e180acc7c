/** A stretch in which the clock stands still, whatever the calendar says. Instants in milliseconds; half-open. */
export interface Pause {
  readonly from: number;
  /** null: it never ends (or has not ended yet). */
  readonly to: number | null;
}

/** A pause whose end is a number; Infinity where it never ends. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Pauses in any order, overlapping, abutting, empty or reversed, as sorted spans that do not touch. Empty and reversed
 * ones are nothing.
 */
export function mergePauses(pauses: readonly Pause[]): readonly Span[] {
  if (pauses.length === 0) return [];
  const spans = pauses
    .map((pause) => ({ from: pause.from, to: pause.to ?? Infinity }))
    .filter((span) => span.to > span.from)
    .sort((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged[merged.length - 1];
    if (last && span.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else merged.push(span);
  }
  return merged;
}

import { compileCalendar } from "./compile.ts";
import type { Calendar } from "./calendar.ts";
import { item } from "./item.ts";
import { refusal, success } from "./result.ts";
import type { Result } from "./result.ts";
import type { CalendarPiece, WorkingCalendar, WorkingInterval } from "./working-calendar.ts";

/** One version of a calendar and the instant (milliseconds) from which it holds. */
export interface CalendarVersion {
  readonly version: number;
  readonly effectiveFrom: number;
  readonly calendar: Calendar;
}

/**
 * Several versions of a calendar as one: working time before a version's `effectiveFrom` is counted by the version
 * before it, to the millisecond, even in the middle of a shift. The earliest version also holds for all time before it.
 * Takes versions in any order; refuses an empty list (`calendar_versions_empty`) and two versions with the same number
 * or the same instant (`calendar_versions_order`). Rule: "a policy or calendar change holds from its own effective
 * time and never rewrites" (domain.md, Decisions).
 */
export function versionedCalendar(versions: readonly CalendarVersion[]): Result<WorkingCalendar> {
  const sorted = [...versions].sort((a, b) => a.effectiveFrom - b.effectiveFrom);
  const first = sorted[0];
  if (!first) return refusal("calendar_versions_empty");
  for (let i = 1; i < sorted.length; i++) {
    if (item(sorted, i).effectiveFrom === item(sorted, i - 1).effectiveFrom) {
      return refusal("calendar_versions_order", String(i), { version: item(sorted, i).version });
    }
  }
  if (new Set(sorted.map((entry) => entry.version)).size < sorted.length) return refusal("calendar_versions_order");

  const pieces: CalendarPiece[] = sorted.map((entry, i) => ({
    version: entry.version,
    from: i === 0 ? -Infinity : entry.effectiveFrom,
    to: sorted[i + 1]?.effectiveFrom ?? Infinity,
    compiled: compileCalendar(entry.calendar),
  }));
  // shift[i] turns a piece's own count into the count over all pieces.
  const shifts: number[] = [0];
  for (let i = 1; i < pieces.length; i++) {
    const boundary = item(pieces, i).from;
    const soFar = item(pieces, i - 1).compiled.worked(boundary) + item(shifts, i - 1);
    shifts.push(soFar - item(pieces, i).compiled.worked(boundary));
  }

  const indexAt = (t: number): number => {
    let i = pieces.length - 1;
    while (i > 0 && item(pieces, i).from > t) i--;
    return i;
  };

  return success({
    pieceAt: (t) => item(pieces, indexAt(t)),
    worked(t) {
      const i = indexAt(t);
      return item(pieces, i).compiled.worked(t) + item(shifts, i);
    },
    reach(value, from) {
      for (let i = indexAt(from); i < pieces.length; i++) {
        const piece = item(pieces, i);
        const found = piece.compiled.reach(value - item(shifts, i), Math.max(from, piece.from));
        if (found !== null && found <= piece.to) return found;
      }
      return null;
    },
    *intervals(from, to): Generator<WorkingInterval> {
      for (const piece of pieces) {
        const start = Math.max(from, piece.from);
        const end = Math.min(to, piece.to);
        if (end <= start) continue;
        for (const interval of piece.compiled.intervals(start, end)) yield { ...interval, version: piece.version };
      }
    },
  });
}

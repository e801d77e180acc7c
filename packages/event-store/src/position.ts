/**
 * A place in the log of all events. Both parts are kept: a checkpoint of the commit position alone may lose an event that
 * lies within one transaction. Real events never sit at 0, so {0, 0} means "before the first".
 */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** Before the first event of the log. */
export const startOfLog: LogPosition = { commit: 0n, prepare: 0n };

/** Negative when `a` lies before `b`, positive when after, 0 when they are the same place. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  if (a.commit !== b.commit) return a.commit < b.commit ? -1 : 1;
  if (a.prepare !== b.prepare) return a.prepare < b.prepare ? -1 : 1;
  return 0;
}

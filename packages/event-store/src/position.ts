/**
 * A place in the log of all events. Both parts are kept: a checkpoint of the commit position alone may lose an event that
 * lies within one transaction. They are byte offsets of the store's log, far below 2^53. Real events never sit at 0, so
 * {0, 0} means "before the first". The same shape as in @docket/postgres, which keeps checkpoints.
 */
export interface LogPosition {
  readonly commit: number;
  readonly prepare: number;
}

/** Before the first event of the log. */
export const startOfLog: LogPosition = { commit: 0, prepare: 0 };

/** Negative when `a` lies before `b`, positive when after, 0 when they are the same place. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.commit - b.commit || a.prepare - b.prepare;
}

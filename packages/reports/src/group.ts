/** One group: what it is grouped by (`null`: without one), its numbers, and the position of the newest fact that it counts. */
export interface Group {
  readonly keys: readonly (string | null)[];
  readonly values: Readonly<Record<string, number | null>>;
  readonly position: string | null;
}

export interface Answer {
  readonly groups: readonly Group[];
  readonly total: Group | null;
  /** groups there are beyond those that are shown */
  readonly leftOut: number;
}

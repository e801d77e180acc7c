import type { Texts } from "../errors/definition.ts";

export type Unit = "count" | "percent" | "seconds" | "number";

/** A number that reports give; `definition` says how it comes about, docs/metrics.md shows it with an example. */
export interface MeasureDefinition {
  readonly unit: Unit;
  readonly title: Texts;
  readonly definition: Texts;
}

/**
 * By what reports group and filter. A *field* is of the ticket as it was known; *time* cuts the period in the report's zone;
 * *calendar* cuts it by a working calendar.
 */
export interface DimensionDefinition {
  readonly kind: "field" | "time" | "calendar";
  readonly title: Texts;
  readonly definition: Texts;
  /** all values there are, where they are few and fixed */
  readonly values?: Readonly<Record<string, Texts>>;
}

/** Which moment of a ticket's life puts it into a period. */
export type Basis = "registered" | "accepted" | "resolved" | "closed";

import type { StreamKind } from "@docket/domain";
import type { Queryable } from "@docket/postgres";
import type { FoldEvent } from "./fold-event.ts";
import type { Row } from "./rows.ts";
import type { Table } from "./table.ts";

/** Takes the rows that a projection makes. */
export type Writer = {
  /** A row whose key is not there yet. */
  readonly insert: (table: Table, row: Row) => void;
  /** A row that replaces the one with its key. */
  readonly update: (table: Table, row: Row) => void;
  /** The values of the key, in its order. */
  readonly remove: (table: Table, key: Row) => void;
};

/**
 * What readers see, in the schema `read`, or in `reporting`, which is the public one. A view: `sql` gives its query. A function: `sql` gives
 * the whole `create or replace function <schema>.<name> ...`. May build on the views of read models that are listed before this one.
 */
export type ReadView = {
  readonly name: string;
  readonly schema?: "read" | "reporting";
  readonly kind?: "view" | "function";
  readonly sql: (schema: string) => string;
};

/**
 * A read model: folds streams of some kinds into tables of its own.
 *
 * All three functions are pure but for `load`'s query: no clock, no chance, nothing but the state and the event. The engine keeps
 * the state of each stream between events; it may forget it at any time and load it from the tables again, and may fold the
 * same events again from an earlier state. States are never changed in place, so that a failing event leaves no trace.
 */
export type Projection<State = unknown> = {
  /** Lower-case word; names its schemas and stands in commands and metrics. */
  readonly name: string;
  /** Goes up with every change of what the same events give; a start with another version rebuilds. */
  readonly version: number;
  readonly kinds: readonly StreamKind[] | "all";
  readonly tables: readonly Table[];
  readonly views: readonly ReadView[];
  /** Reads the states of streams from the tables in `schema`; streams without rows are left out. Not needed without state. */
  readonly load?: (db: Queryable, schema: string, streams: readonly string[]) => Promise<Map<string, State>>;
  /**
   * Gives the state after the event (undefined: the stream has none); rows that stay for ever (history) may be written at once.
   * Throws when the event cannot be folded: it is parked with everything that follows in its stream.
   */
  readonly fold: (state: State | undefined, event: FoldEvent, write: Writer) => State | undefined;
  /** Writes what changed between the state that the tables hold and the one they are to hold. */
  readonly flush?: (before: State | undefined, after: State, write: Writer, stream: string) => void;
  /**
   * Statements that take away every row of some streams (`$1`: their names, text[]), so that the streams can be folded anew. A read
   * model that holds personal data must have them: an erasure folds what it touched again, and the blanks replace the data.
   */
  readonly clear?: (schema: string) => readonly string[];
};

/**
 * Declares a read model; the engine then knows it by its name and version.
 * @example export const contact = defineProjection<ContactState>({ name: "contact", version: 1, kinds: ["contact"], ... })
 */
export function defineProjection<State>(projection: Projection<State>): Projection {
  if (!/^[a-z][a-z_]{0,30}$/.test(projection.name)) throw new Error(`not a name for a projection: ${projection.name}`);
  return projection as unknown as Projection;
}

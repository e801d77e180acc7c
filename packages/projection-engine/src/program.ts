import type { Decode } from "./fold-event.ts";
import type { Projection } from "./projection.ts";

/**
 * What a module has to export that a rebuild shares with threads: they import it anew. `openDecode` gives what brings events to the
 * present form; without it they are taken as stored.
 */
export type Program = {
  readonly projections: readonly Projection[];
  readonly openDecode?: () => Promise<{ readonly decode: Decode; readonly close: () => Promise<void> }>;
};

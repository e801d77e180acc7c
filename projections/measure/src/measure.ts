import { defineProjection } from "@docket/projection-engine";
import { loadMeasures } from "./load.ts";
import { evolve, type MeasureState } from "./state.ts";
import { current, currentRow, past, pastRow } from "./tables.ts";
import { views } from "./views.ts";

/** What reports count, of every ticket, as of any moment and any position of the log. */
export const measure = defineProjection<MeasureState>({
  name: "measure",
  version: 3,
  kinds: ["ticket"],
  tables: [current, past],
  views,
  load: loadMeasures,
  fold: (state, event, write) => {
    const next = evolve(state, event);
    if (state && next !== state) write.insert(past, pastRow(state, next));
    return next;
  },
  flush: (before, after, write) => (before ? write.update : write.insert)(current, currentRow(after)),
});

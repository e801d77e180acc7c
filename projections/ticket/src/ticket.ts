import { defineProjection, type FoldEvent, type Writer } from "@docket/projection-engine";
import { maskOfChange } from "./changes.ts";
import { itemsOf, registrationDetails } from "./fixed.ts";
import { loadTickets } from "./load.ts";
import { evolve, type TicketState } from "./state.ts";
import { changes, current, currentRow, items, past, pastRow, texts } from "./tables.ts";
import { views } from "./views.ts";

/** Tickets as lists and pages show them, now and at any past moment. */
export const ticket = defineProjection<TicketState>({
  name: "ticket",
  version: 2,
  kinds: ["ticket"],
  tables: [current, past, texts, items, changes],
  views,
  load: loadTickets,
  fold: (state, event, write) => {
    const next = evolve(state, event);
    if (state) {
      write.insert(past, pastRow(state, event.recordedMs));
      const mask = maskOfChange(state, next, event);
      if (mask !== 0) write.insert(changes, [event.commit, event.prepare, mask]);
    }
    writeFixed(event, write);
    return next;
  },
  flush: (before, after, write) => (before ? write.update : write.insert)(current, currentRow(after)),
  clear: (schema) => [
    `delete from ${schema}.ticket where ticket_id = any(array(select substr(s, 8)::uuid from unnest($1::text[]) s))`,
    `delete from ${schema}.ticket_past where ticket_id = any(array(select substr(s, 8)::uuid from unnest($1::text[]) s))`,
    `delete from ${schema}.ticket_text where ticket_id = any(array(select substr(s, 8)::uuid from unnest($1::text[]) s))`,
    `delete from ${schema}.ticket_item where ticket_id = any(array(select substr(s, 8)::uuid from unnest($1::text[]) s))`,
    `delete from ${schema}.ticket_change c using read.journal j
     where j.stream = any($1) and c.position = j.position and c.prepare_position = j.prepare_position`,
  ],
});

/** What is written once: the registration's texts, files, links. */
function writeFixed(event: FoldEvent, write: Writer): void {
  const { entityId, revision, recordedMs } = event;
  if (event.type === "TicketRegistered")
    write.insert(texts, [entityId, JSON.stringify(registrationDetails(event.data))]);
  itemsOf(event).forEach(({ kind, value }, place) =>
    write.insert(items, [entityId, revision, place, kind, recordedMs, JSON.stringify(value)]),
  );
}

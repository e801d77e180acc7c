import { defineProjection, type FoldEvent, type Writer } from "@docket/projection-engine";
import { loadTickets } from "./load.ts";
import { evolve, type TicketState } from "./state.ts";
import { current, currentRow, items, past, pastRow, texts } from "./tables.ts";
import { views } from "./views.ts";

/** Tickets as lists and pages show them, now and at any past moment. */
export const ticket = defineProjection<TicketState>({
  name: "ticket",
  version: 1,
  kinds: ["ticket"],
  tables: [current, past, texts, items],
  views,
  load: loadTickets,
  fold: (state, event, write) => {
    const next = evolve(state, event);
    if (state) write.insert(past, pastRow(state, event.recordedMs));
    writeFixed(event, write);
    return next;
  },
  flush: (before, after, write) => (before ? write.update : write.insert)(current, currentRow(after)),
  isFinal: (state) => state.status === "closed",
});

/** What is written once: the registration's texts, files, links. */
function writeFixed(event: FoldEvent, write: Writer): void {
  const { entityId, revision, recordedMs } = event;
  let place = 0;
  const item = (kind: string, value: object): void =>
    write.insert(items, [entityId, revision, place++, kind, recordedMs, JSON.stringify(value)]);
  switch (event.type) {
    case "TicketRegistered": {
      const { data } = event;
      const { description, stepsToReproduce, productVersion, wish, language, contactId, planId, requester } = data;
      const details = { description, stepsToReproduce, productVersion, wish, language, contactId, planId, requester };
      write.insert(texts, [entityId, JSON.stringify(details)]);
      for (const attachment of data.attachments) item("attachment", attachment);
      return;
    }
    case "TicketCustomerAnswered":
    case "TicketCommented":
    case "TicketMessageJoined":
      for (const attachment of event.data.attachments)
        item(
          "attachment",
          "visibility" in event.data && event.data.visibility === "internal"
            ? { ...attachment, internal: true }
            : attachment,
        );
      return;
    case "TicketAttachmentAdded":
      return item("attachment", event.data.attachment);
    case "TicketLinked":
      return item("link", { ticketId: event.data.toTicketId, kind: event.data.kind });
    default:
  }
}

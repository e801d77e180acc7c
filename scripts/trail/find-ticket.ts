import type { EventStore } from "@docket/event-store";
import { CodedError } from "@docket/service-kit";

/**
 * The stream of a ticket named by its number (SC-000123), its id or its stream. A number is looked for in the log itself, so
 * that the answer does not depend on any read model. Errors: `ticket_not_found`.
 */
export async function findTicketStream(store: EventStore, name: string): Promise<string> {
  const stream = name.startsWith("ticket-") ? name : `ticket-${name}`;
  if ((await store.last(stream)) !== undefined) return stream;
  for await (const event of store.readAll({ prefixes: ["ticket-"] })) {
    if (event.revision === 0 && event.data["number"] === name) return event.stream;
  }
  throw new CodedError("ticket_not_found", `the event store knows no ticket ${name}`);
}

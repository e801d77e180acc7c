import { contactEvents, directoryEvents, type EventDefinition, ticketEvents } from "@docket/domain";

const versions = new Map<string, number>(
  [ticketEvents, contactEvents, directoryEvents].flatMap((events) => Object.values<EventDefinition>(events).map((event) => [event.type, event.version] as const)),
);

/** The version of its schema that an event of this type is written with. */
export function schemaVersionOf(type: string): number {
  return versions.get(type) ?? 1;
}

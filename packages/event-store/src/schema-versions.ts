import { allEvents } from "@docket/domain";

/** The version of its schema that an event of this type is written with. */
export function schemaVersionOf(type: string): number {
  return allEvents.get(type)?.version ?? 1;
}

import type { NewEvent } from "../storage/types.ts";
import type { ProposedEvent } from "../wire/append-messages.ts";
import { NIL_UUID } from "../wire/uuid.ts";

/** Why a proposed event cannot be written. `missing` names the required metadata property that is not there. */
export type Refusal = { missing: string | undefined; message: string };

/** An event ready for the store, or why it is refused (spec 3.1 "Validation"). */
export function acceptProposed(event: ProposedEvent): NewEvent | Refusal {
  if (event.type === undefined) return { missing: "type", message: "Required Metadata Property 'type' is missing" };
  if (event.contentType === undefined)
    return { missing: "content-type", message: "Required Metadata Property 'content-type' is missing" };
  if (event.type === "") return { missing: undefined, message: "The event type is empty." };
  if (event.id === undefined || event.id === NIL_UUID)
    return { missing: undefined, message: "The event id is empty or no UUID." };
  return {
    id: event.id,
    type: event.type,
    isJson: event.contentType === "application/json",
    data: event.data,
    metadata: event.metadata,
  };
}

export function isRefusal(value: NewEvent | Refusal): value is Refusal {
  return "message" in value;
}

/**
 * The largest event that is taken whatever the limit for appends says: read back, also as the target of a link, it must fit the
 * 17 MiB that clients receive.
 */
export const MAX_EVENT_BYTES = 16.5 * 1024 * 1024;

/** What an event counts towards the maximum append size: data, metadata and its type in UTF-16. */
export function sizeOf(event: NewEvent): number {
  return event.data.length + event.metadata.length + 2 * event.type.length;
}

/** Stream names that no stream can have. */
export function isInvalidStream(stream: string): boolean {
  return stream === "" || stream === "$$";
}

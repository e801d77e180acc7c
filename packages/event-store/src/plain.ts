import { schemaVersionOf } from "./schema-versions.ts";

/** How an encrypted field of the data begins (see Codec); no text of a person can look like it: quotes are escaped there. */
const sealed = '"$p":';

/**
 * Whether an event's data stand in the store as they are to be read: written with the present version of its schema, and nothing in
 * them is encrypted. Who reads events by the million asks before he decodes.
 */
export function isPlain(type: string, schemaVersion: number, dataText: string): boolean {
  return schemaVersion === schemaVersionOf(type) && !dataText.includes(sealed);
}

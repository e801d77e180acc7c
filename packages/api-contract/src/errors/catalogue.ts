import type { ErrorDefinition } from "./definition.ts";
import { domainErrors } from "./domain-errors.ts";
import { gatewayErrors } from "./gateway-errors.ts";

/** Every code that the HTTP interface or the socket may answer. A code has one meaning wherever it comes from. */
export const errorCatalogue: Readonly<Record<string, ErrorDefinition>> = { ...domainErrors, ...gatewayErrors };

/** The entry of a code; a code that nobody listed is a fault of ours and reads as `internal`. */
export function errorDefinition(code: string): ErrorDefinition {
  return errorCatalogue[code] ?? gatewayErrors.internal;
}

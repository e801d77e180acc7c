import type { ErrorDefinition } from "./definition.ts";

/** The domain's refusals with the status under which each travels. */
export const domainErrors: Readonly<Record<string, ErrorDefinition>> = {};

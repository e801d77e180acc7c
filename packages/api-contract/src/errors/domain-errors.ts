import { errorCatalogue, type ErrorKind } from "@docket/domain";
import type { ErrorDefinition } from "./definition.ts";

/** How a sort of refusal travels: what fits no schema or rule, what is not there, what does not fit the state, what is not yours. */
const statusOf: Readonly<Record<ErrorKind, number>> = { invalid: 422, not_found: 404, conflict: 409, forbidden: 403 };

/** The domain's refusals with the status under which each travels. */
export const domainErrors: Readonly<Record<string, ErrorDefinition>> = Object.fromEntries(
  Object.entries(errorCatalogue).map(([code, { kind, ru, en }]) => [
    code,
    { status: statusOf[kind], title: { ru, en } },
  ]),
);

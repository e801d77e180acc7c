import type { Projection } from "@docket/projection-engine";
import { deadlines } from "@docket/projection-deadlines";
import { sla } from "@docket/projection-sla";
import { ticket } from "@docket/projection-ticket";

/** The read models that a verification folds anew. */
export const readModels: readonly Projection[] = [ticket, sla, deadlines];

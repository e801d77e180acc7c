import { access } from "@docket/projection-access";
import { contact } from "@docket/projection-contact";
import { deadlines } from "@docket/projection-deadlines";
import { directory } from "@docket/projection-directory";
import type { Projection } from "@docket/projection-engine";
import { journal } from "@docket/projection-journal";
import { measure } from "@docket/projection-measure";
import { notification } from "@docket/projection-notification";
import { queue } from "@docket/projection-queue";
import { reporting } from "@docket/projection-reporting";
import { search } from "@docket/projection-search";
import { sla } from "@docket/projection-sla";
import { ticket } from "@docket/projection-ticket";

/** The read models that a verification compares with the events: all that there are. */
export const readModels: readonly Projection[] = [
  journal,
  ticket,
  queue,
  sla,
  deadlines,
  contact,
  directory,
  measure,
  notification,
  search,
  access,
  reporting,
];

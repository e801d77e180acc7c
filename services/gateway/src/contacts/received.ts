import type { ContactEvent } from "@docket/domain";

/** What arrived, as its first fact says it. */
export type Received = Extract<ContactEvent, { type: "ContactReceived" }>["data"];

import type { EventOf } from "../event.ts";
import { contractEvents } from "./events/contracts.ts";
import { customerEvents } from "./events/customers.ts";
import { letterEvents } from "./events/letters.ts";
import { staffEvents } from "./events/staff.ts";
import { workEvents } from "./events/work.ts";

/** Everything that is administered, by subject. */
export const directoryEvents = {
  ...customerEvents,
  ...contractEvents,
  ...staffEvents,
  ...workEvents,
  ...letterEvents,
} as const;

export type DirectoryEvent = EventOf<typeof directoryEvents>;

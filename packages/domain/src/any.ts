import type { ContactCommand } from "./contact/commands.ts";
import type { ContactEvent } from "./contact/events.ts";
import type { DirectoryCommand } from "./directory/commands.ts";
import type { DirectoryEvent } from "./directory/events.ts";
import type { ErasureEvent } from "./personal/events.ts";
import type { RightsEvent } from "./rights/events.ts";
import type { TicketCommand } from "./ticket/commands.ts";
import type { TicketEvent } from "./ticket/events.ts";
import type { TrustEvent } from "./trust/events.ts";

export type AnyEvent = TicketEvent | ContactEvent | DirectoryEvent | ErasureEvent | TrustEvent | RightsEvent;
export type AnyCommand = TicketCommand | ContactCommand | DirectoryCommand;

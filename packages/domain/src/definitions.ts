import type { CommandDefinition } from "./command.ts";
import { contactCommands } from "./contact/commands.ts";
import { contactEvents } from "./contact/events.ts";
import { directoryCommands } from "./directory/commands.ts";
import { directoryEvents } from "./directory/events.ts";
import type { EventDefinition } from "./event.ts";
import { erasureEvents } from "./personal/events.ts";
import { rightsEvents } from "./rights/events.ts";
import { ticketCommands } from "./ticket/commands.ts";
import { ticketEvents } from "./ticket/events.ts";
import { trustEvents } from "./trust/events.ts";

function byType<D extends { readonly type: string }>(
  groups: readonly Readonly<Record<string, D>>[],
): ReadonlyMap<string, D> {
  return new Map(
    groups.flatMap((group) => Object.values(group).map((definition): [string, D] => [definition.type, definition])),
  );
}

/** Every event that is or was written, by its type. */
export const allEvents: ReadonlyMap<string, EventDefinition> = byType<EventDefinition>([
  ticketEvents,
  contactEvents,
  directoryEvents,
  erasureEvents,
  trustEvents,
  rightsEvents,
]);

/** Every command, by its type. */
export const allCommands: ReadonlyMap<string, CommandDefinition> = byType<CommandDefinition>([
  ticketCommands,
  contactCommands,
  directoryCommands,
]);

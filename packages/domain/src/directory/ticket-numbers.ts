import type { CommandMeta } from "../command.ts";
import { refuse, type Decision } from "../errors.ts";
import type { Fact, NewFact } from "../event.ts";
import { mayRole } from "../permissions.ts";
import { rememberedCommands, type RememberedCommand } from "../remembered.ts";
import type { DirectoryCommand } from "./commands.ts";
import type { DirectoryEvent } from "./events.ts";

/** The stream from which every process takes blocks of human ticket numbers; a block is used by one process only. */
export interface TicketNumbersState {
  readonly last: number;
  readonly commands: readonly RememberedCommand[];
  readonly revision: number;
}

export function evolveTicketNumbers(
  state: TicketNumbersState | null,
  fact: Fact<DirectoryEvent>,
): TicketNumbersState | null {
  if (fact.type !== "TicketNumbersReserved" || (state && fact.revision <= state.revision)) return state;
  return { last: fact.data.to, commands: rememberedCommands(state?.commands ?? [], fact), revision: fact.revision };
}

export function decideTicketNumbers(
  command: Extract<DirectoryCommand, { type: "ReserveTicketNumbers" }>,
  meta: CommandMeta,
  state: TicketNumbersState | null,
  now: number,
): Decision<NewFact<DirectoryEvent>> {
  if (state?.commands.some((known) => known.commandId === meta.commandId)) return { ok: true, events: [] };
  const { role } = meta.actor;
  if (!mayRole(role, command.type)) return refuse("not_permitted", "actor", { role, command: command.type });
  const from = (state?.last ?? 0) + 1;
  return {
    ok: true,
    events: [
      {
        type: "TicketNumbersReserved",
        data: { from, to: from + command.data.count - 1 },
        occurredAt: new Date(now).toISOString(),
      },
    ],
  };
}

/** A ticket's number as people say it: SC-000123. */
export function formatTicketNumber(number: number): string {
  return `SC-${String(number).padStart(6, "0")}`;
}

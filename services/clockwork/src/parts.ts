import type { Desk, DirectoryView, Intake, StateReader } from "@docket/command-handling";
import { type Actor, type CommandMeta } from "@docket/domain";
import type { EventStore, TicketNumbers } from "@docket/event-store";
import type { SigningKey } from "@docket/evidence";
import type { Clock, Logger } from "@docket/service-kit";
import type pg from "pg";

/** What every part of the clockwork stands on. */
export interface Parts {
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly store: EventStore;
  readonly desk: Desk & StateReader;
  readonly directory: DirectoryView;
  readonly numbers: TicketNumbers;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly logger: Logger;
  /** how often the state of the log is signed, and with what; undefined: never by itself */
  readonly checkpoints?: { readonly keys: () => readonly SigningKey[]; readonly everyMs: number };
}

/** The engine itself: time that passed, plans that fell due, what follows from what people did. */
export const engine: Actor = { id: "system", role: "system" };

/** Metadata of a command of the engine's own; `commandId` is derived from its cause, so that it is carried out once. */
export function engineMeta(commandId: string, more: Partial<CommandMeta> = {}): CommandMeta {
  return { commandId, correlationId: commandId, causationId: null, actor: engine, channel: "system", ...more };
}

import type { AnyCommand, AnyEvent, CommandMeta, ContactState, DomainError, Fact, TicketState } from "@docket/domain";

/** What a command came to. `position` is the log position (commit) of its last event, as a decimal string. */
export type CommandResult =
  | {
      readonly ok: true;
      readonly stream: string;
      /** the stream's revision after the command: the ticket's ETag */
      readonly revision: number;
      readonly position: string;
      /** empty when the command changed nothing (an alarm that no longer stands, a repeated command) */
      readonly events: readonly Fact<AnyEvent>[];
      /** true when this command id had been carried out before; the first outcome is told again */
      readonly repeated: boolean;
    }
  | {
      readonly ok: false;
      readonly error: DomainError;
      /** for `stale_revision`: what others did since the revision that the sender had seen */
      readonly conflict?: { readonly currentRevision: number; readonly since: readonly Fact<AnyEvent>[] };
    };

/**
 * Carries out commands: loads the folded state, decides, appends, and decides again when somebody was faster.
 * Used by the gateway and by every reactor; there is no other way to write.
 * Throws only StoreUnavailable (the outcome is unknown or nothing happened; the same command id may be sent again).
 */
export interface Desk {
  execute(command: AnyCommand, meta: CommandMeta): Promise<CommandResult>;
}

/** Reads what commands are decided on: the folded state at the stream's end, null when there is no such stream. Throws StoreUnavailable. */
export interface StateReader {
  ticket(ticketId: string): Promise<TicketState | null>;
  contact(contactId: string): Promise<ContactState | null>;
}

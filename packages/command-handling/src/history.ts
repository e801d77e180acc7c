import {
  type AnyEvent,
  type CommandMeta,
  decideTicket,
  type Directory,
  type DomainError,
  evolveTicket,
  type Fact,
  type NewFact,
  openAlarms,
  streamNameOf,
  type TicketCommand,
  type TicketEvent,
  type TicketState,
} from "@docket/domain";
import { type AppendPart, derivedId, type EventStore, noTail, type StoredFact, type Tail } from "@docket/event-store";
import { validate } from "./validate.ts";

/** Metadata of a command of an imported history: when the source recorded it, and where it stands in the source's file. */
export interface HistoryMeta {
  readonly commandId: string;
  readonly correlationId: string;
  /** milliseconds: when the source recorded it; never earlier than what was told before (a clock set back is held) */
  readonly recordedAt: number;
  /** milliseconds: when it happened, if not at that time */
  readonly occurredAt?: number;
  readonly provenance: NonNullable<CommandMeta["provenance"]>;
}

export type HistoryDecision =
  | { readonly ok: true; readonly facts: readonly NewFact<AnyEvent>[] }
  | { readonly ok: false; readonly error: DomainError };

/**
 * A ticket whose past is being told, for who brings in another system's history. It decides by the same decider as the desk and
 * on the same directory; only time is the source's, and what was decided is held back until `flush`, so that a whole life is
 * one append and nobody sees half of one.
 *
 * States: open (decides; holds facts) -> flushing -> open again, at the new end -> or void, after a conflict: somebody else has written
 * to the stream; open it anew.
 */
export interface HistoryTicket {
  /** as decided so far, with what is held back */
  state(): TicketState | null;
  /** what the stream held when it was opened */
  readonly told: readonly StoredFact[];
  /** how many facts are held back, and about how many bytes they will take */
  pending(): number;
  pendingBytes(): number;
  /** Decides; the facts are held back. Nothing changes by a refusal. */
  decide(command: TicketCommand, meta: HistoryMeta): HistoryDecision;
  /**
   * States the deadlines that passed before an instant (milliseconds, exclusive), each recorded at its own instant as a prompt
   * clockwork would have. They bear the given metadata with ids of their own. Gives how many there were.
   */
  passTime(until: number, meta: Omit<HistoryMeta, "commandId" | "recordedAt" | "occurredAt">): number;
  /** Appends what is held back. Throws StoreUnavailable. */
  flush(): Promise<"written" | "conflict">;
}

export interface History {
  /**
   * Opens a ticket. With `fresh` the stream is supposed not to exist and nothing is read; if it does after all, the flush
   * conflicts. Throws StoreUnavailable.
   */
  open(ticketId: string, options?: { readonly fresh?: boolean }): Promise<HistoryTicket>;
}

const importer = { id: "system", role: "system" } as const;
/** About what an event's metadata takes. */
const META_BYTES = 900;
const iso = (at: number): string => new Date(at).toISOString();

/** Makes the way by which a history comes in. */
export function createHistory(parts: {
  readonly store: Pick<EventStore, "load" | "appendParts">;
  readonly directory: { current(): Directory };
}): History {
  const { store, directory } = parts;
  return {
    async open(ticketId, { fresh = false } = {}) {
      const stream = streamNameOf("ticket", ticketId);
      const told = fresh ? [] : await store.load(stream);
      let state: TicketState | null = null;
      for (const fact of told) state = evolveTicket(state, fact as Fact<TicketEvent>);
      const last = told.at(-1);
      let tail: Tail = last === undefined ? noTail : { revision: last.revision, hash: last.hash };
      let recorded = last === undefined ? -Infinity : Date.parse(last.meta.recordedAt);
      let held: AppendPart[] = [];
      let count = 0;
      let bytes = 0;

      const take = (command: TicketCommand, meta: HistoryMeta): HistoryDecision => {
        const now = Math.max(meta.recordedAt, recorded);
        const { commandId, correlationId, provenance } = meta;
        const given: CommandMeta = {
          commandId,
          correlationId,
          causationId: null,
          actor: importer,
          channel: "import",
          occurredAt: iso(Math.min(meta.occurredAt ?? now, now)),
          provenance,
        };
        const valid = validate(command, given);
        if (!valid.ok) return valid;
        const context = { now, directory: directory.current() };
        const decision = decideTicket(valid.command as TicketCommand, given, state, context);
        if (!decision.ok) return decision;
        if (decision.events.length > 0) {
          const { occurredAt: _occurredAt, ...rest } = given;
          const recordedAt = iso(now);
          for (const event of decision.events) {
            const revision = tail.revision + ++count;
            bytes += META_BYTES + 2 * JSON.stringify(event.data).length;
            const factMeta = { ...rest, ...event.by, occurredAt: event.occurredAt, recordedAt, schemaVersion: 1 };
            state = evolveTicket(state, {
              ...event,
              meta: factMeta,
              stream,
              revision,
              eventId: "",
            } as Fact<TicketEvent>);
          }
          held.push({ facts: decision.events, meta: { ...rest, recordedAt } });
          recorded = now;
        }
        return { ok: true, facts: decision.events };
      };

      return {
        told,
        state: () => state,
        pending: () => count,
        pendingBytes: () => bytes,
        decide: take,
        passTime(until, meta) {
          const before = count;
          for (;;) {
            const next = state === null ? undefined : openAlarms(state)[0];
            if (next === undefined || Date.parse(next.at) >= until) return count - before;
            const { key, at } = next;
            const commandId = derivedId("import-alarm", ticketId, key, at);
            const standing = count;
            take(
              { type: "FireAlarm", data: { ticketId, key, at } },
              { ...meta, commandId, recordedAt: Date.parse(at) },
            );
            if (count === standing) return count - before;
          }
        },
        async flush() {
          if (held.length === 0) return "written";
          const result = await store.appendParts(stream, tail, held);
          if (result.outcome === "conflict") return "conflict";
          tail = result.tail;
          held = [];
          count = 0;
          bytes = 0;
          return "written";
        },
      };
    },
  };
}

import { randomUUID } from "node:crypto";
import { formatTicketNumber } from "@docket/domain";
import { type Clock, CodedError } from "@docket/service-kit";
import type { AppendMeta, EventStore, Expected } from "./api.ts";

export interface TicketNumbers {
  /** The next unused number. Throws StoreUnavailable. */
  next(): Promise<string>;
}

const STREAM = "ticket-numbers";
/** Losing every time against other processes for so long means that something else is wrong. */
const TRIES = 50;

/**
 * Gives out ticket numbers from blocks that this process reserves on the stream `ticket-numbers`: the store alone says which
 * are taken, so they survive the loss of every read model, and two processes never give the same one. What is left of a
 * block when the process ends stays unused: numbers have gaps, as on any paper form.
 */
export function createTicketNumbers(
  store: Pick<EventStore, "append" | "last">,
  clock: Pick<Clock, "now">,
  options: { readonly block?: number } = {},
): TicketNumbers {
  const block = options.block ?? 20;
  let left: { next: number; to: number } = { next: 1, to: 0 };
  let reserving: Promise<void> | undefined;

  const reserve = async (): Promise<void> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const last = await store.last(STREAM);
      const reserved = last?.type === "TicketNumbersReserved" ? last.data.to : 0;
      const expected: Expected = last === undefined ? "none" : { revision: last.revision, hash: last.hash };
      const now = clock.now().toISOString();
      const range = { from: reserved + 1, to: reserved + block };
      const result = await store.append(
        STREAM,
        expected,
        [{ type: "TicketNumbersReserved", data: range, occurredAt: now }],
        systemMeta(now),
      );
      if (result.outcome === "written") {
        left = { next: range.from, to: range.to };
        return;
      }
    }
    throw new CodedError("numbers_contended", "no block of ticket numbers could be reserved");
  };

  return {
    async next() {
      while (left.next > left.to) {
        reserving ??= reserve().finally(() => (reserving = undefined));
        await reserving;
      }
      return formatTicketNumber(left.next++);
    },
  };
}

function systemMeta(recordedAt: string): AppendMeta {
  const id = randomUUID();
  return {
    commandId: id,
    correlationId: id,
    causationId: null,
    actor: { id: "system", role: "system" },
    channel: "system",
    recordedAt,
  };
}

import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { NewFact, TicketEvent } from "@docket/domain";
import { childNodeFactory } from "@docket/test-kit";
import type { AppendMeta, AppendResult } from "../src/api.ts";

/** Starts embedded nodes as processes of their own, to be killed, frozen and started again. */
export const startNode = childNodeFactory([
  process.execPath,
  fileURLToPath(new URL("../../embedded-eventstore/src/main.ts", import.meta.url)),
]);

/** A fact of little content, told apart by its text. */
export function comment(text: string): NewFact<TicketEvent> {
  return {
    type: "TicketCommented",
    data: { text, visibility: "public", attachments: [] },
    occurredAt: "2024-04-26T11:59:00.000Z",
  };
}

/** Metadata of a command of its own. */
export function metaOf(commandId: string = randomUUID(), recordedAt = "2024-04-26T12:00:00.000Z"): AppendMeta {
  return {
    commandId,
    correlationId: commandId,
    causationId: null,
    actor: { id: "ivanova", role: "operator" },
    channel: "console",
    recordedAt,
  };
}

export function newStream(): string {
  return `ticket-${randomUUID()}`;
}

/** The result of an append that must have been written. */
export function written(result: AppendResult): AppendResult & { outcome: "written" } {
  if (result.outcome !== "written") throw new Error(`a conflict with revision ${result.currentRevision}`);
  return result;
}

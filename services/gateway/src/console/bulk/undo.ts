import type { TicketCommandKey } from "@docket/api-contract";
import type { Fact, TicketEvent, TicketState } from "@docket/domain";

/** What a command found when it came, as far as it is needed to take it back. */
export type Before = Readonly<Record<string, unknown>>;

/** Commands that can be taken back, by their names in addresses. Words once said to a customer cannot. */
export const undoable: ReadonlySet<string> = new Set(["assign", "hand-over", "classify", "escalate"]);

const undone = "Массовое действие отменено · Bulk action taken back";

export function beforeOf(key: TicketCommandKey, state: TicketState): Before | null {
  switch (key) {
    case "assign":
    case "handOver":
      return state.assignment === null
        ? null
        : { groupId: state.assignment.groupId, engineerId: state.assignment.engineerId };
    case "classify":
      return state.classified ? { type: state.type, priority: state.priority, product: state.product } : null;
    case "escalate":
      return {};
    default:
      return null;
  }
}

/** What was made by a command and is needed to take it back. */
export function madeBy(events: readonly Fact<TicketEvent>[]): Before {
  const escalated = events.find((event) => event.type === "TicketEscalated");
  return escalated?.type === "TicketEscalated" ? { escalationId: escalated.data.escalationId } : {};
}

/** The command that takes another back; null: there was nothing before to go back to. */
export function undoOf(
  command: string,
  before: Before | null,
): { readonly command: string; readonly body: Readonly<Record<string, unknown>> } | null {
  if (before === null) return null;
  switch (command) {
    case "assign":
    case "hand-over":
      return {
        command: "assign",
        body: { groupId: before["groupId"], engineerId: before["engineerId"], reason: undone },
      };
    case "classify":
      return {
        command: "classify",
        body: { type: before["type"], priority: before["priority"], product: before["product"], reason: undone },
      };
    case "escalate":
      return before["escalationId"] === undefined
        ? null
        : { command: "release-escalation", body: { escalationId: before["escalationId"], reason: undone } };
    default:
      return null;
  }
}

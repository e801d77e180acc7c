import { describe, expect, it } from "vitest";
import { unroutedIn } from "./routing.ts";
import { unfinishedIn } from "./unfinished.ts";

const told = (...lines: string[]) =>
  lines.map((line, revision) => {
    const [stream = "", type = ""] = line.split(" ");
    return { stream, type, revision };
  });
const revisions = (events: readonly { revision: number }[]): number[] => events.map(({ revision }) => revision);

describe("of a run of the log", () => {
  it("the routing looks at classifications that no assignment follows, in their order", () => {
    const run = told(
      "ticket-a TicketRegistered",
      "ticket-a TicketClassified",
      "ticket-b TicketClassified",
      "ticket-a TicketAssigned",
      "ticket-c TicketAssigned",
      "ticket-c TicketClassified",
      "ticket-b TicketClassified",
      "ticket-b TicketCommented",
    );
    expect(revisions(unroutedIn(run))).toEqual([2, 5, 6]);
    // an event by itself, as when a batch failed, is judged by itself
    expect(revisions(unroutedIn(run.slice(1, 2)))).toEqual([1]);
  });

  it("the intake looks at the last step of contacts that stand half-way at its end, in the order of the log", () => {
    const run = told(
      "contact-a ContactReceived",
      "contact-b ContactReceived",
      "contact-c ContactReceived",
      "contact-a ContactVerified",
      "contact-b ContactHeld",
      "contact-d ContactReceived",
      "contact-d ContactVerified",
      "contact-d ContactRegistered",
    );
    expect(revisions(unfinishedIn(run))).toEqual([2, 3]);
  });
});

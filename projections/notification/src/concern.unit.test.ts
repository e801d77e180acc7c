import { describe, expect, it } from "vitest";
import type { FoldEvent } from "@docket/projection-engine";
import { concernedAfter, concernsOf, nobody, type Concerned } from "./concern.ts";

const event = (type: string, data: object = {}, role = "engineer"): FoldEvent =>
  ({ type, data, meta: { actor: { id: "x", role } } }) as unknown as FoldEvent;
const held: Concerned = { engineerId: "ivan", groupId: "net", requesterId: "anna" };

describe("whom an event concerns", () => {
  it.each([
    ["TicketAssigned", {}, [["assigned", ["staff:ivan"]]]],
    ["TicketCustomerAnswered", {}, [["answered", ["staff:ivan"]]]],
    ["TicketDeadlineWarned", { notify: "engineer" }, [["due_soon", ["staff:ivan"]]]],
    ["TicketDeadlineWarned", { notify: "manager" }, [["due_soon", ["role:service_manager"]]]],
    ["TicketDeadlineMissed", {}, [["missed", ["staff:ivan", "role:service_manager"]]]],
    ["TicketResolved", {}, [["resolved", ["person:anna"]]]],
    ["TicketClassified", {}, []],
    ["TicketCommented", { visibility: "public", text: "@olga" }, [["commented", ["person:anna"]]]],
    [
      "TicketCommented",
      { visibility: "internal", text: "ask @olga. and @ivan, not a@b.example @olga" },
      [["mentioned", ["staff:olga", "staff:ivan"]]],
    ],
    ["TicketCommented", { visibility: "internal", text: "no one" }, []],
  ])("%s %o", (type, data, expected) => {
    expect(concernsOf(event(type, data), held).map(({ kind, recipients }) => [kind, recipients])).toEqual(expected);
  });

  it("a customer's comment is an answer to the desk, and goes to the group while nobody has the ticket", () => {
    const comment = event("TicketCommented", { visibility: "public", text: "x" }, "requester");
    expect(concernsOf(comment, held)).toEqual([{ kind: "answered", recipients: ["staff:ivan"] }]);
    expect(concernsOf(comment, { ...held, engineerId: null })).toEqual([
      { kind: "answered", recipients: ["group:net"] },
    ]);
    expect(concernsOf(comment, nobody)).toEqual([]);
  });

  it("follows the ticket from hand to hand", () => {
    let now = concernedAfter(nobody, event("TicketRegistered", { requester: { personId: "anna" } }));
    now = concernedAfter(now, event("TicketAssigned", { groupId: "net", engineerId: null }));
    expect(now).toEqual({ engineerId: null, groupId: "net", requesterId: "anna" });
    now = concernedAfter(now, event("TicketAccepted", { engineerId: "ivan" }));
    expect(now).toEqual(held);
    now = concernedAfter(now, event("TicketEscalated", { moved: { groupId: "l3", engineerId: null } }));
    expect(now).toEqual({ engineerId: null, groupId: "l3", requesterId: "anna" });
  });
});

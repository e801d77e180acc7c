import { describe, expect, it } from "vitest";
import { on, people, ticketIn } from "../test/service-centre.ts";
import { allCommands, mayRole, permissions, role } from "./index.ts";

describe("which role may send which command", () => {
  it("is said of every command, and of no other", () => {
    expect(Object.keys(permissions).sort()).toEqual([...allCommands.keys()].sort());
  });

  it("lets auditors and analysts only read, and nobody but the engine speak of time", () => {
    for (const type of allCommands.keys()) {
      expect(mayRole("auditor", type)).toBe(false);
      expect(mayRole("analyst", type)).toBe(false);
    }
    for (const type of ["FireAlarm", "RecomputeClocks", "RecordPlanOccurrence", "ReserveTicketNumbers"]) {
      expect(role.options.filter((each) => mayRole(each, type))).toEqual(["system"]);
    }
    expect(mayRole("admin", "NoSuchCommand")).toBe(false);
  });

  it("keeps the customer's decisions from engineers and the centre's work from customers", () => {
    const requesterMay = [...allCommands.keys()].filter((type) => mayRole("requester", type)).sort();
    expect(requesterMay).toEqual(
      [
        "AddAttachment",
        "ApproveChange",
        "CommentTicket",
        "ConfirmResult",
        "EscalateTicket",
        "JoinMessage",
        "RateTicket",
        "ReceiveContact",
        "RecordCustomerAnswer",
        "RefuseChange",
        "ReturnTicket",
        "WithdrawTicket",
      ].sort(),
    );
    for (const type of ["ConfirmResult", "ReturnTicket", "WithdrawTicket"])
      expect(mayRole("engineer", type)).toBe(false);
  });

  it("is asked before anything else", () => {
    const desk = ticketIn("closed");
    const decision = desk.send(on.resolve(), { as: people.auditor });
    expect(decision).toEqual({
      ok: false,
      error: { code: "not_permitted", field: "actor", params: { role: "auditor", command: "ResolveTicket" } },
    });
  });
});

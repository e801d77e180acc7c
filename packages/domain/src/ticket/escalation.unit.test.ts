import { describe, expect, it } from "vitest";
import { uuidOf } from "../../test/desk.ts";
import { contract, on, people, ticketId, ticketIn } from "../../test/service-centre.ts";
import { isUnderControl } from "./state.ts";

const { olga, ivan, anna, maria, boss, stranger } = people;
const escalationId = uuidOf(1, 0xe5);
const steps = {
  study: { type: "StudyEscalation", data: { ticketId, escalationId, findings: "Ждали поставку" } },
  decide: { type: "DecideEscalationActions", data: { ticketId, escalationId, actions: "Выехать на место" } },
  complete: { type: "CompleteEscalationActions", data: { ticketId, escalationId, outcome: "Выехали" } },
  release: (reason: string | null = null) =>
    ({ type: "ReleaseEscalation", data: { ticketId, escalationId, reason } }) as const,
} as const;

describe("rule 4: escalation (R §4.3)", () => {
  it("is studied, decided, carried out and released, in this order; meanwhile the ticket is under control", () => {
    const desk = ticketIn("in_work");
    desk.ok(on.escalate(), { as: anna });
    expect(isUnderControl(desk.ticket(ticketId))).toBe(true);
    expect(desk.refused(steps.decide, { as: maria })).toBe("escalation_out_of_order");
    desk.ok(steps.study, { as: ivan });
    expect(desk.refused(steps.study, { as: ivan })).toBe("escalation_out_of_order");
    desk.ok(steps.decide, { as: maria });
    expect(desk.refused(steps.release(), { as: maria })).toBe("reason_required");
    desk.ok(steps.complete, { as: ivan });
    expect(isUnderControl(desk.ticket(ticketId))).toBe(true);
    desk.ok(steps.release(), { as: maria });
    expect(isUnderControl(desk.ticket(ticketId))).toBe(false);
    expect(desk.refused(steps.release(), { as: maria })).toBe("escalation_out_of_order");
  });

  it("by the customer: a party himself, or the operator who took his call", () => {
    expect(ticketIn("in_work").refused(on.escalate(), { as: stranger })).toBe("not_a_party");
    const desk = ticketIn("in_work");
    desk.ok(on.escalate(), { as: olga, channel: "phone" });
    expect(desk.refused(on.escalate(), { as: anna })).toBe("escalation_exists");
    desk.ok(on.escalate("customer", 2), { as: anna });
    desk.ok(steps.release("Дубль"), { as: maria });
    expect(isUnderControl(desk.ticket(ticketId))).toBe(true);
  });

  it("by the service manager only where the contract includes it", () => {
    const desk = ticketIn("in_work");
    expect(desk.refused(on.escalate("service_manager"), { as: olga })).toBe("not_permitted");
    desk.ok(on.escalate("service_manager"), { as: maria });
    const without = ticketIn("in_work");
    const { number: _n, organizationId: _o, ...terms } = contract;
    without.ok(
      { type: "ChangeContractTerms", data: { ...terms, services: { ...contract.services, managerEscalation: false } } },
      { as: boss },
    );
    expect(without.refused(on.escalate("service_manager"), { as: maria })).toBe("escalation_not_in_contract");
    without.ok(on.escalate("customer"), { as: maria });
  });

  it("also of a ticket that awaits confirmation, and never of an unknown escalation", () => {
    const desk = ticketIn("result_confirmation");
    expect(desk.refused(steps.study, { as: maria })).toBe("escalation_unknown");
    desk.ok(on.escalate(), { as: anna });
    desk.ok(steps.study, { as: maria });
  });
});

import { describe, expect, it } from "vitest";
import { uuidOf } from "../../test/desk.ts";
import { on, people, registration, requester, serviceCentre, ticketId, ticketIn } from "../../test/service-centre.ts";

const { olga, ivan, anna, maria } = people;
const update = { kind: "version_update", product: "континент ", productVersion: "4.2" } as const;

function changeInWork() {
  const desk = serviceCentre();
  desk.ok(registration({ wish: { type: "change", priority: "low" } }), { as: olga });
  desk.ok(on.classify({ type: "change", priority: "low" }), { as: olga });
  desk.ok(on.assign(), { as: olga });
  desk.ok(on.accept(), { as: ivan });
  return desk;
}

describe("rule 2: changes are agreed before the work starts (R §4.1.5, .8, .10)", () => {
  it("work on a change starts only when the customer has approved it", () => {
    const desk = changeInWork();
    expect(desk.refused(on.start(), { as: ivan })).toBe("proposal_unknown");
    desk.ok(on.propose(), { as: ivan });
    expect(desk.refused(on.start(), { as: ivan })).toBe("wrong_status");
    desk.ok(on.refuse(), { as: anna });
    expect(desk.refused(on.start(), { as: ivan })).toBe("change_not_approved");
    expect(desk.refused(on.propose(), { as: ivan })).toBe("proposal_exists");
    const proposalId = uuidOf(2, 0xb0);
    desk.ok(on.propose({ proposalId }), { as: maria });
    expect(desk.refused(on.approve(), { as: anna })).toBe("proposal_settled");
    desk.ok(on.approve(proposalId), { as: anna });
    desk.ok(on.start(proposalId), { as: ivan });
    expect(desk.refused(on.start(proposalId), { as: ivan })).toBe("change_already_started");
  });

  it("a change is not resolved while nothing is approved; other types are", () => {
    const desk = changeInWork();
    expect(desk.refused(on.resolve(), { as: ivan })).toBe("change_not_approved");
    desk.ok(on.propose(), { as: ivan });
    desk.ok(on.refuse(), { as: anna });
    expect(desk.refused(on.resolve(), { as: ivan })).toBe("change_not_approved");
    desk.ok(on.propose({ proposalId: uuidOf(2, 0xb0) }), { as: ivan });
    desk.ok(on.approve(uuidOf(2, 0xb0)), { as: anna });
    desk.ok(on.resolve(), { as: ivan });
    const incident = ticketIn("in_work");
    incident.ok(on.propose(), { as: ivan });
    incident.ok(on.refuse(), { as: anna });
    incident.ok(on.resolve(), { as: ivan });
  });

  it("the requester approves himself, or staff write down whom they heard", () => {
    const desk = ticketIn("waiting_approval");
    expect(desk.refused(on.approve(uuidOf(1, 0xb0), { ...requester, personId: "boris" }), { as: anna })).toBe(
      "not_a_party",
    );
    expect(desk.refused(on.approve(uuidOf(1, 0xb0), { ...requester, personId: "stranger" }), { as: olga })).toBe(
      "not_a_party",
    );
    desk.ok(on.approve(uuidOf(1, 0xb0), { personId: null, name: "Борис, по телефону", email: null, phone: null }), {
      as: olga,
    });
  });
});

describe("updates only where the customer holds the right to them (R §4.1.7)", () => {
  it("neither proposed nor recorded without it", () => {
    const desk = changeInWork();
    expect(desk.refused(on.propose({ ...update, product: null }), { as: ivan })).toBe("product_required");
    expect(desk.refused(on.propose({ ...update, product: "Соболь" }), { as: ivan })).toBe("no_update_right");
    desk.ok(on.propose(update), { as: ivan });
    desk.ok(on.approve(), { as: anna });
    expect(desk.refused(on.installed(), { as: ivan })).toBe("change_not_started");
    desk.ok(on.start(), { as: ivan });
    expect(desk.refused(on.installed({ product: "Соболь" }), { as: ivan })).toBe("other_product");
    desk.ok(on.installed(), { as: ivan });
    const other = changeInWork();
    other.ok(on.propose(), { as: ivan });
    other.ok(on.approve(), { as: anna });
    other.ok(on.start(), { as: ivan });
    expect(other.refused(on.installed(), { as: ivan })).toBe("not_a_version_update");
  });
});

describe("downtime is announced ahead (R §4.1.9)", () => {
  it("and work that needs it does not start before", () => {
    const desk = changeInWork();
    desk.ok(on.propose({ needsDowntime: true }), { as: ivan });
    desk.ok(on.approve(), { as: anna });
    expect(desk.refused(on.start(), { as: ivan })).toBe("downtime_not_announced");
    expect(desk.refused(on.downtime({ from: new Date(desk.now).toISOString() }), { as: ivan })).toBe(
      "downtime_not_ahead",
    );
    expect(desk.refused(on.downtime({ to: "2024-04-27T19:00:00.000Z" }), { as: ivan })).toBe("period_empty");
    expect(desk.refused(on.downtime({ proposalId: uuidOf(9, 0xb0) }), { as: ivan })).toBe("proposal_unknown");
    desk.ok(on.downtime({ proposalId: null }), { as: ivan });
    expect(desk.refused(on.start(), { as: ivan })).toBe("downtime_not_announced");
    desk.ok(on.downtime(), { as: ivan });
    desk.ok(on.start(), { as: ivan });
    expect(desk.ticket(ticketId)).toMatchObject({
      downtimes: 2,
      proposals: [{ state: "started", downtimeAnnounced: true }],
    });
  });

  it("not for a change that was refused", () => {
    const desk = changeInWork();
    desk.ok(on.propose({ needsDowntime: true }), { as: ivan });
    desk.ok(on.refuse(), { as: anna });
    expect(desk.refused(on.downtime(), { as: ivan })).toBe("change_not_approved");
  });
});

import { describe, expect, it } from "vitest";
import { on, people, registration, serviceCentre, ticketId } from "../../test/service-centre.ts";

const { olga, ivan, anna, elena } = people;
const clock = (desk: ReturnType<typeof serviceCentre>, kind: string, cycle = 1, line: number | null = null) =>
  desk
    .ticket(ticketId)
    .clocks.find(
      (entry) => entry.snapshot.kind === kind && entry.snapshot.cycle === cycle && entry.snapshot.line === line,
    )!.snapshot;

describe("the main road of a ticket (R §4)", () => {
  it("goes from registration to the customer's confirmation, each step one fact", () => {
    const desk = serviceCentre("2024-04-22T06:00:00.000Z");
    desk.ok(registration(), { as: olga });
    desk.now += 5 * 60_000;
    desk.ok(on.classify(), { as: olga });
    desk.ok(on.assign(null, null), { as: olga });
    expect(desk.ticket(ticketId).assignment).toMatchObject({ groupId: "net", line: 2, engineerId: "ivan" });
    desk.now += 10 * 60_000;
    desk.ok(on.accept(), { as: ivan });
    expect(clock(desk, "reaction")).toMatchObject({
      state: "met",
      usedSeconds: 900,
      deadline: "2024-04-22T06:30:00.000Z",
    });
    expect(clock(desk, "ola", 1, 2)).toMatchObject({ state: "met", usedSeconds: 600 });
    expect(clock(desk, "resolution")).toMatchObject({
      state: "running",
      deadline: "2024-04-22T10:15:00.000Z",
      remainingSeconds: 14_400,
    });
    desk.now += 60 * 60_000;
    desk.ok(on.ask(), { as: ivan });
    expect(clock(desk, "resolution")).toMatchObject({
      state: "paused",
      pausedBecause: "customer",
      ticking: false,
      deadline: null,
      alarms: [],
    });
    desk.now += 2 * 3_600_000;
    desk.ok(on.message(), { as: people.olga });
    expect(clock(desk, "resolution")).toMatchObject({
      state: "running",
      usedSeconds: 3_600,
      deadline: "2024-04-22T12:15:00.000Z",
    });
    desk.ok(on.handOver(3, "l3", "elena"), { as: ivan });
    desk.now += 30 * 60_000;
    desk.ok(on.accept(), { as: elena });
    expect(clock(desk, "ola", 1, 3)).toMatchObject({ state: "met", usedSeconds: 1_800 });
    desk.ok(on.resolve(), { as: elena });
    expect(clock(desk, "resolution")).toMatchObject({ state: "met", usedSeconds: 5_400 });
    desk.ok(on.confirm(), { as: anna });
    expect(desk.ticket(ticketId)).toMatchObject({ status: "closed", closedBecause: "confirmed" });
    expect(desk.typesOf(`ticket-${ticketId}`)).toEqual([
      "TicketRegistered",
      "TicketClassified",
      "TicketAssigned",
      "TicketAccepted",
      "TicketCustomerAsked",
      "TicketCustomerAnswered",
      "TicketHandedOver",
      "TicketAccepted",
      "TicketResolved",
      "TicketConfirmed",
    ]);
    expect(desk.refused(on.comment(), { as: ivan })).toBe("ticket_closed");
  });

  it("closes by itself when the fifth working day ends, after reminders on the second and fourth (R §4.2)", () => {
    const desk = serviceCentre("2024-04-26T06:00:00.000Z");
    desk.ok(registration({ receivedAt: "2024-04-26T06:00:00.000Z" }), { as: olga });
    desk.ok(on.classify(), { as: olga });
    desk.ok(on.assign(), { as: olga });
    desk.ok(on.accept(), { as: ivan });
    desk.ok(on.resolve(), { as: ivan });
    desk.advanceTo("2024-05-09T00:00:00.000Z");
    const facts = desk.facts.filter((fact) => fact.stream === `ticket-${ticketId}`).slice(5);
    expect(facts.map((fact) => [fact.type, fact.meta.occurredAt])).toEqual([
      ["TicketReminded", "2024-05-02T06:00:00.000Z"],
      ["TicketReminded", "2024-05-06T06:00:00.000Z"],
      ["TicketAutoClosed", "2024-05-07T21:00:00.000Z"],
    ]);
    expect(facts[0]).toMatchObject({ data: { number: 1, of: 2 }, meta: { actor: { role: "system" } } });
    expect(desk.refused(on.giveBack(), { as: anna })).toBe("ticket_closed");
  });
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { openHouse, type House } from "../test/house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const portal = {
  type: "incident",
  priority: "high",
  subject: "VPN down",
  company: "ООО «Ромашка»",
  contactPerson: "Анна Заказчикова",
  email: "anna@romashka.example",
  product: "Континент",
  description: "Tunnel does not come up",
};

it("takes a portal form to a ticket and the ticket through its life", async () => {
  const anna = await house.as("anna");
  const taken = await anna.post("/v1/contacts/portal", portal);
  expect(taken.body).toMatchObject({ status: "registered", ticket: { number: "SC-000001", revision: 0 } });
  expect(taken.status).toBe(201);
  const { ticketId } = taken.body.ticket;

  const olga = await house.as("olga");
  const wait = { headers: { "docket-wait-position": taken.body.position } };
  const seen = await olga.get(`/v1/tickets/SC-000001`, wait);
  expect(seen.body).toMatchObject({
    ticketId,
    status: "registered",
    subject: "VPN down",
    details: { description: "Tunnel does not come up" },
  });
  expect(seen.headers.etag).toBe('"0"');

  const command = (
    who: Awaited<ReturnType<House["as"]>>,
    name: string,
    body: object = {},
    headers: Record<string, string> = {},
  ) => who.post(`/v1/tickets/${ticketId}/commands/${name}`, body, { headers });
  const classified = await command(olga, "classify", { type: "incident", priority: "high" }, { "if-match": '"0"' });
  expect(classified.body).toMatchObject({
    ticketId,
    revision: 1,
    repeated: false,
    events: [{ type: "TicketClassified" }],
  });
  const assigned = await command(olga, "assign");
  expect(assigned.body.events[0].data).toMatchObject({
    groupId: "net",
    engineerId: "ivan",
    routedBy: { ruleId: "vpn" },
  });

  const ivan = await house.as("ivan");
  expect((await command(ivan, "accept")).status).toBe(200);
  expect((await command(ivan, "ask-customer", { question: "Which site?" })).status).toBe(200);
  expect((await command(anna, "answer-customer", { answer: "Moscow" })).status).toBe(200);
  expect((await command(ivan, "comment", { text: "looks like the provider", visibility: "internal" })).status).toBe(
    200,
  );
  house.clock.advanceBy(3_600_000);
  const resolved = await command(ivan, "resolve", { solution: "Restarted" });
  expect(resolved.status).toBe(200);
  const confirmed = await command(anna, "confirm");
  expect(confirmed.status).toBe(200);
  expect(confirmed.body.events[0].data).toEqual({
    by: { personId: "anna", name: "Анна Заказчикова", email: "anna@romashka.example", phone: "+7 495 111-22-33" },
  });

  const refused = await command(ivan, "comment", { text: "late", visibility: "public" });
  expect(refused.status).toBe(409);
  expect(refused.body).toMatchObject({ code: "ticket_closed", type: "urn:docket:error:ticket_closed" });

  const after = { headers: { "docket-wait-position": confirmed.body.position } };
  const timeline = await anna.get(`/v1/tickets/${ticketId}/timeline`, after);
  expect(timeline.body.items.map(({ type }: { type: string }) => type)).toEqual([
    "TicketRegistered",
    "TicketClassified",
    "TicketAssigned",
    "TicketAccepted",
    "TicketCustomerAsked",
    "TicketCustomerAnswered",
    "TicketResolved",
    "TicketConfirmed",
  ]);
  const clocks = await olga.get(`/v1/tickets/${ticketId}/clocks`);
  expect(clocks.status).toBe(200);
  for (const clock of clocks.body.items) {
    const counted = clock.explanation.intervals.reduce(
      (sum: number, { seconds }: { seconds: number }) => sum + seconds,
      0,
    );
    expect(counted).toBe(clock.usedSeconds);
  }
  const replay = await (await house.as("audit")).get(`/v1/tickets/${ticketId}/replay`);
  expect(replay.body.chain).toEqual({ verified: true, brokenAt: null, reason: null, checkedTo: 8 });
  expect(replay.body.items).toHaveLength(9);
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import { openSocket, type LiveSocket } from "../../../test/socket.ts";
import { registered } from "../../../test/tickets.ts";

let house: House;
const sockets: LiveSocket[] = [];
beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.ws.terminate();
});
afterAll(() => house.close());

const act = async (login: string, ticketId: string, name: string, body: object = {}): Promise<string> => {
  const answer = await (await house.as(login)).post(`/v1/tickets/${ticketId}/commands/${name}`, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body.position;
};
const notes = async (login: string, position = "0", query = "") =>
  (await (await house.as(login)).get(`/v1/notifications${query}`, { headers: { "docket-wait-position": position } }))
    .body;
const kinds = (body: { items: { kind: string }[] }) => body.items.map(({ kind }) => kind);

async function inWork(): Promise<string> {
  const { ticketId } = await registered(house);
  await act("olga", ticketId, "classify", { type: "incident", priority: "high" });
  await act("olga", ticketId, "assign", { groupId: "net", engineerId: "ivan" });
  await act("ivan", ticketId, "accept");
  return ticketId;
}

describe("notifications", () => {
  it("tell everybody what concerns him, not what he did himself, and keep what was read", async () => {
    const ticketId = await inWork();
    await act("ivan", ticketId, "ask-customer", { question: "?" });
    await act("anna", ticketId, "answer-customer", { answer: "!" });
    const position = await act("olga", ticketId, "comment", { text: "@ivan please look", visibility: "internal" });
    const ivan = await notes("ivan", position);
    expect(kinds(ivan)).toEqual(["mentioned", "answered", "assigned"]);
    expect(ivan.items[1]).toMatchObject({ ticketId, read: false, actor: { id: "anna", name: "Анна Заказчикова" } });
    expect(ivan.items[1].title).toMatch(/the customer has answered/);
    expect(ivan.unread).toBe(3);
    expect(kinds(await notes("anna", position))).toEqual(["asked"]);
    expect(kinds(await notes("leo", position))).toEqual([]);
    expect(kinds(await notes("olga", position))).toEqual([]);

    const session = await house.as("ivan");
    expect((await session.post("/v1/notifications/read", { ids: [ivan.items[0].notificationId] })).body.unread).toBe(2);
    expect(kinds(await notes("ivan", "0", "?unread=true"))).toEqual(["answered", "assigned"]);
    expect((await session.post("/v1/notifications/read", { upTo: position })).body.unread).toBe(0);
    expect((await notes("ivan", "0", "?limit=2")).nextPage).toBe((await notes("ivan")).items[1].position);
    const page = (await notes("ivan", "0", "?limit=2")).nextPage;
    expect(kinds(await notes("ivan", "0", `?limit=2&before=${page}`))).toEqual(["assigned"]);
    expect((await session.post("/v1/notifications/read", { ids: [] })).status).toBe(422);
  });

  it("come live, and one window's reading is seen in the other", async () => {
    const ticketId = await inWork();
    const [one, two] = [
      await openSocket(house.url, await house.as("ivan")),
      await openSocket(house.url, await house.as("ivan")),
    ];
    sockets.push(one, two);
    for (const socket of [one, two]) {
      socket.send({ type: "subscribe", id: "n", view: "notifications", filter: {} });
      expect((await socket.next("notifications", "n")).whole).toBe(true);
    }
    const position = await act("anna", ticketId, "comment", { text: "hello", visibility: "public" });
    for (const socket of [one, two]) {
      let frame = await socket.next("notifications", "n");
      while (!frame.items.some((item) => item.position === position)) frame = await socket.next("notifications", "n");
      expect(frame.items[0]).toMatchObject({ kind: "answered", ticketId, read: false });
    }
    await (await house.as("ivan")).post("/v1/notifications/read", { upTo: position });
    for (const socket of [one, two]) {
      let frame = await socket.next("notifications", "n");
      while (frame.unread > 0) frame = await socket.next("notifications", "n");
    }
  });

  it("come of tickets that one follows, as long as one follows them", async () => {
    const ticketId = await inWork();
    const elena = await house.as("elena");
    await elena.post(`/v1/tickets/${ticketId}/watch`);
    expect((await elena.get(`/v1/tickets/${ticketId}/watchers`)).body).toMatchObject({
      following: true,
      items: [
        { role: "requester" },
        { role: "engineer", id: "ivan" },
        {},
        { role: "follower", name: "Елена Экспертова" },
      ],
    });
    let position = await act("anna", ticketId, "comment", { text: "x", visibility: "public" });
    expect(kinds(await notes("elena", position, "?limit=1"))).toEqual(["answered"]);
    await elena.delete(`/v1/tickets/${ticketId}/watch`);
    position = await act("anna", ticketId, "comment", { text: "y", visibility: "public" });
    expect(kinds(await notes("elena", position))).toEqual([]);
    expect((await (await house.as("leo")).post(`/v1/tickets/${ticketId}/watch`)).status).toBe(404);
    const anna = (await (await house.as("anna")).get(`/v1/tickets/${ticketId}/watchers`)).body;
    expect(anna.items.map(({ role }: { role: string }) => role)).toEqual(["requester"]);
  });
});

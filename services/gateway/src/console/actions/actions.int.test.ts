import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import { registered } from "../../../test/tickets.ts";

let house: House;

interface Item {
  command: string;
  title: string;
  allowed: boolean;
  reason: { code: string; title: string; kind: string } | null;
  fields: { name: string; kind: string; required: boolean; from: string | null; title: string }[];
}
const actions = async (login: string, ticket: string, headers: Record<string, string> = {}) => {
  const answer = await (await house.as(login)).get(`/v1/tickets/${ticket}/actions`, { headers });
  expect(answer.status).toBe(200);
  const items = new Map((answer.body.items as Item[]).map((item) => [item.command, item]));
  return { body: answer.body, item: (name: string) => items.get(name)!, items };
};
const act = async (login: string, ticket: string, name: string, body: object = {}) =>
  (await house.as(login)).post(`/v1/tickets/${ticket}/commands/${name}`, body);

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

describe("what may be done to a ticket", () => {
  it("says for every command whether, and if not why, in the caller's language", async () => {
    const { ticketId } = await registered(house);
    const olga = await actions("olga", ticketId);
    expect(olga.item("classify")).toMatchObject({ allowed: true, reason: null, title: "Classify" });
    expect(olga.item("assign")).toMatchObject({ allowed: false, reason: { code: "not_classified", kind: "state" } });
    expect(olga.item("accept")).toMatchObject({ allowed: false, reason: { code: "wrong_status", kind: "state" } });
    expect(olga.item("propose-change").reason).toMatchObject({ code: "not_permitted", kind: "role" });
    const russian = await actions("olga", ticketId, { "accept-language": "ru" });
    expect(russian.item("accept")).toMatchObject({ title: "Принять в работу" });
    expect(russian.item("accept").reason!.title).toMatch(/[а-я]/);
    expect(olga.items.has("fire-alarm")).toBe(false);
  });

  it("offers what can be chosen: types with their priorities, groups with their active members", async () => {
    const { ticketId } = await registered(house);
    const { body } = await actions("olga", ticketId);
    const matrix = Object.fromEntries(
      body.choices.types.map(({ value, priorities }: { value: string; priorities: { value: string }[] }) => [
        value,
        priorities.map((priority) => priority.value),
      ]),
    );
    expect(matrix).toMatchObject({ incident: ["high", "medium", "low"], consultation: ["low"] });
    expect(body.choices.assign).toEqual([]);
    await act("olga", ticketId, "classify", { type: "incident", priority: "high" });
    const classified = await actions("olga", ticketId);
    expect(classified.item("classify").fields.find(({ name }) => name === "reason")!.required).toBe(true);
    const groups = classified.body.choices.assign as { groupId: string; engineers: { staffId: string }[] }[];
    expect(groups.find(({ groupId }) => groupId === "net")!.engineers.map(({ staffId }) => staffId)).toContain("ivan");
    for (const { groupId, engineers } of groups)
      for (const { staffId } of engineers.slice(0, 1)) {
        const { ticketId: other } = await registered(house);
        await act("olga", other, "classify", { type: "incident", priority: "high" });
        expect(await act("olga", other, "assign", { groupId, engineerId: staffId })).toMatchObject({ status: 200 });
      }
  });

  it("agrees with what the command itself then answers, all the way through a ticket's life", async () => {
    const { ticketId } = await registered(house);
    const road: [string, string, object][] = [
      ["olga", "classify", { type: "incident", priority: "high" }],
      ["olga", "assign", { groupId: "net", engineerId: "ivan" }],
      ["ivan", "accept", {}],
      ["ivan", "ask-customer", { question: "?" }],
      ["anna", "answer-customer", { answer: "!" }],
      ["ivan", "resolve", { solution: "done" }],
      ["anna", "return-to-work", { reason: "not yet" }],
      ["ivan", "resolve", { solution: "done" }],
      ["anna", "confirm", {}],
    ];
    const tried = ["accept", "resolve", "ask-customer", "return-to-work", "confirm", "withdraw"];
    const bodies: Record<string, object> = {
      resolve: { solution: "x" },
      "ask-customer": { question: "x" },
      "return-to-work": { reason: "x" },
    };
    for (const [login, name, body] of road) {
      expect((await actions(login, ticketId)).item(name)).toMatchObject({ allowed: true });
      for (const command of tried) {
        const { allowed, reason } = (await actions("anna", ticketId)).items.get(command) ?? {
          allowed: false,
          reason: { code: "not_permitted" },
        };
        if (allowed) continue;
        const answer = await act("anna", ticketId, command, bodies[command] ?? {});
        expect({ command, code: answer.body.code.replace("forbidden", "not_permitted") }).toEqual({
          command,
          code: reason!.code,
        });
      }
      expect((await act(login, ticketId, name, body)).status).toBe(200);
    }
    const closed = await actions("olga", ticketId);
    expect([...closed.items.values()].filter(({ allowed }) => allowed)).toEqual([]);
    expect(closed.item("comment").reason).toMatchObject({ code: "ticket_closed", kind: "state" });
  });

  it("tells a customer only of what his people have, and nothing of groups and staff", async () => {
    const { ticketId } = await registered(house);
    await act("olga", ticketId, "classify", { type: "incident", priority: "high" });
    const anna = await actions("anna", ticketId);
    expect(anna.items.has("assign")).toBe(false);
    expect(anna.item("withdraw")).toMatchObject({ allowed: true });
    expect(anna.item("comment").fields.map(({ name }) => name)).not.toContain("visibility");
    expect(anna.body.choices).toMatchObject({ assign: [], handOver: [], people: [] });
    expect((await (await house.as("leo")).get(`/v1/tickets/${ticketId}/actions`)).status).toBe(404);
    const reader = await house.token("operator", ["read"]);
    const { body } = await reader.get(`/v1/tickets/${ticketId}/actions`);
    expect(body.items.every(({ allowed }: Item) => !allowed)).toBe(true);
    expect(body.items[0].reason).toMatchObject({ code: "scope_missing", kind: "role" });
  });
});

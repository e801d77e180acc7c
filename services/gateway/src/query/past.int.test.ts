import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allRoutes } from "@docket/api-contract";
import type { AnyEvent, NewFact } from "@docket/domain";
import { openHouse, type House } from "../../test/house.ts";
import { registered } from "../../test/tickets.ts";
import type { Session } from "../../test/session.ts";

let house: House;
let olga: Session;
let audit: Session;
let last = "0";
const tickets: string[] = [];
let contactId: string;
const at = (): string => house.clock.now().toISOString();
const act = async (login: string, ticketId: string, name: string, body: object = {}): Promise<void> => {
  const answer = await (await house.as(login)).post(`/v1/tickets/${ticketId}/commands/${name}`, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  last = answer.body.position;
};
const get = async (path: string, who = olga) =>
  (await who.get(`/v1${path}`, { headers: { "docket-wait-position": last } })).body;

beforeAll(async () => {
  house = await openHouse();
  [olga, audit] = await Promise.all([house.as("olga"), house.as("audit")]);
  for (let i = 0; i < 5; i++) {
    const ticket = await registered(house, { subject: `VPN ${i}` });
    tickets.push(ticket.ticketId);
    contactId = ticket.contactId;
    house.clock.advanceBy(60_000);
  }
  for (const ticketId of tickets.slice(0, 3))
    await act("olga", ticketId, "classify", { type: "incident", priority: "high" });
  house.clock.advanceBy(60_000);
}, 60_000);
afterAll(() => house.close());

/** A history that somebody brings: a stream's facts once more under another id, with the times that its source recorded. */
async function bring(kind: "ticket" | "contact", id: string, as: string): Promise<void> {
  const facts = await house.store.load(`${kind}-${id}`);
  let revision = -1;
  for (const { meta, type, data } of facts) {
    const renamed = JSON.parse(JSON.stringify(data).replaceAll(id, as).replaceAll("SC-0000", "SC-9999")) as object;
    const fact = { type, data: renamed, occurredAt: meta.occurredAt } as unknown as NewFact<AnyEvent>;
    const { actor, channel, recordedAt } = meta;
    const commandId = crypto.randomUUID();
    const result = await house.store.append(`${kind}-${as}`, revision < 0 ? "none" : revision, [fact], {
      commandId,
      correlationId: commandId,
      causationId: null,
      actor,
      channel,
      recordedAt,
    });
    if (result.outcome !== "written") throw new Error(JSON.stringify(result));
    last = String(result.position.commit);
    revision++;
  }
}

const someId = (): string => crypto.randomUUID().replace(/^(.{14}).(.{4})./, "$17$28");

describe("what is recorded later with earlier times (an import, say)", () => {
  it("is part of the past from then on, but of no answer that was pinned before it", async () => {
    const moment = at();
    const lists = [
      "/tickets?sort=number",
      "/queues/all-open?sort=number",
      "/queues/unassigned?sort=number",
      "/sla/clocks?sort=startedAt",
      "/sla/judgements?",
      "/contacts?sort=receivedAt",
      "/queues/intake?",
      "/groups?",
    ];
    const whole = async (path: string, more: string) => (await get(`${path}&limit=500&asOf=${moment}${more}`)).items;
    const before = new Map<string, unknown[]>();
    for (const path of lists) before.set(path, await whole(path, ""));
    const counters = (await get(`/queues?asOf=${moment}`)).counters;
    const first = await get(`/tickets?sort=number&limit=2&asOf=${moment}`);
    const pinned = first.position as string;

    for (const ticketId of tickets.slice(0, 2)) await bring("ticket", ticketId, someId());
    await bring("contact", contactId, someId());

    const second = await get(`/tickets?sort=number&limit=2&asOf=${moment}&page=${first.nextPage}`);
    const third = await get(`/tickets?sort=number&limit=2&asOf=${moment}&page=${second.nextPage}`);
    expect([...first.items, ...second.items, ...third.items]).toEqual(before.get("/tickets?sort=number"));
    expect([second.position, third.position, third.nextPage]).toEqual([pinned, pinned, null]);
    for (const path of lists)
      expect({ path, items: await whole(path, `&atPosition=${pinned}`) }).toEqual({ path, items: before.get(path) });
    expect((await get(`/queues?asOf=${moment}&atPosition=${pinned}`)).counters).toEqual(counters);

    expect(await whole("/tickets?sort=number", "")).toHaveLength(7);
    expect(await whole("/queues/all-open?sort=number", "")).toHaveLength(7);
    expect(await whole("/contacts?", "")).toHaveLength(6);
  });

  it("a position alone holds what is known now to what was recorded up to it", async () => {
    const { position } = await get("/tickets");
    const ticketId = tickets[0] as string;
    const then = await get(`/tickets/${ticketId}`);
    const all = (await get("/queues/all-open?sort=number&limit=500")).items;
    await act("olga", ticketId, "assign", { groupId: "net", engineerId: "ivan" });
    await act("ivan", ticketId, "accept");
    const { asOf: _asOf, ...pinned } = await get(`/tickets/${ticketId}?atPosition=${position}`);
    expect({ ...pinned, asOf: null }).toEqual(then);
    expect((await get(`/queues/all-open?sort=number&limit=500&atPosition=${position}`)).items).toEqual(all);
    const clocks = (await get(`/tickets/${ticketId}/clocks?atPosition=${position}`)).items;
    expect(clocks.map(({ kind }: { kind: string }) => kind)).toEqual(["reaction"]);
    expect((await get(`/tickets/${ticketId}/timeline?atPosition=${position}`)).items.at(-1).type).toBe(
      "TicketClassified",
    );
    expect((await get(`/journal?atPosition=${position}&limit=1`, audit)).items[0].position).toBe(position);
  });
});

describe("the two time axes", () => {
  it("asOf goes by when it was recorded: what was told late was not known before", async () => {
    const ticketId = tickets[3] as string;
    await act("olga", ticketId, "classify", { type: "incident", priority: "high" });
    await act("olga", ticketId, "assign", { groupId: "net", engineerId: "ivan" });
    const happened = at();
    house.clock.advanceBy(30 * 60_000);
    const between = at();
    house.clock.advanceBy(30 * 60_000);
    // accepted an hour ago, told only now: the reaction was met, though nobody knew
    await act("ivan", ticketId, "accept", { occurredAt: happened });
    expect((await get(`/tickets/${ticketId}?asOf=${between}`)).status).toBe("assigned");
    const now = await get(`/tickets/${ticketId}`);
    expect(now).toMatchObject({ status: "in_work", acceptedAt: happened });
    expect(now.recordedAt > between).toBe(true);
  });
});

describe("the answer says its moment", () => {
  it("in its body and in its headers", async () => {
    const moment = at();
    house.clock.advanceBy(1);
    for (const path of [
      `/tickets/${tickets[0]}`,
      `/contacts/${contactId}`,
      "/contracts/c-1",
      "/tickets",
      "/queues",
      "/contacts",
    ]) {
      const { body, headers } = await olga.get(`/v1${path}?asOf=${moment}`);
      expect({ path, asOf: body.asOf, position: /^\d+$/.test(body.position) }).toEqual({
        path,
        asOf: moment,
        position: true,
      });
      expect(headers["docket-as-of-position"]).toMatch(/^\d+$/);
      expect((await olga.get(`/v1${path}`)).body.asOf).toBeNull();
    }
    expect((await get(`/contacts/${contactId}?asOf=${moment}`)).suggestions).toBeUndefined();
    expect((await get(`/contacts/${contactId}`)).suggestions).toBeDefined();
  });
});

describe("a past moment", () => {
  it("that has not come, a position that has not, and another query's page are refused with their codes, everywhere", async () => {
    for (const path of [
      "/tickets",
      "/queues",
      "/queues/closed",
      "/queues/intake",
      "/contacts",
      "/sla/clocks",
      "/sla/judgements",
      "/groups",
    ]) {
      expect({ path, code: (await get(`${path}?asOf=2100-01-01T00:00:00Z`)).code }).toEqual({
        path,
        code: "as_of_in_future",
      });
      expect({ path, code: (await get(`${path}?atPosition=99999999999999`)).code }).toEqual({
        path,
        code: "position_in_future",
      });
      for (const bad of ["yesterday", "2024-04-22", "2024-04-22T06:00:00", "2024-13-01T00:00:00Z"])
        expect((await get(`${path}?asOf=${bad}`)).code).toBe("bad_format");
      expect((await get(`${path}?atPosition=-1`)).code).toBe("bad_format");
    }
    for (const path of [
      `/tickets/${tickets[0]}`,
      `/tickets/${tickets[0]}/clocks`,
      `/tickets/${tickets[0]}/timeline`,
      `/contacts/${contactId}`,
      "/groups/l1",
    ])
      expect((await get(`${path}?asOf=2100-01-01T00:00:00Z`)).code).toBe("as_of_in_future");
    const moment = at();
    house.clock.advanceBy(1);
    const { nextPage } = await get(`/tickets?limit=1&asOf=${moment}`);
    for (const path of [
      `/tickets?limit=1&asOf=${at()}`,
      "/tickets?limit=1",
      `/queues/all-open?limit=1&asOf=${moment}`,
      `/tickets?limit=1&asOf=${moment}&type=incident`,
    ])
      expect({ path, code: (await get(`${path}&page=${nextPage}`)).code }).toEqual({
        path,
        code: "page_token_invalid",
      });
  });

  it("before the beginning is empty, and of one thing not found", async () => {
    const asOf = "2020-01-01T00:00:00Z";
    for (const path of [
      "/tickets",
      "/queues/all-open",
      "/queues/closed",
      "/queues/intake",
      "/contacts",
      "/sla/clocks",
      "/sla/judgements",
      "/groups",
      "/contracts",
    ])
      expect(await get(`${path}?asOf=${asOf}&count=true`)).toMatchObject({ items: [], total: 0, nextPage: null });
    for (const { count } of (await get(`/queues?asOf=${asOf}`)).counters) expect(count).toBe(0);
    expect((await get(`/tickets/${tickets[0]}?asOf=${asOf}`)).code).toBe("ticket_not_found");
    expect((await get(`/contacts/${contactId}?asOf=${asOf}`)).code).toBe("contact_not_found");
    expect((await get(`/contracts/c-1?asOf=${asOf}`)).code).toBe("not_found");
    expect((await get(`/journal?asOf=${asOf}`, audit)).items).toEqual([]);
  });
});

it("every address that is read takes asOf, but for those that the page on past moments names", async () => {
  const page = await readFile(new URL("../../../../docs/past-moments.md", import.meta.url), "utf8");
  const exempt = [...page.matchAll(/^\| `GET (\S+)` +\|/gm)].map(([, path = ""]) => path);
  const covers = (row: string, path: string): boolean =>
    row.endsWith("/**") ? `${path}/`.startsWith(row.slice(0, -2)) : row === path;
  const without = allRoutes.flatMap(({ method, path, query }) =>
    method === "GET" && !("asOf" in ((query as { shape?: object } | undefined)?.shape ?? {})) ? [path] : [],
  );
  expect(without.filter((path) => !exempt.some((row) => covers(row, path)))).toEqual([]);
  // and nothing is excused that does take it
  expect(exempt.filter((row) => !without.some((path) => covers(row, path)))).toEqual([]);
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TicketRow } from "@docket/api-contract";
import { openHouse, type House } from "../../test/house.ts";
import { openSocket, type LiveSocket } from "../../test/socket.ts";
import { registered } from "../../test/tickets.ts";

let house: House;
const sockets: LiveSocket[] = [];
const tickets: string[] = [];

beforeAll(async () => {
  house = await openHouse();
  let position = "0";
  for (let index = 0; index < 12; index++) {
    const ticket = await registered(house, { subject: `Window ${index}`, priority: index % 3 === 0 ? "high" : "low" });
    tickets.push(ticket.ticketId);
    position = ticket.position;
    house.clock.advanceBy(1_000);
  }
  await (await house.as("olga")).get("/v1/me", { headers: { "docket-wait-position": position } });
}, 30_000);
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.ws.terminate();
});
afterAll(() => house.close());

async function open(login: string): Promise<LiveSocket> {
  const socket = await openSocket(house.url, await house.as(login));
  sockets.push(socket);
  await socket.next("hello");
  return socket;
}
const act = async (login: string, ticketId: string, name: string, body: object = {}) => {
  const answer = await (await house.as(login)).post(`/v1/tickets/${ticketId}/commands/${name}`, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body as { position: string };
};

/** What a reader has after some frames: the window's rows in order. */
class Shown {
  readonly rows = new Map<string, TicketRow>();
  ids: string[] = [];
  total = 0;
  position = 0n;
  take(frame: { ids: string[]; upserts: unknown[]; total: number; position: string }): void {
    for (const row of frame.upserts as TicketRow[]) this.rows.set(row.ticketId, row);
    for (const id of this.rows.keys()) if (!frame.ids.includes(id)) this.rows.delete(id);
    this.ids = frame.ids;
    this.total = frame.total;
    expect(BigInt(frame.position)).toBeGreaterThanOrEqual(this.position);
    this.position = BigInt(frame.position);
    expect([...this.rows.keys()].toSorted()).toEqual(frame.ids.toSorted());
  }
}

describe("a window of a sorted view", () => {
  it("shows any stretch, in the order of the list, with the total of the list", async () => {
    const olga = await open("olga");
    const list = (await (await house.as("olga")).get("/v1/queues/all-open?sort=registeredAt&limit=500&count=true"))
      .body;
    olga.send({
      type: "subscribe",
      id: "w",
      view: "window",
      filter: { queue: "all-open" },
      sort: "registeredAt",
      window: { offset: 2, limit: 4 },
    });
    const shown = new Shown();
    shown.take(await olga.next("window", "w"));
    expect(shown.total).toBe(list.total);
    expect(shown.ids.map((id) => shown.rows.get(id))).toEqual(list.items.slice(2, 6));
    olga.send({ type: "window", id: "w", offset: 4, limit: 5 });
    const scrolled = await olga.next("window", "w");
    expect(scrolled.upserts.length).toBe(3);
    shown.take(scrolled);
    expect(shown.ids.map((id) => shown.rows.get(id))).toEqual(list.items.slice(4, 9));
    olga.send({ type: "window", id: "w", offset: 5_000, limit: 5 });
    expect(await olga.next("window", "w")).toMatchObject({ ids: [], upserts: [], total: list.total });
  });

  it("moves as rows come, change their place, and leave", async () => {
    const olga = await open("olga");
    olga.send({
      type: "subscribe",
      id: "w",
      view: "window",
      filter: { queue: "unassigned", q: "Window" },
      sort: "priority",
      window: { offset: 0, limit: 200 },
    });
    const shown = new Shown();
    shown.take(await olga.next("window", "w"));
    const low = shown.ids.find((id) => shown.rows.get(id)!.priority === "low")!;
    expect(shown.ids.indexOf(low)).toBe(4);
    await act("olga", low, "classify", { type: "incident", priority: "high" });
    shown.take(await olga.next("window", "w"));
    expect(shown.rows.get(low)).toMatchObject({ priority: "high", status: "classified" });
    expect(shown.ids.indexOf(low)).toBeLessThan(5);
    const { ticketId } = await registered(house, { subject: "Window of one more", priority: "medium" });
    const before = shown.total;
    while (!shown.ids.includes(ticketId)) shown.take(await olga.next("window", "w"));
    expect(shown.total).toBe(before + 1);
    await act("anna", ticketId, "withdraw");
    while (shown.ids.includes(ticketId)) shown.take(await olga.next("window", "w"));
    expect(shown.total).toBe(before);
    const list = (await (await house.as("olga")).get("/v1/queues/unassigned?q=Window&limit=500")).body.items;
    expect(shown.ids.toSorted()).toEqual(list.map((row: TicketRow) => row.ticketId).toSorted());
  });

  it("does not wait for counters that were asked for before it", async () => {
    const olga = await open("olga");
    const holder = await house.database.pool.connect();
    try {
      // Nobody can count the intake queue while this stands.
      await holder.query("begin; lock table read.contact in access exclusive mode");
      olga.send({ type: "subscribe", id: "c", view: "counters", filter: {} });
      olga.send({ type: "subscribe", id: "w", view: "window", filter: { queue: "all-open" } });
      expect((await olga.next("window", "w")).total).toBeGreaterThan(0);
    } finally {
      await holder.query("rollback");
      holder.release();
    }
    const { counters } = await olga.next("counters", "c");
    expect(counters.map(({ view }) => view)).toContain("intake");
  });

  it("brings the clocks of its rows when asked to", async () => {
    const olga = await open("olga");
    olga.send({ type: "subscribe", id: "w", view: "window", filter: { queue: "all-open" }, ribbons: true });
    const frame = await olga.next("window", "w");
    expect(new Set(frame.ribbons!.map(({ ticketId }) => ticketId))).toEqual(new Set(frame.ids));
    expect(Object.values(frame.calendars!)[0]!.open.length).toBeGreaterThan(0);
  });

  it("of the intake queue holds the contacts that wait", async () => {
    const olga = await open("olga");
    olga.send({ type: "subscribe", id: "i", view: "window", filter: { queue: "intake" } });
    const before = await olga.next("window", "i");
    await (await house.as("olga")).post("/v1/contacts/phone", { subject: "Who", text: "x", email: "who@else.example" });
    let after = await olga.next("window", "i");
    while (after.total === before.total) after = await olga.next("window", "i");
    expect(after.upserts.at(-1)).toMatchObject({ subject: "Who" });
  });

  it("shows a customer his own organization's, and refuses what he may not have", async () => {
    const [anna, leo] = [await open("anna"), await open("leo")];
    for (const socket of [anna, leo])
      socket.send({ type: "subscribe", id: "w", view: "window", filter: { queue: "all-open" } });
    const hers = await anna.next("window", "w");
    expect(hers.total).toBeGreaterThan(5);
    expect(JSON.stringify(hers)).not.toMatch(/olaDeadline|nextDeadline|groupId/);
    expect(await leo.next("window", "w")).toMatchObject({ total: 0, ids: [] });
    anna.send({ type: "subscribe", id: "x", view: "window", filter: { queue: "my-line" } });
    expect(await anna.next("error", "x")).toMatchObject({ code: "forbidden" });
    anna.send({ type: "subscribe", id: "y", view: "window", filter: { queue: "all-open" }, sort: "nextDeadline" });
    expect(await anna.next("error", "y")).toMatchObject({ code: "not_allowed", field: "sort" });
    anna.send({ type: "subscribe", id: "z", view: "window", filter: { queue: "all-open", line: "1" } });
    expect(await anna.next("error", "z")).toMatchObject({ code: "unknown_field" });
    anna.send({ type: "window", id: "none", offset: 0, limit: 10 });
    expect(await anna.next("error", "none")).toMatchObject({ code: "subscription_unknown" });
    anna.send({ type: "window", id: "w", offset: 0, limit: 100_000 });
    expect(await anna.next("error", "w")).toMatchObject({ code: "bad_frame", field: "limit" });
  });
});

describe("counters", () => {
  it("say at first of each view, then of what changes, what its list holds", async () => {
    const olga = await open("olga");
    olga.send({ type: "subscribe", id: "c", view: "counters", filter: {} });
    const first = await olga.next("counters", "c");
    const counts = new Map(first.counters.map(({ view, count }) => [view, count]));
    const listed = async () =>
      (await (await house.as("olga")).get("/v1/queues")).body.counters as { view: string; count: number }[];
    expect(first.whole).toBe(true);
    for (const { view, count } of await listed()) expect({ view, count: counts.get(view) }).toEqual({ view, count });
    const { ticketId } = await registered(house, { subject: "Counted" });
    await act("olga", ticketId, "classify", { type: "incident", priority: "high" });
    await act("olga", ticketId, "assign", { groupId: "net", engineerId: "ivan" });
    const { position } = await act("ivan", ticketId, "accept");
    for (let last = 0n; last < BigInt(position);) {
      const next = await olga.next("counters", "c");
      expect(next.whole).toBe(false);
      for (const { view, count } of next.counters) counts.set(view, count);
      last = BigInt(next.position);
    }
    for (const { view, count } of await listed()) expect({ view, count: counts.get(view) }).toEqual({ view, count });
  });

  it("of a customer know nothing of the centre's own views", async () => {
    const anna = await open("anna");
    anna.send({ type: "subscribe", id: "c", view: "counters", filter: {} });
    const { counters } = await anna.next("counters", "c");
    expect(counters.map(({ view }) => view).toSorted()).toEqual(
      ["all-open", "closed", "confirmation", "mine", "missed", "unassigned", "waiting"].toSorted(),
    );
  });

  it("move when only time passes", async () => {
    const olga = await open("olga");
    olga.send({ type: "subscribe", id: "c", view: "counters", filter: {} });
    const before = (await olga.next("counters", "c")).counters.find(({ view }) => view === "due-soon")!.count;
    // within their reaction time everything that was registered comes near its deadline
    house.clock.advanceBy(2 * 3_600_000);
    const next = await olga.next("counters", "c");
    expect(next.counters.find(({ view }) => view === "due-soon")!.count).toBeGreaterThan(before);
  });
});

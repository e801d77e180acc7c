import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { liveLimits } from "@docket/api-contract";
import { ensureAccount } from "../auth/accounts.ts";
import { openHouse, password, type House } from "../../test/house.ts";
import { openSocket, type LiveSocket } from "../../test/socket.ts";
import { session } from "../../test/session.ts";
import { registered } from "../../test/tickets.ts";

let house: House;
const sockets: LiveSocket[] = [];
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  for (const socket of sockets) socket.ws.terminate();
  await house.close();
});

async function open(login: string): Promise<LiveSocket> {
  const socket = await openSocket(house.url, await house.as(login));
  sockets.push(socket);
  await socket.next("hello");
  return socket;
}

const ids = (rows: readonly object[]): string[] => rows.map((row) => (row as { ticketId: string }).ticketId);
const act = async (login: string, ticketId: string, name: string, body: object = {}) => {
  const answer = await (await house.as(login)).post(`/v1/tickets/${ticketId}/commands/${name}`, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body as { position: string };
};

/** Resolves when the read models hold what stands at this position, however slow the machine is. */
const known = (position: string): Promise<void> =>
  expect
    .poll(
      async () =>
        (await (await house.as("olga")).get("/v1/me", { headers: { "docket-wait-position": position } })).status,
      { timeout: 40_000 },
    )
    .toBe(200);

describe("a subscription", () => {
  it("begins with a snapshot and goes on with ordered changes, arrivals and departures", async () => {
    const before = await registered(house);
    const olga = await open("olga");
    // a snapshot is of what the read models know when it is taken: so they are waited for before it is asked for
    await known(before.position);
    olga.send({ type: "subscribe", id: "q", view: "queue", filter: { queue: "unassigned" } });
    const snapshot = await olga.next("snapshot", "q");
    expect(ids(snapshot.items)).toContain(before.ticketId);

    const { ticketId, position } = await registered(house, { subject: "Second VPN" });
    const arrival = await olga.next("delta", "q");
    expect(ids(arrival.upserts)).toEqual([ticketId]);
    expect(BigInt(arrival.position)).toBeGreaterThan(BigInt(snapshot.position));
    expect(BigInt(arrival.position)).toBeLessThanOrEqual(BigInt(position));

    await act("olga", ticketId, "classify", { type: "incident", priority: "high" });
    const { position: assigned } = await act("olga", ticketId, "assign");
    let last = arrival;
    while (!last.removes.includes(ticketId)) {
      const next = await olga.next("delta", "q");
      expect(BigInt(next.position)).toBeGreaterThan(BigInt(last.position));
      last = next;
    }
    expect(last.position).toBe(assigned);
    olga.send({ type: "unsubscribe", id: "q" });
    await olga.next("unsubscribed", "q");
  });

  it("to a ticket carries its row, its state and its new facts; of an internal note the customer gets nothing", async () => {
    const { ticketId, position } = await registered(house);
    await known(position);
    const [olga, anna] = [await open("olga"), await open("anna")];
    for (const socket of [olga, anna]) {
      socket.send({ type: "subscribe", id: "t", view: "ticket", filter: { ticketId } });
      const { items, timeline } = await socket.next("snapshot", "t");
      expect(items).toMatchObject([{ ticketId, details: { description: "Tunnel does not come up" } }]);
      expect(timeline?.map(({ type }) => type)).toEqual(["TicketRegistered"]);
    }
    await act("olga", ticketId, "comment", { text: "internal secret", visibility: "internal" });
    expect((await olga.next("delta", "t")).timeline).toMatchObject([
      { type: "TicketCommented", data: { text: "internal secret" } },
    ]);
    expect((await anna.next("delta", "t")).timeline).toEqual([]);
    await act("olga", ticketId, "comment", { text: "public word", visibility: "public" });
    expect((await anna.next("delta", "t")).timeline).toMatchObject([{ data: { text: "public word" } }]);
    expect(JSON.stringify(anna.frames)).not.toContain("internal secret");
    expect(JSON.stringify(anna.frames)).not.toMatch(/olaDeadline|nextDeadline|groupId/);
  });

  it("of the intake queue sees a contact wait and be decided", async () => {
    const olga = await open("olga");
    olga.send({ type: "subscribe", id: "i", view: "contacts", filter: {} });
    await olga.next("snapshot", "i");
    const held = await session(house.app).anonymous.post("/v1/contacts/portal", {
      type: "incident",
      priority: "low",
      subject: "Who am I",
      company: "?",
      contactPerson: "X",
      email: "x@y.example",
      product: "p",
      description: "d",
    });
    const { contactId } = held.body;
    const seen = async () =>
      ((await olga.next("delta", "i")).upserts as { contactId: string; status: string }[]).find(
        (row) => row.contactId === contactId,
      );
    let row = await seen();
    while (row?.status !== "held") row = await seen();
    expect(
      (await (await house.as("olga")).post(`/v1/contacts/${contactId}/reject`, { reason: "not ours" })).status,
    ).toBe(200);
    expect((await olga.next("delta", "i")).removes).toEqual([contactId]);
  });

  it("is moved by the mere passing of time where its view depends on it", async () => {
    const { ticketId } = await registered(house, { type: "change", priority: "medium" });
    await act("olga", ticketId, "classify", { type: "change", priority: "low" });
    const ivan = await open("ivan");
    ivan.send({ type: "subscribe", id: "due", view: "queue", filter: { queue: "due-soon" } });
    expect(ids((await ivan.next("snapshot", "due")).items)).not.toContain(ticketId);
    house.clock.advanceBy(2.5 * 3_600_000);
    let moved: string[] = [];
    while (!moved.includes(ticketId)) moved = ids((await ivan.next("delta", "due")).upserts);
  });
});

describe("resuming", () => {
  it("after a lost connection tells exactly what was missed", async () => {
    const [gone, changed, untouched] = [await registered(house), await registered(house), await registered(house)];
    const first = await open("maria");
    await known(untouched.position);
    first.send({ type: "subscribe", id: "q", view: "queue", filter: { queue: "unassigned" } });
    const { position } = await first.next("snapshot", "q");
    first.ws.terminate();
    await act("olga", gone.ticketId, "withdraw", { by: { personId: "anna", name: "Анна", email: null, phone: null } });
    await act("olga", changed.ticketId, "classify", { type: "incident", priority: "low" });
    const fresh = await registered(house);
    await known(fresh.position);

    const second = await open("maria");
    second.send({ type: "subscribe", id: "q", view: "queue", filter: { queue: "unassigned" }, since: position });
    const missed = await second.next("delta", "q");
    expect(ids(missed.upserts).toSorted()).toEqual([changed.ticketId, fresh.ticketId].toSorted());
    expect(missed.removes).toEqual([gone.ticketId]);
    await act("olga", untouched.ticketId, "classify", { type: "incident", priority: "low" });
    expect(ids((await second.next("delta", "q")).upserts)).toEqual([untouched.ticketId]);
  });

  it("from a position that is not of this log begins with a snapshot", async () => {
    const socket = await open("olga");
    socket.send({ type: "subscribe", id: "q", view: "queue", filter: { queue: "all-open" }, since: "99999999999" });
    await socket.next("snapshot", "q");
  });
});

describe("rights", () => {
  it("are the queries' own: nobody gets another customer's rows, in whatever view", async () => {
    const leo = await open("leo");
    leo.send({ type: "subscribe", id: "open", view: "queue", filter: { queue: "all-open" } });
    leo.send({ type: "subscribe", id: "closed", view: "queue", filter: { queue: "closed" } });
    leo.send({
      type: "subscribe",
      id: "contacts",
      view: "contacts",
      filter: { status: ["registered", "held", "rejected"] },
    });
    for (const id of ["open", "closed", "contacts"]) expect((await leo.next("snapshot", id)).items).toEqual([]);
    const theirs = await registered(house);
    await act("anna", theirs.ticketId, "withdraw");
    leo.send({ type: "subscribe", id: "t", view: "ticket", filter: { ticketId: theirs.ticketId } });
    expect(await leo.next("error", "t")).toMatchObject({ code: "ticket_not_found" });
    leo.send({ type: "subscribe", id: "line", view: "queue", filter: { queue: "my-line" } });
    expect(await leo.next("error", "line")).toMatchObject({ code: "forbidden" });
    leo.send({ type: "subscribe", id: "ola", view: "queue", filter: { queue: "all-open", olaState: "missed" } });
    expect(await leo.next("error", "ola")).toMatchObject({ code: "unknown_field" });
    const own = await registered(house, { company: "АО Лопух", email: "leo@lopuh.example" }, "leo");
    expect(ids((await leo.next("delta", "open")).upserts)).toEqual([own.ticketId]);
    expect(JSON.stringify(leo.frames)).not.toContain(theirs.ticketId);
  });

  it("end with the session: at a sign-out at once, at another's doing within seconds", async () => {
    const person = await session(house.app).login("ana", password);
    const socket = await openSocket(house.url, person);
    await person.post("/v1/logout", {});
    expect(await socket.closed).toBe(4401);
    expect(socket.frames.at(-1)).toMatchObject({ type: "error", code: "session_ended" });

    const id = await ensureAccount(house.database.db, { login: "short", password, name: "Short", role: "operator" });
    const other = await openSocket(house.url, await session(house.app).login("short", password));
    await house.database.db.updateTable("app.accounts").set({ disabled: true }).where("id", "=", id).execute();
    expect(await other.closed).toBe(4401);
  }, 20_000);

  it("end when the customer removes the person, or the centre its member of staff, in the directory", async () => {
    await house.send({
      type: "AddPerson",
      data: {
        organizationId: "romashka",
        person: { personId: "temp", name: "Temp", emails: ["temp@romashka.example"], phones: [] },
      },
    });
    await house.send({
      type: "HireStaff",
      data: { staffId: "fred", name: "Fred", email: "fred@sc.example", role: "operator", skills: [], language: "en" },
    });
    await ensureAccount(house.database.db, {
      login: "temp",
      password,
      name: "Temp",
      role: "requester",
      organizationId: "romashka",
      personId: "temp",
    });
    await ensureAccount(house.database.db, {
      login: "fred",
      password,
      name: "Fred",
      role: "operator",
      staffId: "fred",
    });
    const both = await Promise.all(["temp", "fred"].map(async (login) => session(house.app).login(login, password)));
    const watching = await Promise.all(both.map(async (who) => openSocket(house.url, who)));
    await house.send({ type: "RemovePerson", data: { organizationId: "romashka", personId: "temp" } });
    await house.send({ type: "DeactivateStaff", data: { staffId: "fred", reason: null } });
    for (const socket of watching) expect(await socket.closed).toBe(4401);
    for (const who of both) expect((await who.get("/v1/tickets")).status).toBe(401);
  }, 20_000);

  it("that change end what was subscribed under the old ones", async () => {
    const id = await ensureAccount(house.database.db, { login: "mover", password, name: "Mover", role: "operator" });
    const socket = await openSocket(house.url, await session(house.app).login("mover", password));
    socket.send({ type: "subscribe", id: "q", view: "queue", filter: { queue: "all-open" } });
    await socket.next("snapshot", "q");
    await house.database.db
      .updateTable("app.accounts")
      .set({ role: "requester", organization_id: "lopuh", person_id: "stranger" })
      .where("id", "=", id)
      .execute();
    expect(await socket.next("resync", "q")).toMatchObject({ code: "rights_changed" });
    socket.send({ type: "subscribe", id: "q", view: "queue", filter: { queue: "all-open" } });
    const { items } = await socket.next("snapshot", "q");
    for (const row of items) expect(row).toMatchObject({ organizationId: "lopuh" });
    socket.close();
  }, 20_000);

  it("let no other site's page use the cookie, and nobody in without one", async () => {
    const olga = await house.as("olga");
    await expect(openSocket(house.url, olga, { origin: "https://evil.example" })).rejects.toThrow("403");
    await expect(openSocket(house.url, session(house.app).anonymous)).rejects.toThrow("401");
    (await openSocket(house.url, olga, { origin: house.url })).close();
  });
});

describe("a bad client", () => {
  it("that sends garbage is told so, and after a while shown the door", async () => {
    const socket = await open("boris");
    for (const frame of [
      "not json",
      "[]",
      "42",
      Buffer.from([1, 2, 3]),
      { type: "dance" },
      { type: "subscribe", id: "x", view: "queue", filter: { queue: "nowhere" } },
      `{"type":${"[".repeat(5000)}`,
    ]) {
      socket.send(frame);
      expect((await socket.next("error")).code).toBe("bad_frame");
    }
    socket.send({ type: "ping", n: 7 });
    expect(await socket.next("pong")).toMatchObject({ n: 7 });
    for (let i = 0; i < liveLimits.faults; i++) socket.send("more garbage");
    expect(await socket.closed).toBe(1008);
  });

  it("that sends a huge frame is cut off", async () => {
    const socket = await open("boris");
    socket.send(`"${"x".repeat(liveLimits.frameBytes + 1)}"`);
    expect(await socket.closed).toBe(1009);
  });

  it("that subscribes ten thousand times gets fifty subscriptions, then the door", async () => {
    const socket = await open("boris");
    for (let i = 0; i < 10_000; i++)
      socket.send({ type: "subscribe", id: `s${i}`, view: "queue", filter: { queue: "all-open" } });
    expect(await socket.closed).toBe(1008);
    const errors = socket.frames.filter((frame) => frame.type === "error");
    expect(errors.length).toBeLessThanOrEqual(liveLimits.faults + 1);
    expect(errors[0]).toMatchObject({ code: "too_many_subscriptions" });
    expect((await (await house.as("boris")).get("/v1/tickets")).status).toBe(200);
  });

  it("that never reads is given a resync once it reads again, and never more than a bounded backlog", async () => {
    const slow = await open("maria");
    slow.send({ type: "subscribe", id: "q", view: "queue", filter: { queue: "all-open" } });
    await slow.next("snapshot", "q");
    for (let i = 0; i < 6; i++) await registered(house, { description: "x".repeat(40_000), subject: "y".repeat(290) });
    const { ticketId, position } = await registered(house, { description: "x".repeat(40_000) });
    await known(position);
    for (let i = 0; i < 40; i++) slow.send({ type: "subscribe", id: `t${i}`, view: "ticket", filter: { ticketId } });
    for (let i = 0; i < 40; i++) await slow.next("snapshot", `t${i}`);
    slow.ws.pause();
    for (let i = 0; i < 60; i++)
      await act("olga", ticketId, "comment", { text: "z".repeat(30_000), visibility: "public" });
    slow.ws.resume();
    expect(await slow.next("resync", "q", 20_000)).toMatchObject({ code: "slow_reader" });
    slow.send({ type: "subscribe", id: "q", view: "queue", filter: { queue: "all-open" } });
    expect((await slow.next("snapshot", "q")).items.length).toBeGreaterThan(0);
    const received = slow.frames.reduce((sum, frame) => sum + JSON.stringify(frame).length, 0);
    expect(received).toBeLessThan(40 * 60 * 30_000);
  }, 60_000);
});

it("a command that was accepted is on the sockets within milliseconds", async () => {
  const { ticketId, position } = await registered(house);
  await known(position);
  const socket = await open("olga");
  socket.send({ type: "subscribe", id: "t", view: "ticket", filter: { ticketId } });
  await socket.next("snapshot", "t");
  const times: number[] = [];
  for (let i = 0; i < 60; i++) {
    const accepted = await act("olga", ticketId, "comment", { text: `word ${i}`, visibility: "public" });
    const at = performance.now();
    let frame = await socket.next("delta", "t");
    while (BigInt(frame.position) < BigInt(accepted.position)) frame = await socket.next("delta", "t");
    times.push(performance.now() - at);
  }
  const sorted = times.toSorted((a, b) => a - b);
  process.stdout.write(
    `command accepted -> frame: p50 ${sorted[30]!.toFixed(1)} ms, p95 ${sorted[57]!.toFixed(1)} ms\n`,
  );
  expect(sorted[30]).toBeLessThan(200);
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import { openSocket } from "../../../test/socket.ts";
import type { Session } from "../../../test/session.ts";
import { registered } from "../../../test/tickets.ts";

let house: House;
let olga: Session;
let ivan: Session;
let anna: Session;
let maria: Session;
let ticketId: string;
let position: string;
beforeAll(async () => {
  house = await openHouse();
  [olga, ivan, anna, maria] = (await Promise.all(
    ["olga", "ivan", "anna", "maria"].map((login) => house.as(login)),
  )) as [Session, Session, Session, Session];
  ({ ticketId, position } = await registered(house, { priority: "high" }));
  await registered(house, { priority: "low" }).then((last) => (position = last.position));
});
afterAll(() => house.close());

describe("saved views", () => {
  it("are kept, shared, changed with care for others, and read as lists and counters", async () => {
    const saved = await olga.post("/v1/views", {
      name: "Urgent",
      filter: { priority: "high", channel: ["portal", "email"] },
      sort: "-registeredAt",
      columns: ["number", "subject"],
    });
    expect(saved).toMatchObject({ status: 201, body: { name: "Urgent", own: true, shared: false, revision: 0 } });
    const { viewId } = saved.body;
    const path = `/v1/views/${viewId}`;
    expect((await ivan.get("/v1/views")).body.items).toEqual([]);
    expect((await ivan.get(`${path}/tickets`)).status).toBe(404);
    const list = await olga.get(`${path}/tickets?count=true`, { headers: { "docket-wait-position": position } });
    expect(list.body).toMatchObject({ total: 1, items: [{ ticketId }] });

    expect((await olga.patch(path, { shared: true, revision: 0 })).body).toMatchObject({ shared: true, revision: 1 });
    expect((await ivan.get("/v1/views")).body.items).toMatchObject([{ viewId, own: false, editable: false }]);
    expect((await ivan.patch(path, { name: "Mine", revision: 1 })).body.code).toBe("forbidden");
    expect((await maria.patch(path, { name: "Pressing", revision: 1 })).body).toMatchObject({ name: "Pressing" });
    expect(await olga.patch(path, { name: "Old", revision: 1 })).toMatchObject({
      status: 412,
      body: { code: "changed_meanwhile", currentRevision: 2 },
    });

    const socket = await openSocket(house.url, ivan);
    socket.send({ type: "subscribe", id: "c", view: "counters", filter: { views: [viewId] } });
    const { counters } = await socket.next("counters", "c");
    expect(counters.find(({ view }) => view === viewId)).toMatchObject({ count: 1 });
    socket.ws.terminate();

    expect((await ivan.delete(path)).body.code).toBe("forbidden");
    expect((await olga.delete(path)).status).toBe(204);
    expect((await olga.get("/v1/views")).body.items).toEqual([]);
  });

  it("hold nothing that their maker could not ask a list for", async () => {
    for (const [who, view, code, field] of [
      [olga, { filter: { colour: "red" } }, "unknown_field", "filter.colour"],
      [olga, { filter: {}, sort: "colour" }, "not_allowed", "sort"],
      [olga, { filter: { line: "x" } }, "wrong_type", "line"],
      [olga, { queue: "intake" }, "not_allowed", "queue"],
      [olga, { name: "" }, "empty", "name"],
      [anna, { filter: { line: "1" } }, "unknown_field", "line"],
      [anna, { queue: "my-line" }, "forbidden", undefined],
      [anna, { shared: true }, "forbidden", undefined],
    ] as const) {
      const answer = await who.post("/v1/views", { name: "x", ...view });
      expect({ view, code: answer.body.code, field: answer.body.field }).toEqual({ view, code, field });
    }
    expect((await anna.post("/v1/views", { name: "Own", filter: { status: "closed" } })).status).toBe(201);
    expect((await olga.get("/v1/views")).body.items).toEqual([]);
  });
});

describe("preferences", () => {
  it("are merged, also by two windows at once, and the language is the account's from then on", async () => {
    expect((await ivan.get("/v1/preferences")).body).toMatchObject({
      scheme: "system",
      density: "normal",
      columns: {},
    });
    await Promise.all([
      ivan.patch("/v1/preferences", { scheme: "dark", other: { tour: { seen: true } } }),
      ivan.patch("/v1/preferences", { columns: { mine: ["number", "subject"] }, other: { split: 40 } }),
      ivan.patch("/v1/preferences", { density: "compact" }),
    ]);
    const merged = await ivan.get("/v1/preferences");
    expect(merged.body).toMatchObject({
      scheme: "dark",
      density: "compact",
      columns: { mine: ["number", "subject"] },
      other: { tour: { seen: true }, split: 40 },
      revision: 2,
    });
    await ivan.patch("/v1/preferences", { language: "en", other: { split: null } });
    expect((await ivan.get("/v1/preferences")).body.other).toEqual({ tour: { seen: true } });
    expect((await ivan.get("/v1/me")).body.account.language).toBe("en");
    expect((await olga.get("/v1/preferences")).body.scheme).toBe("system");
  });

  it("refuse what is too large or unknown", async () => {
    expect((await ivan.patch("/v1/preferences", { scheme: "purple" })).body).toMatchObject({ code: "not_allowed" });
    expect((await ivan.patch("/v1/preferences", { other: { x: "y".repeat(20_000) } })).body).toMatchObject({
      code: "too_long",
      field: "other",
    });
    expect((await ivan.patch("/v1/preferences", { colour: 1 })).body).toMatchObject({ code: "unknown_field" });
  });
});

describe("what was seen", () => {
  it("is remembered per account and only grows", async () => {
    expect((await olga.get(`/v1/marks?tickets=${ticketId}`)).body.items).toEqual([]);
    expect((await olga.post("/v1/marks", { items: [{ ticketId, revision: 3 }] })).status).toBe(204);
    await olga.post("/v1/marks", {
      items: [
        { ticketId, revision: 1 },
        { ticketId, revision: 2 },
      ],
    });
    expect((await olga.get(`/v1/marks?tickets=${ticketId}`)).body.items).toMatchObject([{ ticketId, revision: 3 }]);
    expect((await ivan.get(`/v1/marks?tickets=${ticketId}`)).body.items).toEqual([]);
    expect((await olga.get("/v1/marks?tickets=x")).body).toMatchObject({ code: "bad_format", field: "tickets" });
    expect((await olga.post("/v1/marks", { items: [] })).body).toMatchObject({ code: "too_short", field: "items" });
  });
});

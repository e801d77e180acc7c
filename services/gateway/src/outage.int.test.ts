import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../test/house.ts";
import { openSocket } from "../test/socket.ts";
import { portalForm, registered } from "../test/tickets.ts";
import type { Session } from "../test/session.ts";

let house: House;
let anna: Session;
let olga: Session;
let ticketId: string;
let lines: NonNullable<House["lines"]>;
beforeAll(async () => {
  house = await openHouse({ cuttable: true });
  lines = house.lines!;
  [anna, olga] = await Promise.all([house.as("anna"), house.as("olga")]);
  const ticket = await registered(house);
  ({ ticketId } = ticket);
  await olga.get("/v1/me", { headers: { "docket-wait-position": ticket.position } });
}, 60_000);
afterAll(() => house.close());

const comment = (who: Session, text: string, headers: Record<string, string> = {}) =>
  who.post(`/v1/tickets/${ticketId}/commands/comment`, { text, visibility: "public" }, { headers });
const recovered = (work: () => Promise<number>, status = 200) => expect.poll(work, { timeout: 15_000 }).toBe(status);

describe("while the event store is gone", () => {
  it("commands answer 503 and may be sent again, reads go on and say how old they are, all recovers by itself", async () => {
    lines.store.mode = "closed";
    const headers = { "idempotency-key": "through-the-outage" };
    const refused = await comment(olga, "said once", headers);
    expect(refused).toMatchObject({ status: 503, body: { code: "store_unavailable" } });
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(
      await anna.post("/v1/contacts/portal", portalForm, { headers: { "idempotency-key": "form" } }),
    ).toMatchObject({ status: 503, body: { code: "store_unavailable" } });

    const lag = async () => Number((await olga.get("/v1/tickets")).headers["docket-lag-ms"]);
    await expect.poll(lag, { timeout: 10_000 }).toBeGreaterThan(2_000);
    expect(await olga.get(`/v1/tickets/${ticketId}`)).toMatchObject({ status: 200, body: { ticketId } });
    const ready = await house.app.inject("/health/ready");
    expect(ready).toMatchObject({ statusCode: 503 });
    expect(ready.json().checks).toMatchObject({ "event store": { ok: false }, "read side": { ok: true } });
    expect((await house.app.inject("/health/live")).statusCode).toBe(200);

    lines.store.mode = "open";
    await recovered(async () => (await comment(olga, "said once", headers)).status);
    await recovered(
      async () =>
        (await anna.post("/v1/contacts/portal", portalForm, { headers: { "idempotency-key": "form" } })).status,
      201,
    );
    await expect.poll(lag, { timeout: 10_000 }).toBe(0);
    await recovered(async () => (await house.app.inject("/health/ready")).statusCode);
    const said = (await house.store.load(`ticket-${ticketId}`)).filter((fact) => fact.type === "TicketCommented");
    expect(said).toHaveLength(1);
  }, 60_000);

  it("an auditor's reading is answered, and its record arrives when the store is back: none is lost", async () => {
    const auditor = await house.as("audit");
    lines.store.mode = "closed";
    lines.store.cut();
    for (let n = 0; n < 5; n++) expect((await auditor.get(`/v1/tickets/${ticketId}`)).status).toBe(200);
    const { rows } = await house.database.pool.query("select entry->>'kind' as kind from audit.access_pending");
    expect(rows.filter(({ kind }) => kind === "ticket")).toHaveLength(5);
    lines.store.mode = "open";
    const log = async () =>
      (await auditor.get(`/v1/access-log?ticket=${ticketId}&kind=ticket&limit=500`)).body.items as unknown[];
    await expect.poll(async () => (await log()).length, { timeout: 30_000 }).toBe(5);
  }, 60_000);

  it("a command whose answer is lost on the way is carried out once, however often it is sent", async () => {
    lines.store.mode = "deaf";
    const headers = { "idempotency-key": "into-the-dark" };
    expect((await comment(olga, "dark", headers)).status).toBe(503);
    lines.store.mode = "open";
    lines.store.cut();
    await recovered(async () => (await comment(olga, "dark", headers)).status);
    const said = (await house.store.load(`ticket-${ticketId}`)).filter(
      (fact) => fact.type === "TicketCommented" && fact.data.text === "dark",
    );
    expect(said).toHaveLength(1);
  }, 60_000);
});

describe("while Postgres is gone", () => {
  it("reads and commands answer 503 with Retry-After, sockets stay and catch up without a gap", async () => {
    const socket = await openSocket(house.url, olga);
    socket.send({ type: "subscribe", id: "t", view: "ticket", filter: { ticketId } });
    await socket.next("snapshot", "t");

    lines.postgres.mode = "closed";
    for (const work of [
      () => olga.get("/v1/tickets"),
      () => olga.get(`/v1/tickets/${ticketId}`),
      () => olga.get("/v1/queues"),
    ]) {
      const answer = await work();
      expect(answer).toMatchObject({ status: 503, body: { code: "read_model_unavailable" } });
      expect(answer.headers["retry-after"]).toBe("1");
    }
    await expect
      .poll(async () => (await comment(olga, "no way to know who you are")).status, { timeout: 10_000 })
      .toBe(503);
    const missed = await house.send({
      type: "CommentTicket",
      data: { ticketId, text: "meanwhile", visibility: "public", attachments: [] },
    });

    lines.postgres.mode = "open";
    await recovered(async () => (await olga.get("/v1/tickets")).status);
    let frame = await socket.next("delta", "t", 15_000);
    while (BigInt(frame.position) < BigInt(missed)) frame = await socket.next("delta", "t", 15_000);
    expect(frame.timeline?.map(({ data }) => data["text"])).toContain("meanwhile");
    socket.close();
  }, 60_000);
});

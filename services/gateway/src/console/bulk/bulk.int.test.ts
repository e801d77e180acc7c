import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import { openSocket } from "../../../test/socket.ts";
import type { Answer } from "../../../test/session.ts";
import { registered } from "../../../test/tickets.ts";

let house: House;
const tickets: string[] = [];
let withdrawn: string;
beforeAll(async () => {
  house = await openHouse();
  for (let index = 0; index < 30; index++) {
    const { ticketId } = await registered(house, { subject: `Bulk ${index}` });
    tickets.push(ticketId);
    if (index < 29)
      await (
        await house.as("olga")
      ).post(`/v1/tickets/${ticketId}/commands/classify`, {
        type: "incident",
        priority: "high",
      });
  }
  withdrawn = tickets[0]!;
  const { body } = await (await house.as("anna")).post(`/v1/tickets/${withdrawn}/commands/withdraw`, {});
  await (await house.as("olga")).get("/v1/me", { headers: { "docket-wait-position": body.position } });
}, 60_000);
afterAll(() => house.close());

const assign = { command: "assign", body: { groupId: "net", engineerId: "ivan" } };

async function finished(login: string, jobId: string): Promise<Answer["body"]> {
  const socket = await openSocket(house.url, await house.as(login));
  socket.send({ type: "subscribe", id: "j", view: "job", filter: { jobId } });
  let { job } = await socket.next("job", "j", 15_000);
  while (job.state === "running") ({ job } = await socket.next("job", "j", 15_000));
  socket.ws.terminate();
  return (await (await house.as(login)).get(`/v1/bulk/${jobId}`)).body;
}
const revision = async (ticketId: string) => (await house.desk.ticket(ticketId))!;

describe("a bulk action", () => {
  it("is previewed without doing anything, with a reason for each ticket that it cannot be done to", async () => {
    const olga = await house.as("olga");
    const before = await Promise.all(tickets.map(async (ticketId) => (await revision(ticketId)).revision));
    const { status, body } = await olga.post("/v1/bulk/preview", { ...assign, tickets: [...tickets, "SC-999999"] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ total: 31, allowed: 28, refused: 3 });
    const of = (ticket: string) => body.items.find((item: { ticket: string }) => item.ticket === ticket);
    expect(of(tickets[1]!)).toMatchObject({ allowed: true, subject: "Bulk 1", events: [{ type: "TicketAssigned" }] });
    expect(of(withdrawn)).toMatchObject({ allowed: false, reason: { code: "ticket_closed" } });
    expect(of(tickets[29]!)).toMatchObject({ reason: { code: "not_classified" } });
    expect(of("SC-999999")).toMatchObject({ ticketId: null, reason: { code: "ticket_not_found" } });
    expect(await Promise.all(tickets.map(async (ticketId) => (await revision(ticketId)).revision))).toEqual(before);
  });

  it("does to each ticket what its own command would, says so, and can be taken back", async () => {
    const maria = await house.as("maria");
    // these had somebody before, so there is something to go back to
    for (const ticketId of tickets.slice(1, 4))
      await maria.post(`/v1/tickets/${ticketId}/commands/assign`, { groupId: "l3" });
    const started = await maria.post("/v1/bulk", { ...assign, tickets }, { headers: { "idempotency-key": "b-1" } });
    expect(started.status).toBe(202);
    const again = await maria.post("/v1/bulk", { ...assign, tickets }, { headers: { "idempotency-key": "b-1" } });
    expect(again.body).toEqual(started.body);
    const { jobId } = started.body;
    const job = await finished("maria", jobId);
    expect(job).toMatchObject({ state: "done", total: 30, done: 28, refused: 2, undoable: true });
    const item = (ticketId: string) => job.items.find((one: { ticketId: string }) => one.ticketId === ticketId);
    expect(item(withdrawn)).toMatchObject({ outcome: "refused", code: "ticket_closed" });
    expect(item(withdrawn).title).toMatch(/closed/);
    expect((await revision(tickets[5]!)).assignment).toMatchObject({ groupId: "net", engineerId: "ivan" });
    const timeline = (await maria.get(`/v1/tickets/${tickets[5]}/timeline`)).body.items;
    expect(timeline.filter(({ type }: { type: string }) => type === "TicketAssigned").length).toBeLessThanOrEqual(1);

    // somebody has seen to this one since
    await (await house.as("ivan")).post(`/v1/tickets/${tickets[3]}/commands/accept`, {});
    const undo = await maria.post(`/v1/bulk/${jobId}/undo`);
    const back = await finished("maria", undo.body.jobId);
    expect(back).toMatchObject({ state: "done", undoOf: jobId, done: 2, undoable: false });
    for (const ticketId of tickets.slice(1, 3))
      expect((await revision(ticketId)).assignment).toMatchObject({ groupId: "l3", engineerId: null });
    const of = (ticketId: string) => back.items.find((one: { ticketId: string }) => one.ticketId === ticketId);
    expect(of(tickets[3]!)).toMatchObject({ outcome: "refused", code: "stale_revision" });
    expect(of(tickets[7]!)).toMatchObject({ outcome: "refused", code: "nothing_to_undo" });
  }, 30_000);

  it("survives the gateway: an item that was carried out and not written down is not done twice", async () => {
    const olga = await house.as("olga");
    const body = { command: "comment", body: { text: "once", visibility: "internal" }, tickets: tickets.slice(10, 14) };
    const { jobId } = (await olga.post("/v1/bulk", body)).body;
    await finished("olga", jobId);
    // as if the process had died between the store's answer and its own note
    const { pool } = house.database;
    const { rows: over } = await pool.query("select body, caller from app.bulk_jobs where id = $1", [jobId]);
    // neither the words nor the name outlive the job
    expect(over[0].body).toEqual({});
    expect(over[0].caller).not.toHaveProperty("name");
    await pool.query("update app.bulk_items set outcome = 'waiting' where job_id = $1", [jobId]);
    await pool.query(
      `update app.bulk_jobs set state = 'running', finished_at = null, body = $2, caller = caller || $3 where id = $1`,
      [jobId, JSON.stringify(body.body), JSON.stringify({ name: "Ольга Операторова", login: "olga" })],
    );
    expect(await finished("olga", jobId)).toMatchObject({ state: "done", done: 4, undoable: false });
    for (const ticketId of tickets.slice(10, 14)) {
      const { items } = (await olga.get(`/v1/tickets/${ticketId}/timeline`)).body;
      expect(items.filter(({ data }: { data: { text?: string } }) => data.text === "once").length).toBeLessThanOrEqual(
        1,
      );
    }
    expect((await olga.post(`/v1/bulk/${jobId}/undo`)).body).toMatchObject({ code: "not_undoable" });
  }, 30_000);

  it("is nobody's who may not do it, and of nothing that is not there", async () => {
    const [olga, anna, ivan] = await Promise.all(["olga", "anna", "ivan"].map((login) => house.as(login)));
    const one = { ...assign, tickets: [tickets[1]!] };
    expect((await anna!.post("/v1/bulk", one)).body.code).toBe("forbidden");
    expect((await anna!.post("/v1/bulk/preview", one)).body.code).toBe("forbidden");
    for (const [change, code] of [
      [{ command: "destroy" }, "command_not_found"],
      [{ command: "fire-alarm" }, "command_not_found"],
      [{ tickets: [] }, "too_short"],
      [{ tickets: ["SC-999999"] }, "ticket_not_found"],
      [{ body: { groupId: 7 } }, "wrong_type"],
      [{ body: { colour: "red" } }, "unknown_field"],
      [{ tickets: Array.from({ length: 1_001 }, (_, n) => `SC-${n}`) }, "too_long"],
    ] as const)
      expect((await olga!.post("/v1/bulk", { ...one, ...change })).body.code).toBe(code);
    const { jobId } = (
      await olga!.post("/v1/bulk", { ...one, command: "comment", body: { text: "x", visibility: "internal" } })
    ).body;
    await finished("olga", jobId);
    expect((await ivan!.get(`/v1/bulk/${jobId}`)).body.code).toBe("not_found");
    const mine: { jobId: string }[] = (await olga!.get("/v1/bulk")).body.items;
    expect(mine.map((job) => job.jobId)).toContain(jobId);
    expect((await olga!.post(`/v1/bulk/${jobId}/stop`)).body).toMatchObject({ state: "done" });
  }, 30_000);
});

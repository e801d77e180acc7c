import { afterAll, beforeAll, expect, it } from "vitest";
import type { Replay } from "@docket/api-contract";
import type { NewFact, TicketEvent } from "@docket/domain";
import { checkBoth } from "../../test/checkers.ts";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";
import { registered } from "../../test/tickets.ts";

/* A ticket with five thousand facts: its life comes in pages, each page as large as was asked for, from mirror and store alike. */

const facts = 5_000;
let house: House;
let auditor: Session;
let ticket: { ticketId: string; number: string };

beforeAll(async () => {
  house = await openHouse();
  auditor = await house.as("audit");
  ticket = await registered(house);
  const stream = `ticket-${ticket.ticketId}`;
  const actor = { id: "olga", role: "operator", name: "Ольга Операторова" } as const;
  let last = await house.patientStore.last(stream);
  while (last !== undefined && last.revision + 1 < facts) {
    const at = house.clock.now().toISOString();
    const count = Math.min(250, facts - last.revision - 1);
    const some = Array.from({ length: count }, (_, n): NewFact<TicketEvent> => {
      const text = `Said as number ${(last?.revision ?? 0) + 1 + n}`;
      return { type: "TicketCommented", data: { text, visibility: "public", attachments: [] }, occurredAt: at };
    });
    const commandId = crypto.randomUUID();
    const meta = {
      commandId,
      correlationId: commandId,
      causationId: null,
      actor,
      channel: "console",
      recordedAt: at,
    } as const;
    const result = await house.patientStore.append(stream, { revision: last.revision, hash: last.hash }, some, meta);
    if (result.outcome !== "written") throw new Error("somebody else wrote");
    last = result.facts.at(-1);
    house.clock.advanceBy(60_000);
  }
  await auditor.get("/v1/me", { headers: { "docket-wait-position": String(last?.position.commit) } });
}, 120_000);
afterAll(() => house.close());

const page = async (query: string): Promise<{ body: Replay; bytes: number }> => {
  const { status, body, raw } = await auditor.get(`/v1/tickets/${ticket.number}/replay?${query}`);
  expect(status, JSON.stringify(body).slice(0, 500)).toBe(200);
  return { body: body as Replay, bytes: raw.length };
};

it("is told whole, page by page, and no page is larger than what was asked for", async () => {
  const seen: number[] = [];
  let largest = 0;
  for (let from: number | null = 0; from !== null;) {
    const { body, bytes }: { body: Replay; bytes: number } = await page(`from=${from}&limit=500&state=false`);
    expect(body).toMatchObject({ total: facts, chain: { verified: true, checkedTo: from + body.items.length - 1 } });
    expect(body.items.length).toBeLessThanOrEqual(500);
    for (const { revision, data } of body.items) {
      seen.push(revision);
      if (revision > 0) expect(data["text"]).toBe(`Said as number ${revision}`);
    }
    largest = Math.max(largest, bytes);
    from = body.nextRevision;
  }
  expect(seen).toEqual(Array.from({ length: facts }, (_, n) => n));
  // two kilobytes a step, whichever page it is
  expect(largest).toBeLessThan(1_500_000);
}, 120_000);

it("any page of it shows the ticket as it then was, from the store and from its mirror", async () => {
  for (const from of [2_345, facts - 3]) {
    const mirror = (await page(`from=${from}&limit=3`)).body;
    const store = (await page(`from=${from}&limit=3&fromStore=true`)).body;
    expect(mirror.items.map(({ revision }) => revision)).toEqual([from, from + 1, from + 2]);
    expect(store.items).toEqual(mirror.items);
    expect(mirror.items[0]?.state).toMatchObject({ revision: from, number: ticket.number });
    expect(mirror.nextRevision).toBe(from + 3 < facts ? from + 3 : null);
  }
}, 60_000);

it("an evidence file of it is good by both checkers, and a verification folds it whole", async () => {
  await auditor.post("/v1/checkpoints");
  const { publicKey } = (await auditor.get("/v1/checkpoints")).body.keys[0] as { publicKey: string };
  const { first, second } = await checkBoth((await auditor.get(`/v1/evidence?ticket=${ticket.number}`)).raw, publicKey);
  expect([first.refusals, second]).toEqual([[], []]);
  expect(first.events).toBeGreaterThanOrEqual(facts);
  const { body } = await auditor.post("/v1/verifications", { ticket: ticket.number });
  const read = async () => (await auditor.get(`/v1/verifications/${body.id}`)).body;
  await expect.poll(async () => (await read()).state, { timeout: 60_000 }).toBe("done");
  expect((await read()).report).toMatchObject({ events: facts, found: 0, tickets: 1 });
}, 120_000);

import { checkEvidence, publicKeyOf } from "@docket/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";
import { registered } from "../../test/tickets.ts";

let house: House;
let auditor: Session;
let ticket: { ticketId: string; number: string };
let other: { ticketId: string; number: string };

beforeAll(async () => {
  house = await openHouse();
  auditor = await house.as("audit");
  ticket = await registered(house, { subject: "Secret subject <b>" });
  other = await registered(house, { subject: "Another" });
  const olga = await house.as("olga");
  const answer = await olga.post(`/v1/tickets/${ticket.ticketId}/commands/classify`, {
    type: "incident",
    priority: "high",
  });
  await auditor.get(`/v1/tickets/${ticket.ticketId}`, { headers: { "docket-wait-position": answer.body.position } });
});
afterAll(() => house.close());

interface Access {
  readonly kind: string;
  readonly ticketId: string | null;
  readonly actorId: string;
  readonly query: string;
  readonly items: string | null;
  readonly complete: boolean | null;
}
const accesses = async (query = ""): Promise<Access[]> =>
  (await auditor.get(`/v1/access-log?limit=500&${query}`)).body.items as Access[];

describe("who looked", () => {
  it("records an auditor's readings and everybody's exports, before the answer goes out, and no other reading", async () => {
    await auditor.get(`/v1/tickets/${other.number}`);
    await auditor.get(`/v1/tickets/${other.ticketId}/timeline`);
    await auditor.get(`/v1/tickets/${other.ticketId}/replay`);
    await auditor.get("/v1/journal?q=Ivanov&actorId=olga");
    await (await house.as("olga")).get(`/v1/tickets/${other.ticketId}`);
    const { rows } = await house.database.pool.query(
      `select entry from audit.access_pending union all select to_jsonb(a) from read.access a`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(4);
    const kinds = async () => (await accesses(`ticket=${other.number}`)).map(({ kind }) => kind).toSorted();
    await expect.poll(kinds).toEqual(["replay", "ticket", "timeline"]);
    const search = async () => (await accesses("kind=journal")).at(-1);
    await expect.poll(search).toMatchObject({ actorId: "audit", query: "/api/v1/journal?q=*&actorId=olga" });
    await auditor.get("/v1/journal?format=jsonl&actorId=olga");
    const exports = async () =>
      (await accesses("kind=journal_export")).map((one) => `${one.items} ${one.complete}`).toSorted();
    await expect.poll(exports).toEqual(["1 true", "null null"]);
    expect((await (await house.as("olga")).get("/v1/access-log")).status).toBe(403);
  });

  it("writes each access to the store once, however many writers there are", async () => {
    const { pool } = house.database;
    const stored = async (): Promise<string[]> => {
      const facts = await house.store.load(`access-${house.clock.now().toISOString().slice(0, 10)}`);
      return facts.flatMap((fact) =>
        fact.type === "RecordsAccessed" ? fact.data.entries.map(({ accessId }) => accessId) : [],
      );
    };
    await Promise.all(Array.from({ length: 20 }, () => auditor.get(`/v1/tickets/${ticket.ticketId}`)));
    const left = async () => Number((await pool.query("select count(*) as n from audit.access_pending")).rows[0].n);
    await expect.poll(left).toBe(0);
    const ids = await stored();
    expect(new Set(ids).size).toBe(ids.length);
    expect((await accesses(`ticket=${ticket.number}&kind=ticket`)).length).toBeGreaterThanOrEqual(20);
  });
});

describe("checkpoints and verifications", () => {
  it("signs when asked, shows the keys, and verifies as a job with progress", async () => {
    const made = await auditor.post("/v1/checkpoints");
    expect(made.body).toMatchObject({ made: true, checkpoint: { faults: [] } });
    const { body } = await auditor.get("/v1/checkpoints");
    expect(body.items[0].number).toBe(made.body.checkpoint.number);
    expect(publicKeyOf(body.keys[0].pem)).toBe(body.keys[0].publicKey);
    for (const of of [null, ticket.number]) {
      const started = await auditor.post("/v1/verifications", { ticket: of });
      expect(started.status).toBe(202);
      if (of === null) expect((await auditor.post("/v1/verifications", {})).body.code).toBe("verification_running");
      const read = async () => (await auditor.get(`/v1/verifications/${started.body.id}`)).body;
      const ended = async () => `${(await read()).state} ${(await read()).error}`;
      await expect.poll(ended, { timeout: 50_000 }).toBe("done null");
      expect((await read()).report).toMatchObject({ found: 0, findings: [] });
      expect((await read()).report.tickets).toBe(of === null ? 2 : 1);
    }
    const { pool } = house.database;
    const { rows } = await pool.query("select schema_name from engine.projections where name = 'ticket'");
    await pool.query(`update ${rows[0].schema_name}.ticket set priority = 'low' where ticket_id = $1`, [
      ticket.ticketId,
    ]);
    const started = await auditor.post("/v1/verifications", { ticket: ticket.ticketId });
    const read = async () => (await auditor.get(`/v1/verifications/${started.body.id}?lang=ru`)).body;
    await expect.poll(async () => (await read()).state, { timeout: 30_000 }).toBe("done");
    expect((await read()).report.findings[0]).toMatchObject({
      code: "read_model_differs",
      params: { column: "priority", found: "low", expected: "high" },
    });
    expect((await read()).report.findings[0].text).toContain("по событиям high");
    await pool.query(`update ${rows[0].schema_name}.ticket set priority = 'high' where ticket_id = $1`, [
      ticket.ticketId,
    ]);
    expect((await auditor.get("/v1/verifications")).body.items.length).toBe(3);
    expect((await (await house.as("ana")).post("/v1/verifications", {})).status).toBe(403);
  });
});

describe("an evidence file", () => {
  const check = async (raw: Buffer, publicKey?: string) => {
    const fields: string[] = [];
    async function* bytes(): AsyncGenerator<Buffer> {
      yield raw;
    }
    const result = await checkEvidence(bytes(), {
      publicKey,
      onField: ({ pointer, text }) => fields.push(`${pointer} ${text ?? "-"}`),
    });
    return { result, fields };
  };

  it("of one ticket is good, proves the clear text of personal fields, and shows it", async () => {
    const { body } = await auditor.get("/v1/checkpoints");
    const answer = await auditor.get(`/v1/evidence?ticket=${ticket.number}`);
    expect(answer.headers["content-disposition"]).toContain(`${ticket.number}.evidence.html`);
    const { result, fields } = await check(answer.raw, body.keys[0].publicKey);
    expect(result).toMatchObject({ ok: true, tickets: 1, refusals: [] });
    expect(result.signed).toBe(result.events);
    expect(result.streams).toBeGreaterThan(1);
    expect(fields).toContain("/data/subject Secret subject <b>");
    expect(answer.raw.toString()).toContain("Secret subject &lt;b&gt;");
  });

  it("sealed shows nothing of it, and is as good", async () => {
    const answer = await auditor.get(`/v1/evidence?ticket=${ticket.number}&sealed=true`);
    const { result, fields } = await check(answer.raw);
    expect(result.ok).toBe(true);
    expect(fields).toEqual([]);
    for (const word of ["Secret subject", "Анна Заказчикова", "anna@romashka"])
      expect(answer.raw.toString()).not.toContain(word);
  });

  it("of a filter holds what the filter finds", async () => {
    const answer = await auditor.get("/v1/evidence?organizationId=romashka");
    expect((await check(answer.raw)).result).toMatchObject({ ok: true, tickets: 2, scope: "organizationId=romashka" });
    expect((await (await house.as("olga")).get(`/v1/evidence?ticket=${ticket.number}`)).status).toBe(403);
    await expect
      .poll(async () => (await accesses("kind=evidence_export")).map(({ items, complete }) => [items, complete]))
      .toEqual(expect.arrayContaining([["2", true]]));
  });
});

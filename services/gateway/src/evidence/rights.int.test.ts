import { readFileSync } from "node:fs";
import { verifyChain } from "@docket/event-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";

let house: House;
let boss: Session;
let audit: Session;
beforeAll(async () => {
  house = await openHouse();
  [boss, audit] = await Promise.all([house.as("boss"), house.as("audit")]);
});
afterAll(() => house.close());

interface Told {
  readonly accountId: string;
  readonly login: string | null;
  readonly name: string | null;
  readonly role: string;
  readonly active: boolean;
}
const rights = async (query = ""): Promise<Told[]> => (await audit.get(`/v1/rights${query}`)).body.items;
const of = async (accountId: string, query = ""): Promise<Told | undefined> =>
  (await rights(query)).find((one) => one.accountId === accountId);
const history = async (accountId: string) => (await audit.get(`/v1/rights/${accountId}/history`)).body.items;
const later = (): string => {
  house.clock.advanceBy(3_600_000);
  return new Date(house.clock.now().getTime() - 1_800_000).toISOString();
};
const untilRecorded = (count: number, accountId: string) =>
  expect.poll(async () => (await history(accountId))?.length, { timeout: 20_000 }).toBe(count);

describe("who was given which rights", () => {
  it("is on record for every change of an account, by whom and when, as of any past moment, without a name or a secret", async () => {
    const secret = "a very long password";
    const login = "petra.secretive";
    const { body: account } = await boss.post("/v1/admin/accounts", {
      login,
      password: secret,
      name: "Petra Secretive",
      role: "engineer",
      staffId: "ivan",
    });
    const id: string = account.accountId;
    await untilRecorded(1, id);
    const beforeChange = later();
    await boss.patch(`/v1/admin/accounts/${id}`, { role: "service_manager", password: `${secret}!` });
    await untilRecorded(3, id);
    const beforeClosing = later();
    await boss.patch(`/v1/admin/accounts/${id}`, { disabled: true });
    await untilRecorded(4, id);
    // what changes nothing is no fact
    await boss.patch(`/v1/admin/accounts/${id}`, { disabled: true, name: "Petra Secretive" });

    expect(await of(id)).toMatchObject({ login, name: "Petra Secretive", role: "service_manager", active: false });
    expect(await of(id, `?asOf=${beforeClosing}`)).toMatchObject({ role: "service_manager", active: true });
    expect(await of(id, `?asOf=${beforeChange}`)).toMatchObject({ role: "engineer", active: true });
    expect(await of(id, "?asOf=2024-01-01T00:00:00.000Z")).toBeUndefined();
    const told = await history(id);
    expect(told.map(({ type }: { type: string }) => type)).toEqual([
      "AccountClosed",
      "AccountPasswordSet",
      "AccountRightsChanged",
      "AccountOpened",
    ]);
    expect(told[2]).toMatchObject({
      actor: { id: "boss", role: "admin" },
      channel: "console",
      changes: [{ field: "role", before: "engineer", after: "service_manager" }],
    });
    const events = await house.store.loadRaw("rights");
    expect(verifyChain(events)).toBeUndefined();
    const text = events.map(({ dataText, metaText }) => dataText + metaText).join();
    for (const word of [secret, login, "Petra", "Secretive"]) expect(text).not.toContain(word);
  });

  it("is on record for tokens, and for what is changed past the interface", async () => {
    const { body: token } = await boss.post("/v1/admin/tokens", {
      name: "monitor",
      role: "machine",
      organizationId: "romashka",
      scopes: ["read", "intake"],
    });
    await untilRecorded(1, token.tokenId);
    expect(await of(token.tokenId)).toMatchObject({
      kind: "token",
      name: "monitor",
      scopes: ["read", "intake"],
      active: true,
    });
    await boss.delete(`/v1/admin/tokens/${token.tokenId}`);
    await untilRecorded(2, token.tokenId);
    expect(await of(token.tokenId)).toMatchObject({ active: false });
    const { pool } = house.database;
    const { rows } = await pool.query("update app.accounts set role = 'admin' where login = 'olga' returning id");
    await untilRecorded(2, rows[0].id);
    expect((await history(rows[0].id))[0]).toMatchObject({
      type: "AccountRightsChanged",
      actor: { id: "system", role: "system" },
    });
    await pool.query("update app.accounts set role = 'operator' where login = 'olga'");
    await untilRecorded(3, rows[0].id);
  });

  it("is found for what was there before it was recorded, with the time at which that was begun", async () => {
    const { pool } = house.database;
    const file = new URL("../../../../packages/postgres/src/migrations/0256_rights.sql", import.meta.url);
    const [found = ""] =
      /insert into audit\.rights_pending \(fact, data\)\n[^;]*;/u.exec(readFileSync(file, "utf8")) ?? [];
    await pool.query("update app.accounts set created_at = '2023-05-06T07:08:09Z' where login = 'anna'");
    const client = await pool.connect();
    try {
      await client.query("begin");
      await client.query(found);
      const { rows } = await client.query(
        "select fact, data from audit.rights_pending where data->>'personId' = 'anna' or data->>'name' = 'monitor' order by seq",
      );
      expect(rows).toMatchObject([
        {
          fact: "AccountOpened",
          data: { role: "requester", organizationId: "romashka", since: "2023-05-06T07:08:09.000Z" },
        },
        { fact: "TokenIssued", data: { scopes: ["read", "intake"], expiresAt: null } },
      ]);
    } finally {
      await client.query("rollback");
      client.release();
    }
  });

  it("waits in the database while the event store is away, in the transaction of the change itself", async () => {
    const { pool } = house.database;
    const client = await pool.connect();
    await client.query("begin");
    await client.query("update app.accounts set role = 'analyst' where login = 'elena'");
    // others, of the tests before, may be on their way still
    const pending = "select fact from audit.rights_pending where data->>'role' = 'analyst'";
    expect((await client.query(pending)).rows).toEqual([{ fact: "AccountRightsChanged" }]);
    await client.query("rollback");
    client.release();
    expect((await pool.query(pending)).rowCount).toBe(0);
  });

  it("is for auditors and administrators", async () => {
    expect((await boss.get("/v1/rights")).status).toBe(200);
    for (const login of ["olga", "maria", "ana", "anna"]) {
      const other = await house.as(login);
      expect((await other.get("/v1/rights")).body.code).toBe("forbidden");
      expect((await other.get(`/v1/rights/${crypto.randomUUID()}/history`)).body.code).toBe("forbidden");
    }
    expect((await audit.get(`/v1/rights/${crypto.randomUUID()}/history`)).body.code).toBe("not_found");
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";

let house: House;
let boss: Session;
beforeAll(async () => {
  house = await openHouse();
  boss = await house.as("boss");
  const anna = await house.as("anna");
  const made = await anna.post("/v1/contacts/portal", portal);
  expect(made.status, JSON.stringify(made.body)).toBeLessThan(300);
  const headers = { "docket-wait-position": made.headers["docket-position"] ?? made.body.position };
  await boss.get("/v1/tickets", headers["docket-wait-position"] === undefined ? {} : { headers });
});
afterAll(() => house.close());

const portal = {
  type: "incident",
  priority: "medium",
  subject: "Printer at reception",
  description: "It hums",
  email: "anna@romashka.example",
  company: "Romashka",
  contactPerson: "Anna",
  product: "Printer",
};

describe("personal data over the interface", () => {
  it("is for administrators alone", async () => {
    for (const login of ["olga", "audit", "ana", "anna", "maria"]) {
      const session = await house.as(login);
      for (const [path, body] of [
        ["plan", { subject: "anna" }],
        ["erasures", { subject: "anna" }],
        ["exports", { subject: "anna" }],
      ] as const)
        expect((await session.post(`/v1/admin/privacy/${path}`, body)).status, `${login} ${path}`).toBe(403);
      expect((await session.get("/v1/admin/privacy/erasures")).status).toBe(403);
    }
  });

  it("refuses names that lead nowhere, with a code", async () => {
    for (const [subject, code] of [
      ["nobody@else.example", "subject_unknown"],
      ["   ", "subject_invalid"],
      ["", "too_short"],
    ] as const)
      expect((await boss.post("/v1/admin/privacy/plan", { subject })).body.code).toBe(code);
  });

  it("shows, exports and erases; the same request again tells the same erasure", async () => {
    const plan = (await boss.post("/v1/admin/privacy/plan", { subject: "person:anna" })).body;
    expect(plan).toMatchObject({ kind: "person", accounts: 1 });
    const held = (await boss.post("/v1/admin/privacy/exports", { subject: "person:anna", bytes: true })).body;
    expect(held).toMatchObject({
      format: "docket-subject",
      version: 1,
      truncated: false,
      accounts: [{ login: "anna" }],
    });
    expect(JSON.stringify(held.events)).toContain("anna@romashka.example");
    // who took it out is recorded
    const recorded = async (): Promise<string> => {
      const { rows } = await house.database.pool.query("select entry from audit.access_pending");
      let text = JSON.stringify(rows);
      for await (const event of house.store.readAll({ prefixes: ["access-"] })) text += event.dataText;
      return text;
    };
    expect(await recorded()).toContain("subject_export");
    const headers = { "idempotency-key": "erase-anna" };
    const body = { subject: "person:anna", reason: "request 1" };
    const erased = await boss.post("/v1/admin/privacy/erasures", body, { headers });
    expect(erased.status, JSON.stringify(erased.body)).toBe(202);
    expect(erased.body).toMatchObject({ kind: "person", reason: "request 1", by: { id: "boss", role: "admin" } });
    const again = await boss.post("/v1/admin/privacy/erasures", body, { headers });
    expect(again.body.erasureId).toBe(erased.body.erasureId);
    expect((await boss.get("/v1/admin/privacy/erasures")).body.items).toHaveLength(1);
    expect((await boss.get(`/v1/admin/privacy/erasures/${erased.body.erasureId}`)).status).toBe(200);
    expect((await boss.get("/v1/admin/privacy/erasures/018f0000-0000-7000-8000-000000000000")).status).toBe(404);
    expect((await boss.post("/v1/admin/privacy/exports", { subject: "person:anna" })).body.code).toBe(
      "subject_unknown",
    );
  });
});

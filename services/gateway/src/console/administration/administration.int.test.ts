import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import type { Session } from "../../../test/session.ts";
import { registered } from "../../../test/tickets.ts";
import { policy } from "../../../../../packages/domain/test/service-centre.ts";

let house: House;
let boss: Session;
let ticketId: string;
let position: string;
beforeAll(async () => {
  house = await openHouse();
  boss = await house.as("boss");
  ({ ticketId } = await registered(house, { type: "incident", priority: "high" }));
  const olga = await house.as("olga");
  ({ position } = (
    await olga.post(`/v1/tickets/${ticketId}/commands/classify`, { type: "incident", priority: "high" })
  ).body);
  await olga.get("/v1/me", { headers: { "docket-wait-position": position } });
});
afterAll(() => house.close());

const changed = (hours: number) => ({
  contractId: "c-1",
  policy: {
    ...policy,
    targets: policy.targets.map((target) => ({ ...target, reaction: `${hours}h` })),
  },
  policyEffectiveFrom: house.clock.now().toISOString(),
});
const deadline = async () => (await house.desk.ticket(ticketId))!.clocks[0]!.snapshot.deadline;

describe("a change of the directory, before it is made", () => {
  it("says what it would do to open tickets, and does nothing", async () => {
    const before = await deadline();
    const preview = await boss.post("/v1/admin/preview/change-contract-policy", changed(100));
    expect(preview.body).toMatchObject({
      allowed: true,
      facts: [{ type: "ContractPolicyChanged" }],
      openTickets: 1,
      checked: 1,
      counts: { later: 1, earlier: 0, unchanged: 0 },
      examples: [{ ticketId, what: "reaction", before }],
    });
    expect(preview.body.after.policies.length).toBe(preview.body.before.policies.length + 1);
    expect(await deadline()).toBe(before);

    const later = { ...changed(100), policyEffectiveFrom: "2030-01-01T00:00:00.000Z" };
    const future = (await boss.post("/v1/admin/preview/change-contract-policy", later)).body;
    expect(future).toMatchObject({ effectiveFrom: later.policyEffectiveFrom, counts: { later: 1 } });
    house.clock.advanceBy(1_800_000);
    const tight = (
      await boss.post("/v1/admin/preview/change-contract-policy", {
        ...changed(1),
        policy: { ...policy, targets: policy.targets.map((target) => ({ ...target, reaction: "1m" })) },
      })
    ).body;
    expect(tight.counts.missed + tight.counts.earlier).toBe(1);
  });

  it("says what refuses it, and who may ask at all", async () => {
    const refused = await boss.post("/v1/admin/preview/change-contract-policy", { ...changed(1), contractId: "none" });
    expect(refused.body).toMatchObject({ allowed: false, reason: { code: "contract_unknown" }, facts: [] });
    expect((await boss.post("/v1/admin/preview/change-contract-policy", {})).body).toMatchObject({ code: "required" });
    expect((await boss.post("/v1/admin/preview/destroy", {})).body.code).toBe("command_not_found");
    expect(
      (await (await house.as("olga")).post("/v1/admin/preview/change-contract-policy", changed(1))).body.code,
    ).toBe("forbidden");
    const rules = { rules: [], fallbackGroupId: "l3" };
    expect((await boss.post("/v1/admin/preview/publish-routing-rules", rules)).body).toMatchObject({
      allowed: true,
      openTickets: 1,
    });
    expect((await boss.post("/v1/admin/preview/deactivate-staff", { staffId: "ivan" })).body).toMatchObject({
      allowed: true,
      openTickets: 0,
      before: { active: true },
      after: { active: false },
    });
  });

  it("and after: the history of an entry tells what was changed, from what to what, by whom and from when on", async () => {
    const done = await boss.post("/v1/admin/commands/change-contract-policy", changed(50));
    expect(done.status).toBe(200);
    const { items } = (
      await boss.get("/v1/directory/contract/c-1/history", { headers: { "docket-wait-position": done.body.position } })
    ).body;
    expect(items[0]).toMatchObject({ type: "ContractPolicyChanged", actor: { id: "boss" }, channel: "console" });
    expect(items[0].effectiveFrom).toMatch(/^2024/);
    expect(items[0].changes.map(({ field }: { field: string }) => field)).toEqual(["policies"]);
    expect(items.at(-1)).toMatchObject({ type: "ContractSigned", revision: 0 });
    expect((await boss.get("/v1/directory/routing-rules/current/history")).body.items[0].type).toBe(
      "RoutingRulesPublished",
    );
    expect((await boss.get("/v1/directory/contract/none/history")).body.code).toBe("not_found");
    expect((await boss.get("/v1/directory/secrets/x/history")).status).toBe(422);
    expect((await (await house.as("anna")).get("/v1/directory/contract/c-1/history")).body.code).toBe("forbidden");
  });
});

describe("calendars that come with the product", () => {
  it("are listed, taken over, and shown by the year with the names of their days", async () => {
    const { items } = (await boss.get("/v1/calendars/built-in")).body;
    expect(items[0]).toMatchObject({ source: "ru" });
    expect(items[0].years).toContain(2024);
    expect(items[0].zones).toContain("Asia/Yekaterinburg");
    const body = {
      calendarId: "ural",
      name: "Урал",
      source: "ru",
      zone: "Asia/Yekaterinburg",
      effectiveFrom: "2024-01-01T00:00:00Z",
    };
    expect(await boss.post("/v1/admin/calendars/built-in", body)).toMatchObject({
      status: 200,
      body: { events: [{ type: "CalendarDefined" }] },
    });
    const year = (await boss.get("/v1/calendars/ural/year/2024")).body;
    expect(year).toMatchObject({ zone: "Asia/Yekaterinburg", workingDays: 248 });
    expect(year.days).toHaveLength(366);
    const day = (date: string) => year.days.find((one: { date: string }) => one.date === date);
    expect(day("2024-04-27")).toMatchObject({ kind: "declared_working", open: [["09:00", "18:00"]] });
    expect(day("2024-05-09")).toMatchObject({ kind: "holiday", name: "Victory Day", open: [], seconds: 0 });
    expect(day("2024-05-08")).toMatchObject({ kind: "shortened", seconds: 8 * 3_600 });
    expect(day("2024-05-11")).toMatchObject({ kind: "off" });
    const revised = await boss.post("/v1/admin/calendars/built-in", {
      ...body,
      hours: [["08:00", "17:00"]],
      effectiveFrom: "2024-06-01T00:00:00Z",
    });
    expect(revised.body.events).toMatchObject([{ type: "CalendarRevised" }]);
    expect((await boss.post("/v1/admin/calendars/built-in", { ...body, zone: "Mars/Olympus" })).status).toBe(422);
    expect((await (await house.as("olga")).post("/v1/admin/calendars/built-in", body)).body.code).toBe("forbidden");
    expect((await boss.get("/v1/calendars/none/year/2024")).body.code).toBe("not_found");
  });
});

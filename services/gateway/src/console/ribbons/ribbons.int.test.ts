import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ribbon } from "@docket/api-contract";
import { openHouse, type House } from "../../../test/house.ts";
import { registered } from "../../../test/tickets.ts";

let house: House;
let ticketId: string;
let last: string;
const hour = 3_600_000;

const act = async (login: string, name: string, body: object = {}) => {
  const answer = await (await house.as(login)).post(`/v1/tickets/${ticketId}/commands/${name}`, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  last = answer.body.position;
};
const ribbons = async (login: string, query = "") => {
  const { status, body } = await (
    await house.as(login)
  ).get(`/v1/sla/ribbons?tickets=${ticketId}${query}`, { headers: { "docket-wait-position": last } });
  expect(status).toBe(200);
  return body as { at: string; items: Ribbon[]; calendars: Record<string, { zone: string; open: [string, string][] }> };
};
const explained = async (kind: string, asOf = "") => {
  const { body } = await (
    await house.as("olga")
  ).get(`/v1/tickets/${ticketId}/clocks${asOf}`, { headers: { "docket-wait-position": last } });
  return body.items.filter((clock: { kind: string }) => clock.kind === kind).at(-1);
};

beforeAll(async () => {
  house = await openHouse({ settings: { GATEWAY_SESSION_HOURS: "720" } });
  // Monday morning in Moscow
  const ticket = await registered(house, { type: "incident", priority: "medium" });
  ({ ticketId, position: last } = ticket);
});
afterAll(() => house.close());

describe("ribbons", () => {
  it("say what the clock's own explanation says, at every point of its life and in the middle of the night", async () => {
    const moments: string[] = [];
    const steps: (() => Promise<void>)[] = [
      () => act("olga", "classify", { type: "incident", priority: "medium" }),
      () => act("olga", "assign", { groupId: "net", engineerId: "ivan" }),
      () => act("ivan", "accept"),
      () => act("ivan", "ask-customer", { question: "?" }),
      () => act("anna", "answer-customer", { answer: "!" }),
      () => act("ivan", "resolve", { solution: "done" }),
      () => act("anna", "return-to-work", { reason: "again" }),
    ];
    for (const step of steps) {
      await step();
      for (const pause of [0.3, 9]) {
        house.clock.advanceBy(pause * hour);
        const { items, at } = await ribbons("olga");
        moments.push(at);
        for (const kind of ["reaction", "resolution"]) {
          const clock = await explained(kind);
          const bar = items.find((item) => item.kind === kind);
          expect(bar === undefined).toBe(clock === undefined);
          if (clock === undefined || bar === undefined) continue;
          expect(bar).toMatchObject({ state: clock.state, cycle: clock.cycle, ticking: clock.ticking });
          expect(bar.usedSeconds).toBe(clock.explanation.usedSeconds);
        }
      }
    }
    // and later, of each of those moments, the same as then
    for (const at of moments) {
      const { items } = await ribbons("olga", `&asOf=${at}`);
      for (const kind of ["reaction", "resolution"]) {
        const clock = await explained(kind, `?asOf=${at}`);
        const bar = items.find((item) => item.kind === kind);
        if (clock === undefined) expect(bar).toBeUndefined();
        else expect(bar).toMatchObject({ state: clock.state, usedSeconds: clock.explanation.usedSeconds });
      }
    }
  });

  it("have parts without gaps, and hours by which the countdown goes on without asking", async () => {
    const before = await ribbons("olga");
    const bar = before.items.find(({ kind }) => kind === "resolution")!;
    for (const [index, part] of bar.parts.entries()) if (index > 0) expect(part.from).toBe(bar.parts[index - 1]!.to);
    expect(bar.parts.at(-1)!.to).toBe(before.at);
    const open = before.calendars[bar.calendarId]!.open;
    const countdown = (at: number): number =>
      bar.remainingSeconds! -
      open.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(Date.parse(to), at) - Date.parse(from)), 0) / 1000;
    for (const hours of [1, 13, 20]) {
      house.clock.advanceBy(hours * hour);
      const later = await ribbons("olga");
      const now = later.items.find(({ kind }) => kind === "resolution")!;
      expect(Math.abs(countdown(Date.parse(later.at)) - now.remainingSeconds!)).toBeLessThanOrEqual(1);
    }
  });

  it("show customers their two clocks without the inner one and without targets; others nothing", async () => {
    const staff = await ribbons("olga");
    expect(staff.items.map(({ kind }) => kind)).toContain("ola");
    const anna = await ribbons("anna");
    expect(anna.items.map(({ kind }) => kind).toSorted()).toEqual(["reaction", "resolution"]);
    expect(JSON.stringify(anna)).not.toContain("target");
    expect((await ribbons("leo")).items).toEqual([]);
  });

  it("are asked for by ids, not too many at once", async () => {
    const olga = await house.as("olga");
    expect((await olga.get("/v1/sla/ribbons")).body).toMatchObject({ code: "required", field: "tickets" });
    expect((await olga.get("/v1/sla/ribbons?tickets=SC-1")).body).toMatchObject({
      code: "bad_format",
      field: "tickets",
    });
    const many = Array.from({ length: 201 }, () => crypto.randomUUID()).join(",");
    expect((await olga.get(`/v1/sla/ribbons?tickets=${many}`)).body).toMatchObject({ code: "too_long", limit: 200 });
  });
});

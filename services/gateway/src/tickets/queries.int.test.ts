import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allRoutes, openApiDocument } from "@docket/api-contract";
import { openHouse, type House } from "../../test/house.ts";
import { registered } from "../../test/tickets.ts";
import type { Session } from "../../test/session.ts";

let house: House;
let olga: Session;
let maria: Session;
let last: string;
const moments: { at: string; queues: Record<string, string[]>; ticket: object; clocks: object[] }[] = [];
let watched: string;

const views = [
  "unassigned",
  "my-line",
  "mine",
  "due-soon",
  "missed",
  "waiting",
  "under-control",
  "confirmation",
  "closed",
  "all-open",
];
const wait = () => ({ headers: { "docket-wait-position": last } });
const act = async (login: string, ticketId: string, name: string, body: object = {}): Promise<void> => {
  const answer = await (await house.as(login)).post(`/v1/tickets/${ticketId}/commands/${name}`, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  last = answer.body.position;
};
const listed = async (who: Session, path: string): Promise<string[]> => {
  const found: string[] = [];
  for (let page: string | null = ""; page !== null;) {
    const { body } = await who.get(
      `${path}${path.includes("?") ? "&" : "?"}limit=3${page === "" ? "" : `&page=${page}`}`,
      wait(),
    );
    found.push(...body.items.map((row: { number: string }) => row.number));
    page = body.nextPage;
  }
  return found;
};

/** What everything looks like now, to be asked about later. */
async function remember(): Promise<void> {
  const queues: Record<string, string[]> = {};
  for (const view of views) queues[view] = (await listed(olga, `/v1/queues/${view}`)).toSorted();
  const { position: _position, asOf: _asOf, ...ticket } = (await olga.get(`/v1/tickets/${watched}`, wait())).body;
  const clocks = (await olga.get(`/v1/sla/clocks?ticketId=${watched}&sort=startedAt`, wait())).body.items;
  moments.push({ at: house.clock.now().toISOString(), queues, ticket, clocks });
  house.clock.advanceBy(600_000);
}

beforeAll(async () => {
  house = await openHouse();
  [olga, maria] = await Promise.all([house.as("olga"), house.as("maria")]);
  const tickets: string[] = [];
  for (let i = 0; i < 8; i++) {
    const ticket = await registered(house, {
      subject: `VPN number ${i}`,
      product: i % 2 === 0 ? "Континент" : "Other",
    });
    tickets.push(ticket.ticketId);
    last = ticket.position;
    house.clock.advanceBy(1_000);
  }
  watched = tickets[0]!;
  await remember();
  for (const ticketId of tickets.slice(0, 6))
    await act("olga", ticketId, "classify", { type: "incident", priority: "high" });
  for (const ticketId of tickets.slice(0, 4)) await act("olga", ticketId, "assign");
  await remember();
  await act("ivan", tickets[0]!, "accept");
  await act("maria", tickets[1]!, "accept").catch(() => undefined);
  await act("ivan", tickets[0]!, "ask-customer", { question: "?" });
  await act("maria", tickets[2]!, "escalate", { reason: "look at it" });
  await act("anna", tickets[5]!, "withdraw");
  await remember();
  await act("anna", tickets[0]!, "answer-customer", { answer: "!" });
  await act("ivan", tickets[0]!, "resolve", { solution: "done" });
  await remember();
  await act("anna", tickets[0]!, "confirm");
}, 60_000);
afterAll(() => house.close());

describe("as of a past moment", () => {
  it("every queue, its counter, a ticket and its clocks are what they then were", async () => {
    for (const { at, queues, ticket, clocks } of moments) {
      for (const view of views)
        expect({ view, at, found: (await listed(olga, `/v1/queues/${view}?asOf=${at}`)).toSorted() }).toEqual({
          view,
          at,
          found: queues[view],
        });
      const { body } = await olga.get(`/v1/queues?asOf=${at}`);
      for (const { view, count } of body.counters)
        if (view !== "intake") expect({ view, at, count }).toEqual({ view, at, count: queues[view]!.length });
      const { position: _position, asOf, ...then } = (await olga.get(`/v1/tickets/${watched}?asOf=${at}`)).body;
      expect({ asOf, then }).toEqual({ asOf: at, then: ticket });
      expect((await olga.get(`/v1/sla/clocks?ticketId=${watched}&asOf=${at}&sort=startedAt`)).body.items).toEqual(
        clocks,
      );
      const timeline = (await olga.get(`/v1/tickets/${watched}/timeline?asOf=${at}`)).body.items;
      expect(timeline.at(-1).revision).toBe((ticket as { revision: number }).revision);
    }
  });

  it("before there was anything there is nothing", async () => {
    expect((await olga.get("/v1/tickets?asOf=2020-01-01T00:00:00Z&count=true")).body).toMatchObject({
      items: [],
      total: 0,
    });
    expect((await olga.get(`/v1/tickets/${watched}?asOf=2020-01-01T00:00:00%2B03:00`)).body.code).toBe(
      "ticket_not_found",
    );
    expect((await olga.get("/v1/organizations?asOf=2020-01-01T00:00:00Z")).body.items).toEqual([]);
  });

  it("a clock's explanation knows nothing of what came later, and adds up", async () => {
    for (const { at } of moments.slice(1)) {
      const { items } = (await olga.get(`/v1/tickets/${watched}/clocks?asOf=${at}`)).body;
      for (const { explanation } of items) {
        expect(explanation.intervals.reduce((sum: number, { seconds }: { seconds: number }) => sum + seconds, 0)).toBe(
          explanation.usedSeconds,
        );
        for (const { to } of explanation.intervals) expect(to <= at).toBe(true);
      }
    }
  });
});

describe("lists", () => {
  it("walk to the same rows whatever the order, and counters say what the lists hold", async () => {
    const whole = (await listed(olga, "/v1/tickets")).toSorted();
    expect(whole).toHaveLength(8);
    for (const sort of [
      "number",
      "-number",
      "subject",
      "nextDeadline",
      "-nextDeadline",
      "product",
      "-closedAt",
      "resolvedAt",
      "priority",
      "engineerId",
      "-registeredAt",
    ])
      expect((await listed(olga, `/v1/tickets?sort=${sort}`)).toSorted()).toEqual(whole);
    expect(await listed(olga, "/v1/tickets?sort=-number")).toEqual(whole.toReversed());
    for (const who of [olga, maria, await house.as("ivan"), await house.as("anna")]) {
      const { body } = await who.get("/v1/queues", wait());
      for (const { view, count } of body.counters.filter(({ view }: { view: string }) => view !== "intake")) {
        expect({ view, count: (await listed(who, `/v1/queues/${view}`)).length }).toEqual({ view, count });
        expect((await who.get(`/v1/queues/${view}?count=true`)).body.total).toBe(count);
      }
    }
  });

  it("filter by any of several values, by none, by ranges, and by words", async () => {
    expect(await listed(olga, "/v1/tickets?status=closed,result_confirmation")).toHaveLength(2);
    expect(await listed(olga, "/v1/tickets?product=Other&product=Nothing")).toHaveLength(4);
    expect(await listed(olga, "/v1/tickets?engineerId=none&status=assigned,registered,classified")).toHaveLength(
      (await listed(olga, "/v1/queues/unassigned")).length,
    );
    expect(await listed(olga, "/v1/tickets?engineerId=ivan,none")).toHaveLength(
      (await listed(olga, "/v1/tickets?engineerId=ivan")).length +
        (await listed(olga, "/v1/tickets?engineerId=none")).length,
    );
    expect(
      await listed(olga, "/v1/tickets?registeredAt.from=2024-04-22T06:00:02Z&registeredAt.to=2024-04-22T06:00:05Z"),
    ).toHaveLength(3);
    expect(await listed(olga, "/v1/tickets?closedAt=any")).toHaveLength(2);
    expect(await listed(olga, "/v1/tickets?q=NUMBER%207")).toEqual(["SC-000008", "SC-000007"]);
    expect(await listed(olga, "/v1/tickets?q=sc-000003")).toEqual(["SC-000003"]);
    expect(await listed(olga, "/v1/tickets?q=100%25")).toEqual([]);
    expect(await listed(olga, "/v1/tickets?underControl=true")).toEqual(["SC-000003"]);
  });

  it("show a specialist his own and his line's work", async () => {
    const ivan = await house.as("ivan");
    expect((await listed(ivan, "/v1/queues/mine")).length).toBeGreaterThan(0);
    const mine = (await ivan.get("/v1/queues/mine", wait())).body.items;
    for (const row of mine) expect(row).toMatchObject({ engineerId: "ivan" });
    expect(await listed(await house.as("elena"), "/v1/queues/my-line")).toEqual([]);
    expect((await listed(olga, "/v1/queues/my-line")).length).toBeGreaterThan(0);
  });

  it("tell how fresh they are, and wait for a position when told to", async () => {
    const answer = await olga.get("/v1/tickets", wait());
    expect(BigInt(answer.headers["docket-as-of-position"]!)).toBeGreaterThanOrEqual(BigInt(last));
    expect(answer.headers["docket-lag-ms"]).toBe("0");
    expect((await olga.get("/v1/tickets?wait=abc")).body.code).toBe("bad_format");
  });
});

it("a queue follows its groups' members at once, for whoever waits for the change", async () => {
  const elena = await house.as("elena");
  const counted = async (position: string): Promise<number> => {
    const { body } = await elena.get("/v1/queues", { headers: { "docket-wait-position": position } });
    return body.counters.find(({ view }: { view: string }) => view === "my-line").count;
  };
  const members = (add: string[], remove: string[]) =>
    house.send({ type: "ChangeGroupMembers", data: { groupId: "net", add, remove } });
  const before = await counted(last);
  for (let turns = 0; turns < 3; turns++) {
    expect(await counted(await members(["elena"], []))).toBeGreaterThan(before);
    expect(await counted(await members([], ["elena"]))).toBe(before);
  }
});

it("routing is suggested with its reason before anything is done", async () => {
  const { ticketId, position } = await registered(house, { subject: "VPN again" });
  const answer = await olga.get(`/v1/tickets/${ticketId}/routing?wait=${position}`);
  expect(answer.body).toMatchObject({
    groupId: "net",
    line: 2,
    rule: { ruleId: "vpn", rulesVersion: 1, because: expect.stringContaining("VPN") },
  });
});

it("judgements, the journal and the directory are read by those whom they concern", async () => {
  const judged = (await maria.get("/v1/sla/judgements?kind=reaction,resolution&sort=-judgedAt", wait())).body.items;
  expect(judged.map(({ kind }: { kind: string }) => kind)).toContain("resolution");
  const audit = await house.as("audit");
  const journal = (await audit.get(`/v1/journal?stream=ticket-${watched}&sort=position&limit=100`)).body.items;
  expect(journal[0]).toMatchObject({ type: "TicketRegistered", prevHash: null, streamKind: "ticket" });
  for (let i = 1; i < journal.length; i++) expect(journal[i].prevHash).toBe(journal[i - 1].hash);
  expect((await olga.get("/v1/contracts/c-1")).body).toMatchObject({
    name: "СЦ-2024/17",
    organizationId: "romashka",
    state: { supportKeys: ["KEY-0017-AA"] },
  });
  expect((await (await house.as("anna")).get("/v1/calendars")).body.items.map(({ id }: { id: string }) => id)).toEqual([
    "msk",
  ]);
});

it("a rating stands beside the closed ticket, once", async () => {
  const anna = await house.as("anna");
  expect((await anna.post(`/v1/tickets/${watched}/rating`, { score: 5, comment: "quick" })).body).toMatchObject({
    stream: `survey-${watched}`,
    events: [{ type: "TicketRated" }],
  });
  expect((await olga.post(`/v1/tickets/${watched}/rating`, { score: 1 })).body.code).toBe("forbidden");
  expect((await anna.post(`/v1/tickets/${watched}/rating`, { score: 9 })).body).toMatchObject({
    code: "out_of_range",
    field: "score",
  });
});

describe("the description", () => {
  it("names every address that is served, and serves every address that it names", async () => {
    const document = (await house.app.inject("/openapi.json")).json();
    expect(document.openapi).toBe("3.1.0");
    expect(document).toEqual(
      JSON.parse(JSON.stringify(openApiDocument(allRoutes, { version: "1.0.0", serverUrl: "http://127.0.0.1" }))),
    );
    for (const { method, path } of allRoutes) {
      expect(document.paths[path][method.toLowerCase()].operationId).toBeTruthy();
      expect(house.app.hasRoute({ method, url: path.replace(/\{(\w+)\}/g, ":$1") })).toBe(true);
    }
    const refs = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of refs) expect(document.components.schemas).toHaveProperty(name!);
    expect(JSON.stringify(document)).not.toContain("$defs");
  });

  it("is readable offline, under a policy that lets nothing in from elsewhere", async () => {
    const page = await house.app.inject("/docs/");
    expect(page.statusCode).toBe(200);
    const policy = String(page.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|unsafe-eval|script-src[^;]*unsafe-inline/);
    const assets = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    for (const asset of assets) {
      expect(asset).not.toMatch(/^https?:|^\/\//);
      const path = new URL(asset, "http://localhost/docs/").pathname;
      expect({ path, status: (await house.app.inject(path)).statusCode }).toEqual({ path, status: 200 });
    }
  });
});

it("every answer carries the headers that keep browsers safe; the first page and its files are there", async () => {
  for (const path of [
    "/",
    "/queues/mine",
    "/assets/none.js",
    "/api/v1/tickets",
    "/nothing",
    "/health/live",
    "/openapi.json",
  ]) {
    const { headers } = await house.app.inject(path);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
    });
    expect(String(headers["content-security-policy"])).toContain("frame-ancestors 'none'");
    expect(String(headers["content-security-policy"])).not.toContain("unsafe");
  }
  const page = await house.app.inject("/");
  expect(page.payload).toContain('<html lang="ru">');
  const metrics = (await house.app.inject("/metrics")).payload;
  expect(metrics).toContain("docket_http_request_seconds_bucket");
  for (const line of [
    "docket_postgres_reachable 1",
    /docket_read_models_age_seconds \d/,
    'docket_projection_parked_streams{projection="ticket"} 0',
    'docket_outbox_mails{status="failed"} 0',
    /docket_deadlines_due \d/,
  ])
    expect(metrics).toMatch(line);
});

it("metrics are for this machine and for administrators", async () => {
  const answer = async (from: string, headers: Record<string, string> = {}) =>
    (await house.app.inject({ url: "/metrics", remoteAddress: from, headers })).statusCode;
  const bearer = async (role: "admin" | "auditor") => ({
    authorization: `Bearer ${String((await house.token(role, ["read", "admin"])).token)}`,
  });
  for (const own of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) expect(await answer(own)).toBe(200);
  expect(await answer("127.0.0.1", { "x-forwarded-for": "203.0.113.5" })).toBe(401);
  for (const other of ["203.0.113.5", "10.0.0.8", "2001:db8::1"]) expect(await answer(other)).toBe(401);
  expect(await answer("203.0.113.5", await bearer("auditor"))).toBe(403);
  expect(await answer("203.0.113.5", await bearer("admin"))).toBe(200);
});

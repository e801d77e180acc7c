import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrowFacts, arrowRows } from "../../test/arrow.ts";
import { openHouse, type House } from "../../test/house.ts";
import { registered } from "../../test/tickets.ts";
import type { Session } from "../../test/session.ts";

/**
 * Monday 2024-04-22, Moscow hours 9 to 18 (6:00 to 15:00 UTC). High: reaction 30 min, resolution 4 h. One ticket waits for the
 * customer, one is in work, one is only assigned, one is registered at the end of the day.
 */
let house: House;
let maria: Session;
let last: string;
const tickets: Record<string, string> = {};
const act = async (login: string, ticketId: string, name: string, body: object = {}): Promise<void> => {
  const answer = await (await house.as(login)).post(`/v1/tickets/${ticketId}/commands/${name}`, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  last = answer.body.position;
};
const minutes = (n: number): void => house.clock.advanceBy(n * 60_000);
const ask = async (query: string, who = maria) =>
  (await who.get(`/v1/forecast?${query}`, { headers: { "docket-wait-position": last } })).body;

beforeAll(async () => {
  house = await openHouse();
  maria = await house.as("maria");
  for (const name of ["waits", "works", "fresh"]) {
    tickets[name] = (await registered(house, { subject: `VPN ${name}` })).ticketId;
    await act("olga", tickets[name], "classify", { type: "incident", priority: "high" });
    await act("olga", tickets[name], "assign", { groupId: "net", engineerId: name === "fresh" ? null : "ivan" });
  }
  minutes(10);
  await act("ivan", tickets["waits"]!, "accept");
  await act("ivan", tickets["works"]!, "accept");
  minutes(60);
  await act("ivan", tickets["waits"]!, "ask-customer", { question: "?" });
}, 60_000);
afterAll(() => house.close());

describe("a forecast", () => {
  it("tells the working time left on each open clock, its deadline, and what becomes of it by then", async () => {
    // 7:10 UTC: 70 minutes after the registration
    const { items, totals, at } = await ask("until=2024-04-22T12:00:00Z");
    expect(at).toBe("2024-04-22T07:10:00.000Z");
    const of = (name: string, kind: string) =>
      items.find((row: { ticketId: string; kind: string }) => row.ticketId === tickets[name] && row.kind === kind);
    // registered at 6:00, not accepted: 30 minutes were over at 6:30
    expect(of("fresh", "reaction")).toMatchObject({ verdict: "missed", remainingSeconds: 0, usedSeconds: 70 * 60 });
    expect(of("fresh", "ola")).toMatchObject({ verdict: "missed", clockLine: 2 });
    expect(of("works", "resolution")).toMatchObject({
      verdict: "will_miss",
      deadline: "2024-04-22T10:10:00.000Z",
      usedSeconds: 3_600,
      remainingSeconds: 3 * 3_600,
      target: "4h",
      engineerId: "ivan",
    });
    expect(of("waits", "resolution")).toMatchObject({
      verdict: "paused",
      pausedBecause: "customer",
      deadline: null,
      usedSeconds: 3_600,
      remainingSeconds: 3 * 3_600,
    });
    expect(items).toHaveLength(4);
    expect(totals).toEqual({ tickets: 3, clocks: 4, missed: 2, willMiss: 1, inTime: 0, paused: 1, never: 0 });
  });

  it("goes by the calendar: nights do not bring a deadline nearer", async () => {
    minutes(-0);
    const { items } = await ask("until=2024-04-22T10:09:59Z&kind=resolution");
    expect(items.map(({ verdict }: { verdict: string }) => verdict)).toEqual(["in_time", "paused"]);
  });

  it("groups and drills down to the same numbers", async () => {
    const { groups, totals } = await ask("until=2024-04-22T12:00:00Z&groupBy=line,groupId,engineerId,kind,priority");
    for (const [name, rows] of Object.entries(groups) as [
      string,
      { key: string | null; clocks: number; missed: number }[],
    ][]) {
      expect(rows.reduce((sum, { clocks }) => sum + clocks, 0)).toBe(totals.clocks);
      for (const { key, clocks, missed } of rows) {
        const filter = `${name}=${key ?? "none"}`;
        const inside = await ask(`until=2024-04-22T12:00:00Z&count=true&limit=1&${filter}`);
        expect({ filter, clocks: inside.total }).toEqual({ filter, clocks });
        expect((await ask(`until=2024-04-22T12:00:00Z&count=true&${filter}&verdict=missed`)).total).toBe(missed);
      }
    }
    expect(groups.engineerId.map(({ key }: { key: string | null }) => key).toSorted()).toEqual(["ivan", null]);
    expect(groups.line).toMatchObject([{ key: "2", tickets: 3, nextDeadline: "2024-04-22T10:10:00.000Z" }]);
  });

  it("of a past moment knows nothing of what came later, and is the one that was given then", async () => {
    const then = await ask("until=2024-04-22T12:00:00Z");
    const moment = house.clock.now().toISOString();
    minutes(30);
    await act("anna", tickets["waits"]!, "answer-customer", { answer: "!" });
    await act("ivan", tickets["works"]!, "resolve", { solution: "done" });
    const again = await ask(`until=2024-04-22T12:00:00Z&asOf=${moment}`);
    expect({ ...again, asOf: null, position: then.position }).toEqual(then);
    expect((await ask("until=2024-04-22T12:00:00Z")).items).toHaveLength(3);
  });

  it("comes page by page, and as CSV, JSON Lines and Arrow with the same rows", async () => {
    const all = await ask("until=2024-04-22T12:00:00Z");
    const walked: object[] = [];
    for (let page: string | null = ""; page !== null;) {
      const part: { items: object[]; nextPage: string | null } = await ask(
        `until=2024-04-22T12:00:00Z&limit=1${page === "" ? "" : `&page=${page}`}`,
      );
      walked.push(...part.items);
      page = part.nextPage;
    }
    expect(walked).toEqual(all.items);
    const csv = await maria.get("/v1/forecast?until=2024-04-22T12:00:00Z&format=csv");
    expect(csv.headers["content-type"]).toContain("text/csv");
    const lines = csv.raw.toString().trimEnd().split("\r\n");
    expect(lines[0]).toMatch(/^ticketId,number,subject,.*,verdict$/);
    expect(lines).toHaveLength(1 + all.items.length);
    const ndjson = await maria.get("/v1/forecast?until=2024-04-22T12:00:00Z", {
      headers: { accept: "application/x-ndjson" },
    });
    expect(
      ndjson.raw
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    ).toEqual(all.items);
    const byFormat = await maria.get("/v1/forecast?until=2024-04-22T12:00:00Z&format=arrow");
    const byAccept = await maria.get("/v1/forecast?until=2024-04-22T12:00:00Z", {
      headers: { accept: "application/vnd.apache.arrow.stream" },
    });
    for (const { raw, headers } of [byFormat, byAccept]) {
      expect(headers["content-type"]).toBe("application/vnd.apache.arrow.stream");
      expect(arrowRows(raw)).toEqual(all.items);
      expect(arrowFacts(raw)).toMatchObject({
        position: headers["docket-report-position"],
        asOf: headers["docket-as-of"],
      });
    }
  });

  it("kept as a file is of one moment and position: asked for with both, it is the same for ever", async () => {
    const path = "/v1/forecast?until=2024-04-22T12:00:00Z&format=csv";
    const then = await maria.get(path);
    const { "docket-as-of": asOf, "docket-report-position": position } = then.headers;
    await act("olga", tickets["fresh"]!, "classify", {
      type: "incident",
      priority: "low",
      reason: "it is not so bad",
    });
    const known = { headers: { "docket-wait-position": last } };
    expect((await maria.get(path, known)).body).not.toBe(then.body);
    expect((await maria.get(`${path}&asOf=${asOf}&atPosition=${position}`, known)).body).toBe(then.body);
  });

  it("without any open clock is an empty table, in every format", async () => {
    const path = "/v1/forecast?until=2024-04-22T12:00:00Z&organizationId=lopuh";
    const [csv, ndjson, arrow] = await Promise.all(
      ["csv", "ndjson", "arrow"].map((format) => maria.get(`${path}&format=${format}`)),
    );
    expect(csv?.body).toMatch(/^ticketId,[^\n]*\r\n$/);
    expect(ndjson?.body).toBe("");
    expect(arrowRows(arrow?.raw as Buffer)).toEqual([]);
  });

  it("refuses what lies behind, what has not come yet, an unknown grouping, another query's page, and who may not ask", async () => {
    const now = house.clock.now().toISOString();
    expect((await ask(`until=${now}`)).code).toBe("until_not_after");
    expect((await ask("until=2024-04-23T00:00:00Z&asOf=2024-04-22T23:00:00Z")).code).toBe("as_of_in_future");
    expect((await ask("asOf=2024-04-22T06:00:00Z")).code).toBe("required");
    expect((await ask("until=tomorrow")).status).toBe(422);
    expect((await ask("until=2024-04-23T00:00:00Z&groupBy=mood")).code).toBe("bad_format");
    const { nextPage } = await ask("until=2024-04-23T00:00:00Z&limit=1");
    expect((await ask(`until=2024-04-24T00:00:00Z&limit=1&page=${nextPage}`)).code).toBe("page_token_invalid");
    for (const login of ["anna", "olga", "ivan", "audit"])
      expect((await ask("until=2024-04-23T00:00:00Z", await house.as(login))).code).toBe("forbidden");
    expect((await ask("until=2024-04-23T00:00:00Z&asOf=2020-01-01T00:00:00Z")).totals).toMatchObject({ clocks: 0 });
  });
});

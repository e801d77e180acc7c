import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportNames, reports } from "@docket/api-contract";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";
import { storyteller, type Storyteller } from "../../test/story.ts";

/** One week of a small service centre: something of everything that reports count. */
const week = `
2024-05-13 10:00 olga registers A incident high "Router, \\ =X" for anna
2024-05-13 10:00 olga classifies A incident high
2024-05-13 10:05 olga assigns A to net ivan
2024-05-13 10:20 ivan accepts A
2024-05-13 11:20 ivan asks A
2024-05-13 12:20 anna answers A
2024-05-13 12:30 ivan hands A to l3 elena
2024-05-13 12:50 elena accepts A
2024-05-13 13:10 elena resolves A
2024-05-13 13:20 anna returns A
2024-05-13 13:40 elena resolves A
2024-05-13 14:00 anna confirms A
2024-05-13 15:00 olga registers B incident high "=cmd()" for anna
2024-05-13 15:00 olga classifies B incident high
2024-05-13 15:05 olga assigns B to net ivan
2024-05-13 15:45 ivan accepts B
2024-05-13 17:30 boris escalates B
2024-05-14 10:00 olga registers C incident low "=cmd()" for boris
2024-05-14 10:10 boris withdraws C
2024-05-14 11:00 olga registers D incident medium "Switch" for stranger
2024-05-14 11:05 olga classifies D incident medium
2024-05-14 11:10 olga assigns D to l1 olga
2024-05-14 11:15 olga accepts D
2024-05-14 11:30 olga resolves D
2024-05-15 09:30 olga registers E incident high "Switch" for anna
2024-05-15 12:00 olga classifies E incident high
`;
const period = "from=2024-05-13&to=2024-05-17";

let house: House;
let story: Storyteller;
let ana: Session;
let monday: { readonly position: string; readonly at: string };

beforeAll(async () => {
  house = await openHouse();
  story = storyteller(house);
  await story.tell(week);
  ana = await story.as("ana");
  monday = { position: story.position(), at: house.clock.now().toISOString() };
});
afterAll(() => house.close());

const get = async (path: string): Promise<any> => {
  const reply = await ana.get(path.startsWith("/api") ? path : `/v1/reports/${path}`, {
    headers: { "docket-wait-position": story.position() },
  });
  expect(reply.status, `${path}: ${JSON.stringify(reply.body)}`).toBe(200);
  return reply.body;
};

describe("the list behind a number", () => {
  test.each(reportNames)("%s: every number opens as many tickets as it says", async (name) => {
    const { dimensions, measures } = reports[name];
    const pairs = dimensions.map((dimension, index) => [dimension, dimensions[(index * 7 + 3) % dimensions.length]]);
    let opened = 0;
    for (const [index, pair] of pairs.entries()) {
      // each dimension with another one, and each measure in its turn
      const groupBy = [...new Set(pair)].filter((one) => name !== "flow" || !isTime(one ?? "") || one === pair[0]);
      const answer = await get(`${name}?${period}&measures=all&groupBy=${groupBy.join(",")}`);
      const measure = measures[index % measures.length] as string;
      for (const row of answer.rows.slice(0, 4)) {
        const list = await get(`${row.tickets}&measure=${measure}&limit=500`);
        expect(list.items.length).toBe(list.count);
        if (isCount(measure)) expect(list.count, `${row.tickets} ${measure}`).toBe(row.values[measure]);
        opened++;
      }
    }
    expect(opened).toBeGreaterThan(5);
    const whole = await get(`${name}?${period}&measures=all&groupBy=none`);
    for (const measure of measures.filter(isCount)) {
      const list = await get(`${whole.total.tickets}&measure=${measure}`);
      expect(list.count, measure).toBe(whole.total.values[measure]);
    }
  });

  test("pages hold it together, of the moment of the first page, and a token fits no other question", async () => {
    const path = `tickets/tickets?${period}&limit=2`;
    const first = await get(path);
    expect(first.count).toBe(5);
    const second = await get(`${path}&page=${first.nextPage}`);
    const third = await get(`${path}&page=${second.nextPage}`);
    expect(third.nextPage).toBeNull();
    const numbers = [first, second, third].flatMap(({ items }) =>
      items.map(({ number }: { number: string }) => number),
    );
    expect(new Set(numbers).size).toBe(5);
    expect(second.position).toBe(first.position);
    for (const other of [`sla/tickets?${period}&limit=2`, `tickets/tickets?${period}&limit=2&priority=high`]) {
      const reply = await ana.get(`/v1/reports/${other}&page=${first.nextPage}`);
      expect([reply.status, reply.body.code]).toEqual([400, "page_token_invalid"]);
    }
  });
});

const isTime = (name: string): boolean => /^(day|week|month|quarter|year|working)/.test(name);
const isCount = (name: string): boolean =>
  !/Rate|Share|Compliance|Mean|Median|P9|Max|PerTicket|Total|escalations|handOvers/.test(name);

describe("tickets that come to the same place several times", () => {
  test.each([
    ["states", "status", "status=in_work"],
    ["lines", "line", "line=2"],
    ["pauses", "reason", "reason=customer"],
  ] as const)(
    "%s: each is counted once in its group and once in the whole, as of any moment",
    async (name, by, one) => {
      let several = 0;
      for (const at of [
        "2024-05-13T10:00:00+03:00",
        "2024-05-13T12:25:00+03:00",
        "2024-05-13T13:30:00+03:00",
        monday.at,
      ])
        for (const groupBy of [
          by,
          `${by},organization`,
          "organization",
          "none",
          `${by}&${one}`,
          `organization&${one}`,
        ]) {
          const question = `${name}?${period}&asOf=${encodeURIComponent(at)}&measures=tickets,wallPerTicket&groupBy=${groupBy}`;
          const { rows, total } = await get(question);
          for (const row of [...rows, total]) {
            const { items, count } = await get(`${row.tickets}&measure=tickets&limit=500`);
            const tickets = new Set(items.map(({ ticketId }: { ticketId: string }) => ticketId));
            expect({ question, keys: row.keys, tickets: row.values.tickets }).toEqual({
              question,
              keys: row.keys,
              tickets: tickets.size,
            });
            expect(count).toBe(tickets.size);
            several += tickets.size > 1 ? 1 : 0;
          }
        }
      if (name !== "pauses") expect(several).toBeGreaterThan(10);
    },
  );
});

describe("formats", () => {
  test("CSV by RFC 4180, with a header, and nothing that a spreadsheet would take for a formula", async () => {
    const csv = String(await get(`tickets?${period}&groupBy=product,organization&measures=tickets&format=csv`));
    expect(csv.split("\r\n")[0]).toBe("product,organization,organizationName,tickets,position");
    expect(csv).toContain(`"Router, \\ =X",romashka,ООО «Ромашка»,1,`);
    expect(csv).toContain(`'=cmd(),romashka,ООО «Ромашка»,2,`);
    expect(csv.endsWith("\r\n")).toBe(true);
    const byAccept = await ana.get(`/v1/reports/tickets?${period}&groupBy=none&measures=tickets`, {
      headers: { accept: "text/csv" },
    });
    expect(byAccept.headers["content-type"]).toContain("text/csv");
  });

  test("Arrow says what JSON says", async () => {
    const path = `times?${period}&groupBy=priority&measures=all`;
    const json = await get(path);
    const reply = await ana.get(`/v1/reports/${path}&format=arrow&asOf=${json.asOf}&atPosition=${json.position}`);
    expect(reply.headers["content-type"]).toBe("application/vnd.apache.arrow.stream");
    const table = tableFromIPC(reply.raw);
    expect(table.numRows).toBe(json.rows.length);
    expect(table.toArray().map((row) => row.toJSON())).toEqual(
      json.rows.map((row: { keys: object; values: object; position: string }) => ({
        ...row.keys,
        ...row.values,
        position: row.position,
      })),
    );
    expect(table.schema.metadata.get("position")).toBe(json.position);
  });

  test("JSON Lines say what JSON says, by format= and by Accept", async () => {
    const path = `times?${period}&groupBy=priority&measures=all`;
    const json = await get(path);
    const pinned = `/v1/reports/${path}&asOf=${json.asOf}&atPosition=${json.position}`;
    const replies = [
      await ana.get(`${pinned}&format=ndjson`),
      await ana.get(pinned, { headers: { accept: "application/x-ndjson" } }),
    ];
    for (const { headers, raw } of replies) {
      expect(headers["content-type"]).toContain("application/x-ndjson");
      const lines = raw.toString().trimEnd().split("\n");
      expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
        json.rows.map((row: { keys: object; values: object; position: string }) => ({
          ...row.keys,
          ...row.values,
          position: row.position,
        })),
      );
    }
  });

  test.each(["csv", "ndjson", "json", "arrow"])("an extract of tickets as %s holds all of them", async (format) => {
    // the log goes on by itself: both are asked at one position
    const list = await get(`tickets/tickets?${period}`);
    const reply = await ana.get(
      `/v1/reports/rows?${period}&format=${format}&asOf=${list.asOf}&atPosition=${list.position}`,
    );
    expect(reply.status).toBe(200);
    const text = reply.raw.toString();
    const numbers = list.items.map(({ number }: { number: string }) => number);
    if (format === "json") expect(JSON.parse(text)).toEqual(list.items);
    else if (format === "ndjson")
      expect(
        text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line)),
      ).toEqual(list.items);
    else if (format === "csv") {
      const lines = text.trim().split("\r\n");
      expect(lines.length).toBe(numbers.length + 1);
      expect(lines[0]).toContain("ticketId,number,organization");
    } else {
      const table = tableFromIPC(reply.raw);
      expect([...(table.getChild("number") ?? [])]).toEqual(numbers);
      expect(Number(table.getChild("registeredAt")?.get(0))).toBe(Date.parse(list.items[0].registeredAt));
    }
    expect(reply.headers["docket-report-position"]).toBe(list.position);
  });
});

describe("what cannot be answered is told so", () => {
  test.each([
    ["nothing", 404, "report_not_found", undefined],
    ["sla?measures=tickets,luck", 422, "unknown_measure", "measures"],
    ["sla?groupBy=moon", 422, "unknown_dimension", "groupBy"],
    ["sla?groupBy=age", 422, "unknown_dimension", "groupBy"],
    ["sla?reason=customer", 422, "unknown_dimension", "reason"],
    ["sla?groupBy=type,line,group,product", 422, "too_many_dimensions", "groupBy"],
    ["sla?from=2024-05-14&to=2024-05-13", 422, "period_reversed", "to"],
    ["sla?from=2010-01-01&to=2024-01-01", 422, "period_too_long", "to"],
    ["rows?from=2010-01-01&to=2024-01-01", 422, "period_too_long", "to"],
    ["sla/tickets?from=2010-01-01&to=2024-01-01", 422, "period_too_long", "to"],
    ["sla?asOf=2094-01-01T00:00:00Z", 422, "as_of_in_future", "asOf"],
    ["rows?asOf=2094-01-01T00:00:00Z", 422, "as_of_in_future", "asOf"],
    ["sla/tickets?asOf=2094-01-01T00:00:00Z", 422, "as_of_in_future", "asOf"],
    ["sla?atPosition=999999999999", 422, "position_in_future", "atPosition"],
    ["rows?atPosition=999999999999", 422, "position_in_future", "atPosition"],
    ["sla?zone=Moon/Base", 422, "zone_unknown", "zone"],
    ["sla?groupBy=workingDay&calendar=moon", 422, "unknown_calendar", "calendar"],
    ["sla?colour=red", 422, "unknown_field", "colour"],
    ["rows?groupBy=type", 422, "unknown_field", "groupBy"],
    ["sla?from=yesterday", 422, undefined, "from"],
    ["flow?groupBy=day,month", 422, "not_allowed", "groupBy"],
    ["flow?by=closed", 422, "not_allowed", "by"],
    ["sla/corrections?fromPosition=999999999999", 422, "position_in_future", "fromPosition"],
    ["sla/tickets?measure=luck", 422, "unknown_measure", "measure"],
    ["sla/tickets?page=abc", 400, "page_token_invalid", undefined],
  ])("%s", async (path, status, code, field) => {
    const reply = await ana.get(`/v1/reports/${path}`);
    expect(reply.status, JSON.stringify(reply.body)).toBe(status);
    if (code !== undefined) expect(reply.body.code).toBe(code);
    if (field !== undefined) expect(reply.body.field).toBe(field);
    expect(reply.body.title).not.toMatch(/\{/);
  });

  test("ten years to the day are answered", async () => {
    const { total } = await get("sla?from=2014-08-01&to=2024-08-01&groupBy=month&measures=tickets");
    expect(total.values.tickets).toBe(5);
  });

  test("of too many groups the greatest are shown, and how many were left out", async () => {
    const all = await get(`tickets?${period}&groupBy=product&measures=tickets`);
    const some = await get(`tickets?${period}&groupBy=product&measures=tickets&limit=1`);
    expect(all.leftOut).toBeNull();
    expect(some.rows).toHaveLength(1);
    expect(some.rows[0].values.tickets).toBe(2);
    expect(some.leftOut).toEqual({ because: "too_many_groups", groups: all.rows.length - 1, shown: 1 });
    expect(some.total.values).toEqual(all.total.values);
  });

  test.each(reportNames)(
    "%s: the whole is the same however it is grouped, and however few groups are shown",
    async (name) => {
      const whole = (await get(`${name}?${period}&measures=all&groupBy=none`)).total;
      for (const dimension of reports[name].dimensions.filter((_, index) => index % 6 === 1)) {
        const path = `${name}?${period}&measures=all&groupBy=${dimension}`;
        const [all, one] = [await get(path), await get(`${path}&limit=1`)];
        expect(all.leftOut, dimension).toBeNull();
        expect(all.total.values, dimension).toEqual(whole.values);
        expect(all.total.position, dimension).toBe(whole.position);
        expect(one.total.values, dimension).toEqual(whole.values);
        if (name !== "flow") expect((one.leftOut?.groups ?? 0) + one.rows.length, dimension).toBe(all.rows.length);
      }
    },
  );

  test("reports are for analysts and service managers", async () => {
    for (const [who, status] of [
      ["ana", 200],
      ["maria", 200],
      ["olga", 403],
      ["anna", 403],
    ] as const)
      for (const path of ["", "/sla", "/rows", "/sla/tickets", "/sla/corrections?fromPosition=1"])
        expect((await (await story.as(who)).get(`/v1/reports${path}`)).status, `${who} ${path}`).toBe(status);
  });
});

describe("the same question about the same past", () => {
  test("has the same numbers for ever, whatever is entered, reclassified and imported later", async () => {
    const questions = reportNames.map((name) => `${name}?${period}&measures=all&limit=500`);
    const pinned = `&asOf=${monday.at}&atPosition=${monday.position}`;
    const before = new Map<string, unknown>();
    for (const question of questions) before.set(question, (await get(question + pinned)).rows);
    const { position: earlier } = monday;
    await story.tell(`
2024-05-20 09:30 olga registers F incident medium "Late" for anna, happened 2024-05-14 16:00
2024-05-20 09:40 olga reclassifies E incident low
2024-05-20 10:00 elena accepts B
2024-05-20 10:10 elena resolves B`);
    ana = await story.as("ana");
    for (const question of questions)
      expect(removed((await get(question + pinned)).rows), question).toEqual(removed(before.get(question)));

    const now = await get(`sla?${period}&groupBy=none`);
    expect(now.total.values.tickets).toBe(6);

    const found = await get(
      `tickets/corrections?${period}&groupBy=priority&measures=tickets,resolved&fromPosition=${earlier}`,
    );
    const byPriority = new Map(found.rows.map((row: any) => [row.keys.priority, row]));
    expect(byPriority.get("high")).toMatchObject({ before: { tickets: 3 }, after: { tickets: 2 } });
    expect(byPriority.get("medium")).toMatchObject({ before: { tickets: 1 }, after: { tickets: 2 } });
    expect(byPriority.get("low")).toMatchObject({ before: { tickets: 1 }, after: { tickets: 2 } });
    const late = found.changes.find((one: any) => one.kind === "entered");
    expect(late.facts[0]).toMatchObject({ type: "TicketRegistered", late: true, imported: false });
    const reclassified = found.changes.find((one: any) => one.ticketId === story.tickets.get("E"));
    expect(reclassified).toMatchObject({ kind: "changed", before: { priority: "high" }, after: { priority: "low" } });
    const solved = found.changes.find((one: any) => one.ticketId === story.tickets.get("B"));
    expect(solved.facts.every((fact: any) => !fact.late)).toBe(true);

    // both numbers: what it was at the earlier position, and what it is
    for (const [position, tickets] of [
      [earlier, 5],
      [found.toPosition, 6],
    ])
      expect((await get(`sla?${period}&groupBy=none&atPosition=${position}`)).total.values.tickets).toBe(tickets);
  });
});

/** Rows without the addresses of their lists, which are compared by their numbers. */
const removed = (rows: unknown): unknown => (rows as { tickets: string }[]).map(({ tickets: _tickets, ...row }) => row);

import { readFile } from "node:fs/promises";
import { openRebuild } from "@docket/projection-engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ReadSide, startReadSide } from "../test/read-side.ts";
import { busyLog } from "./busy-log.ts";
import { readModels } from "./read-models.ts";

const events = [...busyLog({ events: 3_000, open: 120, seed: 11 })];
let side: ReadSide;
beforeAll(async () => {
  side = await startReadSide([1, 7, 300, 45]);
  await side.feed(events);
});
afterAll(() => side.stop());

type Row = Record<string, unknown>;
const query = async (text: string, values: unknown[] = []): Promise<Row[]> =>
  (await side.database.pool.query<Row>(text, values)).rows;
const of = (type: string): number => events.filter((event) => event.type === type).length;

test("nothing of a busy log is parked, and the counts are those of the log", async () => {
  expect(side.parked()).toBe(0);
  expect((await query("select count(*)::int as n from read.journal"))[0]).toEqual({ n: events.length });
  expect((await query("select count(*)::int as n from read.ticket"))[0]).toEqual({ n: of("TicketRegistered") });
  expect((await query("select count(*)::int as n from read.contact"))[0]).toEqual({ n: of("ContactReceived") });
  const closed = of("TicketConfirmed") + of("TicketAutoClosed");
  expect((await query("select count(*)::int as n from read.queue"))[0]).toEqual({ n: of("TicketRegistered") - closed });
  const ticketEvents = events.filter((event) => event.stream.startsWith("ticket-")).length;
  expect((await query("select count(*)::int as n from read.ticket_history"))[0]).toEqual({ n: ticketEvents });
});

test("every view has the columns that packages/postgres/src/read-models.ts promises, of fitting types", async () => {
  const source = await readFile(new URL("../../../packages/postgres/src/read-models.ts", import.meta.url), "utf8");
  const interfaces = new Map<string, { readonly base: string | undefined; readonly fields: [string, string][] }>();
  for (const [, name = "", base, body = ""] of source.matchAll(/interface (\w+)(?: extends (\w+))? \{([^}]*)\}/g))
    interfaces.set(name, {
      base,
      fields: [...body.matchAll(/^\s+"?([\w.]+)"?: (.+);$/gm)].map(([, field = "", type = ""]) => [field, type]),
    });
  for (const [, name = "", base] of source.matchAll(/type (\w+) = (\w+);/g)) interfaces.set(name, { base, fields: [] });
  const fieldsOf = (name: string): [string, string][] => {
    const found = interfaces.get(name);
    return found ? [...(found.base ? fieldsOf(found.base) : []), ...found.fields] : [];
  };
  const fits = (type: string, sqlType: string): boolean => {
    if (type.startsWith("Instant")) return sqlType === "timestamp with time zone";
    if (type.startsWith("Int8")) return sqlType === "bigint";
    if (type.startsWith("Json")) return sqlType === "json" || sqlType === "jsonb";
    if (type === "string[]") return sqlType === "ARRAY";
    if (type.startsWith("number")) return sqlType === "integer" || sqlType === "smallint";
    if (type.startsWith("boolean")) return sqlType === "boolean";
    return sqlType === "text" || sqlType === "uuid";
  };
  const views = fieldsOf("ReadModels");
  expect(views.length).toBeGreaterThan(10);
  for (const [view, table] of views) {
    const rows = await query(
      "select column_name, data_type from information_schema.columns where table_schema = 'read' and table_name = $1",
      [view.slice(5)],
    );
    const columns = new Map(rows.map((row) => [row["column_name"], String(row["data_type"])]));
    for (const [field, type] of fieldsOf(table))
      expect(fits(type, columns.get(field) ?? "missing"), `${view}.${field}: ${type} is ${columns.get(field)}`).toBe(
        true,
      );
  }
});

test("the journal gives every event back as it was", async () => {
  const rows = await query("select * from read.journal order by position");
  for (const [index, event] of events.entries()) {
    const row = rows[index] ?? {};
    expect(row["data_text"]).toBe(event.dataText);
    expect(row["data"]).toEqual(event.data);
    expect(row["meta"]).toEqual(event.meta);
    expect([row["stream"], row["revision"], row["type"], row["event_id"], row["hash"], row["prev_hash"]]).toEqual([
      event.stream,
      event.revision,
      event.type,
      event.eventId,
      event.stored.hash,
      event.stored.prevHash,
    ]);
  }
});

test("a ticket as of any moment is the ticket as its first events make it", async () => {
  const streams = [...new Set(events.map(({ stream }) => stream))].filter((stream) => stream.startsWith("ticket-"));
  for (const stream of streams.filter((_, index) => index % 9 === 0)) {
    const mine = events.filter((event) => event.stream === stream);
    const id = stream.slice("ticket-".length);
    for (const [index, event] of mine.entries()) {
      const until = mine[index + 1];
      const moments = [
        Date.parse(event.meta.recordedAt),
        ...(until ? [Date.parse(until.meta.recordedAt) - 1] : [Date.parse("2030-01-01T00:00:00Z")]),
      ];
      for (const moment of moments) {
        const rows = await query(
          "select * from read.ticket_history where ticket_id = $1 and valid_from <= $2 and valid_to > $2",
          [id, new Date(moment)],
        );
        expect(rows.map((row) => row["revision"])).toEqual([event.revision]);
        expect(String(rows[0]?.["position"])).toBe(String(event.position.commit));
      }
    }
    const before = new Date(Date.parse(mine[0]?.meta.recordedAt ?? "") - 1);
    expect(
      await query("select 1 from read.ticket_history where ticket_id = $1 and valid_from <= $2 and valid_to > $2", [
        id,
        before,
      ]),
    ).toEqual([]);
  }
});

test("the queue as of any moment is what was open then, in the version that held then", async () => {
  const first = Date.parse(events[0]?.meta.recordedAt ?? "");
  const last = Date.parse(events.at(-1)?.meta.recordedAt ?? "");
  for (let n = 0; n <= 20; n++) {
    const moment = first + Math.floor(((last - first) * n) / 20);
    const known = new Map<string, number>();
    for (const event of events) {
      if (!event.stream.startsWith("ticket-") || Date.parse(event.meta.recordedAt) > moment) continue;
      if (event.type === "TicketConfirmed" || event.type === "TicketAutoClosed") known.delete(event.stream);
      else known.set(event.stream, event.revision);
    }
    const expected = [...known].map(([stream, revision]) => `${stream.slice(7)}/${revision}`).toSorted();
    for (const source of [
      "read.queue_at($1)",
      "(select * from read.queue_history where valid_from <= $1 and valid_to > $1)",
    ]) {
      const rows = await query(`select ticket_id, revision from ${source} as q`, [new Date(moment)]);
      expect(rows.map((row) => `${String(row["ticket_id"])}/${String(row["revision"])}`).toSorted(), source).toEqual(
        expected,
      );
    }
  }
});

test("what a page of a ticket shows: fixed texts, what changed, files, links", async () => {
  const stream =
    events.find(({ type, data }) => type === "TicketRegistered" && (data["attachments"] as unknown[]).length > 0)
      ?.stream ?? "";
  const [row] = await query("select * from read.ticket where ticket_id = $1", [stream.slice(7)]);
  const details = row?.["details"] as Record<string, unknown>;
  expect(details["description"]).toContain("нет связи с филиалом");
  expect(details["attachments"]).toMatchObject([{ name: "журнал.txt" }]);
  expect(details["links"]).toEqual([]);
});

test("open deadlines are those of the clocks that tick and of the wait for confirmation, and none of closed tickets", async () => {
  const rows = await query(`select d.owner, q.status, array_agg(d.kind order by d.kind) as kinds
    from read.deadline d left join read.ticket q on q.ticket_id = d.owner::uuid group by 1, 2`);
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    expect(row["status"]).not.toBe("closed");
    const waits = (row["kinds"] as string[]).includes("auto_close");
    expect(waits).toBe(row["status"] === "result_confirmation");
  }
  const queue = await query("select ticket_id, next_deadline from read.queue where next_deadline is not null");
  for (const row of queue) {
    const [due] = await query("select min(due_at) as due from read.deadline where owner = $1 and kind = 'miss'", [
      row["ticket_id"],
    ]);
    expect(row["next_deadline"]).toEqual(due?.["due"]);
  }
});

test("a clock's stretches follow each other without gap, in the world and in knowledge; each end is judged once", async () => {
  const broken = await query(`select * from (
      select *, lead(from_at) over w as next_from, lead(valid_from) over w as next_valid, lead(seq) over w as next_seq
      from read.clock window w as (partition by ticket_id, kind, line, cycle order by seq)) s
    where (next_seq is not null and (next_from <> to_at or next_valid <> valid_to or next_seq <> seq + 1))
      or (next_seq is null and (to_at <> 'infinity' or valid_to <> 'infinity'))`);
  expect(broken).toEqual([]);
  const [judged] = await query(
    `select count(*)::int as n, count(distinct (ticket_id, kind, line, cycle))::int as clocks from read.judgement`,
  );
  const [ended] = await query(
    `select count(distinct (ticket_id, kind, line, cycle))::int as n from read.clock where state in ('met', 'missed', 'cancelled')`,
  );
  expect(judged?.["n"]).toBe(ended?.["n"]);
  expect(judged?.["clocks"]).toBe(judged?.["n"]);
});

test("a rebuild from the journal gives the same tables, byte for byte, and readers go on", async () => {
  process.env["EVENTSTORE_URL"] = "esdb://127.0.0.1:9?tls=false";
  process.env["DATABASE_URL"] = side.database.url;
  const program = new URL("./program.ts", import.meta.url).href;
  const rebuild = await openRebuild({ url: side.database.url, projections: readModels, program, threadsFrom: 0 });
  await rebuild.prepare([]);
  await rebuild.run();
  expect(await rebuild.compare()).toBe(true);
  await rebuild.switchOver();
  await rebuild.close();
  expect((await query("select count(*)::int as n from read.ticket"))[0]).toEqual({ n: of("TicketRegistered") });
  const more = [...busyLog({ events: 3_200, open: 120, seed: 11 })].slice(3_000);
  await side.feed(more);
  expect(side.parked()).toBe(0);
  const again = await openRebuild({ url: side.database.url, projections: readModels });
  await again.prepare(["ticket", "sla"]);
  await again.run();
  expect(await again.compare()).toBe(true);
  await again.abort();
  await again.close();
});

import { get } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";
import { registered } from "../../test/tickets.ts";

interface Entry {
  readonly position: string;
  readonly stream: string;
  readonly number: string | null;
  readonly revision: number;
  readonly type: string;
  readonly eventId: string;
  readonly actorId: string;
  readonly recordedAt: string;
  readonly correlationId: string;
  readonly changed: readonly string[];
  readonly data: Record<string, unknown>;
  readonly hash: string;
}

let house: House;
let auditor: Session;
const tickets: { ticketId: string; number: string }[] = [];
let last = "";

beforeAll(async () => {
  house = await openHouse();
  auditor = await house.as("audit");
  const olga = await house.as("olga");
  for (let n = 0; n < 4; n++) {
    const ticket = await registered(house, { subject: `=SUM(A1) "${n}"` });
    tickets.push(ticket);
    for (const priority of n % 2 === 0 ? ["high", "low"] : ["high"]) {
      house.clock.advanceBy(60_000);
      const answer = await olga.post(`/v1/tickets/${ticket.ticketId}/commands/classify`, {
        type: "incident",
        priority,
        reason: "seen",
      });
      last = answer.body.position;
    }
  }
});
afterAll(() => house.close());

async function search(query: string): Promise<Entry[]> {
  const answer = await auditor.get(`/v1/journal?${query}`, { headers: { "docket-wait-position": last } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.items as Entry[];
}
const first = (): { ticketId: string; number: string } => tickets[0] as { ticketId: string; number: string };

describe("GET /journal", () => {
  it("finds by ticket, number, actor, role, type, time, correlation and channel", async () => {
    const { ticketId, number } = first();
    const ofTicket = await search(`ticket=${number}&sort=position`);
    expect(ofTicket.map(({ type }) => type)).toEqual(["TicketRegistered", "TicketClassified", "TicketClassified"]);
    expect(ofTicket.every((entry) => entry.stream === `ticket-${ticketId}` && entry.number === number)).toBe(true);
    expect((await search(`q=${number.slice(-6)}`)).map(({ stream }) => stream)).toContain(`ticket-${ticketId}`);
    expect(await search("actorId=olga&type=TicketClassified&limit=100")).toHaveLength(6);
    expect(await search("actorRole=operator&channel=console&streamKind=ticket")).toHaveLength(6);
    const [registration, classification] = ofTicket as [Entry, Entry];
    expect((await search(`correlationId=${classification.correlationId}`)).map(({ eventId }) => eventId)).toContain(
      classification.eventId,
    );
    const within = await search(
      `ticket=${number}&recordedAt.from=${registration.recordedAt}&recordedAt.to=${classification.recordedAt}`,
    );
    expect(within.map(({ type }) => type)).toEqual(["TicketRegistered"]);
    expect(await search(`eventId=${registration.eventId}`)).toHaveLength(1);
  });

  it("finds by the field that a fact changed: its value after is another than before", async () => {
    const changed = await search("changed=priority&sort=position");
    expect(changed.map(({ number, revision, data }) => [number, revision, data["priority"]])).toEqual([
      [tickets[0]?.number, 2, "low"],
      [tickets[2]?.number, 2, "low"],
    ]);
    expect(changed[0]?.changed).toEqual(expect.arrayContaining(["priority", "reactionDeadline"]));
    // classified again as what it was: a fact, but no change of the priority
    expect((await search("changed=classified,closedAt&limit=100")).map(({ revision }) => revision)).toEqual([
      1, 1, 1, 1,
    ]);
    expect(await search("changed=closedAt")).toEqual([]);
    expect((await auditor.get("/v1/journal?changed=colour")).body).toMatchObject({ code: "not_allowed" });
  });

  it("gives every fact once over pages of any size, and refuses another query's page", async () => {
    const whole = await search("limit=500");
    const walked: Entry[] = [];
    let page = "";
    do {
      const answer = await auditor.get(`/v1/journal?limit=7${page}`);
      walked.push(...answer.body.items);
      page = answer.body.nextPage === null ? "" : `&page=${encodeURIComponent(answer.body.nextPage)}`;
      if (page !== "")
        expect((await auditor.get(`/v1/journal?limit=7&actorId=olga${page}`)).body.code).toBe("page_token_invalid");
    } while (page !== "");
    expect(walked).toEqual(whole);
  });

  it("exports as CSV and as JSON lines exactly what the pages show, by parameter or by Accept", async () => {
    const whole = await search("streamKind=ticket&limit=500&sort=position");
    const lines = (await auditor.get("/v1/journal?streamKind=ticket&format=jsonl")).raw.toString().trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(whole);
    const csv = await auditor.get("/v1/journal?streamKind=ticket", { headers: { accept: "text/csv" } });
    expect(csv.headers["content-type"]).toContain("text/csv");
    const rows = csvRows(csv.raw.toString());
    expect(rows[0]?.slice(0, 5)).toEqual(["position", "stream", "number", "revision", "type"]);
    expect(rows.slice(1).map((cells) => [cells[0], cells[4], JSON.parse(cells.at(-1) ?? "")])).toEqual(
      whole.map(({ position, type, data }) => [position, type, data]),
    );
    expect((await (await house.as("olga")).get("/v1/journal?format=csv")).status).toBe(403);
  });
});

describe("an export of 300,000 facts", () => {
  const count = 300_000;

  it("streams at constant memory, and stops when its reader goes away", { timeout: 170_000 }, async () => {
    const { pool } = house.database;
    const { rows } = await pool.query("select schema_name from engine.projections where name = 'journal'");
    const table = `${rows[0].schema_name}.event`;
    const names = (
      await pool.query(
        "select column_name from information_schema.columns where table_schema = $1 and table_name = 'event' order by ordinal_position",
        [rows[0].schema_name],
      )
    ).rows.map(({ column_name }) => column_name as string);
    const values = names.map((name) =>
      name === "position" || name === "prepare_position"
        ? `e.${name} - 2000000000 + n * 64`
        : name === "stream"
          ? "'contact-' || n"
          : name === "stream_kind"
            ? "'contact'"
            : `e.${name}`,
    );
    await pool.query(
      `insert into ${table} (${names.join(", ")}) select ${values.join(", ")}
       from (select * from ${table} where type = 'TicketNumbersReserved' order by position limit 1) e, generate_series(1, ${count}) n`,
    );
    const authorization = `Bearer ${(await house.token("auditor", ["read", "audit"])).token}`;
    const open = (): Promise<import("node:http").IncomingMessage> =>
      new Promise((resolve, reject) => {
        get(`${house.url}/api/v1/journal?format=jsonl&streamKind=contact`, { headers: { authorization } }, resolve).on(
          "error",
          reject,
        );
      });
    const response = await open();
    expect(response.statusCode).toBe(200);
    let [bytes, lines, checkedAt] = [0, 0, 0];
    const start = held();
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      for (const byte of chunk) if (byte === 10) lines++;
      if (bytes - checkedAt < 20_000_000) continue;
      checkedAt = bytes;
      // both ends are in this process: what is on its way is counted, too
      expect(held() - start).toBeLessThan(32_000_000);
    }
    expect(lines).toBeGreaterThan(count);
    expect(bytes).toBeGreaterThan(150_000_000);

    const cursors = async (): Promise<number> =>
      Number(
        (
          await pool.query(
            "select count(*) as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
          )
        ).rows[0].n,
      );
    const left = await open();
    await new Promise((resolve) => left.once("data", resolve));
    // Somebody who stops reading: the export waits for him, its cursor open.
    left.pause();
    await expect.poll(cursors).toBe(1);
    left.destroy();
    await expect.poll(cursors).toBe(0);
  });
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that are in use, and not merely not yet collected. */
function held(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** RFC 4180, for what our own writer may write. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gu)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end !== ",") rows.push([]);
  }
  return rows.slice(0, -1);
}

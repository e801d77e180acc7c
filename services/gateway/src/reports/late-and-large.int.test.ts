import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportNames } from "@docket/api-contract";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";
import { storyteller, type Storyteller } from "../../test/story.ts";

const folder = mkdtempSync(join(tmpdir(), "docket-reports-"));
let house: House;
let story: Storyteller;
let ana: Session;

beforeAll(async () => {
  house = await openHouse({ settings: { DOCKET_DATA: folder } });
  story = storyteller(house);
  await story.tell(`
2024-04-22 10:00 olga registers A incident high "Router" for anna
2024-04-22 10:00 olga classifies A incident high
2024-04-22 10:05 olga assigns A to net ivan
2024-04-22 10:20 ivan accepts A
2024-04-22 11:20 ivan resolves A
2024-04-22 11:30 anna confirms A
2024-04-22 12:00 olga registers B incident low "Switch" for boris`);
  ana = await story.as("ana");
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (path: string) => {
  const reply = await ana.get(`/v1/reports/${path}`);
  expect(reply.status, `${path}: ${JSON.stringify(reply.body)}`).toBe(200);
  return reply.body;
};

describe("an import that comes after a report", () => {
  const period = "from=2024-03-01&to=2024-05-01";
  const samples = new URL("../../../../packages/import/mappings/", import.meta.url);

  async function importSample(): Promise<void> {
    const boss = await house.as("boss");
    const part = (name: string, file: string): Buffer[] => [
      Buffer.from(`--cut\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n\r\n`),
      readFileSync(new URL(file, samples)),
      Buffer.from("\r\n"),
    ];
    const sent = await boss.post("/v1/admin/imports", undefined, {
      raw: Buffer.concat([
        ...part("mapping", "state-changes.yaml"),
        ...part("data", "samples/state-changes.csv"),
        Buffer.from("--cut--\r\n"),
      ]),
      headers: { "content-type": "multipart/form-data; boundary=cut" },
    });
    expect(sent.status, JSON.stringify(sent.body)).toBe(202);
    const job = async (): Promise<string> =>
      (await boss.get(`/v1/admin/imports/${sent.body.importId}`)).body.status as string;
    await expect.poll(job, { timeout: 60_000 }).not.toBe("running");
    expect(await job()).toBe("done");
  }

  test(
    "changes none of its numbers at its position, and is told as a correction with both",
    { timeout: 120_000 },
    async () => {
      const questions = reportNames.map((name) => `${name}?${period}&measures=all&limit=500`);
      const first = await ask(`sla?${period}&groupBy=none`);
      const pinned = `&asOf=${first.asOf}&atPosition=${first.position}`;
      const before = new Map<string, unknown>();
      for (const question of questions) before.set(question, await ask(question + pinned));
      const rows = (await ana.get(`/v1/reports/rows?${period}&format=csv${pinned}`)).body;
      expect(first.total.values.tickets).toBe(2);

      await importSample();
      const tickets = async () => (await ask(`sla?${period}&groupBy=none`)).total.values.tickets;
      await expect.poll(tickets, { timeout: 40_000 }).toBe(8);

      for (const question of questions) expect(await ask(question + pinned), question).toEqual(before.get(question));
      expect((await ana.get(`/v1/reports/rows?${period}&format=csv${pinned}`)).body).toBe(rows);

      // As of the same moment without the position: the past as it is known today. An import tells of a past that its source knew.
      expect((await ask(`sla?${period}&groupBy=none&asOf=${first.asOf}`)).total.values.tickets).toBe(8);
      const told = await ask(`sla/corrections?${period}&groupBy=none&measures=tickets&fromPosition=${first.position}`);
      expect(told.rows).toMatchObject([{ before: { tickets: 2 }, after: { tickets: 8 } }]);
      expect(told.changes).toHaveLength(6);
      for (const change of told.changes as { kind: string; facts: { imported: boolean; late: boolean }[] }[]) {
        expect(change.kind).toBe("entered");
        expect(change.facts.length).toBeGreaterThan(0);
        for (const fact of change.facts) expect(fact).toMatchObject({ imported: true, late: true });
      }
    },
  );
});

describe("an extract of 40,000 tickets", () => {
  const count = 40_000;
  const address = "rows?from=2024-01-01&to=2024-12-31";

  beforeAll(async () => {
    const { pool } = house.database;
    const { rows } = await pool.query<{ schema: string; names: string[] }>(
      `select table_schema as schema, array_agg(column_name::text order by ordinal_position) as names from information_schema.columns
       where (table_schema, table_name) in (select schema_name, 'measure' from engine.projections where name = 'measure') group by 1`,
    );
    const [{ schema, names } = { schema: "", names: [] as string[] }] = rows;
    const values = names.map((name) => {
      if (name === "ticket_id") return "gen_random_uuid()";
      if (name === "registered_at") return "m.registered_at - n * interval '1 second'";
      return name === "requester_person_id" ? "'person-' || n" : `m.${name}`;
    });
    await pool.query(
      `insert into ${schema}.measure (${names.join(", ")}) select ${values.join(", ")}
       from (select * from ${schema}.measure order by registered_at desc limit 1) m, generate_series(1, ${count}) n`,
    );
  }, 60_000);

  const open = async (format: string): Promise<IncomingMessage> => {
    const authorization = `Bearer ${(await house.token("analyst", ["read"])).token}`;
    return new Promise((resolve, reject) => {
      get(`${house.url}/api/v1/reports/${address}&format=${format}`, { headers: { authorization } }, resolve).on(
        "error",
        reject,
      );
    });
  };
  const cursors = async (): Promise<number> => {
    const { rows } = await house.database.pool.query(
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
    );
    return rows[0].n as number;
  };

  test.each([
    ["ndjson", 25_000_000],
    ["csv", 6_000_000],
    ["arrow", 8_000_000],
  ])("streams as %s at constant memory", { timeout: 170_000 }, async (format, atLeast) => {
    const response = await open(format);
    expect(response.statusCode).toBe(200);
    let [bytes, checkedAt, most] = [0, 0, 0];
    const start = held();
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes - checkedAt < atLeast / 5) continue;
      checkedAt = bytes;
      most = Math.max(most, held() - start);
    }
    expect(bytes).toBeGreaterThan(atLeast);
    // both ends are in this process, with what is on its way (11 to 21 MB); all of it at once is 32 MB as text and 65 MB as rows
    expect(most).toBeLessThan(30_000_000);
  });

  test("a series of more groups than can be put together is refused, naming what to change", async () => {
    const path = "flow?from=2024-01-01&to=2024-12-31&groupBy=requester,day&measures=";
    const refused = await ana.get(`/v1/reports/${path}backlog`);
    expect([refused.status, refused.body.code, refused.body.field]).toEqual([422, "too_many_groups", "groupBy"]);
    const shown = await ask(`${path}arrivals&limit=10`);
    expect(shown.rows).toHaveLength(10);
    expect(shown.leftOut.groups).toBeGreaterThan(count - 10);
    expect(shown.total.values.arrivals).toBeGreaterThan(count);
  });

  test("waits for a slow reader without keeping what he has not read, and stops when he goes away", async () => {
    const start = held();
    const left = await open("ndjson");
    await new Promise((resolve) => left.once("data", resolve));
    left.pause();
    await expect.poll(cursors, { timeout: 40_000 }).toBe(1);
    expect(held() - start).toBeLessThan(20_000_000);
    left.destroy();
    await expect.poll(cursors, { timeout: 40_000 }).toBe(0);
  });
});

test("a report whose reader goes away is cancelled in the database, also one that waits for its turn", async () => {
  const { pool } = house.database;
  const authorization = `Bearer ${(await house.token("analyst", ["read"])).token}`;
  const { rows } = await pool.query<{ schema: string }>(
    "select schema_name as schema from engine.projections where name = 'measure'",
  );
  const reading = async (): Promise<number> => {
    const { rows: found } = await pool.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and state = 'active' and query like '%measure%' and pid <> pg_backend_pid()`,
    );
    return found[0]?.n ?? 0;
  };
  const lock = await pool.connect();
  try {
    // every report waits for this lock: as one that takes long
    await lock.query(`begin; lock table ${rows[0]?.schema ?? ""}.measure in access exclusive mode`);
    const asked = Array.from({ length: 5 }, () => {
      const request = get(`${house.url}/api/v1/reports/sla?from=2024-01-01&to=2024-12-31`, {
        headers: { authorization },
      });
      request.on("error", () => undefined);
      return request;
    });
    // a few at once; the others wait without a connection to the database
    await expect.poll(reading, { timeout: 40_000 }).toBe(3);
    for (const request of asked) request.destroy();
    await expect.poll(reading, { timeout: 40_000 }).toBe(0);
  } finally {
    await lock.query("rollback");
    lock.release();
  }
  const reply = await fetch(`${house.url}/api/v1/reports/sla?from=2024-01-01&to=2024-12-31`, {
    headers: { authorization },
  });
  expect(reply.status).toBe(200);
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes that are in use, and not merely not yet collected. */
function held(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

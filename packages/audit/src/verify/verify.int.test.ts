import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FindingCode } from "@docket/evidence";
import { forged, hashOfRow, makeRecord, projections, type TestRecord } from "../../test/record.ts";
import type { OpenFile, StoredRow } from "../../../embedded-eventstore/test/tamper.ts";
import { verifyRecord, type VerifyReport } from "./verify.ts";

let record: TestRecord;
let [one, two, three] = ["", "", ""];
beforeAll(async () => {
  record = await makeRecord();
  [one, two, three] = record.tickets.map((id) => `ticket-${id}`) as [string, string, string];
});
afterAll(() => record.close());

const nothing = (): void => undefined;

async function verify(change: (file: OpenFile) => void, stream?: string): Promise<VerifyReport> {
  return record.withStore(change, (store) =>
    verifyRecord({ store, databaseUrl: record.database.url, projections, publicKey: record.publicKey, stream }),
  );
}
type Found = readonly [FindingCode, string | undefined, number | undefined];
const found = ({ findings }: VerifyReport): Found[] =>
  findings.map(({ code, params }) => [
    code,
    params["stream"] as string | undefined,
    params["revision"] as number | undefined,
  ]);
const at = (rows: readonly StoredRow[], place: number): StoredRow => rows.at(place) as StoredRow;

it("finds nothing in what was written through the door, and says what it looked at", async () => {
  const progress: string[] = [];
  const report = await record.withStore(nothing, (store) =>
    verifyRecord({
      store,
      databaseUrl: record.database.url,
      projections,
      publicKey: record.publicKey,
      onProgress: ({ phase, done, total }) => progress.push(`${phase} ${done}/${total}`),
    }),
  );
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ scope: "all", tickets: 3, checkpoints: 1, checkpoint: 1, found: 0 });
  expect(report.afterCheckpoint).toBe(7);
  expect(progress.at(-1)).toMatch(/^read_models (\d+)\/\1$/u);
  expect(await verify(nothing, one)).toMatchObject({ scope: one, events: 7, tickets: 1, found: 0 });
});

describe("a store whose file was tampered with", () => {
  it("data altered: named by the chain and by the mirror", async () => {
    const change = (file: OpenFile): void => {
      const row = at(file.rows(one), 4);
      file.put({ ...row, data: row.data.replace("public", "internal") }, row.position);
    };
    const expected: Found[] = [
      ["chain_altered", one, 4],
      ["journal_altered", one, 4],
    ];
    expect(found(await verify(change))).toEqual(expected);
    expect(found(await verify(change, one))).toEqual(expected);
    expect((await verify(change, two)).found).toBe(0);
  });

  it("metadata altered: somebody else did it, at another time", async () => {
    for (const [part, instead] of [
      ['"id":"ivan"', '"id":"igor"'],
      ['"channel":"console"', '"channel":"portal"'],
      ["2024-04-22T06", "2024-04-22T05"],
    ] as const) {
      const report = await verify((file) => {
        const row = at(file.rows(one), 3);
        expect(row.meta).toContain(part);
        file.put({ ...row, meta: row.meta.replaceAll(part, instead) }, row.position);
      });
      expect(found(report)).toEqual(
        expect.arrayContaining([
          ["chain_altered", one, 3],
          ["journal_altered", one, 3],
        ]),
      );
    }
  });

  it("an event that is no JSON any more", async () => {
    const report = await verify((file) => {
      const row = at(file.rows(one), 1);
      file.put({ ...row, data: "{" }, row.position);
    });
    expect(found(report)).toEqual(expect.arrayContaining([["chain_altered", one, 1]]));
  });

  it("an event taken out of the middle", async () => {
    const report = await verify((file) => file.remove(at(file.rows(one), 2).position));
    expect(found(report)).toEqual([
      ["chain_gap", one, 2],
      ["store_missing", one, 2],
    ]);
  });

  it("events taken off the end, and a whole stream taken out", async () => {
    const cut = await verify((file) =>
      file
        .rows(one)
        .slice(5)
        .forEach(({ position }) => file.remove(position)),
    );
    expect(found(cut)).toEqual([
      ["store_missing", one, 5],
      ["store_missing", one, 6],
      ["signed_events_missing", one, 4],
    ]);
    const gone = await verify((file) => file.rows(two).forEach(({ position }) => file.remove(position)));
    expect(found(gone)).toEqual(expect.arrayContaining([["signed_stream_missing", two, undefined]]));
    expect(found(gone).filter(([code]) => code === "store_missing")).toHaveLength(7);
  });

  it("two events that changed places within their stream, or in the log", async () => {
    const within = await verify((file) => {
      const rows = file.rows(one);
      const [left, right] = [at(rows, 1), at(rows, 2)];
      file.remove(left.position);
      file.remove(right.position);
      file.put({ ...left, position: right.position, revision: right.revision });
      file.put({ ...right, position: left.position, revision: left.revision });
    });
    expect(found(within)).toEqual(
      expect.arrayContaining([
        ["chain_broken_link", one, 1],
        ["reordered", one, 1],
      ]),
    );
    const across = await verify((file) => {
      const [left, right] = [at(file.rows(one), 6), at(file.rows(two), 0)];
      file.remove(left.position);
      file.remove(right.position);
      file.put({ ...left, position: right.position });
      file.put({ ...right, position: left.position });
    });
    expect(found(across)).toEqual(
      expect.arrayContaining([
        ["reordered", one, 6],
        ["reordered", two, 0],
      ]),
    );
  });

  it("an event put into the middle, the rest moved up with good hashes", async () => {
    const report = await verify((file) => {
      const rows = file.rows(one);
      const put = forged({ ...at(rows, 4), position: at(rows, 4).position + 1, revision: 5 }, hashOfRow(at(rows, 4)));
      let before = hashOfRow(put);
      const moved = rows.slice(5).map((row) => {
        const anew = forged({ ...row, revision: row.revision + 1 }, before);
        before = hashOfRow(anew);
        return anew;
      });
      for (const { position } of moved) file.remove(position);
      for (const row of [put, ...moved]) file.put(row);
    });
    // the chain itself is good: the mirror and the signature tell
    expect(found(report).some(([code]) => code.startsWith("chain_"))).toBe(false);
    expect(found(report)).toEqual(
      expect.arrayContaining([
        ["journal_missing", one, 5],
        ["inserted_after_signing", one, 7],
      ]),
    );
  });

  it("an event put behind a stream's end, with a good hash, at a place that was signed", async () => {
    const change = (file: OpenFile): void => {
      const last = at(file.rows(one), -1);
      file.put(forged({ ...last, position: last.position + 1, revision: 7 }, hashOfRow(last)));
    };
    const expected: Found[] = [
      ["journal_missing", one, 7],
      ["inserted_after_signing", one, 7],
    ];
    expect(found(await verify(change))).toEqual(expected);
    expect(found(await verify(change, one))).toEqual(expected);
  });

  it("a stream that was put in", async () => {
    const stream = "ticket-00000000-0000-7000-8000-000000000000";
    const report = await verify((file) => {
      const first = at(file.rows(one), 0);
      file.put(forged({ ...first, stream, position: first.position + 1, revision: 0 }, null));
    });
    expect(found(report)).toEqual(
      expect.arrayContaining([
        ["journal_missing", stream, 0],
        ["inserted_stream", stream, undefined],
      ]),
    );
  });

  it("a chain written anew to its end, and the mirror with it: the signature alone tells", async () => {
    const { pool } = record.database;
    const schema = await schemaOf("journal");
    const rewritten: StoredRow[] = [];
    const change = (file: OpenFile): void => {
      rewritten.length = 0;
      const rows = file.rows(one);
      let before = hashOfRow(at(rows, 3));
      for (const row of rows.slice(4)) {
        const anew = forged({ ...row, data: row.data.replace("public", "internal") }, before);
        file.put(anew, row.position);
        rewritten.push(anew);
        before = hashOfRow(anew);
      }
    };
    await record.withStore(change, () => Promise.resolve());
    await pool.query(`create table kept as select * from ${schema}.event`);
    try {
      for (const { stream, revision, data, meta, eventId } of rewritten) {
        const { prevHash, hash } = JSON.parse(meta) as { prevHash: string; hash: string };
        await pool.query(
          `update ${schema}.event set data = $3, event_id = $4, prev_hash = decode($5, 'hex'), hash = decode($6, 'hex')
           where stream = $1 and revision = $2`,
          [stream, revision, data, eventId, prevHash, hash],
        );
      }
      expect(found(await verify(change)).filter(([code]) => !code.startsWith("read_model"))).toEqual([
        ["signed_head_differs", one, 6],
      ]);
      expect(found(await verify(change, one)).filter(([code]) => !code.startsWith("read_model"))).toEqual([
        ["signed_head_differs", one, 6],
      ]);
    } finally {
      await pool.query(`truncate ${schema}.event; insert into ${schema}.event select * from kept; drop table kept`);
    }
    expect((await verify(nothing)).found).toBe(0);
  });

  it("checkpoints: altered, signed by somebody else, taken out", async () => {
    const altered = await verify((file) => {
      const row = at(file.rows("checkpoint"), 1);
      const data = JSON.parse(row.data) as { streams: number };
      file.put(
        forged(
          { ...row, data: JSON.stringify({ ...data, streams: data.streams + 1 }) },
          hashOfRow(at(file.rows("checkpoint"), 0)),
        ),
        row.position,
      );
    });
    expect(found(altered).map(([code]) => code)).toEqual(
      expect.arrayContaining(["signature_invalid", "journal_missing"]),
    );
    const foreign = await record.withStore(nothing, (store) =>
      verifyRecord({ store, databaseUrl: record.database.url, projections, publicKey: "ab".repeat(32) }),
    );
    expect(found(foreign).map(([code]) => code)).toEqual(["signed_by_another_key"]);
  });
});

describe("a database that was tampered with", () => {
  /** Does something to the database, and puts it back. */
  async function meanwhile(model: string, table: string, sql: (name: string) => string): Promise<VerifyReport> {
    const { pool } = record.database;
    const name = `${await schemaOf(model)}.${table}`;
    await pool.query(`create table kept as select * from ${name}`);
    try {
      await pool.query(sql(name));
      return await verify(nothing);
    } finally {
      await pool.query(`truncate ${name}; insert into ${name} select * from kept; drop table kept`);
    }
  }

  it("journal: altered, taken out, put in", async () => {
    const altered = await meanwhile(
      "journal",
      "event",
      (name) => `update ${name} set actor_id = 'igor' where stream = '${three}' and revision = 3`,
    );
    expect(found(altered)).toEqual([["journal_altered", three, 3]]);
    const gone = await meanwhile(
      "journal",
      "event",
      (name) => `delete from ${name} where stream = '${three}' and revision = 6`,
    );
    expect(found(gone)).toEqual(expect.arrayContaining([["journal_missing", three, 6]]));
    const put = await meanwhile(
      "journal",
      "event",
      (name) => `create temp table one as select * from ${name} where stream = '${three}' and revision = 6;
        update one set revision = 7, position = position + 1, prepare_position = prepare_position + 1, event_id = gen_random_uuid();
        insert into ${name} select * from one; drop table one`,
    );
    expect(found(put)).toEqual(expect.arrayContaining([["store_missing", three, 7]]));
  });

  it.each([
    ["ticket", "ticket", "priority = 'low'", "priority"],
    ["ticket", "ticket_past", "status = 'closed'", "status"],
    ["ticket", "ticket_text", "details = '{}'", "details"],
    ["sla", "clock_now", "used_seconds = used_seconds + 1", "used_seconds"],
    ["sla", "judgement", "outcome = 'met', judged_at = judged_at - interval '1 hour'", "judged_at"],
    ["sla", "clock_past", "deadline = deadline + interval '1 day'", "deadline"],
  ])("%s: a row of %s in which %s", async (model, table, set, column) => {
    const id = three.slice("ticket-".length);
    const report = await meanwhile(model, table, (name) => `update ${name} set ${set} where ticket_id = '${id}'`);
    const codes = new Set(report.findings.map(({ code }) => code));
    // a row without a key of its own is another row altogether
    expect([...codes].every((code) => code.startsWith("read_model_"))).toBe(true);
    expect(report.findings.every(({ params }) => params["ticket"] === id)).toBe(true);
    if (codes.has("read_model_differs"))
      expect(report.findings.some(({ params }) => params["column"] === column)).toBe(true);
    else expect(codes).toEqual(new Set(["read_model_row_extra", "read_model_row_missing"]));
  });

  it("a row taken out, and rows of a ticket that there is not", async () => {
    const id = three.slice("ticket-".length);
    const gone = await meanwhile("sla", "judgement", (name) => `delete from ${name} where ticket_id = '${id}'`);
    expect(new Set(gone.findings.map(({ code }) => code))).toEqual(new Set(["read_model_row_missing"]));
    const stranger = await meanwhile(
      "ticket",
      "ticket",
      (name) => `create temp table one as select * from ${name} limit 1; update one set ticket_id = gen_random_uuid();
        insert into ${name} select * from one; drop table one`,
    );
    expect(stranger.findings.map(({ code }) => code)).toEqual(["read_model_row_extra"]);
  });

  it("the table of chain heads", async () => {
    const { pool } = record.database;
    await pool.query("update audit.chain_head set revision = revision + 1 where leaf = 0");
    try {
      // the chains themselves come to the signed root: the table is not needed
      expect((await verify(nothing)).found).toBe(0);
      const both = await verify((file) => file.remove(at(file.rows(one), -1).position));
      expect(found(both).map(([code]) => code)).toEqual(["store_missing", "heads_altered", "root_differs"]);
    } finally {
      await pool.query("update audit.chain_head set revision = revision - 1 where leaf = 0");
    }
  });
});

async function schemaOf(model: string): Promise<string> {
  const { rows } = await record.database.pool.query("select schema_name from engine.projections where name = $1", [
    model,
  ]);
  return rows[0].schema_name as string;
}

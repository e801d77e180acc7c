import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { importIdOf, type ImportSummary } from "@docket/import";
import { openEventStore } from "@docket/event-store";
import { createPool } from "@docket/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, eventually, loginAs } from "../acceptance/api.ts";
import { type MailSink, startMailSink } from "../acceptance/post.ts";
import { root } from "../checks/run-tool.ts";
import { loadDemoWorld } from "../demo/demo.ts";
import { demoPassword } from "../demo/world.ts";
import { type Stack, startStack } from "../stack/stack.ts";

const mapping = join(root, "packages/import/mappings/servicenow-incident-log.yaml");
const sample = join(root, "packages/import/mappings/samples/servicenow-incidents.csv");
let folder: string;
let stack: Stack;
let sink: MailSink;
let manager: Api;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "docket import "));
  sink = await startMailSink();
  stack = await startStack({
    dataDir: join(folder, "data"),
    ports: { http: 0, smtp: 0, eventStore: 0, postgres: 0 },
    env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, LOG_LEVEL: "warn" },
  });
  await loadDemoWorld({ urls: stack.urls, supportAddress: "support@docket.example", say: () => undefined });
  manager = await loginAs(() => stack.urls.public, "admin", demoPassword);
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await sink.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Runs a verb of scripts/docket as its own process. */
async function docket(file: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    env: { ...process.env, ...stack.env(), DOCKET_DATA: join(folder, "data") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => void (out += String(chunk)));
  child.stderr.on("data", (chunk) => void (err += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}
const importing = async (...more: string[]): Promise<ImportSummary> => {
  const { out, err } = await docket("scripts/import.ts", mapping, sample, "--json", "--quiet", ...more);
  if (out === "") throw new Error(err);
  return JSON.parse(out) as ImportSummary;
};

/** How many tickets an import has told; 0 before it has come to them. Only looks: the work file is the import's own. */
function toldTickets(work: string): number {
  try {
    const file = new DatabaseSync(join(work, "job.sqlite"), { readOnly: true });
    try {
      return Number(file.prepare("select coalesce(sum(done), 0) as done from ticket").get()?.["done"]);
    } finally {
      file.close();
    }
  } catch {
    return 0;
  }
}

/** Until the read models have come to the store's end. */
async function caughtUp(): Promise<void> {
  const store = openEventStore(stack.urls.eventStore);
  const pool = createPool(stack.urls.database, { max: 1 });
  try {
    let last = 0;
    for await (const event of store.readAll({ direction: "backwards", limit: 1 })) last = event.position.commit;
    await eventually("the read models have caught up", async () => {
      const { rows } = await pool.query<{ there: boolean }>("select max(position) >= $1 as there from read.journal", [
        last,
      ]);
      return rows[0]?.there === true;
    });
  } finally {
    await store.close();
    await pool.end();
  }
}

describe("a history that is imported into running processes", () => {
  it("stands in the queues as of any moment as the CSV says, sends nothing to anybody, and is rebuilt byte for byte", async () => {
    const before = sink.mails.length;
    const summary = await importing();
    expect(summary).toMatchObject({ rows: 259, tickets: 37, outcomes: { refused: 14 } });
    await caughtUp();

    // The same figures from the CSV, by a script that shares no code with Docket, and out of Docket.
    const figures = join(folder, "figures.json");
    const computed = await docket("scripts/history/history-figures.mjs", sample);
    writeFileSync(figures, computed.out);
    const compared = await docket("scripts/history/docket-figures.mjs", figures);
    expect(compared.out).toMatch(/\d{3} figures, 0 differ/);
    expect(compared.code).toBe(0);

    // By the front door, too: how many were open.
    for (const { at, byStateAndPriority } of (JSON.parse(computed.out) as { moments: Then[] }).moments.slice(2, 6)) {
      const open = Object.entries(byStateAndPriority)
        .filter(([key]) => !key.startsWith("closed"))
        .reduce((sum, [, count]) => sum + count, 0);
      const queue = await manager.get(`/api/v1/queues/all-open?asOf=${at}&limit=100`);
      expect(queue.status).toBe(200);
      const numbers = (queue.body.items as { number: string }[]).map(({ number }) => number);
      expect(
        numbers.filter((number) => number.startsWith("INC")),
        at,
      ).toHaveLength(open);
    }

    const again = await importing();
    expect(again).toMatchObject({ events: 0, outcomes: { taken: 0 } });

    const rebuilt = await docket(
      "services/projector/src/rebuild.ts",
      "--compare-only",
      "ticket",
      "sla",
      "deadlines",
      "directory",
    );
    expect(rebuilt.err + rebuilt.out).toContain("byte for byte");
    expect(rebuilt.code).toBe(0);

    const pool = createPool(stack.urls.database, { max: 1 });
    try {
      const { rows } = await pool.query<{ type: string }>(
        "select distinct type from read.journal where type in ('TicketDeadlineWarned', 'TicketEscalated', 'TicketReminded')",
      );
      expect(rows).toEqual([]);
      const { rows: mails } = await pool.query<{ count: string }>("select count(*) from app.outbox");
      expect(mails[0]?.count).toBe("0");
    } finally {
      await pool.end();
    }
    expect(sink.mails).toHaveLength(before);
  }, 240_000);

  it("is whole after its process was killed in the middle of it and gone on with: nothing is missing, nothing told twice", async () => {
    const tickets = 720;
    const states = ["New", "Active"];
    const rows = states.flatMap((state, step) =>
      Array.from(
        { length: tickets },
        (_, i) => `K-${i},${new Date(1.7e12 + i * 60_000 + step * 7e6).toISOString()},${state}`,
      ),
    );
    const data = join(folder, "killed.csv");
    writeFileSync(data, ["id,at,state", ...rows].join("\n"));
    const terms = join(folder, "killed.yaml");
    writeFileSync(
      terms,
      `version: 1
source: killed
ticket: {key: id, rowTime: at, subject: id}
status: {column: state, values: {New: new, Active: in_work}}
contract:
  organization: {name: Killed}
  calendar: 24x7
  targets: [{type: incident, priority: medium, reaction: 1h, resolution: 8h}]
`,
    );
    const work = join(folder, "killed");
    const run = async (...more: string[]): Promise<ImportSummary> => {
      const { out, err } = await docket("scripts/import.ts", terms, data, "--json", "--quiet", "--work", work, ...more);
      if (out === "") throw new Error(err);
      return JSON.parse(out) as ImportSummary;
    };
    const expected = await run("--dry-run");

    const victim = spawn(process.execPath, [join(root, "scripts/import.ts"), terms, data, "--quiet", "--work", work], {
      env: { ...process.env, ...stack.env(), DOCKET_DATA: join(folder, "data") },
      stdio: "ignore",
    });
    const gone = once(victim, "exit");
    const id = await importIdOf(terms, data, false);
    await eventually("a part of the tickets is told", () => Promise.resolve(toldTickets(join(work, id)) > 0));
    victim.kill("SIGKILL");
    expect((await gone)[1]).toBe("SIGKILL");
    expect(toldTickets(join(work, id))).toBeLessThan(tickets);

    const resumed = await run("--resume");
    expect(resumed).toMatchObject({ resumed: true, rows: 2 * tickets, tickets });
    expect(Object.values(resumed.outcomes).reduce((sum, count) => sum + count, 0)).toBe(2 * tickets);
    const store = openEventStore(stack.urls.eventStore);
    let facts = 0;
    try {
      for await (const { stream, meta } of store.readAll())
        if (stream.startsWith("ticket-") && meta.provenance?.source === "killed") facts++;
    } finally {
      await store.close();
    }
    expect(facts).toBe(expected.events);
  }, 240_000);

  it("says what is wrong with a mapping by line and column, with exit code 2", async () => {
    const wrong = join(folder, "wrong.yaml");
    writeFileSync(wrong, "version: 1\nsource: x\nticket:\n  key: id\n");
    const { code, err } = await docket("scripts/import.ts", wrong, sample, "--dry-run");
    expect(code).toBe(2);
    expect(err).toMatch(/mapping_invalid: line 1, column 1, status: key_missing/);
    expect((await docket("scripts/import.ts", wrong)).code).toBe(2);
  });
});

interface Then {
  readonly at: string;
  readonly byStateAndPriority: Readonly<Record<string, number>>;
}

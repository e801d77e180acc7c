import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startEventStore } from "@docket/embedded-eventstore";
import { type EventStore, openEventStore } from "@docket/event-store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "../checks/run-tool.ts";

const [first, second] = [randomUUID(), randomUUID()];
let folder: string;
let node: Awaited<ReturnType<typeof startEventStore>>;
let store: EventStore;

const open = async (): Promise<void> => {
  node = await startEventStore({ port: 0, dataDir: folder });
  store = openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`);
};
const close = async (): Promise<void> => {
  await store.close();
  await node.stop();
};

const golden = (type: string): object =>
  JSON.parse(readFileSync(join(root, `packages/domain/golden/${type}.v1.json`), "utf8")) as object;

/** Two tickets: registered, and three comments each. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "docket trail "));
  await open();
  for (const ticket of [first, second]) {
    for (let n = 0; n < 4; n++) {
      const at = new Date(Date.UTC(2024, 3, 22, 6, n)).toISOString();
      await store.append(
        `ticket-${ticket}`,
        n === 0 ? "none" : n - 1,
        [
          n === 0
            ? ({
                type: "TicketRegistered",
                data: {
                  ...golden("TicketRegistered"),
                  ticketId: ticket,
                  number: ticket === first ? "SC-000001" : "SC-000002",
                },
                occurredAt: at,
              } as never)
            : {
                type: "TicketCommented",
                data: { text: `word ${n}`, visibility: "public", attachments: [] },
                occurredAt: at,
              },
        ],
        {
          commandId: randomUUID(),
          correlationId: randomUUID(),
          causationId: null,
          actor: { id: "olga", role: "operator", name: "Ольга" },
          channel: "console",
          recordedAt: at,
        },
      );
    }
  }
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

/** Changes the store's file behind its back. */
async function tamper(change: (database: DatabaseSync) => void): Promise<void> {
  await close();
  const database = new DatabaseSync(join(folder, "events.db"));
  change(database);
  database.close();
  await open();
}

const oneEvent = "revision = ? and stream = (select id from streams where name = ?)";

async function verb(name: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, EVENTSTORE_URL: `esdb://127.0.0.1:${node.port}?tls=false` };
  const child = spawn(process.execPath, [join(root, "scripts", `${name}.ts`), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => void (out += String(chunk)));
  child.stderr.on("data", (chunk) => void (err += String(chunk)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

describe("docket replay", () => {
  it("tells each fact with actor, channel and time, in the language and zone asked for", async () => {
    const { code, out } = await verb("replay", second, "--language", "ru", "--zone", "Europe/Moscow");
    expect(code).toBe(0);
    expect(out).toContain("0  2024-04-22 09:00:00 +03:00");
    expect(out).toContain("кто: Ольга (Оператор СЦ) · Консоль");
    expect(out).toContain("изменено: Состояние: Зарегистрирована");
    expect(out.match(/text: word \d/gu)).toEqual(["text: word 1", "text: word 2", "text: word 3"]);
  });

  it("stops at a past instant, and gives complete JSON lines", async () => {
    const { out } = await verb("replay", first, "--json", "--at", "2024-04-22T06:01:30Z");
    const facts = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { revision: number; hash: string; state: { status: string } });
    expect(facts.map(({ revision }) => revision)).toEqual([0, 1]);
    expect(facts[1]?.hash).toMatch(/^[0-9a-f]{64}$/u);
    expect(facts[1]?.state.status).toBe("registered");
  });

  it.each([
    [["SC-999999"], 1, "ticket_not_found"],
    [[], 2, "option_invalid"],
    [[first, "--at", "yesterday"], 2, "option_invalid"],
    [[first, "--zone", "Mars/Olympus"], 2, "option_invalid"],
  ])("answers %j with a code", async (args, wanted, fault) => {
    const { code, out, err } = await verb("replay", ...args);
    expect([code, out]).toEqual([wanted, ""]);
    expect(err).toContain(`docket: ${fault}`);
  });
});

describe("docket verify", () => {
  it("finds nothing in what was written through the door", async () => {
    const all = await verb("verify");
    expect(all.code).toBe(0);
    expect(all.out).toMatch(/^8 events of 2 streams up to position \d+, no checkpoint yet$/mu);
    expect(all.out).toMatch(/^0 findings$/mu);
    const one = await verb("verify", first);
    expect(one.code).toBe(0);
    expect(one.out).toMatch(/^4 events of 1 streams up to position \d+, no checkpoint yet$/mu);
    expect(one.out).toMatch(/^0 findings$/mu);
  });

  it("names an event that was altered in the store's file", async () => {
    await tamper((database) => {
      const place = [2, Buffer.from(`ticket-${first}`)];
      const row = database.prepare(`select frame from events where ${oneEvent}`).get(...place);
      const frame = Buffer.from(row?.["frame"] as Uint8Array);
      frame.write("worm 2", frame.indexOf("word 2"));
      database.prepare(`update events set frame = ? where ${oneEvent}`).run(frame, ...place);
    });
    const { code, out } = await verb("verify");
    expect([code, out.split("\n")[0]]).toEqual([1, `chain_altered: event 2 of ticket-${first} was altered`]);
    expect(out).toContain("1 findings");
    expect((await verb("verify", second)).code).toBe(0);
  });

  it("names the gap where an event was taken out", async () => {
    await tamper((database) => {
      database.prepare(`delete from events where ${oneEvent}`).run(1, Buffer.from(`ticket-${second}`));
    });
    const { code, out } = await verb("verify");
    expect(code).toBe(1);
    expect(out).toContain(`chain_gap: event 1 of ticket-${second} is missing: 2 stands in its place`);
  });
});

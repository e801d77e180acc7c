import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkEvidence, newSigningKey, signingKeyOf } from "@docket/evidence";
import { ticketStepper } from "@docket/projection-ticket";
import { manualClock } from "@docket/service-kit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRecord, type TestRecord } from "../../test/record.ts";
import { signingKeys } from "../checkpoint/signing-keys.ts";
import { exportEvidence } from "./gather.ts";

const secondChecker = fileURLToPath(new URL("../../../../scripts/evidence/second-checker.mjs", import.meta.url));
let record: TestRecord;
let file: Buffer;

beforeAll(async () => {
  record = await makeRecord();
  file = await exported();
});
afterAll(() => record.close());

async function exported(keys = signingKeys({ DOCKET_DATA: record.folder }, { make: false })): Promise<Buffer> {
  return record.withStore(
    () => undefined,
    async (store) => {
      const clock = manualClock(new Date("2024-05-01T00:00:00.000Z"));
      const parts = { databaseUrl: record.database.url, store, clock, keys, stepper: ticketStepper };
      const choice = { where: "t.number <= $1", values: ["SC-000003"], scope: "number<=SC-000003 <&>" };
      const pieces: string[] = [];
      for await (const piece of exportEvidence(parts, choice)) pieces.push(piece);
      return Buffer.from(pieces.join(""));
    },
  );
}

async function* chunked(bytes: Buffer, size = 1_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const check = (bytes: Buffer, publicKey = record.publicKey) => checkEvidence(chunked(bytes), { publicKey });
const codes = async (bytes: Buffer): Promise<string[]> => (await check(bytes)).refusals.map(({ code }) => code);

function second(bytes: Buffer): { code: number | null; out: string } {
  const path = join(record.folder, "evidence.html");
  writeFileSync(path, bytes);
  const run = spawnSync(process.execPath, [secondChecker, path, record.publicKey], { encoding: "utf8" });
  return { code: run.status, out: run.stdout + run.stderr };
}

const replaced = (from: string, to: string): Buffer => {
  const text = file.toString();
  expect(text).toContain(from);
  return Buffer.from(text.replace(from, to));
};
const withoutLine = (part: string): Buffer => {
  const lines = file.toString().split("\n");
  const at = lines.findIndex((line) => line.includes(part));
  expect(at).toBeGreaterThan(0);
  return Buffer.from([...lines.slice(0, at), ...lines.slice(at + 1)].join("\n"));
};

it("an evidence file is good by both checkers, and tells what it holds", async () => {
  const result = await check(file);
  expect(result.refusals).toEqual([]);
  expect(result).toMatchObject({
    ok: true,
    tickets: 3,
    events: 21,
    signed: 14,
    pinned: true,
    scope: "number<=SC-000003 <&>",
  });
  expect(result.checkpoint?.number).toBe(1);
  expect(second(file)).toEqual({ code: 0, out: "good\n" });
  expect((await checkEvidence(chunked(file, 7))).ok).toBe(true);
});

it("its page shows both languages, escaped, without scripts", () => {
  const page = file.toString();
  expect(page).toContain("Заявка зарегистрирована");
  expect(page).toContain("Ticket registered");
  expect(page).toContain("number&lt;=SC-000003 &lt;&amp;&gt;");
  expect([...page.matchAll(/<script type="([^"]+)"/gu)].every(([, type]) => type === "application/x-ndjson")).toBe(
    true,
  );
});

describe("is refused with the reason when", () => {
  it.each([
    [
      "an event was altered",
      () => replaced('\\"channel\\":\\"console\\"', '\\"channel\\":\\"portal\\"'),
      "chain_altered",
    ],
    ["the page was altered", () => replaced("Заявка зарегистрирована", "Заявка отклонена"), "page_altered"],
    ["an event was dropped", () => withoutLine('"revision":3,"eventId"'), "chain_gap"],
    ["the last event was dropped", () => withoutLine('"revision":6,"eventId"'), "events_missing"],
    ["a stream's end was moved", () => replaced('"events":7}', '"events":6}'), "count_differs"],
    ["a proof was altered", () => replaced('"proof":["', '"proof":["0'), "proof_invalid"],
    ["the checkpoint was altered", () => replaced('"number":1,', '"number":2,'), "signature_invalid"],
    ["a record is no JSON", () => replaced('{"kind":"end"', '{"kind:"end"'), "record_malformed"],
  ])("%s", async (_what, change, code) => {
    const bytes = change();
    const found = await codes(bytes);
    expect(found).toContain(code);
    expect(found).toContain("evidence_altered");
    expect(second(bytes).code).toBe(1);
  });

  it("an event was added", async () => {
    const lines = file.toString().split("\n");
    const at = lines.findIndex((line) => line.includes('"revision":6,"eventId"'));
    const added = (lines[at] ?? "").replace('"revision":6', '"revision":7');
    const bytes = Buffer.from([...lines.slice(0, at + 1), added, ...lines.slice(at + 1)].join("\n"));
    expect(await codes(bytes)).toEqual(expect.arrayContaining(["chain_broken_link", "evidence_altered"]));
    expect(second(bytes).code).toBe(1);
  });

  it("it was signed by another key, whole or with a new signature at its end", async () => {
    const foreign = await exported([signingKeyOf(newSigningKey())]);
    expect(await codes(foreign)).toEqual(["signed_by_another_key"]);
    expect(second(foreign).out).toContain("not signed by the key");
    const bytes = Buffer.concat([
      file.subarray(0, file.lastIndexOf("<!--{")),
      foreign.subarray(foreign.lastIndexOf("<!--{")),
    ]);
    expect(await codes(bytes)).toContain("signed_by_another_key");
    expect((await check(file, "ab".repeat(32))).refusals.map(({ code }) => code)).toEqual([
      "signed_by_another_key",
      "signed_by_another_key",
    ]);
  });

  it("it was altered and sealed anew by somebody who puts a key of his own beside ours", async () => {
    const own = signingKeyOf(newSigningKey());
    const lines = file.toString().trimEnd().split("\n").slice(0, -1);
    const forgedLines = lines.map((line) => {
      if (!line.startsWith('{"kind":"header"')) return line.replaceAll("SC-000001", "SC-000009");
      const header = JSON.parse(line) as { keys: object[]; checkpoint: { signatures: object[] } };
      const text = `docket-key/1\n${JSON.stringify({ algorithm: "Ed25519", key: own.key, publicKey: own.publicKey })}`;
      // endorsed by himself, since nobody else does
      const endorsements = [{ key: own.key, signature: own.sign(text) }];
      header.keys.push({ key: own.key, algorithm: "Ed25519", publicKey: own.publicKey, endorsements });
      return JSON.stringify(header);
    });
    const before = `${forgedLines.join("\n")}\n`;
    const digest = createHash("sha256").update(before).digest("hex");
    const signature = own.sign(`docket-evidence/1\n${digest}`);
    const end = JSON.stringify({ digest, kind: "signature", signatures: [{ key: own.key, signature }] });
    const bytes = Buffer.from(`${before}<!--${end}-->\n`);
    const found = await codes(bytes);
    // the seal is whole; it is the key that is not ours, and the chains that do not bear it out
    expect(found).not.toContain("evidence_altered");
    expect(found).toContain("signed_by_another_key");
    const { code, out } = second(bytes);
    expect(code).toBe(1);
    expect(out).toContain("the file is not signed by the key");
  });

  it("it is no evidence file", async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from("hello\n"),
      Buffer.from("<html></html>"),
      Buffer.from([255, 254]),
    ])
      expect(await codes(bytes)).toContain("format_unknown");
  });

  it("it was truncated anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: file.length - 1 }), async (length) => {
        const cut = file.subarray(0, length);
        expect((await codes(cut)).some((code) => code === "evidence_truncated" || code === "format_unknown")).toBe(
          true,
        );
      }),
      { numRuns: 40 },
    );
    expect(second(file.subarray(0, -1)).code).toBe(1);
    expect(second(file.subarray(0, 5_000)).code).toBe(1);
  });

  it("a single bit of it was changed, anywhere", { timeout: 120_000 }, async () => {
    const lastLine = file.lastIndexOf("<!--{") * 8;
    const header = file.indexOf('{"kind":"header"');
    expect(header).toBeGreaterThan(0);
    const places = fc.oneof(
      fc.integer({ min: 0, max: file.length * 8 - 1 }),
      // the signature itself is the part that no other signature covers
      fc.integer({ min: lastLine, max: file.length * 8 - 1 }),
      // the names of what the head of the file holds
      fc.integer({ min: header * 8, max: header * 8 + 8 * 2_000 }),
    );
    await fc.assert(
      fc.asyncProperty(places, async (bit) => {
        const bent = Buffer.from(file);
        bent[bit >> 3] = (bent[bit >> 3] as number) ^ (1 << (bit & 7));
        expect((await check(bent)).ok).toBe(false);
      }),
      { numRuns: 150 },
    );
    for (const name of ["keys", "publicKey", "checkpoint", "signatures"]) {
      const bent = Buffer.from(file);
      bent[file.indexOf(`"${name}":`, header) + 2] = 0x7a;
      expect(await codes(bent)).toContain("record_malformed");
      expect(second(bent)).toMatchObject({ code: 1, out: expect.stringMatching(/^refused/u) as string });
    }
    for (const bit of [100, 50_001, lastLine + 9, lastLine + 700, file.length * 8 - 2]) {
      const bent = Buffer.from(file);
      bent[bit >> 3] = (bent[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(second(bent).code).toBe(1);
    }
  });
});

import { erasedText } from "@docket/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bent, checkBoth } from "../../test/checkers.ts";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";
import { registered } from "../../test/tickets.ts";

/*
 * What is proved of one ticket, from its first signature to the erasure of the person who asked for it: how far its chain is signed and
 * verified, evidence files with the bytes of its attachments, the check of a file over the interface, and all of it after a forget.
 */

const subject = "Canary subject of the tunnel";
const words = "Canary words about the tunnel";
const bytes = Buffer.from("Canary bytes of a file, ".repeat(5_000));

let house: House;
let auditor: Session;
let boss: Session;
let olga: Session;
let publicKey: string;
let ticket: { ticketId: string; number: string };
let sha256: string;
/** an evidence file from before the erasure, with the bytes */
let file: Buffer;

beforeAll(async () => {
  house = await openHouse();
  [auditor, boss, olga] = await Promise.all([house.as("audit"), house.as("boss"), house.as("olga")]);
  const anna = await house.as("anna");
  const uploaded = await anna.post("/v1/attachments?name=canary.txt", undefined, {
    raw: bytes,
    headers: { "content-type": "application/octet-stream" },
  });
  sha256 = uploaded.body.sha256;
  const made = await registered(house, { subject, description: words, attachments: [uploaded.body] });
  ticket = made;
  await auditor.get("/v1/me", { headers: { "docket-wait-position": made.position } });
  await auditor.post("/v1/checkpoints");
  ({ publicKey } = (await auditor.get("/v1/checkpoints")).body.keys[0]);
});
afterAll(() => house.close());

const chain = async () => (await auditor.get(`/v1/tickets/${ticket.number}/chain`)).body;
const evidence = async (query = "") => (await auditor.get(`/v1/evidence?ticket=${ticket.number}${query}`)).raw;
const comment = async (text: string): Promise<void> => {
  const answer = await olga.post(`/v1/tickets/${ticket.ticketId}/commands/comment`, { text, visibility: "public" });
  expect(answer.status).toBe(200);
  await auditor.get("/v1/me", { headers: { "docket-wait-position": answer.body.position } });
};
const verified = async (of: string | null) => {
  const { body } = await auditor.post("/v1/verifications", { ticket: of });
  const read = async () => (await auditor.get(`/v1/verifications/${body.id}`)).body;
  await expect.poll(async () => (await read()).state, { timeout: 50_000 }).toBe("done");
  return read();
};

describe("the chain of one ticket", () => {
  it("tells how far it is signed and how far it was verified, and by what", async () => {
    await expect.poll(async () => (await chain()).signed?.checkpoint).toBe(1);
    const before = await chain();
    expect(before).toMatchObject({ number: ticket.number, unsigned: 0, verified: null });
    expect(before.signed).toMatchObject({ revision: before.events - 1, events: before.events });
    const report = await verified(ticket.number);
    expect(report).toMatchObject({ askedByName: "Аудитор", number: ticket.number, report: { found: 0 } });
    expect(await chain()).toMatchObject({
      verified: { verificationId: report.id, scope: "ticket", events: before.events, found: 0 },
    });
    await comment("Behind the signature");
    expect(await chain()).toMatchObject({
      events: before.events + 1,
      unsigned: 1,
      signed: { events: before.events },
      verified: { events: before.events },
    });
    const all = await verified(null);
    expect(all.report).toMatchObject({ found: 0, tickets: 1 });
    expect(all.report.compared).toBeGreaterThan(10);
    expect((await chain()).verified).toMatchObject({ scope: "all", events: before.events + 1, found: 0 });
    expect((await olga.get(`/v1/tickets/${ticket.number}/chain`)).status).toBe(403);
    expect((await auditor.get("/v1/tickets/SC-999999/chain")).body.code).toBe("ticket_not_found");
  });

  it("says so when a verification found something about it", async () => {
    const { pool } = house.database;
    const { rows } = await pool.query("select schema_name as s from engine.projections where name = 'search'");
    const set = (words: string) => pool.query(`update ${rows[0].s}.ticket_words set words = ${words}`);
    await set("words || '!'");
    await verified(ticket.number);
    await set("left(words, -1)");
    const { verified: last } = await chain();
    expect(last).toMatchObject({ found: 1, findings: [{ code: "read_model_differs", params: { column: "words" } }] });
    await verified(ticket.number);
    expect((await chain()).verified).toMatchObject({ found: 0, findings: [] });
  });

  it("a verification can be broken off, and another begun", async () => {
    const { body } = await auditor.post("/v1/verifications", {});
    expect(["running", "stopped", "done"]).toContain(
      (await auditor.post(`/v1/verifications/${body.id}/stop`)).body.state,
    );
    const state = async () => (await auditor.get(`/v1/verifications/${body.id}`)).body.state;
    await expect.poll(state).toMatch(/stopped|done/u);
    expect((await auditor.post(`/v1/verifications/${body.id}/stop`)).body.state).toBe(await state());
    expect((await verified(null)).state).toBe("done");
  });
});

describe("an evidence file with the bytes of its attachments", () => {
  it("is good by both checkers, and holds the bytes", async () => {
    file = await evidence("&attachments=true");
    const { first, second, fields } = await checkBoth(file, publicKey);
    expect([first.refusals, second]).toEqual([[], []]);
    expect(first).toMatchObject({ ok: true, tickets: 1, attachments: { named: 1, enclosed: 1 } });
    expect(first.fields).toEqual({ disclosed: fields.length, erased: 0 });
    expect(fields.map(({ text }) => text)).toEqual(expect.arrayContaining([subject, words, "canary.txt"]));
    const without = await checkBoth(await evidence(), publicKey);
    expect(without.first).toMatchObject({ ok: true, attachments: { named: 1, enclosed: 0 } });
    expect(without.second).toEqual([]);
  });

  it.each([
    [
      "a part of the file taken out",
      (line: string) => (line.startsWith('{"kind":"bytes"') && line.includes('"part":1,') ? "" : line),
    ],
    [
      "all its parts taken out but the first",
      (line: string) => (/^\{"kind":"bytes".*"part":[1-9]/u.test(line) ? "" : line),
    ],
    [
      "another file named",
      (line: string) => line.replace(/("kind":"attachment".*"sha256":")[0-9a-f]{8}/u, "$100000000"),
    ],
    ["another key of a field", (line: string) => line.replace(/("kind":"disclosure".*?"key":")[^"]{6}/u, "$1AAAAAA")],
  ])("is refused by both with %s, whoever signs it anew", async (_what, change) => {
    const lines = file
      .toString()
      .split("\n")
      .map(change)
      .filter((line, at, all) => line !== "" || at === all.length - 1);
    const bad = Buffer.from(lines.join("\n"));
    expect(bad.equals(file)).toBe(false);
    const { first, second } = await checkBoth(bad, publicKey);
    // beside the signature, which any change breaks, the fault itself is named
    expect(first.refusals.filter(({ code }) => !/evidence_altered|signature/u.test(code)).length).toBeGreaterThan(0);
    expect(second.filter((fault) => !fault.startsWith("altered")).length).toBeGreaterThan(0);
  });

  it("is refused by both with any bit changed, and when it is cut off anywhere", { timeout: 120_000 }, async () => {
    const last = file.lastIndexOf("<!--{") * 8;
    const place = fc.oneof(
      fc.integer({ min: 0, max: file.length * 8 - 1 }),
      fc.integer({ min: last, max: file.length * 8 - 1 }),
    );
    await fc.assert(
      fc.asyncProperty(place, async (bit) => {
        const { first, second } = await checkBoth(bent(file, bit), publicKey);
        expect(first.ok).toBe(false);
        expect(first.refusals.length).toBeGreaterThan(0);
        expect(second.length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), async (length) => {
        const { first, second } = await checkBoth(file.subarray(0, length), publicKey);
        expect(first.refusals.map(({ code }) => code).join()).toMatch(/evidence_truncated|format_unknown/u);
        expect(second.length).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });
});

describe("a file that somebody sends is checked", () => {
  const send = (raw: Buffer, query = "", headers: Record<string, string> = {}) =>
    auditor.post(`/v1/evidence/checks${query}`, undefined, {
      raw,
      headers: { "content-type": "application/octet-stream", ...headers },
    });

  it("as a body or as a form, by Docket's own key or by another", async () => {
    const { status, body } = await send(file);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: true,
      refusals: [],
      checkpointKnown: true,
      tickets: 1,
      attachments: { named: 1, enclosed: 1 },
      key: { publicKey, given: false },
      bytes: file.length,
    });
    const head = `--cut\r\nContent-Disposition: form-data; name="file"; filename="e.html"\r\n\r\n`;
    const form = Buffer.concat([Buffer.from(head), file, Buffer.from("\r\n--cut--\r\n")]);
    expect((await send(form, "", { "content-type": "multipart/form-data; boundary=cut" })).body.ok).toBe(true);
    const foreign = await send(file, `?key=${"ab".repeat(32)}&lang=ru`);
    expect(foreign.body).toMatchObject({ ok: false, key: { given: true } });
    expect(foreign.body.refusals[0]).toMatchObject({ code: "signed_by_another_key" });
    expect(foreign.body.refusals[0].text).toContain("подписано чужим ключом");
  });

  it("and refused with the reasons: altered, cut off, something else", async () => {
    const codes = async (raw: Buffer) =>
      ((await send(raw)).body.refusals as { code: string; text: string }[]).map(({ code }) => code);
    expect(await codes(bent(file, 4_321))).toContain("evidence_altered");
    expect(await codes(file.subarray(0, -500))).toContain("evidence_truncated");
    expect(await codes(Buffer.from("Good day\n"))).toEqual(["format_unknown"]);
    expect((await send(file, "?key=abc")).status).toBe(422);
    expect(
      (await olga.post("/v1/evidence/checks", undefined, { raw: file, headers: { "content-type": "text/html" } }))
        .status,
    ).toBe(403);
    expect((await auditor.post("/v1/evidence/checks")).body.code).toBe("attachment_missing");
  });
});

it("who looked is told by name and number", async () => {
  await auditor.get(`/v1/tickets/${ticket.number}`);
  const last = async () =>
    (await auditor.get(`/v1/access-log?kind=ticket&ticket=${ticket.number}`)).body.items[0] as object | undefined;
  await expect.poll(last).toMatchObject({ actorId: "audit", actorName: "Аудитор", number: ticket.number });
});

it("what was searched for is not kept where it may be a name", async () => {
  await auditor.get("/v1/evidence?requesterEmail=anna@romashka.example&status=registered");
  const queries = async () =>
    ((await auditor.get("/v1/access-log?kind=evidence_export&limit=500")).body.items as { query: string }[]).map(
      ({ query }) => query,
    );
  await expect.poll(queries).toContain("/api/v1/evidence?requesterEmail=*&status=registered");
  expect((await queries()).join()).not.toContain("anna@");
});

describe("after the requester was forgotten", () => {
  it("is done, whoever waits", async () => {
    const begun = await boss.post("/v1/admin/privacy/erasures", { subject: "person:anna", reason: "request 1" });
    expect(begun.status).toBe(202);
    const step = async () => (await boss.get(`/v1/admin/privacy/erasures/${begun.body.erasureId}`)).body.step as string;
    await expect.poll(step, { timeout: 40_000 }).toBe("done");
  });
  const canaries = ["Canary", "canary.txt", "anna@romashka.example", "Анна Заказчикова"];

  it("an evidence file tells the same life with blanks, and is as good", async () => {
    const { first, second, fields } = await checkBoth(await evidence("&attachments=true"), publicKey);
    expect([first.refusals, second]).toEqual([[], []]);
    const before = await checkBoth(file, publicKey);
    expect(first.events).toBe(before.first.events);
    expect(first.attachments).toEqual({ named: 1, enclosed: 0 });
    expect(first.fields.erased).toBeGreaterThan(5);
    expect(fields.filter(({ text }) => text === null).length).toBe(first.fields.erased);
    // staff's names are theirs, and stay
    expect(first.fields.disclosed).toBeGreaterThan(0);
    const text = (await evidence("&attachments=true")).toString();
    for (const canary of canaries) expect(text).not.toContain(canary);
    expect(text).not.toContain(bytes.subarray(0, 3_000).toString("base64"));
    expect(text).toContain(erasedText.slice(0, 8));
    expect(text).toContain("Заявка зарегистрирована");
    const sealed = await checkBoth(await evidence("&sealed=true"), publicKey);
    expect([sealed.first.refusals, sealed.second]).toEqual([[], []]);
  });

  it("one that was made before is as good as it was, and opens what it disclosed: it carries the keys", async () => {
    const { first, second, fields } = await checkBoth(file, publicKey);
    expect([first.ok, second]).toEqual([true, []]);
    expect(fields.map(({ text }) => text)).toContain(subject);
  });

  it("the chains verify, the story is readable, and the files are gone", async () => {
    expect((await verified(null)).report).toMatchObject({ found: 0, findings: [] });
    expect((await chain()).verified).toMatchObject({ found: 0 });
    const replay = (await auditor.get(`/v1/tickets/${ticket.number}/replay?limit=100`)).body;
    expect(replay.chain).toMatchObject({ verified: true });
    expect(replay.items.length).toBe((await chain()).events);
    const told = JSON.stringify(replay);
    for (const canary of canaries) expect(told).not.toContain(canary);
    expect(told).toContain(erasedText);
    expect((await auditor.get(`/v1/tickets/${ticket.number}/attachments/${sha256}`)).status).toBe(404);
  });
});

it("the log of readings is searched by words and taken out as a table, which is in the log, too", async () => {
  const list = async (query: string) => (await auditor.get(`/v1/access-log?limit=200&${query}`)).body.items;
  await auditor.get(`/v1/tickets/${ticket.number}`);
  const mine = async () => (await list(`ticket=${ticket.number}&kind=ticket`))[0];
  await expect.poll(mine).toMatchObject({ number: ticket.number });
  const { actorName } = await mine();
  expect((await list(`q=${encodeURIComponent(actorName.slice(0, 4))}&kind=ticket`)).length).toBeGreaterThan(0);
  expect(await list("q=nobody-of-this-name")).toEqual([]);
  const csv = await auditor.get(`/v1/access-log?ticket=${ticket.number}&kind=ticket&format=csv`);
  expect(csv.headers["content-type"]).toContain("text/csv");
  const [head, line] = csv.raw.toString().split("\r\n");
  expect(head?.split(",")).toEqual(expect.arrayContaining(["at", "actorName", "number", "query"]));
  expect(line).toContain(ticket.number);
  await expect
    .poll(async () => (await list("kind=access_log")).some((one: { complete: boolean | null }) => one.complete))
    .toBe(true);
});

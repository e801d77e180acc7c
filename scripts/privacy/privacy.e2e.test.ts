import { execFile, spawn } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { erasedText } from "@docket/domain";
import { createPool } from "@docket/postgres";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../acceptance/api.ts";
import { plainLetter } from "../acceptance/letters.ts";
import { sendRaw } from "../acceptance/post.ts";
import { watch, type Watcher } from "../acceptance/socket.ts";
import { openStage, type TestStage } from "../acceptance/stage.ts";
import { tellStory, type Told } from "../acceptance/story.ts";
import { root } from "../checks/run-tool.ts";
import { dumpTables, scanFiles, scanTables } from "./scan.ts";

const minutes = 60_000;
const run = promisify(execFile);

/** What Pyotr Ivanov wrote, is called and attached, and what was said to him. */
const his = [
  "Пётр Иванов",
  "ivanov@severny.example",
  "000-10-01",
  "Не работает VPN до филиала",
  "не поднимается туннель",
  "Версия 4.2.",
  "Какая версия прошивки",
  "Обновлена конфигурация туннеля",
  "Временно включён резервный канал",
  "Туннель снова падает",
  "Снова не работает. Ключ",
  "снимок.png",
  "vpn.log",
  "peer not responding",
] as const;
/** Of others: staff, and who wrote without being known. */
const theirs = [
  "Иван Кравцов",
  "ivan@docket.example",
  "new.person@severny.example",
  "spam@else.example",
  "Выгодное предложение",
];
/** Told of nobody: must be found, or the look is blind. */
const control = "severny-2024";

describe("personal data, end to end", () => {
  let stage: TestStage;
  let told: Told;
  let pool: pg.Pool;
  let watcher: Watcher;
  const docket = (...args: string[]) =>
    run(process.execPath, [`${root}/scripts/docket`, ...args], {
      env: stage.stack.env(),
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
    });
  const failing = (...args: string[]) =>
    docket(...args).then(
      () => ({ code: 0, stderr: "" }),
      (error: { code: number; stderr: string }) => error,
    );
  /** Schemas that hold primary data, and the journal: what backups are made of. */
  const primary = (schema: string, table: string): boolean =>
    (["app", "files", "engine", "vault"].includes(schema) || schema.startsWith("rm_journal")) &&
    // Accounts have a name to be logged in with; an erasure blanks it (docs/privacy.md).
    !["accounts", "saved_views", "watched_tickets", "reply_templates"].includes(table);
  const figures = (schema: string): boolean => /^rm_(sla|measure|deadlines)_/.test(schema);
  let figuresBefore: string[];

  beforeAll(async () => {
    stage = await openStage("2024-04-22T05:30:00.000Z");
    told = await tellStory({
      gateway: () => stage.stack.urls.public,
      smtp: () => Number(new URL(stage.stack.urls.smtp).port),
      sink: stage.sink,
      supportAddress: stage.supportAddress,
      setClock: stage.setClock,
      settled: stage.settled,
      sentence: () => undefined,
    });
    await stage.settled();
    pool = createPool(stage.stack.urls.database, { max: 2 });
    figuresBefore = await dumpTables(pool, figures);
    expect(figuresBefore.length).toBeGreaterThan(10);
    const { olga } = told.people;
    // signed in anew: the story has gone on for weeks
    await olga.get("/api/v1/me");
    watcher = watch(
      () => stage.stack.urls.public,
      olga.cookie,
      { view: "ticket", filter: { ticketId: told.ticketId } },
      (row) => String(row["ticketId"]),
    );
    await eventually("the open page", () => watcher.frames.some(({ type }) => type === "snapshot"));
  }, 4 * minutes);
  afterAll(async () => {
    watcher?.close();
    await pool?.end();
    await stage?.close();
  }, minutes);

  it(
    "stores nothing of anybody in clear: event store with its WAL, journal, files, mails, keys",
    async () => {
      const store = join(stage.stack.data.path, "eventstore");
      expect((await scanFiles(store, [control])).length).toBeGreaterThan(0);
      expect(await scanFiles(store, [...his, ...theirs])).toEqual([]);
      expect((await scanTables(pool, primary, [control])).length).toBeGreaterThan(0);
      expect(await scanTables(pool, primary, [...his, ...theirs])).toEqual([]);
      // what people read is there all the same
      expect(JSON.stringify((await told.people.olga.get(`/api/v1/tickets/${told.number}`)).body)).toContain(his[3]);
      const master = await stat(join(stage.stack.data.path, "keys", "master.json"));
      expect(master.mode & 0o777).toBe(0o600);
    },
    minutes,
  );

  it(
    "tells one person everything that is held about him, and nothing about others",
    async () => {
      const out = join(stage.stack.data.path, "export.json");
      await docket("subject", "Ivanov@severny.example", "--out", out);
      const text = await readFile(out, "utf8");
      const held = JSON.parse(text) as {
        events: { texts: { text: string; label: { ru: string; en: string } }[] }[];
        files: { base64: string }[];
        mails: unknown[];
        accounts: { login: string }[];
      };
      for (const marker of his.slice(0, 13)) expect(text).toContain(marker);
      expect(held.files.map(({ base64 }) => Buffer.from(base64, "base64").toString()).join()).toContain(
        "peer not responding",
      );
      expect(held.accounts).toMatchObject([{ login: "ivanov" }]);
      expect(held.mails.length).toBeGreaterThan(3);
      const words = held.events.flatMap(({ texts }) => texts.map((one) => one.text)).join("\n");
      for (const marker of theirs) expect(words).not.toContain(marker);
      expect((await stat(out)).mode & 0o777).toBe(0o600);
      expect(await failing("subject", "nobody@else.example", "--out", out)).toMatchObject({ code: 1 });
      expect((await failing("subject", "nobody@else.example", "--out", out)).stderr).toContain("subject_unknown");
    },
    minutes,
  );

  it(
    "shows what an erasure would touch, and changes nothing",
    async () => {
      const { stdout } = await docket("forget", "ivanov@severny.example", "--dry-run");
      expect(stdout).toContain(`ticket-${told.ticketId}`);
      expect(stdout).toContain("organization-severny");
      expect(stdout).toMatch(/accounts\s+1/);
      expect((await docket("forget", "--list")).stdout).toBe("");
      expect(await failing("forget")).toMatchObject({ code: 2 });
    },
    minutes,
  );

  it(
    "forgets him: begun by a process that is killed, finished by projectors that are killed in turn",
    async () => {
      // kill -9 as soon as the keys are gone; the rest is the projector's
      await new Promise<void>((resolve) => {
        const child = spawn(
          process.execPath,
          [`${root}/scripts/docket`, "forget", "ivanov@severny.example", "--reason", "request 17", "--by", "maria"],
          { env: stage.stack.env(), cwd: root, stdio: ["ignore", "pipe", "inherit"] },
        );
        child.stdout.on("data", (text: Buffer) => {
          if (text.includes("keys are destroyed")) child.kill("SIGKILL");
        });
        child.on("close", () => resolve());
      });
      const step = async (): Promise<string | undefined> =>
        (await pool.query<{ step: string }>("select step from vault.erasure")).rows[0]?.step;
      expect(await step()).toBeDefined();
      for (let kills = 0; kills < 3 && (await step()) !== "done"; kills++) await stage.stack.crash("projector");
      await stage.stack.crash("gateway");
      await eventually("the erasure is done", async () => (await step()) === "done");
      await stage.settled();
      expect((await docket("forget", "--list")).stdout).toMatch(/person by maria \(done\): request 17/);
    },
    2 * minutes,
  );

  it(
    "leaves a readable story with blanks, and the same numbers",
    async () => {
      const { olga } = told.people;
      const ticket = (await olga.get(`/api/v1/tickets/${told.number}`)).body;
      expect(ticket).toMatchObject({
        number: told.number,
        subject: erasedText,
        status: "closed",
        requesterPersonId: "ivanov",
        requesterName: erasedText,
      });
      const timeline = JSON.stringify((await olga.get(`/api/v1/tickets/${told.number}/timeline?limit=200`)).body);
      expect(timeline).toContain("TicketAutoClosed");
      expect(timeline).toContain("Иван Кравцов");
      for (const marker of his) {
        expect(JSON.stringify(ticket)).not.toContain(marker);
        expect(timeline).not.toContain(marker);
      }
      expect(await dumpTables(pool, figures)).toEqual(figuresBefore);
      const past = (await olga.get(`/api/v1/tickets/${told.number}?asOf=2024-04-22T07:00:00.000Z`)).body;
      expect(past).toMatchObject({ subject: erasedText, status: "waiting_customer" });
    },
    minutes,
  );

  it(
    "is found nowhere any more: searches, files, sources, read models of any kind, the keys' tables",
    async () => {
      const { olga } = told.people;
      for (const q of ["филиала", "Пётр", "ivanov@severny"])
        expect((await olga.get(`/api/v1/tickets?q=${encodeURIComponent(q)}`)).body.items).toEqual([]);
      expect(await scanTables(pool, () => true, his)).toEqual([]);
      const files = JSON.stringify(
        (await told.people.anna.get(`/api/v1/tickets/${told.number}/timeline?limit=200`)).body,
      );
      const sha256 = /"sha256":"([0-9a-f]{64})"/.exec(files)?.[1];
      expect(sha256).toBeDefined();
      expect((await olga.get(`/api/v1/tickets/${told.number}/attachments/${sha256}`)).status).toBe(404);
      const { rows } = await pool.query<{ id: string }>(
        "select contact_id as id from read.contact where ticket_id = $1",
        [told.ticketId],
      );
      expect(rows.length).toBeGreaterThan(1);
      for (const { id } of rows) expect((await olga.get(`/api/v1/contacts/${id}/raw`)).status).toBe(404);
      expect(
        await failing("subject", "ivanov@severny.example", "--out", join(stage.stack.data.path, "x")),
      ).toMatchObject({
        code: 1,
      });
      const outbox = await readdir(join(stage.stack.data.path, "outbox")).catch(() => []);
      expect(outbox).toEqual([]);
    },
    minutes,
  );

  it("reaches who looks on: the open page is read again, and shows blanks", async () => {
    await eventually("blanks on the open page", () =>
      [...watcher.rows.values()].some((row) => row["subject"] === erasedText),
    );
  });

  it(
    "keeps every chain whole, and a rebuild gives the same tables byte for byte",
    async () => {
      expect((await docket("verify")).stdout).toMatch(/^0 findings$/m);
      // one changed row of any read model is named, and the exit code says so
      const { rows } = await pool.query<{ s: string }>(
        "select schema_name as s from engine.projections where name = 'contact'",
      );
      const table = `${rows[0]?.s}.contact`;
      await pool.query(`create table kept as select * from ${table} order by contact_id limit 1`);
      await pool.query(`update ${table} set channel = 'phone' where contact_id = (select contact_id from kept)`);
      const changed = await docket("verify").then(
        () => ({ code: 0, stdout: "" }),
        (error: { code: number; stdout: string }) => error,
      );
      await pool.query(
        `update ${table} t set channel = k.channel from kept k where k.contact_id = t.contact_id; drop table kept`,
      );
      expect(changed.code).toBe(1);
      expect(changed.stdout).toMatch(
        new RegExp(`^read_model_differs: ${table}, contact-\\S+ row .*: channel is phone`, "m"),
      );
      const { stdout } = await docket("rebuild", "--compare-only");
      expect(stdout).toContain("the same as the old ones, byte for byte");
    },
    2 * minutes,
  );

  it(
    "records the erasure: who, when, why, of what kind; and of whom, nothing",
    async () => {
      const { rows } = await pool.query<{ data: Record<string, unknown>; actor_id: string }>(
        "select data, actor_id from read.journal where type = 'SubjectErased'",
      );
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ actor_id: "maria", data: { kind: "person", reason: "request 17" } });
    },
    minutes,
  );

  it(
    "takes him for somebody new when he writes again",
    async () => {
      const port = () => Number(new URL(stage.stack.urls.smtp).port);
      const letter = plainLetter({
        from: "ivanov@severny.example",
        to: stage.supportAddress,
        subject: "Я снова здесь",
        text: "Ещё один вопрос.",
        messageId: "<again@severny.example>",
      });
      await sendRaw(port, "ivanov@severny.example", stage.supportAddress, letter);
      const { olga } = told.people;
      const contact = await eventually("his new contact", async () => {
        const { items } = (await olga.get("/api/v1/contacts?sort=-receivedAt&limit=5")).body;
        const found = (items as Record<string, unknown>[]).find((one) => one["subject"] === "Я снова здесь");
        // nobody is known by this address any more
        return found?.["status"] === "held" ? found : null;
      });
      // and can be forgotten again, by an administrator at the console's interface
      await docket("forget", "ivanov@severny.example");
      expect((await olga.get(`/api/v1/contacts/${String(contact["contactId"])}`)).body.subject).toBe(erasedText);
    },
    minutes,
  );

  it(
    "forgets a member of staff and somebody who was never known, and rotates the keys above all others",
    async () => {
      await docket("forget", "staff:ivan");
      await docket("forget", "spam@else.example");
      const { rows } = await pool.query<{ master_id: string }>("select master_id from vault.wrapping_key");
      expect((await docket("keys", "rotate")).stdout).toMatch(/^\d+ keys wrapped anew/);
      const { rows: now } = await pool.query<{ master_id: string }>("select master_id from vault.wrapping_key");
      expect(now).toHaveLength(1);
      expect(now[0]?.master_id).not.toBe(rows[0]?.master_id);
      expect(await scanTables(pool, () => true, ["Иван Кравцов", "ivan@docket.example", "spam@else.example"])).toEqual(
        [],
      );
      // what others said stays readable, with the new keys too
      await stage.stack.crash("gateway");
      const { elena } = told.people;
      const timeline = JSON.stringify((await elena.get(`/api/v1/tickets/${told.number}/timeline?limit=200`)).body);
      expect(timeline).toContain("Елена Маркова");
      expect(timeline).not.toContain("Иван Кравцов");
    },
    2 * minutes,
  );
});

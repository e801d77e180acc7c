import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ensureAccount } from "../auth/accounts.ts";
import { contract, policy } from "../../../../packages/domain/test/service-centre.ts";
import { checkBoth } from "../../test/checkers.ts";
import { openHouse, password, type House } from "../../test/house.ts";
import type { Answer, Session } from "../../test/session.ts";
import { portalForm } from "../../test/tickets.ts";

/*
 * Canaries: texts that are somebody's personal data and stand nowhere else. After random histories they must not stand in clear in anything
 * that is backed up; after the erasure of those whose they are, nowhere at all: not in any table of any schema, not in the event store's
 * files or their write-ahead log, not in the data folder.
 */

let house: House;
let boss: Session;
let auditor: Session;
beforeAll(async () => {
  house = await openHouse({ onDisk: true });
  [boss, auditor] = await Promise.all([house.as("boss"), house.as("audit")]);
});
afterAll(() => house.close());

interface Find {
  readonly where: string;
  readonly canary: string;
}

/** Looks into every row of every table, read as a dump reads it; bytes are looked at as bytes. */
async function scanTables(isLooked: (table: string) => boolean, canaries: readonly string[]): Promise<Find[]> {
  const { pool } = house.database;
  const { rows: tables } = await pool.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1`,
  );
  const wanted = canaries.map((canary) => ({
    canary,
    text: canary.toLowerCase(),
    hex: Buffer.from(canary, "utf8").toString("hex"),
    base64: Buffer.from(canary, "utf8").toString("base64").slice(0, -4),
  }));
  const found: Find[] = [];
  for (const { name } of tables) {
    if (!isLooked(name)) continue;
    const { rows } = await pool.query<{ line: string }>(`select t::text as line from ${name} t`);
    for (const { line } of rows) {
      const lower = line.toLowerCase();
      for (const { canary, text, hex, base64 } of wanted)
        if (lower.includes(text) || line.includes(hex) || line.includes(base64)) found.push({ where: name, canary });
    }
  }
  return found;
}

async function scanFolder(folder: string, canaries: readonly string[]): Promise<Find[]> {
  const found: Find[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const where = join(entry.parentPath, entry.name);
    const bytes = await readFile(where);
    for (const canary of canaries) if (bytes.includes(canary)) found.push({ where, canary });
  }
  return found;
}

/** What docs/privacy.md says stands in clear by design: read models, which are not backed up, and what one signs in and works with. */
const inClear = (table: string): boolean =>
  (table.startsWith("rm_") && !table.startsWith("rm_journal")) ||
  ["app.accounts", "app.saved_views", "app.preferences", "app.reply_templates", "audit.verification"].includes(table);

const steps = [
  "register",
  "customer comments",
  "staff comments",
  "staff notes",
  "upload",
  "classify",
  "assign",
  "accept",
  "ask",
  "answer",
  "resolve",
  "return",
  "view",
  "shared view",
  "preferences",
  "template",
  "bulk",
  "watch",
  "search",
  "export",
  "verify",
] as const;
type Step = (typeof steps)[number];

/** Two people of their own, a customer's and a member of staff, and what they are known by. */
async function cast(n: number) {
  const personId = `c${n}`;
  const staffId = `s${n}`;
  const his = (what: string): string => `Канарейка-${what}-${n}-canary`;
  const hers = (what: string): string => `Щегол-${what}-${n}-finch`;
  const email = `canary.mail.${n}@company.example`;
  const address = `finch.mail.${n}@sc.example`;
  const organizationId = `org${n}`;
  await house.send({
    type: "RegisterOrganization",
    data: { organizationId, name: `Company ${n}`, aliases: [], language: "en", zone: "Europe/Moscow", region: null },
  });
  await house.send({
    type: "AddPerson",
    data: {
      organizationId,
      person: { personId, name: his("name"), emails: [email], phones: [`+7 900 555-00-${10 + n}`] },
    },
  });
  await house.send({
    type: "HireStaff",
    data: { staffId, name: hers("name"), email: address, role: "service_manager", skills: [], language: "ru" },
  });
  await house.send({
    type: "SignContract",
    data: {
      ...contract,
      contractId: `contract${n}`,
      number: `N-${n}`,
      organizationId,
      supportKeys: [`KEY-${n}`],
      authorisedPersonIds: [personId],
      managerContactPersonIds: [],
      policy,
      policyEffectiveFrom: "2024-01-01T00:00:00.000Z",
    },
  });
  const { db } = house.database;
  const login = (name: string) => `${name}-login-${n}`;
  await ensureAccount(db, {
    login: login("canary"),
    role: "requester",
    organizationId,
    personId,
    name: his("account"),
    password,
  });
  await ensureAccount(db, { login: login("finch"), role: "service_manager", staffId, name: hers("account"), password });
  return {
    organizationId,
    personId,
    staffId,
    his,
    hers,
    email,
    customer: await house.as(login("canary")),
    manager: await house.as(login("finch")),
    /** everything that is to be found nowhere */
    canaries: [
      ...[
        "name",
        "account",
        "subject",
        "text",
        "file",
        "bytes",
        "answer",
        "reason",
        "solution",
        "question",
        "note",
      ].map(his),
      ...["name", "account", "view", "shared", "search", "bulk"].map(hers),
      email,
      address,
      login("canary"),
      login("finch"),
    ],
  };
}
type Cast = Awaited<ReturnType<typeof cast>>;

/** Plays a history. What the rules refuse is no fault of it. */
async function play(people: Cast, history: readonly Step[]): Promise<{ tickets: string[]; done: number }> {
  const { customer, manager, his, hers, email } = people;
  const olga = await house.as("olga");
  const tickets: string[] = [];
  let files: unknown[] = [];
  let done = 0;
  const played = async (answer: Promise<Answer>): Promise<Answer> => {
    const result = await answer;
    expect(result.status, JSON.stringify(result.body)).toBeLessThan(500);
    if (result.status < 300) done++;
    return result;
  };
  const last = (): string => tickets.at(-1) ?? "none";
  const command = (who: Session, name: string, body: object) =>
    played(
      who.post(`/v1/tickets/${last()}/commands/${name}`, body, { headers: { "idempotency-key": crypto.randomUUID() } }),
    );
  const upload = async (): Promise<void> => {
    const answer = await played(
      customer.post(`/v1/attachments?name=${encodeURIComponent(`${his("file")}.txt`)}`, undefined, {
        raw: Buffer.from(`${his("bytes")} `.repeat(20)),
        headers: { "content-type": "application/octet-stream" },
      }),
    );
    if (answer.status === 201) files = [answer.body];
  };
  const view = { queue: "all-open", filter: {}, q: hers("search") };
  const register = async (): Promise<void> => {
    const form = {
      ...portalForm,
      contactPerson: his("name"),
      email,
      subject: his("subject"),
      description: his("text"),
    };
    const { body } = await played(customer.post("/v1/contacts/portal", { ...form, attachments: files }));
    files = [];
    if (body.ticket?.ticketId === undefined) return;
    tickets.push(body.ticket.ticketId as string);
    await auditor.get("/v1/me", { headers: { "docket-wait-position": body.position } });
  };
  const acts: Record<Step, () => Promise<unknown>> = {
    register,
    upload,
    "customer comments": () =>
      command(customer, "comment", { text: his("text"), visibility: "public", attachments: files }),
    "staff comments": () => command(olga, "comment", { text: `On ${his("text")}`, visibility: "public" }),
    "staff notes": () => command(olga, "comment", { text: his("note"), visibility: "internal" }),
    classify: () => command(olga, "classify", { type: "incident", priority: "high", reason: his("reason") }),
    assign: () => command(olga, "assign", { groupId: "net", engineerId: "ivan", reason: his("reason") }),
    accept: async () => command(await house.as("ivan"), "accept", {}),
    ask: async () => command(await house.as("ivan"), "ask-customer", { question: his("question") }),
    answer: () => command(customer, "comment", { text: his("answer"), visibility: "public" }),
    resolve: async () => command(await house.as("ivan"), "resolve", { solution: his("solution") }),
    return: () => command(customer, "return", { reason: his("reason") }),
    view: () => played(manager.post("/v1/views", { ...view, name: hers("view") })),
    "shared view": () => played(manager.post("/v1/views", { ...view, name: hers("shared"), shared: true })),
    preferences: () => played(manager.patch("/v1/preferences", { other: { searches: [hers("search")] } })),
    template: () =>
      played(
        manager.post("/v1/templates", {
          name: "Greeting",
          language: "en",
          kind: "reply",
          body: "Good day, {{requester.name}}",
        }),
      ),
    bulk: async () => {
      const body = { command: "comment", body: { text: hers("bulk"), visibility: "internal" }, tickets };
      const { body: begun } = await played(manager.post("/v1/bulk", body));
      if (begun.jobId === undefined) return;
      const state = async () => (await manager.get(`/v1/bulk/${begun.jobId}`)).body.state as string;
      await expect.poll(state).not.toBe("running");
    },
    watch: () => played(manager.post(`/v1/tickets/${last()}/watch`)),
    search: () => played(auditor.get(`/v1/journal?q=${encodeURIComponent(his("name"))}`)),
    export: () => played(auditor.get(`/v1/evidence?requesterEmail=${encodeURIComponent(email)}&sealed=true`)),
    verify: async () => {
      // somebody changes a row: what is found tells what stood there
      const { pool } = house.database;
      const { rows } = await pool.query("select schema_name as s from engine.projections where name = 'search'");
      const set = (value: string) =>
        pool.query(`update ${rows[0].s}.ticket_words set words = ${value} where ticket_id = any($1::uuid[])`, [
          tickets,
        ]);
      await set("words || '!'");
      const { body } = await played(auditor.post("/v1/verifications", tickets.length > 0 ? { ticket: last() } : {}));
      const state = async () => (await auditor.get(`/v1/verifications/${body.id}`)).body.state as string;
      if (body.id !== undefined) await expect.poll(state, { timeout: 50_000 }).not.toBe("running");
      await set("left(words, -1)");
    },
  };
  await upload();
  await register();
  for (const step of history) await acts[step]();
  return { tickets, done };
}

async function settled(): Promise<void> {
  const { pool } = house.database;
  const pending = async () => Number((await pool.query("select count(*) as n from audit.access_pending")).rows[0].n);
  await expect.poll(pending).toBe(0);
  const head = await house.store.head();
  const there = async () =>
    (
      await pool.query("select commit_position >= $1 as there from engine.checkpoints where name = 'projector'", [
        head.commit,
      ])
    ).rows[0]?.there as boolean;
  await expect.poll(there).toBe(true);
}

async function forget(subject: string): Promise<void> {
  const begun = await boss.post("/v1/admin/privacy/erasures", { subject });
  expect(begun.status, JSON.stringify(begun.body)).toBe(202);
  const step = async () => (await boss.get(`/v1/admin/privacy/erasures/${begun.body.erasureId}`)).body.step as string;
  await expect.poll(step, { timeout: 50_000 }).toBe("done");
}

let casts = 0;

it(
  "whatever happened, backups hold no clear text, and after an erasure nothing does",
  { timeout: 240_000 },
  async () => {
    const history = fc.array(fc.constantFrom(...steps.filter((step) => step !== "verify")), {
      minLength: 6,
      maxLength: 14,
    });
    await fc.assert(
      fc.asyncProperty(history, async (random) => {
        const people = await cast(++casts);
        const { canaries, customer, manager, organizationId } = people;
        // each of the steps that leave something behind, and random ones around them
        const { tickets, done } = await play(people, [
          ...random,
          "view",
          "shared view",
          "preferences",
          "bulk",
          "verify",
          "export",
        ]);
        expect(tickets.length).toBeGreaterThan(0);
        expect(done).toBeGreaterThan(8);
        await settled();
        // the look is not blind: what people read is found where they read it
        const clear = await scanTables(inClear, canaries);
        expect(clear.some(({ where }) => where.startsWith("rm_ticket"))).toBe(true);
        expect(clear.some(({ where }) => where === "app.saved_views")).toBe(true);
        expect(clear.some(({ where }) => where === "audit.verification")).toBe(true);
        expect(await scanTables((table) => !inClear(table), canaries)).toEqual([]);
        expect(await scanFolder(house.dataDir, canaries)).toEqual([]);
        expect((await scanFolder(house.dataDir, [organizationId])).length).toBeGreaterThan(0);

        // somebody goes on writing while he is forgotten
        const racing = (async () => {
          const said: number[] = [];
          for (let n = 0; n < 10; n++)
            said.push(
              (
                await customer.post(`/v1/tickets/${tickets[0]}/commands/comment`, {
                  text: people.his("text"),
                  visibility: "public",
                })
              ).status,
            );
          return said;
        })();
        await forget(`person:${people.personId}`);
        for (const status of await racing) expect([200, 401, 409, 422, 503]).toContain(status);
        await forget(`staff:${people.staffId}`);
        expect((await customer.get("/v1/me")).status).toBe(401);
        expect((await manager.get("/v1/me")).status).toBe(401);
        await settled();
        expect(await scanTables(() => true, canaries)).toEqual([]);
        expect(await scanFolder(house.dataDir, canaries)).toEqual([]);
        const { rows } = await house.database.pool.query(
          "select display_name, disabled from app.accounts where login like 'erased-%'",
        );
        expect(rows.every(({ disabled }) => disabled === true)).toBe(true);
        expect(rows.length).toBeGreaterThanOrEqual(2);

        // and what is left is a record as good as before
        const { body } = await auditor.post("/v1/checkpoints");
        expect(body.checkpoint.faults).toEqual([]);
        const { publicKey } = (await auditor.get("/v1/checkpoints")).body.keys[0] as { publicKey: string };
        const file = (await auditor.get(`/v1/evidence?ticket=${tickets[0]}&attachments=true`)).raw;
        const { first, second } = await checkBoth(file, publicKey);
        expect([first.refusals, second]).toEqual([[], []]);
        for (const canary of canaries) expect(file.includes(canary)).toBe(false);
      }),
      { numRuns: 2, endOnFailure: true },
    );
  },
);

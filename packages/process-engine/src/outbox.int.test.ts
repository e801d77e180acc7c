import { randomUUID } from "node:crypto";
import { createLogger } from "@docket/service-kit";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { enqueueMails, runOutbox, UndeliverableMail, type OutboxMail, type Sending } from "./outbox.ts";
import { transaction } from "./reactor.ts";

const logger = createLogger("outbox-test", { level: "silent" });
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
}, 60_000);
afterAll(() => database?.close());
const stopping: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop();
  await database.pool.query("delete from app.outbox");
});

const mail = (subject: string): OutboxMail => ({
  id: randomUUID(),
  kind: "customer",
  causeEventId: randomUUID(),
  ticketId: null,
  to: "a@b.example",
  messageId: `<${randomUUID()}@docket.example>`,
  subject,
  text: "text",
  html: null,
  headers: { "X-Docket-Mail": "1" },
  createdAt: new Date("2024-04-22T06:00:00Z"),
});
const put = (...mails: OutboxMail[]) => transaction(database.pool, (tx) => enqueueMails(tx, mails));
const statusOf = async (id: string) =>
  (
    await database.pool.query<{ status: string; attempts: number }>(
      "select status, attempts from app.outbox where id = $1",
      [id],
    )
  ).rows[0];

function run(send: (mail: OutboxMail) => Promise<Sending>) {
  const stop = new AbortController();
  const done = runOutbox({
    databaseUrl: database.url,
    pool: database.pool,
    logger,
    signal: stop.signal,
    now: () => new Date("2024-04-22T06:01:00Z"),
    send,
  });
  stopping.push(() => {
    stop.abort();
    return done;
  });
}

describe("the outbox", () => {
  it("sends what is put into it once, however often it is put", async () => {
    const sent: string[] = [];
    const one = mail("one");
    await put(one);
    await put(one, { ...one, id: randomUUID() });
    run(async (each) => {
      sent.push(each.subject);
      return "sent";
    });
    const two = mail("two");
    await put(two);
    await vi.waitFor(async () => expect((await statusOf(two.id))?.status).toBe("sent"), { timeout: 10_000 });
    expect(sent).toEqual(["one", "two"]);
  });

  it("sends each of many once, and records every one", async () => {
    const mails = Array.from({ length: 60 }, (_, n) => mail(`mail ${n}`));
    await put(...mails);
    const sent: string[] = [];
    run(async (each) => {
      // the row says so before the mail server hears of it
      expect(await statusOf(each.id)).toEqual({ status: "sending", attempts: 1 });
      sent.push(each.subject);
      return "sent";
    });
    const open = async () =>
      (await database.pool.query("select status, count(*)::int as n from app.outbox group by status")).rows;
    await vi.waitFor(async () => expect(await open()).toEqual([{ status: "sent", n: 60 }]), { timeout: 20_000 });
    expect(sent.toSorted()).toEqual(mails.map(({ subject }) => subject).toSorted());
    const { rows } = await database.pool.query<{ attempts: number; sent_at: Date }>(
      "select distinct attempts, sent_at from app.outbox",
    );
    expect(rows).toEqual([{ attempts: 1, sent_at: new Date("2024-04-22T06:01:00Z") }]);
  });

  it("rolls back with the transaction that caused the mail", async () => {
    const lost = mail("lost");
    await expect(
      transaction(database.pool, async (tx) => {
        await enqueueMails(tx, [lost]);
        throw new Error("crash");
      }),
    ).rejects.toThrow("crash");
    expect(await statusOf(lost.id)).toBeUndefined();
  });

  it("tries again after a passing failure, and gives up after a final one", async () => {
    const [passing, final] = [mail("passing"), mail("final")];
    let tries = 0;
    run(async (each) => {
      if (each.id === final.id) throw new UndeliverableMail("550 <canary.user@else.example>: no such user");
      if (++tries < 3) throw new Error("421 busy");
      return "sent";
    });
    await put(passing, final);
    await vi.waitFor(async () => expect(await statusOf(passing.id)).toEqual({ status: "sent", attempts: 3 }), {
      timeout: 15_000,
    });
    expect(await statusOf(final.id)).toEqual({ status: "failed", attempts: 1 });
    // the server repeats whom it refuses; what is kept of it does not
    const { rows } = await database.pool.query("select last_error from app.outbox where id = $1", [final.id]);
    expect(rows[0].last_error).toBe("550 <…@…>: no such user");
  });

  it("sends a mail again under the same Message-ID when the crash fell between the 250 and our record", async () => {
    const doubtful = mail("doubtful");
    await put(doubtful);
    await database.pool.query("update app.outbox set status = 'sending', attempts = 1 where id = $1", [doubtful.id]);
    const ids: string[] = [];
    run(async (each) => {
      ids.push(each.messageId);
      return "sent";
    });
    await vi.waitFor(async () => expect((await statusOf(doubtful.id))?.status).toBe("sent"), { timeout: 10_000 });
    expect(ids).toEqual([doubtful.messageId]);
  });

  it("goes on after its connections were cut", async () => {
    const sent = new Set<string>();
    run(async (each) => {
      sent.add(each.subject);
      return "sent";
    });
    await put(mail("before"));
    await vi.waitFor(() => expect(sent.has("before")).toBe(true), { timeout: 10_000 });
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await put(mail("after"));
    await vi.waitFor(() => expect(sent.has("after")).toBe(true), { timeout: 10_000 });
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Replay, ReplayStep } from "@docket/api-contract";
import { openHouse, type House } from "../../test/house.ts";
import type { Session } from "../../test/session.ts";
import { registered } from "../../test/tickets.ts";

let house: House;
let auditor: Session;
let ticket: { ticketId: string; number: string };
let last: string;
const seenLive = new Map<number, Record<string, unknown>>();

/** A ticket's way through reclassification, question, miss, solution, return and a second solution; read after every step. */
beforeAll(async () => {
  house = await openHouse();
  auditor = await house.as("audit");
  ticket = await registered(house);
  const olga = await house.as("olga");
  const [ivan, anna] = [await house.as("ivan"), await house.as("anna")];
  const watch = async (position: string): Promise<void> => {
    const { body } = await olga.get(`/v1/tickets/${ticket.ticketId}`, {
      headers: { "docket-wait-position": position },
    });
    const { asOf: _now, ...shown } = body;
    seenLive.set(body.revision, shown);
    last = position;
  };
  const act = async (who: Session, name: string, data: object = {}): Promise<void> => {
    house.clock.advanceBy(60_000);
    const answer = await who.post(`/v1/tickets/${ticket.ticketId}/commands/${name}`, data);
    expect(answer.body.code).toBeUndefined();
    await watch(answer.body.position);
  };
  await act(olga, "classify", { type: "incident", priority: "high" });
  await act(olga, "assign");
  await act(ivan, "accept");
  await act(olga, "classify", { type: "incident", priority: "low", reason: "One user only" });
  await act(ivan, "ask-customer", { question: "Which site?" });
  await act(anna, "answer-customer", { answer: "Moscow" });
  await act(ivan, "comment", { text: "looks like the provider", visibility: "internal" });
  await act(ivan, "give-workaround", { workaround: "Use the old gateway" });
  await act(ivan, "resolve", { solution: "Restarted" });
  await act(anna, "return-to-work", { reason: "It is down again" });
  await act(ivan, "resolve", { solution: "Replaced" });
  await act(anna, "confirm");
  await house.database.pool.query(
    `insert into app.outbox (id, kind, cause_event_id, ticket_id, to_address, message_id, subject, body_text, status, next_attempt_at, created_at, sent_at)
     select gen_random_uuid(), 'customer', event_id, $1, 'anna@romashka.example', 'm-1@docket', 'Registered', 'text', 'sent', now(), recorded_at, recorded_at
     from read.journal where stream = $2 and revision = 0`,
    [ticket.ticketId, `ticket-${ticket.ticketId}`],
  );
});
afterAll(() => house.close());

async function replay(query = ""): Promise<Replay> {
  const headers = { "docket-wait-position": last };
  const answer = await auditor.get(`/v1/tickets/${ticket.number}/replay?${query}`, { headers });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as Replay;
}
const ofType = (steps: readonly ReplayStep[], type: string): ReplayStep => {
  const step = steps.find((one) => one.type === type);
  if (step === undefined) throw new Error(`no ${type}`);
  return step;
};

describe("GET /tickets/{ticket}/replay", () => {
  it("tells each fact with actor, times, what it changed, clocks, mails, and gives the ticket after it", async () => {
    const { items, total, chain, nextRevision } = await replay();
    expect(items.map(({ revision }) => revision)).toEqual(items.map((_, index) => index));
    expect([total, nextRevision]).toEqual([items.length, null]);
    expect(chain).toEqual({ verified: true, brokenAt: null, reason: null, checkedTo: items.length - 1 });
    const reclassified = items.findLast(({ type }) => type === "TicketClassified");
    expect(reclassified?.actor).toMatchObject({ id: "olga", role: "operator", roleTitle: "Operator" });
    expect(reclassified?.changes.find(({ field }) => field === "priority")).toEqual({
      field: "priority",
      title: "Priority",
      before: "high",
      after: "low",
      beforeText: "High",
      afterText: "Low",
    });
    const accepted = ofType(items, "TicketAccepted");
    expect(accepted.clocks.map(({ kind, effect }) => [kind, effect])).toEqual(
      expect.arrayContaining([
        ["reaction", "met"],
        ["resolution", "started"],
      ]),
    );
    const asked = ofType(items, "TicketCustomerAsked");
    expect(asked.clocks).toMatchObject([
      { kind: "resolution", effect: "paused", stateBefore: "running", deadlineAfter: null },
    ]);
    expect(ofType(items, "TicketCustomerAnswered").clocks).toMatchObject([{ effect: "resumed", deadlineBefore: null }]);
    expect(ofType(items, "TicketReturned").clocks[0]).toMatchObject({ effect: "went_on", cycle: 2 });
    expect(ofType(items, "TicketCommented").changes).toEqual([]);
    expect(items[0]?.mails).toMatchObject([{ to: "anna@romashka.example", status: "sent" }]);
  });

  it("shows after every step what the ticket's page showed at that moment", async () => {
    const { items } = await replay();
    expect(seenLive.size).toBeGreaterThan(10);
    for (const [revision, live] of seenLive) expect(items[revision]?.state).toEqual(live);
  });

  it("says the same from the event store and from its mirror, in pages of any size, in both languages", async () => {
    const whole = await replay();
    expect((await replay("fromStore=true")).items).toEqual(whole.items);
    const paged: ReplayStep[] = [];
    for (let from: number | null = 0; from !== null;) {
      const page: Replay = await replay(`from=${from}&limit=3`);
      expect(page.total).toBe(whole.total);
      paged.push(...page.items);
      from = page.nextRevision;
    }
    expect(paged).toEqual(whole.items);
    const russian = await replay("lang=ru&zone=Europe/Moscow&state=false");
    expect(russian.items[0]).toMatchObject({ title: "Заявка зарегистрирована" });
    expect(russian.items[0]?.state).toBeUndefined();
    expect(russian.items[3]?.story.join("\n")).toMatch(/изменено: Состояние: .* → /u);
  });

  it("of a past moment tells what was known then", async () => {
    const { items } = await replay();
    const at = items[4]?.recordedAt ?? "";
    const then = await replay(`asOf=${at}`);
    expect(then.items).toEqual(items.slice(0, then.total));
    expect(then.items.at(-1)?.recordedAt).toBe(at);
    expect((await auditor.get(`/v1/tickets/${ticket.number}/replay?asOf=2099-01-01T00:00:00Z`)).body.code).toBe(
      "as_of_in_future",
    );
    expect((await auditor.get(`/v1/tickets/${ticket.number}/replay?zone=Mars`)).body.code).toBe("bad_format");
  });

  it("shows where the mirror was tampered with, and that the store was not", async () => {
    const { pool } = house.database;
    const { rows } = await pool.query("select schema_name from engine.projections where name = 'journal'");
    const table = `${rows[0].schema_name}.event`;
    const place = `stream = 'ticket-${ticket.ticketId}' and revision = 5`;
    await pool.query(`update ${table} set data = replace(data, '"c":"', '"c":"AAAA') where ${place}`);
    expect((await replay()).chain).toMatchObject({ verified: false, brokenAt: 5, reason: "altered" });
    expect((await replay("fromStore=true")).chain.verified).toBe(true);
    await pool.query(`update ${table} set data = replace(data, '"c":"AAAA', '"c":"') where ${place}`);
  });
});

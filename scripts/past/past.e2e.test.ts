import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, loginAs, type Api } from "../acceptance/api.ts";
import { openStage, type TestStage } from "../acceptance/stage.ts";
import { root } from "../checks/run-tool.ts";
import { demoPassword } from "../demo/world.ts";

/**
 * The verbs about past moments, what-ifs and forecasts, against the same processes as `npm start`. Two tickets of one morning: one is
 * in work and waits for the customer from 10:00 to 14:00, the other is never accepted.
 */
let stage: TestStage;
let folder: string;
let olga: Api;
let ivan: Api;
const numbers: string[] = [];
const ids: string[] = [];
const moscow = (time: string): string => new Date(`2024-04-22T${time}:00+03:00`).toISOString();

async function docket(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { database, public: address } = stage.stack.urls;
  const child = spawn(process.execPath, [join(root, "scripts/docket"), ...args], {
    env: { ...process.env, DATABASE_URL: database, DOCKET_PUBLIC_URL: address },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => void (out += String(chunk)));
  child.stderr.on("data", (chunk) => void (err += String(chunk)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}
const json = async (...args: string[]) => {
  const { code, out, err } = await docket(...args, "--json");
  expect({ args, code, err }).toMatchObject({ args, code: 0 });
  return JSON.parse(out);
};

beforeAll(async () => {
  stage = await openStage(moscow("09:00"));
  folder = await mkdtemp(join(tmpdir(), "docket past "));
  const enter = (login: string): Promise<Api> => loginAs(() => stage.stack.urls.public, login, demoPassword);
  [olga, ivan] = await Promise.all([enter("olga"), enter("ivan")]);
  const act = async (who: Api, name: string, body: object, ticketId = ids[0]): Promise<void> => {
    const { status, body: answer } = await who.post(`/api/v1/tickets/${ticketId}/commands/${name}`, body);
    expect({ name, status, answer: status === 200 ? null : answer }).toEqual({ name, status: 200, answer: null });
  };
  for (const subject of ["VPN does not come up", "VPN is slow"]) {
    const { body } = await olga.post("/api/v1/contacts/phone", {
      subject,
      text: "since the morning",
      product: "Perimeter Gate",
      verified: { organizationId: "severny", contractId: "severny-2024", personId: "ivanov" },
    });
    numbers.push(body.ticket.number);
    ids.push(body.ticket.ticketId);
  }
  stage.setClock(moscow("09:05"));
  for (const ticketId of ids) {
    await act(olga, "classify", { type: "incident", priority: "high" }, ticketId);
    // The rules send what speaks of a VPN to Ivan; an assignment of ours would only race with theirs.
    await eventually(
      "routed to Ivan",
      async () => (await olga.get(`/api/v1/tickets/${ticketId}`)).body.engineerId === "ivan",
    );
  }
  await act(ivan, "accept", {});
  stage.setClock(moscow("10:00"));
  await act(ivan, "ask-customer", { question: "Which version?" });
  stage.setClock(moscow("14:00"));
  await act(olga, "answer-customer", {
    answer: "4.1",
    by: { personId: "ivanov", name: "И", email: null, phone: null },
  }).catch(() => act(olga, "answer-customer", { answer: "4.1" }));
  stage.setClock(moscow("15:00"));
  await act(ivan, "resolve", { solution: "renewed" });
  stage.setClock(moscow("16:00"));
  await stage.settled();
}, 120_000);
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

describe("docket asof", () => {
  it("shows a queue, its counters, a ticket, clocks, contacts and the directory as they were, in both languages", async () => {
    const { out, code } = await docket(
      "asof",
      "2024-04-22 11:00",
      "--zone",
      "Europe/Moscow",
      "queue",
      "waiting",
      "--lang",
      "ru",
    );
    expect(code).toBe(0);
    expect(out).toContain(numbers[0]);
    expect(out).toContain("Ожидает ответа заказчика");
    expect(out).not.toContain(numbers[1]);
    expect(
      (await json("asof", moscow("09:02"), "queue", "all-open")).items.map(({ status }: { status: string }) => status),
    ).toEqual(["registered", "registered"]);
    const counters = (await json("asof", moscow("11:00"), "counters")).counters as { view: string; count: number }[];
    expect(counters).toContainEqual({ view: "waiting", count: 1, capped: false });
    const ticket = await json("asof", moscow("11:00"), "ticket", numbers[0] as string);
    expect(ticket).toMatchObject({ asOf: moscow("11:00"), status: "waiting_customer", resolvedAt: null });
    expect(ticket.timeline.at(-1).type).toBe("TicketCustomerAsked");
    const told = await docket("asof", moscow("11:00"), "sla", numbers[0] as string, "--zone", "Europe/Moscow");
    expect(told.out).toContain("waiting for the customer");
    expect((await json("asof", moscow("11:00"), "sla", "clocks", "--filter", "state=paused")).items).toHaveLength(1);
    expect((await json("asof", moscow("08:59"), "contacts")).items).toEqual([]);
    expect((await json("asof", moscow("11:00"), "contacts")).items).toHaveLength(2);
    expect((await json("asof", moscow("11:00"), "directory", "contracts", "severny-2024")).id).toBe("severny-2024");
  });

  it.each([
    [["asof"], "option_invalid"],
    [["asof", "yesterday", "counters"], "option_invalid"],
    [["asof", "2024-04-22 11:00", "counters"], "option_invalid"],
    [["asof", "2024-04-31 11:00", "counters", "--zone", "UTC"], "option_invalid"],
    [["asof", "2024-04-22T08:00:00Z", "mood"], "option_invalid"],
    [["asof", "2024-04-22T08:00:00Z", "queue", "mine"], "option_invalid"],
    [["asof", "2024-04-22 11:00", "counters", "--zone", "Mars/Olympus"], "option_invalid"],
    [["asof", "2024-04-22T08:00:00Z", "counters", "--lang", "de"], "option_invalid"],
    [["asof", "2024-04-22T08:00:00Z", "counters", "--colour"], "option_unknown"],
    [["what-if", "2024-04-22T00:00:00Z"], "option_invalid"],
    [["what-if", "2024-04-22T00:00:00Z", "2024-04-23T00:00:00Z", "--policy", "/nowhere"], "option_invalid"],
    [["forecast", "tomorrow"], "option_invalid"],
  ])("%j is a mistake in the command line", async (args, code) => {
    const answer = await docket(...args);
    expect([answer.code, answer.out]).toEqual([2, ""]);
    expect(answer.err).toContain(`docket: ${code}: `);
  });

  it("says what the gateway refuses", async () => {
    const answer = await docket("asof", "2100-01-01T00:00:00Z", "counters");
    expect(answer).toMatchObject({ code: 1, out: "" });
    expect(answer.err).toContain("docket: as_of_in_future: That moment has not come yet (asOf)");
    expect((await docket("asof", moscow("11:00"), "ticket", "SC-999999")).err).toContain("docket: ticket_not_found");
  });
});

describe("docket what-if", () => {
  it("shows both judgements, in total and ticket by ticket, with the reason, and as CSV", async () => {
    const policy = join(folder, "policy.json");
    await writeFile(policy, JSON.stringify({ pauses: { customer: false, approval: false } }));
    const period = ["2024-04-22", "2024-04-23", "--zone", "Europe/Moscow", "--policy", policy];
    const job = await json("what-if", ...period);
    expect(job).toMatchObject({
      state: "done",
      totals: { tickets: 2, changes: [{ kind: "resolution", from: "met", to: "missed", count: 1 }] },
    });
    expect(job.items).toMatchObject([
      { number: numbers[0], clocks: [{ because: [{ code: "pause_rule", decisive: true }] }] },
    ]);
    const { out } = await docket("what-if", ...period);
    expect(out).toContain("waiting for the customer's answer does not stop the clock (4 h)");
    const csv = join(folder, "what if.csv");
    expect((await docket("what-if", ...period, "--csv", csv)).code).toBe(0);
    expect((await readFile(csv, "utf8")).trimEnd().split("\r\n")).toHaveLength(1 + job.totals.clocks);
    const calendar = join(folder, "calendar.json");
    await writeFile(calendar, JSON.stringify({ tz: "Europe/Moscow", weeklyHours: { mon: [["13:00", "18:00"]] } }));
    const afternoon = await json(
      "what-if",
      "2024-04-22",
      "2024-04-23",
      "--zone",
      "Europe/Moscow",
      "--calendar",
      calendar,
    );
    expect(afternoon.totals.movedClocks).toBeGreaterThan(0);
  });
});

describe("docket forecast", () => {
  it("tells of each open clock what becomes of it, now and as of a past moment", async () => {
    const then = await json("forecast", moscow("13:00"), "--as-of", moscow("09:10"));
    expect(then.totals).toMatchObject({ tickets: 2, missed: 0 });
    expect(then.items.map(({ verdict }: { verdict: string }) => verdict)).toContain("will_miss");
    const { out } = await docket("forecast", "2024-04-22 18:00", "--zone", "Europe/Moscow", "--lang", "ru");
    expect(out).toContain(numbers[1]);
    expect(out).toContain("Осталось");
    const csv = await docket("forecast", moscow("18:00"), "--csv", "-");
    expect(csv.out.split("\r\n")[0]).toContain("remainingSeconds");
  });
});

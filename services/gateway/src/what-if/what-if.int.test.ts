import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policy } from "../../../../packages/domain/test/service-centre.ts";
import { arrowFacts, arrowRows } from "../../test/arrow.ts";
import { openHouse, type House } from "../../test/house.ts";
import { registered } from "../../test/tickets.ts";
import type { Session } from "../../test/session.ts";

/**
 * Monday 2024-04-22, Moscow hours 9 to 18 (6:00 to 15:00 UTC); high: reaction 30 min, resolution 4 h, customer's waits do not
 * count. `quick` is resolved in one hour, `waited` in two and a half with a wait of five between, `slow` misses everything, `open` is in work.
 */
let house: House;
let ana: Session;
let last: string;
const tickets: Record<string, string> = {};
const act = async (login: string, ticketId: string, name: string, body: object = {}): Promise<void> => {
  const answer = await (await house.as(login)).post(`/v1/tickets/${ticketId}/commands/${name}`, body);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  last = answer.body.position;
};
const minutes = (n: number): void => house.clock.advanceBy(n * 60_000);
const period = { from: "2024-04-22T00:00:00Z", to: "2024-04-23T00:00:00Z" };
const ask = async (body: object, who = ana) =>
  (await who.post("/v1/what-if", { period, atPosition: last, ...body })).body;
const tell = async (jobId: string, query = "") => (await ana.get(`/v1/what-if/${jobId}/tickets?${query}`)).body;

beforeAll(async () => {
  house = await openHouse();
  ana = await house.as("ana");
  for (const name of ["quick", "waited", "slow", "open"]) {
    tickets[name] = (await registered(house, { subject: `VPN ${name}` })).ticketId;
    await act("olga", tickets[name], "classify", { type: "incident", priority: "high" });
    await act("olga", tickets[name], "assign", { groupId: "net", engineerId: "ivan" });
  }
  minutes(10);
  for (const name of ["quick", "waited", "open"]) await act("ivan", tickets[name]!, "accept");
  minutes(60);
  await act("ivan", tickets["quick"]!, "resolve", { solution: "done" });
  await act("ivan", tickets["waited"]!, "ask-customer", { question: "?" });
  minutes(300);
  await act("ivan", tickets["slow"]!, "accept");
  await act("anna", tickets["waited"]!, "answer-customer", { answer: "!" });
  minutes(90);
  await act("ivan", tickets["waited"]!, "resolve", { solution: "done" });
  await act("ivan", tickets["open"]!, "comment", { text: "still at it", visibility: "internal" });
}, 60_000);
afterAll(() => house.close());

describe("what if", () => {
  it("the terms had been the same: nothing differs, and the recorded side is what the read model says", async () => {
    const { targets, ola, pauses } = policy;
    const job = await ask({
      policy: { targets, ola, pauses, calendarId: "msk" },
      kinds: ["reaction", "resolution", "ola"],
    });
    expect(job).toMatchObject({ state: "done", totals: { tickets: 4, changedClocks: 0, movedClocks: 0, changes: [] } });
    const clocks = (await ana.get("/v1/sla/clocks?limit=500")).body.items as { kind: string; state: string }[];
    for (const { kind, recorded, whatIf } of job.totals.kinds) {
      expect(whatIf).toEqual(recorded);
      for (const state of ["met", "missed", "paused", "running"])
        expect({ kind, state, n: recorded[state] }).toEqual({
          kind,
          state,
          n: clocks.filter((clock) => clock.kind === kind && clock.state === state).length,
        });
    }
  });

  it("waits counted: both judgements side by side, with the rule, the interval and the sentence that moved it", async () => {
    const { jobId, totals } = await ask({ policy: { pauses: { customer: false, approval: false } } });
    expect(totals).toMatchObject({
      changedTickets: 1,
      changes: [{ kind: "resolution", from: "met", to: "missed", count: 1 }],
      reasons: [{ kind: "resolution", reason: "pause_rule", count: 1 }],
    });
    expect(totals.kinds.find(({ kind }: { kind: string }) => kind === "resolution")).toMatchObject({
      recorded: { met: 2, compliance: 66.67 },
      whatIf: { met: 1, compliance: 33.33 },
    });
    const { items } = await tell(jobId, "changed=true");
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      ticketId: tickets["waited"],
      clocks: [
        {
          kind: "resolution",
          recorded: { state: "met", usedSeconds: 9_000, pausedSeconds: 18_000 },
          whatIf: { state: "missed", usedSeconds: 27_000, pausedSeconds: 0, missedAt: "2024-04-22T10:10:00.000Z" },
          because: [
            {
              code: "pause_rule",
              decisive: true,
              reason: "customer",
              from: true,
              to: false,
              intervals: [{ from: "2024-04-22T07:10:00.000Z", to: "2024-04-22T12:10:00.000Z" }],
              text: "waiting for the customer's answer does not stop the clock (5 h)",
            },
          ],
        },
      ],
    });
  });

  it("another calendar: given, named, or one version of it", async () => {
    const afternoon = { tz: "Europe/Moscow", weeklyHours: { mon: [["15:00", "18:00"]] } };
    const { jobId, totals } = await ask({ calendar: afternoon });
    expect(totals.changes).toEqual(expect.arrayContaining([{ kind: "reaction", from: "missed", to: "met", count: 1 }]));
    const { items } = await tell(jobId, "changed=true&kind=reaction");
    expect(items[0].clocks[0].because).toMatchObject([{ code: "calendar", decisive: true, from: "msk", to: "given" }]);
    const seconds = items[0].clocks[0].because[0].intervals.reduce(
      (sum: number, one: { counted: string; seconds: number }) =>
        sum + (one.counted === "whatIf" ? one.seconds : -one.seconds),
      0,
    );
    expect(seconds).toBe(items[0].clocks[0].whatIf.usedSeconds - items[0].clocks[0].recorded.usedSeconds);
    expect((await ask({ calendarId: "msk" })).totals).toMatchObject({ movedClocks: 0 });
    expect((await ask({ calendarId: "msk", calendarVersion: 1 })).totals).toMatchObject({ changedClocks: 0 });
  });

  it("an existing version of some contract's policy, of the past too; nothing recorded is touched", async () => {
    const before = (await ana.get("/v1/sla/judgements?limit=500")).body.items;
    const strict = policy.targets.map((entry) => ({ ...entry, reaction: "5m", resolution: "50m" }));
    last = await house.send({
      type: "ChangeContractPolicy",
      data: {
        contractId: "c-2",
        policy: { ...policy, targets: strict },
        policyEffectiveFrom: "2024-05-01T00:00:00.000Z",
      },
    });
    const job = await ask({ contractId: "c-2", version: 2 });
    expect(job.totals.changes).toEqual([
      { kind: "reaction", from: "met", to: "missed", count: 3 },
      { kind: "resolution", from: "met", to: "missed", count: 2 },
      { kind: "resolution", from: "running", to: "missed", count: 1 },
    ]);
    expect((await ask({ contractId: "c-2", version: 1 })).totals.changedClocks).toBe(0);
    expect((await ana.get("/v1/sla/judgements?limit=500")).body.items).toEqual(before);
  });

  it("one promise of a cell, one rule about waiting: the other half stays as recorded", async () => {
    const targets = [
      { type: "incident", priority: "high", resolution: "50m" },
      { type: "incident", priority: "low", reaction: "1m" },
    ];
    const half = await ask({ policy: { targets, pauses: { approval: false } } });
    expect(half.totals.reasons).toEqual([{ kind: "resolution", reason: "target", count: 3 }]);
    expect(half.totals.kinds.find(({ kind }: { kind: string }) => kind === "reaction")).toMatchObject({
      recorded: half.totals.kinds[0].whatIf,
    });
    // a wait for the customer stops the clock as it did: only the rule about approval was asked about
    const { items } = await tell(half.jobId, "from=met&kind=resolution");
    const waited = items.find(({ ticketId }: { ticketId: string }) => ticketId === tickets["waited"]);
    expect(waited.clocks[0].whatIf).toMatchObject({ pausedSeconds: 18_000, target: "50m" });
  });

  it("a contract's version together with a calendar's; asked by somebody else with its moment and position it is the same answer", async () => {
    const question = { contractId: "c-2", version: 2, calendarId: "always", calendarVersion: 1 };
    const mine = await ask(question);
    const { items } = await tell(mine.jobId, "kind=resolution");
    expect(items[0].clocks[0]).toMatchObject({ whatIf: { target: "50m", calendarId: "always@1" } });
    const because = items.flatMap(({ clocks }: { clocks: { because: { code: string; text: string }[] }[] }) =>
      clocks.flatMap((clock) => clock.because),
    );
    expect(because.find(({ code }: { code: string }) => code === "calendar").text).toContain(
      "version 1 instead of “Москва”",
    );
    const maria = await house.as("maria");
    expect((await maria.get(`/v1/what-if/${mine.jobId}`)).body).toMatchObject({ code: "job_not_found" });
    const hers = await ask({ ...question, asOf: mine.asOf, atPosition: mine.position }, maria);
    expect(hers).toMatchObject({ asOf: mine.asOf, position: mine.position, totals: mine.totals });
  });

  it("is pinned to its moment: later facts do not move it, and its pages are of that moment", async () => {
    const asOf = "2024-04-22T07:00:00Z";
    const question = {
      policy: { targets: [{ type: "incident", priority: "high", reaction: "5m", resolution: "4h" }] },
      asOf,
    };
    const then = await ask(question);
    expect(then.totals).toMatchObject({ tickets: 4 });
    expect(then.asOf).toBe("2024-04-22T07:00:00.000Z");
    minutes(1);
    await act("ivan", tickets["slow"]!, "resolve", { solution: "at last" });
    const again = await ask({ ...question, atPosition: then.position });
    expect(again.totals).toEqual(then.totals);
    expect((await tell(then.jobId)).items).toEqual((await tell(again.jobId)).items);
    expect(
      (await tell(then.jobId)).items
        .flatMap(({ clocks }: { clocks: { whatIf: { stoppedAt: string | null } }[] }) => clocks)
        .every(
          ({ whatIf }: { whatIf: { stoppedAt: string | null } }) =>
            (whatIf.stoppedAt ?? "") <= "2024-04-22T07:00:00.000Z",
        ),
    ).toBe(true);
  });

  it("is read page by page, as CSV, JSON Lines and Arrow, with the same clocks", async () => {
    const { jobId, totals } = await ask({ policy: { pauses: { customer: false, approval: false } } });
    const walked: object[] = [];
    for (let page: string | null = ""; page !== null;) {
      const part: { items: object[]; nextPage: string | null } = await tell(
        jobId,
        `limit=1${page === "" ? "" : `&page=${page}`}`,
      );
      walked.push(...part.items);
      page = part.nextPage;
    }
    expect(walked).toEqual((await tell(jobId)).items);
    const csv = (await ana.get(`/v1/what-if/${jobId}/tickets?format=csv`)).raw.toString().trimEnd().split("\r\n");
    expect(csv).toHaveLength(1 + totals.clocks);
    expect(csv[0]).toContain("recordedState");
    const lines = (await ana.get(`/v1/what-if/${jobId}/tickets?format=ndjson`)).raw.toString().trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual(walked);
    const arrow = await ana.get(`/v1/what-if/${jobId}/tickets?format=arrow`);
    expect(arrow.headers["content-type"]).toBe("application/vnd.apache.arrow.stream");
    const told = arrowRows(arrow.raw);
    type Side = { state: string; deadline: string | null; usedSeconds: number } | null;
    type Told = { number: string; clocks: { kind: string; changed: boolean; recorded: Side; whatIf: Side }[] };
    expect(
      told.map((row) => [
        row["number"],
        row["clock"],
        row["changed"],
        ...["State", "Deadline", "UsedSeconds"].flatMap((name) => [row[`recorded${name}`], row[`whatIf${name}`]]),
      ]),
    ).toEqual(
      (walked as Told[]).flatMap(({ number, clocks }) =>
        clocks.map(({ kind, changed, recorded, whatIf }) => [
          number,
          kind,
          changed,
          ...(["state", "deadline", "usedSeconds"] as const).flatMap((name) => [
            recorded?.[name] ?? null,
            whatIf?.[name] ?? null,
          ]),
        ]),
      ),
    );
    const { position } = await tell(jobId);
    expect(arrowFacts(arrow.raw)).toMatchObject({ position });
    const token = (await tell(jobId, "limit=1")).nextPage as string;
    expect((await tell(jobId, `changed=true&page=${token}`)).code).toBe("page_token_invalid");
  });

  it("counts only what the filter and the period hold, as it was at the moment", async () => {
    const other = { policy: { pauses: { customer: false, approval: false } } };
    expect((await ask({ ...other, filter: { engineerId: ["ivan"], line: [2] } })).totals.tickets).toBe(3);
    expect((await ask({ ...other, filter: { organizationId: ["lopuh"] } })).totals.tickets).toBe(0);
    expect((await ask({ ...other, by: "resolvedAt" })).totals.tickets).toBe(3);
    expect((await ask({ ...other, by: "closedAt" })).totals.tickets).toBe(0);
    expect(
      (await ask({ ...other, period: { from: "2030-01-01T00:00:00Z", to: "2030-01-02T00:00:00Z" } })).totals.tickets,
    ).toBe(0);
    expect((await ask({ ...other, asOf: "2024-01-01T00:00:00Z" })).totals?.tickets).toBe(0);
  });

  it.each([
    [{}, "nothing_to_compare"],
    [{ policy: {}, period: { from: period.to, to: period.from } }, "period_empty"],
    [{ contractId: "c-9", version: 1 }, "contract_unknown"],
    [{ contractId: "c-1", version: 9 }, "policy_version_unknown"],
    [{ contractId: "c-1" }, "required"],
    [{ policy: { calendarId: "mars" } }, "calendar_unknown"],
    [{ calendarId: "msk", calendarVersion: 7 }, "calendar_version_unknown"],
    [{ calendar: { tz: "Mars/Olympus", weeklyHours: {} } }, "calendar_zone_unknown"],
    [{ calendar: { tz: "UTC", weeklyHours: { mon: [["25:00", "26:00"]] } } }, "calendar_time_invalid"],
    [
      { policy: { targets: [{ type: "incident", priority: "high", reaction: "soon", resolution: "4h" }] } },
      "bad_format",
    ],
    [{ policy: { mood: "good" } }, "unknown_field"],
    [{ policy: {}, asOf: "2100-01-01T00:00:00Z" }, "as_of_in_future"],
    [{ policy: {}, filter: { line: [9] } }, "not_allowed"],
    [{ policy: {}, by: "mood" }, "not_allowed"],
  ])("%j is refused with %s", async (body, code) => {
    expect(await ask(body)).toMatchObject({ code });
  });

  it("is for analysts, managers and administrators, each his own jobs; what is not there is said to be so", async () => {
    const { jobId } = await ask({ policy: {} });
    for (const login of ["anna", "olga", "ivan", "audit"])
      expect((await ask({ policy: {} }, await house.as(login))).code).toBe("forbidden");
    const maria = await house.as("maria");
    expect((await maria.get(`/v1/what-if/${jobId}`)).body.code).toBe("job_not_found");
    expect((await maria.delete(`/v1/what-if/${jobId}`)).body.code).toBe("job_not_found");
    expect((await ana.delete(`/v1/what-if/${jobId}`)).status).toBe(204);
    expect((await ana.get(`/v1/what-if/${jobId}`)).body.state).toBe("done");
  });
});

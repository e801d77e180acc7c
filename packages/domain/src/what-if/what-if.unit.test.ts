import { compileCalendar, type WorkingCalendar } from "@docket/sla";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { on, people, policy, registration, serviceCentre, ticketId } from "../../test/service-centre.ts";
import { type TestDesk, uuidOf } from "../../test/desk.ts";
import { evolveTicket, findCalendar, workingCalendarOf, type SlaPolicy } from "../index.ts";
import type { Actor, AnyCommand, Fact, TicketEvent, TicketState } from "../index.ts";
import { compareTerms, differentTime } from "./compare.ts";
import { asRecorded, retell, type Judged, type OtherTerms } from "./retell.ts";
import type { RecordedStretch, TicketStory, TicketVersion } from "./story.ts";

const HOUR = 3_600_000;
const begin = Date.parse("2024-04-22T06:00:00.000Z");
const ms = (instant: string | null): number | null => (instant === null ? null : Date.parse(instant));

/** The story of the one ticket, as a reader of its facts would tell it. */
function storyOf(desk: TestDesk): TicketStory {
  const versions: TicketVersion[] = [];
  const stretches: RecordedStretch[] = [];
  let state: TicketState | null = null;
  desk.facts.forEach((fact, position) => {
    if (fact.stream !== `ticket-${ticketId}`) return;
    state = evolveTicket(state, fact as Fact<TicketEvent>);
    if (state === null) return;
    const at = Date.parse(fact.meta.occurredAt);
    const { status, type, priority, assignment } = state;
    versions.push({ at, position, status, type, priority, line: assignment?.line ?? null });
    const { clocks = [] } = fact.data as { clocks?: TicketState["clocks"][number]["snapshot"][] };
    for (const clock of clocks)
      stretches.push({
        ...clock,
        from: at,
        position,
        startedAt: Date.parse(clock.startedAt),
        deadline: ms(clock.deadline),
        stoppedAt: ms(clock.stoppedAt),
        missedAt: ms(clock.missedAt),
        extendedTo: ms(clock.extendedTo),
      });
  });
  return { versions, stretches };
}

const calendarIn =
  (desk: TestDesk) =>
  (id: string): WorkingCalendar =>
    workingCalendarOf(findCalendar(desk.directory, id)!);

const termsOf = (desk: TestDesk, other: SlaPolicy): OtherTerms => ({
  target: (kind, line, type, priority) =>
    kind === "ola"
      ? (other.ola.find((entry) => entry.line === line)?.target ?? null)
      : (other.targets.find((entry) => entry.type === type && entry.priority === priority)?.[kind] ?? null),
  pauses: other.pauses,
  calendar: { calendarId: other.calendarId, calendar: calendarIn(desk)(other.calendarId) },
});

/** What of a clock has to be equal; `remaining` follows from the rest. */
const essence = (clocks: ReadonlyMap<string, Judged>) =>
  Object.fromEntries(
    [...clocks].map(([name, { remainingSeconds: _remaining, pauses: _pauses, ...rest }]) => [name, rest]),
  );

interface Deed {
  readonly wait: number;
  readonly what: string;
  readonly n: number;
}

const deed = fc.record({
  wait: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 20 })).map((n) => n * 0.5 * HOUR),
  what: fc.constantFrom(
    "classify",
    "assign",
    "accept",
    "accept",
    "ask",
    "answer",
    "answer",
    "propose",
    "approve",
    "hand-over",
    "extend",
    "resolve",
    "return",
    "return",
    "confirm",
    "withdraw",
    "comment",
  ),
  n: fc.integer({ min: 0, max: 5 }),
});

function commandOf({ what, n }: Deed, now: number): [AnyCommand, Actor] {
  switch (what) {
    case "classify":
      return [on.classify({ priority: (["high", "medium", "low"] as const)[n % 3]!, reason: "?" }), people.olga];
    case "assign":
      return [n % 2 === 0 ? on.assign("net", "ivan") : on.assign("l3", "elena"), people.olga];
    case "accept":
      return [on.accept(), n % 2 === 0 ? people.ivan : people.elena];
    case "ask":
      return [on.ask(), people.ivan];
    case "answer":
      return [on.answer(), people.anna];
    case "propose":
      return [on.propose({ proposalId: uuidOf(n + 1, 0xb0) }), people.ivan];
    case "approve":
      return [on.approve(uuidOf(n + 1, 0xb0)), people.anna];
    case "hand-over":
      return [n % 2 === 0 ? on.handOver(3, "l3", "elena") : on.handOver(2, "net", "ivan"), people.ivan];
    case "extend":
      return [on.extend(new Date(now + (n + 1) * 9 * HOUR).toISOString(), new Date(now).toISOString()), people.maria];
    case "resolve":
      return [on.resolve(), people.ivan];
    case "return":
      return [on.giveBack(), people.anna];
    case "confirm":
      return [on.confirm(), people.anna];
    case "withdraw":
      return [on.withdraw(), people.anna];
    default:
      return [on.comment(), people.ivan];
  }
}

const road: readonly Deed[] = (["classify", "assign", "accept"] as const).map((what) => ({ wait: 60_000, what, n: 0 }));

/** A service centre whose one contract has this policy from the start. */
function centreUnder(first: SlaPolicy): TestDesk {
  const desk = serviceCentre();
  desk.ok(
    {
      type: "ChangeContractPolicy",
      data: { contractId: "c-1", policy: first, policyEffectiveFrom: "2024-01-02T00:00:00.000Z" },
    },
    { as: people.boss },
  );
  return desk;
}

const ours: SlaPolicy = { ...policy, chain: [] };
const theirs: SlaPolicy = {
  ...ours,
  calendarId: "always",
  targets: policy.targets.map((entry) => ({
    ...entry,
    reaction: "20m",
    resolution: entry.resolution === "3d" ? "2d" : "6h",
  })),
  ola: [{ line: 3, target: "45m" }],
  pauses: { customer: false, approval: true },
};

/** `uneven`: milliseconds more between deeds: at a deadline's very instant it is chance whether the clockwork comes first. */
function live(desk: TestDesk, deeds: readonly Deed[], uneven = 0, between?: (n: number) => void): boolean[] {
  desk.ok(registration(), { as: people.olga });
  return [...road, ...deeds].map((one, n) => {
    desk.advanceTo(new Date(desk.now + one.wait + uneven).toISOString());
    between?.(n);
    const [command, as] = commandOf(one, desk.now);
    return desk.send(command, { as }).ok;
  });
}

describe("a story told again", () => {
  it("under its own terms gives what was recorded, whatever happened", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.array(deed, { minLength: 3, maxLength: 25 }),
        fc.integer({ min: 0, max: 20 }),
        (deeds, changeAt) => {
          const desk = centreUnder(ours);
          live(desk, deeds, 17_000, (n) => {
            if (n !== changeAt) return;
            const later = { ...ours, targets: theirs.targets };
            const data = { contractId: "c-1", policy: later, policyEffectiveFrom: new Date(desk.now).toISOString() };
            desk.ok({ type: "ChangeContractPolicy", data }, { as: people.boss });
            desk.send({ type: "RecomputeClocks", data: { ticketId, because: "policy" } });
          });
          const story = storyOf(desk);
          const told = retell(story, {}, calendarIn(desk), desk.now);
          expect(essence(told)).toEqual(essence(asRecorded(story, calendarIn(desk), desk.now)));
          const compared = compareTerms(
            story,
            {},
            calendarIn(desk),
            desk.now,
            new Set(["reaction", "resolution", "ola"]),
          );
          expect(compared.filter(({ moved }) => moved)).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("under another policy gives what would have been recorded under it", { timeout: 60_000 }, () => {
    let compared = 0;
    let differing = 0;
    fc.assert(
      fc.property(fc.array(deed, { minLength: 3, maxLength: 15 }), (deeds) => {
        const here = centreUnder(ours);
        const there = centreUnder(theirs);
        const [done, doneThere] = [live(here, deeds, 17_000), live(there, deeds, 17_000)];
        // what the other rules would have refused, or done by themselves, makes it another story
        fc.pre(done.every((ok, n) => ok === doneThere[n] || [...road, ...deeds][n]?.what === "extend"));
        fc.pre(
          here.typesOf(`ticket-${ticketId}`).includes("TicketAutoClosed") ===
            there.typesOf(`ticket-${ticketId}`).includes("TicketAutoClosed"),
        );
        // of agreed deadlines both know the same ones only where both rules took them
        fc.pre(!done.some((ok, n) => doneThere[n] && !ok));
        const told = retell(storyOf(here), termsOf(here, theirs), calendarIn(here), here.now);
        expect(essence(told)).toEqual(essence(asRecorded(storyOf(there), calendarIn(there), there.now)));
        compared++;
        const was = asRecorded(storyOf(here), calendarIn(here), here.now);
        if ([...told].some(([name, { state }]) => was.get(name)?.state !== state)) differing++;
      }),
      { numRuns: 450 },
    );
    expect(compared).toBeGreaterThan(60);
    expect(differing).toBeGreaterThan(15);
  });
});

describe("why two judgements differ", () => {
  const all = new Set(["reaction", "resolution", "ola"] as const);
  /** Accepted at 9:01 Moscow time, asked at 10:01, answered at 15:01, resolved at 17:01: 3 h used of 4 h. */
  function waited(): TestDesk {
    const desk = centreUnder(ours);
    live(desk, [
      { wait: HOUR - 2 * 60_000, what: "ask", n: 0 },
      { wait: 5 * HOUR, what: "answer", n: 0 },
      { wait: 2 * HOUR, what: "resolve", n: 0 },
    ]);
    return desk;
  }
  const resolutionUnder = (terms: OtherTerms) => {
    const desk = waited();
    const found = compareTerms(storyOf(desk), terms, calendarIn(desk), desk.now, all);
    return found.find(({ kind }) => kind === "resolution")!;
  };

  it("a shorter target", () => {
    const clock = resolutionUnder({ target: (kind) => (kind === "resolution" ? "2h" : undefined) });
    expect(clock).toMatchObject({
      changed: true,
      recorded: { state: "met" },
      whatIf: { state: "missed", target: "2h" },
    });
    expect(clock.because).toEqual([{ reason: "target", decisive: true }]);
  });

  it("a wait that counts", () => {
    const clock = resolutionUnder({ pauses: { customer: false, approval: false } });
    expect(clock).toMatchObject({ changed: true, whatIf: { state: "missed", pausedSeconds: 0 } });
    expect(clock.because).toEqual([{ reason: "pause_rule", decisive: true }]);
  });

  it("another calendar, with the time that counted under only one of the two", () => {
    const halfDay = compileCalendar({ tz: "Europe/Moscow", weeklyHours: { mon: [["08:00", "15:30"]] } });
    const clock = resolutionUnder({ calendar: { calendarId: "half-day", calendar: halfDay } });
    expect(clock).toMatchObject({ changed: false, moved: true, because: [{ reason: "calendar", decisive: false }] });
    const recorded = calendarIn(waited())("msk");
    const time = differentTime(clock.recorded!, clock.whatIf!, { recorded, whatIf: halfDay }, begin + 24 * HOUR);
    expect(time).toEqual([
      { from: begin + 6.5 * HOUR, to: expect.any(Number), counted: "recorded", seconds: expect.any(Number) },
    ]);
    const seconds = time.reduce((sum, one) => sum + (one.counted === "whatIf" ? one.seconds : -one.seconds), 0);
    expect(seconds).toBe(clock.whatIf!.usedSeconds - clock.recorded!.usedSeconds);
  });

  it("two changes of which one alone is enough, or neither", () => {
    const enough = resolutionUnder({
      target: (kind) => (kind === "resolution" ? "2h" : undefined),
      pauses: { customer: false, approval: true },
    });
    expect(enough.because).toEqual([
      { reason: "target", decisive: true },
      { reason: "pause_rule", decisive: true },
    ]);
    // 5 h used of 4 h; with a lunch of 45 minutes 4 h 15 min
    const desk = centreUnder(ours);
    live(desk, [{ wait: 5 * HOUR, what: "resolve", n: 0 }]);
    const lunch = compileCalendar({
      tz: "Europe/Moscow",
      weeklyHours: {
        mon: [
          ["09:00", "12:00"],
          ["12:45", "18:00"],
        ],
      },
    });
    const terms: OtherTerms = {
      target: (kind) => (kind === "resolution" ? "4h30m" : undefined),
      calendar: { calendarId: "lunch", calendar: lunch },
    };
    const neither = compareTerms(storyOf(desk), terms, calendarIn(desk), desk.now, all).find(
      ({ kind }) => kind === "resolution",
    )!;
    expect(neither).toMatchObject({ recorded: { state: "missed" }, whatIf: { state: "met" } });
    expect(neither.because).toEqual([
      { reason: "target", decisive: false },
      { reason: "calendar", decisive: false },
      { reason: "together", decisive: true },
    ]);
  });

  it("a classification that the other contract does not cover", () => {
    const clock = resolutionUnder({ target: (kind) => (kind === "resolution" ? null : undefined) });
    expect(clock).toMatchObject({ whatIf: null, changed: true, because: [{ reason: "not_covered", decisive: true }] });
  });
});

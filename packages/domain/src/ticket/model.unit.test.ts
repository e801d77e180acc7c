import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DAY,
  MINUTE,
  due,
  groups,
  passTime,
  perform,
  start,
  targetsOf,
  ticks,
  used,
  type Model,
  type Step,
  type Told,
} from "../../test/model.ts";
import { on, people, policy, registration, serviceCentre, ticketId } from "../../test/service-centre.ts";
import { uuidOf, type TestDesk } from "../../test/desk.ts";
import type { Actor, AnyCommand } from "../index.ts";
import { snapshotOf } from "./clocks.ts";
import { evolveTicket } from "./evolve.ts";
import { openAlarms, type TicketState } from "./state.ts";
import type { TicketEvent } from "./events.ts";
import type { Fact } from "../event.ts";

const DAY_ZERO = Date.parse("2024-04-22T00:00:00.000Z");
const FIRST = 6 * 60 * MINUTE;
const iso = (at: number) => new Date(DAY_ZERO + at).toISOString();
const since = (instant: string) => Date.parse(instant) - DAY_ZERO;

const staff = ["olga", "ivan", "petr", "elena", "maria"] as const;
const actors: Readonly<Record<string, Actor>> = people;

function stepArbitrary(): fc.Arbitrary<Step> {
  const by = fc.constantFrom(...staff, "anna");
  const plain = [
    "register",
    "accept",
    "ask",
    "answer",
    "message",
    "propose",
    "approve",
    "refuse",
    "resolve",
    "return",
    "confirm",
    "withdraw",
    "duplicate",
    "comment",
    "workaround",
  ] as const;
  const priority = fc.constantFrom("high", "medium", "low");
  const destination = fc
    .constantFrom(...Object.keys(groups))
    .chain((group) => fc.tuple(fc.constant(group), fc.option(fc.constantFrom(...groups[group]!.members, "ivan"))));
  // What moves a ticket on comes more often than what ends it.
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom(
          "ask",
          "answer",
          "message",
          "propose",
          "approve",
          "refuse",
          "comment",
          "workaround" as const,
        ),
        by,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom("resolve", "return" as const),
        by: fc.constantFrom("ivan", "anna", "olga"),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom(...plain), by }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant("accept" as const), by }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("classify" as const), by: fc.constantFrom(...staff), priority }),
    },
    {
      weight: 6,
      arbitrary: fc
        .record({
          do: fc.constantFrom("assign", "handOver" as const),
          by: fc.constantFrom("olga", "ivan"),
          to: destination,
        })
        .map(({ to: [group, engineer], ...rest }) => ({ ...rest, group, engineer })),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("extend" as const),
        by: fc.constantFrom("maria", "olga"),
        to: fc.integer({ min: 0, max: 4 * DAY }),
      }),
    },
  );
}

/** Steps that belong together: chance alone would seldom put an answer behind a question. */
const pairs: readonly (readonly Step[])[] = [
  [
    { do: "ask", by: "ivan" },
    { do: "answer", by: "anna" },
  ],
  [
    { do: "ask", by: "ivan" },
    { do: "message", by: "anna" },
  ],
  [
    { do: "propose", by: "ivan" },
    { do: "approve", by: "anna" },
  ],
  [
    { do: "propose", by: "ivan" },
    { do: "refuse", by: "anna" },
  ],
  [
    { do: "resolve", by: "ivan" },
    { do: "return", by: "anna" },
  ],
  [
    { do: "handOver", by: "ivan", group: "l3", engineer: null },
    { do: "accept", by: "elena" },
  ],
  [
    { do: "assign", by: "olga", group: "alarm", engineer: null },
    { do: "accept", by: "maria" },
  ],
];
const chunkArbitrary = fc.oneof(
  { weight: 3, arbitrary: stepArbitrary().map((step): readonly Step[] => [step]) },
  { weight: 1, arbitrary: fc.constantFrom(...pairs) },
);

/** How time passes before a step: how long, and whether the clockwork keeps up. */
const paceArbitrary = fc.record({
  wait: fc.oneof(fc.integer({ min: 0, max: 90 * MINUTE }), fc.integer({ min: 0, max: 3 * DAY })),
  prompt: fc.boolean(),
});

function commandOf(step: Step, model: Model, n: number, at: number): AnyCommand {
  const proposal = (k: number) => uuidOf(k, 0xb0);
  switch (step.do) {
    case "register":
      return registration();
    case "classify":
      return on.classify({ priority: step.priority, reason: "Уточнено" });
    case "assign":
      return on.assign(step.group, step.engineer);
    case "handOver":
      return on.handOver(groups[step.group]!.line, step.group, step.engineer);
    case "accept":
      return on.accept();
    case "ask":
      return on.ask();
    case "answer":
      return on.answer();
    case "message":
      return on.message(100 + n);
    case "propose":
      return on.propose({ proposalId: proposal(model.proposals + 1) });
    case "approve":
      return on.approve(proposal(model.proposals));
    case "refuse":
      return on.refuse(proposal(model.proposals));
    case "extend":
      return on.extend(iso(step.to), iso(at));
    case "resolve":
      return on.resolve();
    case "return":
      return on.giveBack();
    case "confirm":
      return on.confirm();
    case "withdraw":
      return on.withdraw();
    case "duplicate":
      return on.duplicate();
    case "comment":
      return on.comment();
    case "workaround":
      return on.workaround();
  }
}

function neverResting(): TestDesk {
  const desk = serviceCentre(iso(FIRST));
  const targets = (["high", "medium", "low"] as const).map((priority) => ({
    type: "incident" as const,
    priority,
    reaction: `${targetsOf[priority][0]}m`,
    resolution: `${targetsOf[priority][1]}m`,
  }));
  desk.ok(
    {
      type: "ChangeContractPolicy",
      data: { contractId: "c-1", policy: { ...policy, calendarId: "always", targets }, policyEffectiveFrom: iso(0) },
    },
    { as: people.boss },
  );
  return desk;
}

const told = (facts: readonly { type: string; meta: { occurredAt: string } }[]): Told[] =>
  facts.map((fact) => [fact.type, since(fact.meta.occurredAt)]);

function sameAsModel(state: TicketState, model: Model, desk: TestDesk): void {
  expect([state.status, state.priority, state.classified, state.cycle]).toEqual([
    model.status,
    model.priority,
    model.classified,
    model.cycle,
  ]);
  expect([state.assignment?.groupId ?? null, state.assignment?.engineerId ?? null]).toEqual([
    model.group,
    model.engineer,
  ]);
  expect(openAlarms(state).map((alarm) => [alarm.key, since(alarm.at)])).toEqual(
    due(model).map(({ key, at }) => [key, at]),
  );
  expect(new Set(state.fired).size).toBe(state.fired.length);
  for (const clock of model.clocks) {
    const { input, snapshot } = state.clocks.find(
      (entry) =>
        entry.snapshot.kind === clock.kind &&
        entry.snapshot.line === clock.line &&
        entry.snapshot.cycle === clock.cycle,
    )!;
    expect([clock.name, snapshot.ticking, snapshot.stoppedAt === null, snapshot.missedAt !== null]).toEqual([
      clock.name,
      ticks(clock),
      clock.open,
      clock.missed,
    ]);
    expect([clock.name, snapshot.usedSeconds]).toEqual([clock.name, Math.floor(used(clock, clock.touched) / 1_000)]);
    // What was folded from the facts gives the clock again as the last fact carried it.
    const again = snapshotOf(input, snapshot.target, DAY_ZERO + clock.touched, desk.directory, state.fired);
    expect({ ...again, alarms: [] }).toEqual({ ...snapshot, alarms: [] });
  }
  expect(state.clocks).toHaveLength(model.clocks.length);
}

interface Story {
  readonly first: boolean;
  readonly steps: readonly { step: Step; pace: { wait: number; prompt: boolean } }[];
}

function tell({ first, steps }: Story, seen: Map<string, number>): void {
  const desk = neverResting();
  let model = start();
  let now = FIRST;
  const road: Story["steps"] = first
    ? (["register", "classify", "assign", "accept"] as const).map((each) => ({
        step:
          each === "classify"
            ? { do: each, by: "olga", priority: "medium" }
            : each === "assign"
              ? { do: each, by: "olga", group: "net", engineer: null }
              : { do: each, by: each === "accept" ? "ivan" : "olga" },
        pace: { wait: MINUTE, prompt: true },
      }))
    : [];
  for (const [n, { step, pace }] of [...road, ...steps].entries()) {
    now += pace.wait;
    if (pace.prompt) {
      const from = desk.facts.length;
      desk.advanceTo(iso(now));
      expect(told(desk.facts.slice(from))).toEqual(passTime(model, now));
    }
    desk.now = DAY_ZERO + now;

    const tried = structuredClone({ ...model });
    const at = Math.max(now, tried.last);
    const before = passTime(tried, at, step.do !== "accept" && step.do !== "resolve");
    const command = commandOf(step, model, n, at);
    const type = perform(tried, step, at);
    const from = desk.facts.length;
    const decision = desk.send(command, { as: actors[step.by]! });
    expect(decision.ok, `${step.do} by ${step.by} in ${model.status}: ${JSON.stringify(decision)}`).toBe(type !== null);
    const count = `${step.do} ${type === null ? "refused" : "done"}`;
    seen.set(count, (seen.get(count) ?? 0) + 1);
    if (type === null) continue;
    model = tried;
    const after = model.status === "closed" ? [] : passTime(model, at);
    expect(told(desk.facts.slice(from))).toEqual([...before, [type, at], ...after]);
    const state = desk.ticket(ticketId);
    sameAsModel(state, model, desk);
  }
  const facts = desk.facts.filter((fact) => fact.stream === `ticket-${ticketId}`) as Fact<TicketEvent>[];
  if (facts.length > 0) expect(facts.reduce<TicketState | null>(evolveTicket, null)).toEqual(desk.ticket(ticketId));
}

describe("random lives of a ticket, beside an independent model", () => {
  it(
    "status, facts, alarms and clocks are those of the model, whatever is sent and however late the clockwork is",
    { timeout: 60_000 },
    () => {
      const seen = new Map<string, number>();
      const story = fc.record({
        first: fc.boolean(),
        chunks: fc.array(fc.record({ chunk: chunkArbitrary, pace: paceArbitrary }), { minLength: 5, maxLength: 35 }),
      });
      fc.assert(
        fc.property(story, ({ first, chunks }) =>
          tell({ first, steps: chunks.flatMap(({ chunk, pace }) => chunk.map((step) => ({ step, pace }))) }, seen),
        ),
        { numRuns: Number(process.env["MODEL_RUNS"] ?? 200), endOnFailure: false },
      );
      // The stories must have been about something: every step both done and refused.
      for (const each of [
        "accept",
        "ask",
        "answer",
        "propose",
        "approve",
        "refuse",
        "extend",
        "resolve",
        "return",
        "classify",
        "assign",
        "handOver",
      ]) {
        expect([each, (seen.get(`${each} done`) ?? 0) > 0, (seen.get(`${each} refused`) ?? 0) > 0]).toEqual([
          each,
          true,
          true,
        ]);
      }
    },
  );
});

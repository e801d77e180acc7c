import { describe, expect, it } from "vitest";
import { on, people, registration, serviceCentre, ticketId, ticketIn } from "../../test/service-centre.ts";
import { uuidOf } from "../../test/desk.ts";
import type { Actor, AnyCommand } from "../index.ts";
import { ticketCommands } from "./commands.ts";
import { ticketStatuses, type TicketStatus } from "./state.ts";

const { olga, ivan, anna, maria } = people;
const system: Actor = { id: "system", role: "system" };
const open: readonly TicketStatus[] = ticketStatuses.filter((status) => status !== "closed");
const beforeResult = open.filter((status) => status !== "result_confirmation");

/** Every arrow of the life cycle (domain.md): the command, who sends it, and the statuses in which it is accepted. */
const arrows: readonly [AnyCommand, Actor, readonly TicketStatus[]][] = [
  [on.classify({ priority: "medium", reason: "Уточнено" }), olga, beforeResult],
  [on.assign("net", "petr"), olga, ["classified", "assigned"]],
  [on.accept(), ivan, ["assigned"]],
  [on.handOver(), ivan, ["in_work"]],
  [on.ask(), ivan, ["in_work"]],
  [on.answer(), anna, ["waiting_customer"]],
  [on.propose({ proposalId: uuidOf(7, 0xb0) }), ivan, ["in_work"]],
  [on.approve(), anna, ["waiting_approval"]],
  [on.refuse(), anna, ["waiting_approval"]],
  [on.resolve(), ivan, ["in_work"]],
  [on.giveBack(), anna, ["result_confirmation"]],
  [on.confirm(), anna, ["result_confirmation"]],
  [on.withdraw(), anna, beforeResult],
  [on.duplicate(), olga, beforeResult],
  [on.comment(), anna, open],
  [on.message(), olga, open],
  [
    { type: "LogCall", data: { ticketId, direction: "incoming", with: "Анна", summary: "Перезвонить", seconds: 60 } },
    olga,
    open,
  ],
  [
    {
      type: "AddAttachment",
      data: { ticketId, attachment: { sha256: "c".repeat(64), name: "log.txt", size: 1, mediaType: "text/plain" } },
    },
    anna,
    open,
  ],
  [{ type: "LinkTicket", data: { ticketId, toTicketId: uuidOf(4, 0x71), kind: "blocks" } }, ivan, open],
  [on.workaround(), ivan, ["assigned", "in_work", "waiting_customer", "waiting_approval"]],
  [on.extend("2024-04-24T10:00:00.000Z"), maria, ["in_work", "waiting_customer", "waiting_approval"]],
  [on.escalate(), anna, open],
  [on.downtime({ proposalId: null }), ivan, beforeResult],
  [{ type: "RecomputeClocks", data: { ticketId, because: "policy" } }, system, ticketStatuses],
  [{ type: "FireAlarm", data: { ticketId, key: "nothing", at: "2024-04-22T06:00:00.000Z" } }, system, ticketStatuses],
];

describe("the life cycle: which command is accepted in which status (R §4)", () => {
  for (const status of ticketStatuses) {
    it.each(arrows.map(([command, actor, statuses]) => [command.type, command, actor, statuses] as const))(
      `${status}: %s`,
      (_, command, actor, statuses) => {
        const desk = ticketIn(status);
        desk.now += 60_000;
        const decision = desk.send(command, { as: actor });
        expect(decision.ok, JSON.stringify(decision)).toBe(statuses.includes(status));
        if (status === "closed" && !decision.ok) expect(decision.error.code).toBe("ticket_closed");
      },
    );
  }

  it("covers every command but those with tests of their own", () => {
    const own = [
      "RegisterTicket",
      "StartChange",
      "RecordUpdateInstalled",
      "StudyEscalation",
      "DecideEscalationActions",
      "CompleteEscalationActions",
      "ReleaseEscalation",
      "RecordSource",
      "RecordAutoClose",
    ];
    const covered = new Set([...arrows.map(([command]) => command.type as string), ...own]);
    expect(
      Object.values(ticketCommands)
        .map((definition) => definition.type)
        .filter((type) => !covered.has(type)),
    ).toEqual([]);
  });

  it("leads to the statuses of the picture", () => {
    const after = (status: TicketStatus, command: AnyCommand, actor: Actor) => {
      const desk = ticketIn(status);
      desk.ok(command, { as: actor });
      return desk.ticket(ticketId).status;
    };
    expect(after("registered", on.classify(), olga)).toBe("classified");
    expect(after("classified", on.assign(), olga)).toBe("assigned");
    expect(after("assigned", on.accept(), ivan)).toBe("in_work");
    expect(after("in_work", on.handOver(), ivan)).toBe("assigned");
    expect(after("in_work", on.ask(), ivan)).toBe("waiting_customer");
    expect(after("waiting_customer", on.answer(), anna)).toBe("in_work");
    expect(after("waiting_customer", on.message(), olga)).toBe("in_work");
    expect(after("in_work", on.propose(), ivan)).toBe("waiting_approval");
    expect(after("waiting_approval", on.approve(), anna)).toBe("in_work");
    expect(after("waiting_approval", on.refuse(), anna)).toBe("in_work");
    expect(after("in_work", on.resolve(), ivan)).toBe("result_confirmation");
    expect(after("result_confirmation", on.giveBack(), anna)).toBe("in_work");
    expect(after("result_confirmation", on.message(), olga)).toBe("result_confirmation");
    expect(after("assigned", on.classify({ priority: "medium", reason: "Уточнено" }), olga)).toBe("assigned");
  });
});

describe("rule 1: a closed ticket takes no further change (R §4.2)", () => {
  it("whatever way it was closed", () => {
    const closings: [TicketStatus, AnyCommand, Actor, string][] = [
      ["result_confirmation", on.confirm(), anna, "confirmed"],
      ["in_work", on.withdraw(), anna, "withdrawn"],
      ["classified", on.duplicate(), olga, "duplicate"],
    ];
    for (const [status, command, actor, because] of closings) {
      const desk = ticketIn(status);
      desk.ok(command, { as: actor });
      expect(desk.ticket(ticketId)).toMatchObject({ status: "closed", closedBecause: because });
      expect(desk.refused(on.comment(), { as: olga })).toBe("ticket_closed");
      expect(desk.refused(on.message(), { as: olga })).toBe("ticket_closed");
      const before = desk.facts.length;
      desk.advanceTo("2024-06-01T00:00:00.000Z");
      expect(desk.facts.length).toBe(before);
    }
  });

  it("withdrawing and closing as a duplicate cancel the open clocks, and a miss stays a miss", () => {
    const desk = ticketIn("in_work");
    desk.advanceTo("2024-04-22T10:30:00.000Z");
    desk.ok(on.withdraw(), { as: anna });
    const [reaction, , resolution] = desk.ticket(ticketId).clocks.map((clock) => clock.snapshot);
    expect(reaction).toMatchObject({ kind: "reaction", state: "met" });
    expect(resolution).toMatchObject({
      kind: "resolution",
      state: "missed",
      ticking: false,
      stoppedAt: "2024-04-22T10:30:00.000Z",
      alarms: [],
    });
    const early = ticketIn("assigned");
    early.ok(on.duplicate(), { as: olga });
    expect(early.ticket(ticketId).clocks.map((clock) => [clock.snapshot.kind, clock.snapshot.state])).toEqual([
      ["reaction", "cancelled"],
      ["ola", "cancelled"],
    ]);
  });
});

describe("commands told twice", () => {
  it("change nothing the second time, while the state remembers them", () => {
    const desk = serviceCentre();
    const commandId = uuidOf(77, 0xc0);
    expect(desk.ok(registration(), { as: olga, commandId })).toHaveLength(1);
    expect(desk.ok(registration(), { as: olga, commandId })).toEqual([]);
    expect(desk.refused(registration(), { as: olga })).toBe("ticket_exists");
    expect(desk.ticket(ticketId).commands.at(-1)).toEqual({ commandId, firstRevision: 0, lastRevision: 0 });
    for (let n = 0; n < 40; n++) desk.ok(on.comment(), { as: olga });
    expect(desk.ticket(ticketId).commands).toHaveLength(32);
  });

  it("a ticket that is not there is unknown", () => {
    expect(serviceCentre().refused(on.comment(), { as: olga })).toBe("ticket_unknown");
  });
});

import { describe, expect, it } from "vitest";
import type { SendOptions, TestDesk } from "../../test/desk.ts";
import { on, people, registration, serviceCentre, ticketId } from "../../test/service-centre.ts";
import { openAlarms } from "../index.ts";

const { ivan, maria, olga } = people;
/** Of April 2024, told in June. */
const importedAt = "2024-06-03T06:00:00.000Z";
const as: SendOptions = {
  channel: "import",
  provenance: { source: "old-desk", file: "f".repeat(64), row: 2, importedAt },
};

function told(...commands: Parameters<TestDesk["ok"]>[0][]): TestDesk {
  const desk = serviceCentre();
  desk.ok(registration(), as);
  for (const command of [on.classify(), ...commands]) {
    desk.now += 60_000;
    desk.ok(command, as);
  }
  return desk;
}
const alarms = (desk: TestDesk): string[] => openAlarms(desk.ticket(ticketId)).map(({ key }) => key);

describe("a ticket with an imported past", () => {
  it("is warned of nothing and escalated to nobody, but its misses are stated", () => {
    const desk = told(on.assign(), on.accept());
    expect(alarms(desk)).toEqual(["resolution:1:miss"]);
    desk.advanceTo("2024-04-30T06:00:00.000Z");
    expect(desk.typesOf(`ticket-${ticketId}`).slice(-1)).toEqual(["TicketDeadlineMissed"]);
    expect(desk.ticket(ticketId)).toMatchObject({ status: "in_work", escalations: [] });
  });

  it("is reminded of nothing and not closed by our rule: the source says when it was closed", () => {
    const desk = told(on.assign(), on.accept(), on.resolve());
    expect(alarms(desk)).toEqual([]);
    // Long after our own five working days.
    desk.now = Date.parse("2024-05-28T06:00:00.000Z");
    desk.ok(on.giveBack(), as);
    desk.ok(on.resolve(), as);
    desk.ok({ type: "RecordAutoClose", data: { ticketId } }, as);
    expect(desk.ticket(ticketId)).toMatchObject({ status: "closed", closedBecause: "auto_closed" });
  });

  it("lives on like any other: what falls due after the import is acted on, what was due before is over", () => {
    const desk = told(on.assign(), on.accept());
    desk.advanceTo(importedAt);
    desk.ok(on.handOver(2, "net", "petr"), { as: ivan });
    // The chain's steps of April are not caught up by the first live touch.
    expect(alarms(desk).filter((key) => key.startsWith("resolution"))).toEqual([]);
    desk.ok(on.accept(), { as: people.petr });
    desk.ok(on.resolve(), { as: people.petr });
    expect(alarms(desk)).toEqual(["reminder:1:1", "reminder:1:2", "auto_close:1"]);
  });

  it("has its warnings where its deadlines lie after the import", () => {
    const desk = serviceCentre("2024-06-03T05:30:00.000Z");
    const late = { ...as, at: "2024-06-03T05:30:00.000Z" };
    desk.ok(registration({ receivedAt: "2024-06-03T05:30:00.000Z" }), late);
    for (const command of [on.classify(), on.assign(), on.accept()]) desk.ok(command, late);
    expect(alarms(desk)).toEqual([
      "resolution:1:step:1",
      "resolution:1:miss",
      "resolution:1:step:2",
      "resolution:1:step:3",
    ]);
  });

  it("may be of people who have left and of groups that are no more", () => {
    const desk = serviceCentre();
    desk.ok({ type: "DeactivateStaff", data: { staffId: "ivan", reason: null } }, { as: people.boss });
    const group = {
      groupId: "gone",
      name: "Прежняя",
      line: 2,
      kind: "competence_centre",
      memberIds: [],
      source: "old-desk",
    };
    desk.ok({ type: "ImportGroup", data: group } as never, as);
    desk.ok(registration(), as);
    desk.ok(on.classify(), as);
    desk.ok(on.assign("gone", "ivan"), as);
    desk.ok(on.accept(), as);
    expect(desk.ticket(ticketId).assignment).toMatchObject({ groupId: "gone", engineerId: "ivan" });
    // Living people send nothing there.
    expect(desk.refused(on.handOver(2, "gone", null), { as: maria })).toBe("group_inactive");
    desk.ok({ type: "ActivateGroup", data: { groupId: "gone" } }, { as: maria });
    expect(desk.ok({ type: "ActivateGroup", data: { groupId: "gone" } }, { as: maria })).toEqual([]);
  });

  it("keeps the source's own record, which nobody but an import writes", () => {
    const desk = told(on.recordSource({ judgement: "missed" }));
    expect(desk.facts.at(-1)?.data).toMatchObject({ source: "old-desk", judgement: "missed" });
    expect(desk.refused(on.recordSource())).toBe("not_permitted");
    expect(desk.refused(on.recordSource(), { as: olga })).toBe("not_permitted");
    expect(desk.refused({ type: "RecordAutoClose", data: { ticketId } })).toBe("not_permitted");
  });
});

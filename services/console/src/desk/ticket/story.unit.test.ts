import type { TimelineEntry } from "@docket/api-contract";
import { describe, expect, it } from "vitest";
import { aboutOf, storyOf, type SentMail } from "./story.ts";

const fact = (revision: number, occurredAt: string): TimelineEntry => ({
  eventId: `e${revision}`,
  revision,
  position: String(revision),
  type: "TicketAssigned",
  occurredAt: `2026-03-12T${occurredAt}:00.000Z`,
  recordedAt: "2026-03-12T15:00:00.000Z",
  actor: { id: "s", role: "operator", name: null },
  channel: "console",
  data: {},
});
const mail = (mailId: string, causeEventId: string, at: string): SentMail => ({
  mailId,
  causeEventId,
  kind: "assigned",
  to: "a@b.example",
  subject: "",
  status: "sent",
  createdAt: `2026-03-12T${at}:00.000Z`,
  sentAt: null,
});

describe("a ticket's story", () => {
  it("has facts where they happened, also when they were entered later, and letters right after the fact that they tell of", () => {
    const story = storyOf(
      [fact(1, "09:00"), fact(2, "10:00"), fact(3, "09:30"), fact(4, "10:00")],
      [mail("late", "e4", "15:01"), mail("m2", "e1", "15:02"), mail("m1", "e1", "15:00")],
    );
    expect(story.map(({ key }) => key)).toEqual(["e1", "m1", "m2", "e3", "e2", "e4", "late"]);
    expect(story.map(({ at }) => at)).toEqual(story.map(({ at }) => at).toSorted());
  });

  it("keeps letters of facts that it does not hold, by their own time", () => {
    const story = storyOf([fact(1, "09:00"), fact(2, "10:00")], [mail("m", "elsewhere", "09:20")]);
    expect(story.map(({ key }) => key)).toEqual(["e1", "m", "e2"]);
  });
});

describe("what a letter is about", () => {
  const ticket = { number: "SC-000016", subject: "Firewall" };
  it.each([
    ["[SC-000016] Срок нарушен: Firewall", "Срок нарушен"],
    ["[SC-000016] Firewall", "Firewall"],
    ["Your answer is needed", "Your answer is needed"],
    ["[SC-000017] Work has begun: Firewall", "[SC-000017] Work has begun"],
  ])("%s", (subject, about) => {
    expect(aboutOf(subject, ticket)).toBe(about);
  });
});

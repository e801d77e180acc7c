import { contactEvents, directoryEvents, ticketEvents } from "@docket/domain";
import { expect, it } from "vitest";
import { z } from "zod";
import { eventsMarkdown } from "./events-markdown.ts";
import { findSharedShapes, holdsPersonalData, inWords, shapeOf } from "./shapes.ts";

it("tells every event with both titles, and marks personal data", () => {
  const text = eventsMarkdown();
  for (const { type, title } of [ticketEvents, contactEvents, directoryEvents].flatMap((events) =>
    Object.values(events),
  )) {
    expect(text).toContain(`### ${type}\n\n${title.en} · ${title.ru}`);
  }
  expect(text).toContain("| `subject` ● | text ≤ 300 |");
  expect(text).toContain("| `number` | text ≤ 20 |");
});

it("puts schemas into words, and names the shapes that occur more than once", () => {
  const person = z.object({
    name: z.string().max(5).meta({ personal: true }),
    born: z.iso.date(),
    notes: z.array(z.string()).optional(),
  });
  const [one, other] = [
    shapeOf(z.object({ person, level: z.enum(["a", "b"]) })),
    shapeOf(z.object({ people: z.array(person).nullable() })),
  ];
  const none = findSharedShapes([one]);
  expect(inWords(one, none)).toBe(
    "{ person: { name: text ≤ 5; born: date; notes?: list of text }; level: one of a, b }",
  );
  const shared = findSharedShapes([one, other]);
  expect(inWords(other, shared)).toBe("{ people: list of *person* or null }");
  expect([holdsPersonalData(other), holdsPersonalData(shapeOf(z.object({ a: z.string() })))]).toEqual([true, false]);
  expect(inWords(shapeOf(z.tuple([z.int(), z.literal("x")])), none)).toBe('[whole number, "x"]');
});

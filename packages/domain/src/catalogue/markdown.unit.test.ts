import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { commandsMarkdown, eventsMarkdown } from "./markdown.ts";

const doc = (name: string) => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), "utf8");

it("docs/events.md and docs/commands.md say what the schemas say (scripts/docket catalogue writes them)", () => {
  expect(doc("events.md")).toBe(eventsMarkdown());
  expect(doc("commands.md")).toBe(commandsMarkdown());
});

import { permissions } from "../permissions.ts";
import { allCommands, allEvents } from "../definitions.ts";
import { streamKinds, type StreamKind } from "../event.ts";
import { streamNameOf } from "../streams.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { fieldsOf, sharedShapes } from "./notation.ts";
import type { z } from "zod";

const generated = "Generated from the schemas by `scripts/docket catalogue`; edit those, not this.";

const notes = [
  "An *instant* is ISO 8601 in UTC with milliseconds, a *date* has no zone, a *target* is working time (`4h`, `1h30m`) or",
  "working days (`3d`). A field with `?` may be left out; `[]` is one entry of a list. **P** marks personal data, which a codec",
  "may encrypt per person.",
];

/** docs/events.md: every event with its meaning in both languages, by stream. */
export function eventsMarkdown(): string {
  const parts = ["# Events", "", generated, "", ...notes, ""];
  for (const kind of streamKinds) parts.push(...eventsOf(kind));
  parts.push(...sharedSection());
  return `${parts.join("\n").trimEnd()}\n`;
}

function eventsOf(kind: StreamKind): string[] {
  const events = [...allEvents.values()].filter((event) => event.stream === kind);
  const lines = [`## ${kind}`, "", `Stream \`${streamNameOf(kind, "<id>")}\`.`, ""];
  for (const { type, title, version, schema } of events) {
    lines.push(`### ${type}`, "", `${title.en} · ${title.ru} · version ${version}`, "", ...table(schema));
  }
  return lines;
}

/** docs/commands.md: every command, who may send it, and what it carries. */
export function commandsMarkdown(): string {
  const parts = ["# Commands", "", generated, "", ...notes, ""];
  for (const { type, title, schema } of allCommands.values()) {
    const roles = (permissions as Readonly<Record<string, readonly string[]>>)[type] ?? [];
    parts.push(`## ${type}`, "", `${title.en} · ${title.ru}`, "", `May be sent by: ${roles.join(", ")}.`, "", ...table(schema));
  }
  parts.push(...sharedSection());
  return `${parts.join("\n").trimEnd()}\n`;
}

function sharedSection(): string[] {
  const lines = ["## Shared shapes", ""];
  for (const [name, schema] of Object.entries(sharedShapes)) lines.push(`### ${name}`, "", ...table(schema));
  return lines;
}

function table(schema: z.ZodType): string[] {
  const fields = fieldsOf(jsonSchemaOf(schema));
  if (fields.length === 0) return ["Carries no data.", ""];
  return [
    "| field | form | |",
    "|---|---|---|",
    ...fields.map(({ field, form, personal }) => `| ${field} | ${form.replaceAll("|", "\\|")} | ${personal ? "P" : ""} |`),
    "",
  ];
}

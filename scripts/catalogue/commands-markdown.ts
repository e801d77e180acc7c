import { allCommands, permissions } from "@docket/domain";
import { fields } from "./events-markdown.ts";
import { findSharedShapes, shapeOf } from "./shapes.ts";

/** The text of docs/commands.md: every command with its meaning, who may send it, and its fields. */
export function commandsMarkdown(): string {
  const commands = [...allCommands.values()];
  const shapes = new Map(commands.map((command) => [command, shapeOf(command.schema)]));
  const shared = findSharedShapes([...shapes.values()]);
  const roles: Readonly<Record<string, readonly string[]>> = permissions;
  return [
    "# Commands",
    "",
    "Generated from the schemas of `packages/domain` by `scripts/docket catalogue`; `npm test` checks that it is up to date.",
    "",
    `${commands.length} types of commands. A command is carried out or refused with a code of [errors.md](errors.md). Fields marked ●`,
    "hold personal data. Words in *italics* are shapes explained at the end. Beside the roles, a decider asks whose ticket it is.",
    "",
    ...commands.flatMap((command) => [
      `## ${command.type}`,
      "",
      `${command.title.en} · ${command.title.ru}. Sent by: ${(roles[command.type] ?? []).join(", ")}.`,
      "",
      ...fields(shapes.get(command) ?? {}, shared),
    ]),
    "## Shapes",
    "",
    ...[...shared.values()].flatMap(({ name, shape }) => [`### *${name}*`, "", ...fields(shape, shared)]),
  ].join("\n");
}

import { allowedPriorities, priority, ticketChannel, ticketStatuses } from "@docket/domain";
import { commandForms } from "./command-forms.ts";
import { commandTitles, eventTitles, glossary, laterGlossary } from "./words.ts";
import type { Plugin } from "vite";

const name = "virtual:domain-words";
const later = "virtual:later-words";
const forms = "virtual:command-forms";
const ticketValues = "virtual:ticket-values";

/** What a ticket's fields may hold; R §3.3: which priorities a type may have. */
const values = {
  priorities: allowedPriorities,
  allPriorities: priority.options,
  ticketStatuses,
  channels: ticketChannel.options,
};
const constants = (named: Readonly<Record<string, unknown>>): string =>
  Object.entries(named)
    .map(([each, value]) => `export const ${each} = ${JSON.stringify(value)};`)
    .join("\n");

/**
 * The domain's own words (titles of events and commands, the glossary of statuses, roles and channels) as a module of plain
 * data, one per language: the console speaks like the engine without carrying its schemas to the browser. The same for the
 * forms of the directory's commands.
 */
export function domainWords(): Plugin {
  return {
    name: "docket-domain-words",
    resolveId: (id) =>
      [name, later].some((each) => id.startsWith(`${each}/`)) || id === forms || id === ticketValues
        ? `\0${id}`
        : undefined,
    load(id) {
      if (id === `\0${ticketValues}`) return constants(values);
      if (id === `\0${forms}`) return `export const forms = ${JSON.stringify(commandForms())};`;
      const language = id.endsWith("/ru") ? "ru" : "en";
      if (id.startsWith(`\0${later}/`))
        return `export const words = ${JSON.stringify({ terms: laterGlossary(language) })};`;
      if (!id.startsWith(`\0${name}/`)) return undefined;
      return `export const words = ${JSON.stringify({
        events: eventTitles(language),
        commands: commandTitles(language),
        terms: glossary(language),
      })};`;
    },
  };
}

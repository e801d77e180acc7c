import { commandForms, priorityChoices } from "./command-forms.ts";
import { commandTitles, eventTitles, glossary, laterGlossary } from "./words.ts";
import type { Plugin } from "vite";

const name = "virtual:domain-words";
const later = "virtual:later-words";
const forms = "virtual:command-forms";
const priorities = "virtual:priorities";

/**
 * The domain's own words (titles of events and commands, the glossary of statuses, roles and channels) as a module of plain
 * data, one per language: the console speaks like the engine without carrying its schemas to the browser. The same for the
 * forms of the directory's commands.
 */
export function domainWords(): Plugin {
  return {
    name: "docket-domain-words",
    resolveId: (id) =>
      [name, later].some((each) => id.startsWith(`${each}/`)) || id === forms || id === priorities
        ? `\0${id}`
        : undefined,
    load(id) {
      if (id === `\0${priorities}`) return `export const priorities = ${JSON.stringify(priorityChoices())};`;
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

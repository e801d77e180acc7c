import { commandForms, priorityChoices } from "./command-forms.ts";
import { commandTitles, eventTitles, glossary } from "./words.ts";
import type { Plugin } from "vite";

const name = "virtual:domain-words";
const forms = "virtual:command-forms";

/**
 * The domain's own words (titles of events and commands, the glossary of statuses, roles and channels) as a module of plain
 * data, one per language: the console speaks like the engine without carrying its schemas to the browser. The same for the
 * forms of the directory's commands.
 */
export function domainWords(): Plugin {
  return {
    name: "docket-domain-words",
    resolveId: (id) => (id.startsWith(`${name}/`) || id === forms ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${forms}`)
        return `export const forms = ${JSON.stringify(commandForms())};
export const priorities = ${JSON.stringify(priorityChoices())};`;
      if (!id.startsWith(`\0${name}/`)) return undefined;
      const language = id.endsWith("/ru") ? "ru" : "en";
      return `export const words = ${JSON.stringify({
        events: eventTitles(language),
        commands: commandTitles(language),
        terms: glossary(language),
      })};`;
    },
  };
}

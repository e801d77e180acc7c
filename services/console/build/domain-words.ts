import { commandTitles, eventTitles, glossary } from "./words.ts";
import type { Plugin } from "vite";

const name = "virtual:domain-words";

/**
 * The domain's own words (titles of events and commands, the glossary of statuses, roles and channels) as a module of plain
 * data, one per language: the console speaks like the engine without carrying its schemas to the browser.
 */
export function domainWords(): Plugin {
  return {
    name: "docket-domain-words",
    resolveId: (id) => (id.startsWith(`${name}/`) ? `\0${id}` : undefined),
    load(id) {
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

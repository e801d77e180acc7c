import type { TemplateField } from "@docket/api-contract";
import type { Language } from "@docket/domain";

const field = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** What a ticket has to say for a template's fields; null where it has nothing. */
export type FieldValues = Readonly<Record<TemplateField, string | null>>;

/** The names between braces, each once, in their order. */
export const fieldsIn = (body: string): string[] => [
  ...new Set([...body.matchAll(field)].map(([, name = ""]) => name)),
];

/** Puts values in the place of fields; what has no value, and what is to be asked, stays as it stands. */
export function fill(body: string, values: FieldValues): { text: string; missing: string[]; asks: string[] } {
  const names = fieldsIn(body);
  const valueOf = (name: string): string | null => (values as Readonly<Record<string, string | null>>)[name] ?? null;
  return {
    text: body.replace(field, (whole, name: string) => valueOf(name) ?? whole),
    missing: names.filter((name) => !name.startsWith("ask:") && valueOf(name) === null),
    asks: names.filter((name) => name.startsWith("ask:")).map((name) => name.slice("ask:".length)),
  };
}

/** An instant as people of a zone write it, the zone named. */
export function inWords(at: Date, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(language === "ru" ? "ru-RU" : "en-GB", {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: zone,
  })
    .format(at)
    .concat(` (${zone})`);
}

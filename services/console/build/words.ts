import {
  changedFieldTitles,
  contactEvents,
  directoryCommands,
  directoryEvents,
  erasureEvents,
  terms,
  ticketCommands,
  ticketEvents,
  trustEvents,
} from "@docket/domain";

type Language = "ru" | "en";
interface Titled {
  readonly type: string;
  readonly title: Readonly<Record<Language, string>>;
}

const titles = (definitions: readonly Titled[], language: Language): Record<string, string> =>
  Object.fromEntries(definitions.map(({ type, title }) => [type, title[language]]));

/** Type of event -> what a timeline calls it. */
export const eventTitles = (language: Language): Record<string, string> =>
  titles([ticketEvents, contactEvents, directoryEvents, trustEvents, erasureEvents].flatMap(values), language);

/** Type of command -> the words on its button. */
export const commandTitles = (language: Language): Record<string, string> =>
  titles([...values(ticketCommands), ...values(directoryCommands)], language);

/** The domain's glossary by group: `status.in_work`, `role.operator`; `changedField` names what a fact may change. */
export function glossary(language: Language): Record<string, string> {
  const { letterKind: _kinds, letterPlaceholder: _placeholders, ...others } = terms;
  return said({ ...others, changedField: changedFieldTitles }, language);
}

/** The groups of the glossary that only administrators' screens say. */
export function laterGlossary(language: Language): Record<string, string> {
  const { letterKind, letterPlaceholder } = terms;
  return said({ letterKind, letterPlaceholder }, language);
}

function said(groups: object, language: Language): Record<string, string> {
  return Object.fromEntries(
    Object.entries(
      groups as Readonly<Record<string, Readonly<Record<string, Readonly<Record<Language, string>>>>>>,
    ).flatMap(([group, words]) => Object.entries(words).map(([key, word]) => [`${group}.${key}`, word[language]])),
  );
}

const values = (definitions: object): Titled[] => Object.values(definitions) as Titled[];

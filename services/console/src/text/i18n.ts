import i18next from "i18next";
import { persistently } from "../ui/persistently.ts";
import type { Say, TextKey } from "./keys.ts";

export type Language = "ru" | "en";
export const languages: readonly Language[] = ["ru", "en"];

type Texts = Record<string, string>;

interface Words {
  readonly events: Readonly<Record<string, string>>;
  readonly commands: Readonly<Record<string, string>>;
  readonly terms: Readonly<Record<string, string>>;
}

const remembered = "docket.language";
const engine = i18next.createInstance();
const listeners = new Set<() => void>();
let texts: Texts = {};
let words: Words = { events: {}, commands: {}, terms: {} };
let laterWanted = false;
let language: Language = "ru";
let generation = 0;

const none = [{}, {}] as const;

/** Only the language in use is loaded, and of it what only administrators, auditors and analysts read when it is wanted. */
async function load(wanted: Language): Promise<[Texts, Words]> {
  // Nothing can be shown without words, so a failure is not the end.
  const [texts, { words: own }, [laterTexts, laterTerms]] = await persistently(() =>
    Promise.all([
      wanted === "ru" ? import("./ru.ts").then(({ ru }) => ru) : import("./en.ts").then(({ en }) => en),
      wanted === "ru" ? import("virtual:domain-words/ru") : import("virtual:domain-words/en"),
      laterWanted ? loadLater(wanted) : none,
    ]),
  );
  return [
    { ...texts, ...laterTexts },
    { ...own, terms: { ...own.terms, ...laterTerms } },
  ];
}

async function loadLater(wanted: Language): Promise<readonly [Texts, Texts]> {
  const [texts, { words: own }] = await Promise.all([
    wanted === "ru" ? import("./later-ru.ts").then(({ ru }) => ru) : import("./later-en.ts").then(({ en }) => en),
    wanted === "ru" ? import("virtual:later-words/ru") : import("virtual:later-words/en"),
  ]);
  return [texts, own.terms];
}

/** A screen together with the texts that the first screen can do without. */
export async function withLaterTexts<Screen>(screen: Promise<Screen>): Promise<Screen> {
  if (!laterWanted) {
    laterWanted = true;
    await speak(language);
  }
  return screen;
}

/** The language chosen before on this machine, else the browser's first that we speak, else Russian. */
export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(remembered);
  if (chosen === "ru" || chosen === "en") return chosen;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return spoken.find((tag): tag is Language => tag === "ru" || tag === "en") ?? "ru";
}

/** Speaks a language from now on; every screen follows without a reload. */
export async function speak(wanted: Language, options: { readonly remember?: boolean } = {}): Promise<void> {
  const [loaded, domain] = await load(wanted);
  if (!engine.isInitialized)
    await engine.init({
      lng: wanted,
      resources: {},
      keySeparator: false,
      nsSeparator: false,
      interpolation: { escapeValue: false },
      returnEmptyString: false,
    });
  engine.addResourceBundle(wanted, "translation", loaded, true, true);
  await engine.changeLanguage(wanted);
  texts = loaded;
  words = domain;
  language = wanted;
  generation++;
  document.documentElement.lang = wanted;
  if (options.remember === true) localStorage.setItem(remembered, wanted);
  for (const listener of listeners) listener();
}

/** True when the user himself chose a language on this machine. */
export const hasChosenLanguage = (): boolean => localStorage.getItem(remembered) !== null;

export const currentLanguage = (): Language => language;
/** Only words that are counted need the library's plural forms; it takes so long that a list, which says thousands at once, would feel it. */
export const say: Say = (key, values) => {
  if (values !== undefined && "count" in values) return engine.t(key, values);
  const text = texts[key];
  if (text === undefined) return engine.t(key, values ?? {});
  return values === undefined || !text.includes("{{")
    ? text
    : text.replace(gap, (_, name: string) => String(values[name as keyof typeof values] ?? ""));
};
const gap = /\{\{(\w+)\}\}/gu;
export const eventTitle = (type: string): string => words.events[type] ?? type;
/** Every type of event that there is. */
export const eventTypes = (): readonly string[] => Object.keys(words.events);
/** The keys of a group of the glossary. */
export const termKeys = (group: string): readonly string[] =>
  Object.keys(words.terms).flatMap((key) => (key.startsWith(`${group}.`) ? [key.slice(group.length + 1)] : []));
export const commandTitle = (type: string): string => words.commands[type] ?? type;

/** A word of the domain's glossary: `term("status", "in_work")`. What the glossary lacks is shown as it is. */
export const term = (group: string, key: string | null | undefined): string =>
  key == null ? "" : (words.terms[`${group}.${key}`] ?? key);

export const isText = (key: string): key is TextKey => engine.exists(key);

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export const languageGeneration = (): number => generation;

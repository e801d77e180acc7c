import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commandTitles, eventTitles, glossary } from "../../build/words.ts";
import { en as first } from "./en.ts";
import { en as later } from "./later-en.ts";
import { ru as laterInRussian } from "./later-ru.ts";
import { ru as firstInRussian } from "./ru.ts";

const plural = /_(?:zero|one|two|few|many|other)$/u;
const russian: Readonly<Record<string, string>> = { ...firstInRussian, ...laterInRussian };
const english: Readonly<Record<string, string>> = { ...first, ...later };
const stem = (key: string): string => key.replace(plural, "");
const gaps = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/gu)].map(([, name]) => name ?? "").sort();

/** Languages do not name themselves in the other one; signs and names are the same in both. */
const sameInBoth = /^(?:palette\.otherLanguage)$/u;

describe("the catalogues", () => {
  it("say the same things in both languages", () => {
    const stems = (texts: object): string[] => [...new Set(Object.keys(texts).map(stem))].sort();
    expect(stems(english)).toEqual(stems(russian));
  });

  it("have every plural form that the language needs", () => {
    const plurals = (texts: object): string[] => [
      ...new Set(
        Object.keys(texts)
          .filter((key) => plural.test(key))
          .map(stem),
      ),
    ];
    for (const each of plurals(russian))
      for (const form of ["one", "few", "many", "other"]) expect(russian).toHaveProperty([`${each}_${form}`]);
    for (const each of plurals(english))
      for (const form of ["one", "other"]) expect(english).toHaveProperty([`${each}_${form}`]);
  });

  it("have the same gaps to fill in both languages", () => {
    for (const [key, text] of Object.entries(russian)) {
      const other = english[key] ?? english[`${stem(key)}_other`];
      expect({ key, gaps: gaps(other ?? "") }).toEqual({ key, gaps: gaps(text) });
    }
  });

  it("are in the language that they say", () => {
    const cyrillic = /\p{Script=Cyrillic}/u;
    for (const [key, text] of Object.entries(english))
      if (!sameInBoth.test(key))
        expect({ key, text, cyrillic: cyrillic.test(text) }).toEqual({ key, text, cyrillic: false });
    for (const [key, text] of Object.entries(russian)) {
      const words = text.replaceAll(/\{\{\w+\}\}/gu, "");
      const sayable = !sameInBoth.test(key) && /[a-z]{4,}/iu.test(words) && !/^[A-Z0-9 ._/:-]+$/u.test(words);
      if (sayable) expect({ key, text, cyrillic: cyrillic.test(text) }).toEqual({ key, text, cyrillic: true });
    }
  });

  it("say the rail from the first screen on: its words are not among those that come later", () => {
    const lines = sourceFiles()
      .filter((file) => file.endsWith("area.ts"))
      .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/"([a-z]+\.[\w.]+)"/gu)].map(([, key]) => key ?? ""))
      .filter((key) => key in russian);
    expect(lines.length).toBeGreaterThan(15);
    expect(lines.filter((key) => !(key in firstInRussian))).toEqual([]);
  });

  it("come in time: a part of another area that says later words is fetched together with them", () => {
    const late = /import\("(?:[.]+\/)+(?:audit|insight|admin|ops)\//gu;
    const bare = sourceFiles().flatMap((file) => {
      const code = readFileSync(file, "utf8");
      return [...code.matchAll(late)]
        .filter(({ index }) => !/withLaterTexts\(\s*$/u.test(code.slice(0, index)))
        .map(() => file);
    });
    expect(bare).toEqual([]);
  });

  it("hold no key twice, so that no area overwrites another", () => {
    const keys = areas().flatMap((area) => area.keys);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it("are used: no text stands there for nobody", () => {
    const code = sourceFiles()
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    const made = [...code.matchAll(/`([\w.-]+)\$\{/gu)].map(([, prefix]) => prefix ?? "");
    const unused = Object.keys(russian)
      .map(stem)
      .filter(
        (key) =>
          !key.startsWith("action.") &&
          !code.includes(`"${key}"`) &&
          !made.some((prefix) => prefix.includes(".") && key.startsWith(prefix)),
      );
    expect([...new Set(unused)]).toEqual([]);
  });
});

it("the engine's words come in both languages", () => {
  for (const words of [eventTitles, commandTitles, glossary]) {
    expect(Object.keys(words("ru")).length).toBeGreaterThan(40);
    expect(Object.keys(words("en"))).toEqual(Object.keys(words("ru")));
    expect(Object.values({ ...words("ru"), ...words("en") }).filter((text) => text.trim() === "")).toEqual([]);
  }
});

const src = fileURLToPath(new URL("..", import.meta.url));

function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((name) => /[.]tsx?$/u.test(name) && !/texts-(?:ru|en)|[.]test[.]/u.test(name))
    .map((name) => join(src, name));
}

function areas(): { keys: string[] }[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("texts-ru.ts"))
    .map((name) => ({
      keys: [...readFileSync(join(src, name), "utf8").matchAll(/^ {2}"([^"]+)":/gmu)].map(([, key]) => key ?? ""),
    }));
}

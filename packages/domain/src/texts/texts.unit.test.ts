import { readdirSync, readFileSync } from "node:fs";
import { slaErrorCodes } from "@docket/sla";
import { describe, expect, it } from "vitest";
import { errorCatalogue, describeError, terms } from "../index.ts";

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const cyrillic = /\p{Script=Cyrillic}/u;

/** The sources of the deciders, as text: which codes do they refuse with. */
function refusals(): Map<string, string> {
  const found = new Map<string, string>();
  const root = new URL("../", import.meta.url);
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
    for (const [whole, code = ""] of readFileSync(new URL(name, root), "utf8").matchAll(/refuse\("(\w+)"[^;]*/g))
      found.set(code, (found.get(code) ?? "") + whole);
  }
  return found;
}

describe("the error catalogue", () => {
  const used = refusals();

  it.each(Object.entries(errorCatalogue))(
    "%s is worded in both languages, with the same values in both",
    (code, { ru, en }) => {
      expect(code).toMatch(/^[a-z][a-z_]+$/);
      expect(ru).toMatch(cyrillic);
      expect(en).not.toMatch(cyrillic);
      expect(placeholders(ru)).toEqual(placeholders(en));
      expect(`${ru}${en}`).not.toMatch(/!|\.$/);
    },
  );

  it("lists what the deciders refuse with, and nothing else", () => {
    const sla = new Set<string>(slaErrorCodes);
    expect(Object.keys(errorCatalogue).filter((code) => !used.has(code) && !sla.has(code))).toEqual([]);
    expect([...used.keys()].filter((code) => !(code in errorCatalogue))).toEqual([]);
  });

  it("gives the texts every value they name", () => {
    const missing = [...used].flatMap(([code, sources]) =>
      placeholders(errorCatalogue[code as keyof typeof errorCatalogue].en)
        .filter((name) => !new RegExp(`\\b${name}\\b`).test(sources.replace(/"[^"]*"/g, "")))
        .map((name) => `${code}: ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("describeError", () => {
  it("says statuses, types, roles and commands in the glossary's words", () => {
    expect(describeError({ code: "wrong_status", params: { status: "in_work" } }, "ru")).toBe(
      "В статусе «В работе» это действие невозможно",
    );
    expect(
      describeError({ code: "priority_not_allowed", params: { type: "consultation", priority: "high" } }, "en"),
    ).toBe("The type “Consultation” does not allow the priority “High”");
    expect(
      describeError({ code: "not_permitted", params: { role: "requester", command: "ResolveTicket" } }, "en"),
    ).toBe("The role “Requester” may not do this: Resolve");
    expect(describeError({ code: "contact_settled", params: { status: "rejected" } }, "ru")).toContain("Отклонено");
    expect(describeError({ code: "line_mismatch", params: { group: "Сети", line: 2 } }, "ru")).toBe(
      "Группа «Сети» относится к линии 2",
    );
  });

  it("says a missing value as a dash, an unknown value as it is, an unknown code as the code", () => {
    expect(describeError({ code: "wrong_status" }, "en")).toBe("This cannot be done while the status is “—”");
    expect(describeError({ code: "wrong_status", params: { status: "flying" } }, "en")).toContain("“flying”");
    expect(describeError({ code: "brand_new" }, "ru")).toBe("brand_new");
  });
});

it("every term stands in both languages", () => {
  for (const [group, words] of Object.entries(terms)) {
    for (const [value, { ru, en }] of Object.entries(words)) {
      expect(ru.trim(), `${group}.${value}`).not.toBe("");
      expect(en, `${group}.${value}`).not.toMatch(cyrillic);
      expect(ru === "API" || cyrillic.test(ru), `${group}.${value}`).toBe(true);
    }
  }
});

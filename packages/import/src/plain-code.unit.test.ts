import { describe, expect, it } from "vitest";
import { isCode, isPlainKey, namesPeople } from "./plain-code.ts";

describe("what may stand in clear beside a ticket", () => {
  it.each(["Category 55", "code 5", "WBA000146", "CHG0000097", "2 - Medium", "12", "3,871691", "1-364285768", "true"])(
    "%s is a code",
    (value) => expect(isCode(value) || isPlainKey(value)).toBe(true),
  );

  it.each([
    ["an address", "anna@romashka.example"],
    ["an address with a name", "Anna <anna@romashka.example>"],
    ["a number to call", "+7 495 123-45-67"],
    ["a number to call without spaces", "84951234567"],
    ["a short number to call", "123-45-67"],
    ["a sentence", "Please call me back before noon, my printer burns"],
    ["lines", "one\ntwo"],
    ["a link", "https://x.example/u/anna"],
    ["a long word", "x".repeat(81)],
  ])("%s is none", (_name, value) => expect(isCode(value)).toBe(false));

  it.each([
    "caller_id",
    "openedBy",
    "Changed by",
    "E-Mail",
    "Owner First Name",
    "ФИО",
    "Комментарий",
    "Telefon",
    "userName",
  ])("a column %s holds people or what they write", (name) => expect(namesPeople(name)).toBe(true));
  it.each(["category", "caused_by", "notify", "reopen_count", "vendor", "Категория", "SR Latest Impact", "u_symptom"])(
    "a column %s does not",
    (name) => expect(namesPeople(name)).toBe(false),
  );
});

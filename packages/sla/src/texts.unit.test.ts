import { describe, expect, it } from "vitest";
import { whyCodes } from "./explain.ts";
import { errorText, kindText, pauseText, stateText, targetText, whyText } from "./texts.ts";

const cyrillic = /^[^A-Za-z]*$/;
const latin = /^[^А-Яа-я]*$/;

describe("texts for people", () => {
  it("every reason, state, kind and pause reads in both languages", () => {
    const pairs = [
      ...whyCodes.map((why) => [whyText(why, null, "ru"), whyText(why, null, "en")]),
      ...(["running", "paused", "met", "missed", "cancelled"] as const).map((s) => [
        stateText(s, "ru"),
        stateText(s, "en"),
      ]),
      ...(["reaction", "resolution", "ola"] as const).map((k) => [kindText(k, "ru"), kindText(k, "en")]),
      ...(["customer", "approval", "confirmation"] as const).map((p) => [pauseText(p, "ru"), pauseText(p, "en")]),
    ];
    for (const [ru, en] of pairs) {
      expect(ru).toMatch(cyrillic);
      expect(en).toMatch(latin);
      expect(ru).not.toBe("");
      expect(en).not.toBe("");
    }
  });

  it("adds a day's own name", () => {
    expect(whyText("holiday", { ru: "День Победы", en: "Victory Day" }, "ru")).toBe("нерабочий день: День Победы");
  });

  it.each([
    [1, "1 рабочий день"],
    [3, "3 рабочих дня"],
    [5, "5 рабочих дней"],
    [11, "11 рабочих дней"],
    [12, "12 рабочих дней"],
    [21, "21 рабочий день"],
    [22, "22 рабочих дня"],
    [112, "112 рабочих дней"],
  ])("%i working days in Russian", (days, text) => {
    expect(targetText({ kind: "working_days", days }, "ru")).toBe(text);
  });

  it("writes durations", () => {
    expect(targetText({ kind: "duration", seconds: 5_400 }, "ru")).toBe("1 ч 30 мин рабочего времени");
    expect(targetText({ kind: "duration", seconds: 45 }, "en")).toBe("45 s of working time");
    expect(targetText({ kind: "working_days", days: 1 }, "en")).toBe("1 working day");
  });

  it("a refusal names its place", () => {
    const error = { code: "calendar_date_duplicate", path: "shortened.1", params: { date: "2026-01-05" } } as const;
    expect(errorText(error, "en")).toBe("The date 2026-01-05 stands twice in the list (shortened.1)");
  });
});

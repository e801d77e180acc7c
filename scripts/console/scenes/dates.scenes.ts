import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { lateTimers } from "../late-timers.ts";
import type { Stand } from "../stand.ts";

export const title = "days and moments";

/** on a busy machine an answer may take its time */
const patient = { timeout: 60_000 };

/** The page's language and, different from it, the browser's; how one day is written, and what is said of a wrong one. */
const spoken = [
  {
    language: "ru",
    locale: "en-US",
    names: ["С", "По (включительно)"],
    written: ["24.10.2024", "26.10.2024", "25.10.2024"],
    typed: "24 октября 2024 г.",
    monday: "Пн",
    month: /^октябрь 2024$/iu,
    noSuchDay: "Такого дня нет. Пишите так: 24.10.2026",
    notBefore: "Не раньше 24.10.2024",
  },
  {
    language: "en",
    locale: "ru-RU",
    names: ["From", "To (inclusive)"],
    written: ["24 Oct 2024", "26 Oct 2024", "25 Oct 2024"],
    typed: "24/10/2024",
    monday: "Mo",
    month: /^October 2024$/u,
    noSuchDay: "There is no such day. Write it like this: 24 Oct 2026",
    notBefore: "Not before 24 Oct 2024",
  },
] as const;

export function scenes(stand: () => Stand): void {
  it.each(spoken)(
    "a day is shown and written as the page speaks ($language), whatever the browser speaks ($locale); a wrong one is told",
    async ({ language, locale, names, written, typed, monday, month, noSuchDay, notBefore }) => {
      const alexey = await stand().person("alexey", { language, locale, scheme: language === "ru" ? "light" : "dark" });
      const { page } = alexey;
      const from = page.getByRole("textbox", { name: names[0], exact: true });
      const to = page.getByRole("textbox", { name: names[1], exact: true });
      const asked = (name: string): string | null => new URL(page.url()).searchParams.get(name);
      await alexey.go("/insight/reports?report=quality&from=2024-10-23&to=2024-10-27");
      await expect.poll(() => to.inputValue(), patient).toBe(written[1]);
      for (const text of [typed, "2024-10-24"]) {
        await from.press("Control+a");
        await from.pressSequentially(text);
        await from.press("Enter");
        await expect.poll(() => from.inputValue(), patient).toBe(written[0]);
        await expect.poll(() => asked("from"), patient).toBe("2024-10-24");
      }
      // what cannot be meant stays where it was written, is told, and is not asked for
      for (const [text, why] of [
        ["22.10.2024", notBefore],
        ["10/24/2024", noSuchDay],
      ] as const) {
        await to.fill(text);
        await to.blur();
        await page.getByText(why).waitFor(patient);
        expect(await to.getAttribute("aria-invalid")).toBe("true");
        expect(await to.inputValue()).toBe(text);
        expect(asked("to")).toBe("2024-10-27");
      }
      // by the calendar, by keys alone; Escape leaves all as it is
      const day = page.locator("td button[tabindex='0']");
      await from.press("Alt+ArrowDown");
      await day.waitFor(patient);
      expect(await page.locator("thead th").first().innerText()).toMatch(new RegExp(`^${monday}$`, "iu"));
      await page.getByRole("dialog").getByRole("button", { name: month }).waitFor(patient);
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await day.waitFor({ state: "detached", ...patient });
      await expect.poll(() => page.evaluate("document.activeElement.value")).toBe(written[0]);
      // on a busy machine what the calendar does "at once" comes after the next key, and must not take it back
      await page.evaluate(lateTimers(300));
      await from.press("Alt+ArrowDown");
      await expect
        .poll(() => page.evaluate("document.activeElement.tabIndex + document.activeElement.tagName"))
        .toBe("0BUTTON");
      await page.keyboard.press("ArrowRight");
      await page.evaluate("new Promise((done) => setTimeout(done))");
      await page.keyboard.press("Enter");
      await expect.poll(() => from.inputValue(), patient).toBe(written[2]);
      await expect.poll(() => asked("from"), patient).toBe("2024-10-25");
      expect(alexey.complaints).toEqual([]);
      await alexey.leave();
    },
  );

  it("a moment has 24 hours and its zone; what cannot be read is not sent, and on a phone it is all within reach", async () => {
    const admin = await stand().person("admin", { locale: "en-US", width: 320, height: 720 });
    const { page } = admin;
    await admin.go("/admin/access");
    const form = page.getByRole("form", { name: "Выдать ключ доступа" });
    const until = form.getByRole("textbox", { name: "Действует до" });
    await form.getByLabel("Название").fill("До конца года");
    await form.getByRole("checkbox").first().check();
    await until.fill("31.12.2030");
    const issue = form.getByRole("button", { name: "Выдать ключ доступа" });
    await issue.click();
    await form.getByText("Не хватает времени. Пишите так: 24.10.2026, 14:30").waitFor(patient);
    await expect.poll(() => page.evaluate("document.activeElement?.id")).toBe(await until.getAttribute("id"));
    await until.fill("31.12.2030 23:59");
    await issue.click();
    await page.getByText("До конца года").last().waitFor(patient);
    const answer = await admin.context.request.get("/api/v1/admin/tokens");
    const { items } = (await answer.json()) as { items: { name: string; expiresAt: string | null }[] };
    const issued = items.filter(({ name }) => name === "До конца года").map(({ expiresAt }) => expiresAt);
    expect(issued.map((at) => Date.parse(at ?? ""))).toEqual([Date.parse("2030-12-31T20:59:00Z")]);
    // the control of past moments, with a calendar of its own above it
    await page.locator("[data-tour=moment]").click();
    const moment = page.getByRole("textbox", { name: "Показать, как было на момент" });
    await moment.waitFor(patient);
    expect(await moment.inputValue()).toMatch(/^\d\d[.]\d\d[.]\d{4}, \d\d:\d\d$/u);
    await page.getByText("Время в зоне Europe/Moscow").waitFor(patient);
    await moment.fill("01.01.2100, 00:00");
    await moment.press("Enter");
    await page.getByText(/^Не позже \d\d[.]\d\d[.]\d{4}, \d\d:\d\d$/u).waitFor(patient);
    expect(page.url()).not.toContain("asOf");
    await page.getByRole("button", { name: "Выбрать день: Показать, как было на момент" }).click();
    const day = page.locator("td button[tabindex='0']");
    await day.waitFor(patient);
    await expect.poll(() => page.evaluate("document.activeElement?.closest('td')?.tagName")).toBe("TD");
    expect(await accessibilityFaults(page)).toEqual([]);
    const ends = (await page.getByRole("dialog").last().boundingBox()) ?? { x: -1, width: 0 };
    expect(ends.x).toBeGreaterThanOrEqual(0);
    expect(ends.x + ends.width).toBeLessThanOrEqual(320);
    await page.keyboard.press("Escape");
    await day.waitFor({ state: "detached", ...patient });
    await moment.fill("2026-01-15T13:05:09+03:00");
    await moment.press("Enter");
    await page.waitForURL(({ searchParams }) => searchParams.get("asOf") === "2026-01-15T10:05:09.000Z", patient);
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });
}

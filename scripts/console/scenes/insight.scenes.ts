import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { looks } from "../looks.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the analysts' screens";

/** on a busy machine an answer may take its time */
const patient = { timeout: 60_000 };

/** When the page goes to paper: notes its scheme, and which share of the cells of a heat map is missing on its lowest canvas. */
const paperWatch = `addEventListener("beforeprint", () => {
  window.printed = document.documentElement.dataset.mantineColorScheme;
  const inks = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const [lowest, cells] = document.querySelectorAll("[data-panel=arrivals] canvas");
  const [under, over] = [inks(lowest), cells === undefined ? [] : inks(cells)];
  let drawn = 0;
  let lost = 0;
  for (let at = 0; at < over.length; at += 4) {
    if (over[at + 3] !== 255) continue;
    drawn++;
    if (over[at] !== under[at] || over[at + 1] !== under[at + 1]) lost++;
  }
  window.lost = lost / Math.max(1, drawn);
})`;

interface Reply {
  readonly rows: readonly { readonly values: Record<string, number | null> }[];
  readonly total: { readonly values: Record<string, number | null> };
}

export function scenes(stand: () => Stand): void {
  it("shows the figures that the report gives, and each opens a list of as many tickets", async () => {
    const alexey = await stand().person("alexey");
    await alexey.go("/insight");
    const tile = alexey.page.locator("[data-tile=reactionMissed] a");
    await tile.waitFor();
    const shown = Number(((await tile.textContent()) ?? "").replaceAll(/\D/gu, ""));
    const written = await alexey.page.getByLabel("С", { exact: true }).inputValue();
    const from = written.split(".").toReversed().join("-");
    const reply = await alexey.context.request.get(`/api/v1/reports/sla?from=${from}`);
    const report = (await reply.json()) as Reply;
    expect(shown).toBe(report.total.values["reactionMissed"]);
    await tile.click();
    await alexey.page.waitForURL(/\/insight\/tickets\?/u);
    const count = alexey.page.locator("[data-count]");
    await count.waitFor();
    expect(Number(await count.getAttribute("data-count"))).toBe(shown);
    expect(await alexey.page.locator("tbody tr").count()).toBe(Math.min(100, shown));
    await alexey.page.goBack();
    await tile.waitFor();
    expect(alexey.complaints).toEqual([]);
    await alexey.leave();
  });

  it("answers any report, keeps the question in the address, and stands beside the period before", async () => {
    const alexey = await stand().person("alexey", { language: "en" });
    await alexey.go("/insight/reports?report=quality&compare=1");
    await alexey.page.getByRole("table").waitFor();
    await alexey.page.getByText("Counted at log position").waitFor();
    await alexey.page.getByLabel("Report", { exact: true }).first().click();
    await alexey.page.getByRole("option", { name: "Time in each state" }).click();
    await alexey.page.waitForURL(/report=states/u);
    await expect.poll(() => alexey.page.getByRole("rowheader").count()).toBeGreaterThan(3);
    // words of the glossary, not keys
    expect(await alexey.page.getByText("in_work").count()).toBe(0);
    // weeks by their days; a ticket that nobody has got yet is said to have none
    await alexey.go("/insight/reports?report=sla&groupBy=week,line&measures=tickets&days=90");
    await expect.poll(() => alexey.page.getByRole("rowheader").count(), patient).toBeGreaterThan(1);
    const headers = (await alexey.page.getByRole("rowheader").allTextContents()).filter((text) => text !== "");
    expect(headers.filter((text) => /-W\d/u.test(text) || /^(?:–|none|null)$/u.test(text))).toEqual([]);
    expect(alexey.complaints).toEqual([]);
    await alexey.leave();
  });

  it("says which clocks will miss", async () => {
    const maria = await stand().person("maria");
    await maria.go("/insight/forecast?hours=168");
    const missed = maria.page.locator("[data-tile=missed] button");
    await missed.waitFor();
    const count = Number(await missed.textContent());
    await missed.click();
    await maria.page.waitForURL(/verdict=missed/u);
    await expect.poll(() => maria.page.locator("[data-clocks] tbody tr").count(), patient).toBe(count);
    expect(maria.complaints).toEqual([]);
    await maria.leave();
  });

  it("judges by several targets and another calendar's version at once, and by a contract's version; the address gives anybody the same answer", async () => {
    const maria = await stand().person("maria");
    const { page } = maria;
    const pick = async (field: string, option: string | RegExp): Promise<void> => {
      await page.getByRole("combobox", { name: field }).click();
      await page.getByRole("option", { name: option }).first().click();
    };
    const both = (of: Page) => of.locator("[data-both] tbody");
    await maria.go("/insight/what-if");
    await pick("Условия SLA", "свои: сроки и паузы");
    await pick("Ожидание ответа заказчика", "срок идёт");
    const cell = (name: string) => page.getByRole("group", { name });
    await cell("Инцидент, высокий").getByLabel("Реакция").fill("1m");
    await cell("Инцидент, высокий").getByLabel("Решение").fill("5m");
    await cell("Консультация, низкий").getByLabel("Решение").fill("2h");
    await pick("Календарь", /: версия 1, с /u);
    await page.getByRole("button", { name: "Пересчитать" }).click();
    await expect.poll(() => both(page).locator("tr").count(), patient).toBe(4);
    await page.locator("[data-terms]").getByText("Консультация, низкий: Решение 2 ч").waitFor(patient);
    await page.locator("[data-changed] tbody tr").first().waitFor(patient);
    // both judgements of a ticket and what made the difference
    expect(await page.locator("[data-changed]").textContent()).toMatch(/срок 1 мин вместо .+/u);
    const address = new URL(page.url());
    expect([...address.searchParams.keys()]).toEqual(
      expect.arrayContaining(["policy", "targets", "pauses", "calendar", "job", "at", "position"]),
    );
    const figures = await both(page).textContent();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Обе оценки: Картинка PNG" }).click();
    // by its content: which letters a file's name may have is up to the machine's locale
    const picture = await readFile(await (await download).path());
    expect(picture.subarray(1, 4).toString()).toBe("PNG");
    // the job is hers; the address asks the same question once more at the same moment and position
    const alexey = await stand().person("alexey");
    await alexey.go(`${address.pathname}${address.search}`);
    await expect.poll(() => both(alexey.page).textContent(), patient).toBe(figures);
    expect(new URL(alexey.page.url()).searchParams.get("job")).not.toBe(address.searchParams.get("job"));
    expect(new URL(alexey.page.url()).searchParams.get("position")).toBe(address.searchParams.get("position"));
    // another question is not taken for the one that was answered
    await pick("Условия SLA", /версия 1, с /u);
    await page.getByText("Вопрос изменён: ниже — ответ на прежний.").waitFor(patient);
    await page.getByRole("button", { name: "Пересчитать" }).click();
    await page.getByText("Вопрос изменён: ниже — ответ на прежний.").waitFor({ state: "hidden", ...patient });
    await page
      .locator("[data-terms]")
      .getByText(/, версия 1$/u)
      .first()
      .waitFor(patient);
    await page.reload();
    await expect.poll(() => both(page).locator("tr").count(), patient).toBe(4);
    await page.getByRole("button", { name: "Сохранённые вопросы" }).click();
    await page.getByLabel("Название", { exact: true }).fill("По договору");
    await page.getByLabel("Видно всем в этом разделе").check();
    await page.getByRole("button", { name: "Сохранить", exact: true }).click();
    await page.getByRole("menuitem", { name: /^По договору/u }).waitFor(patient);
    await alexey.page.reload();
    await alexey.page.getByRole("button", { name: "Сохранённые вопросы" }).click();
    await alexey.page.getByRole("menuitem", { name: /^По договору/u }).click();
    await alexey.page
      .locator("[data-terms]")
      .getByText(/, версия 1$/u)
      .first()
      .waitFor(patient);
    expect([...maria.complaints, ...alexey.complaints]).toEqual([]);
    await maria.leave();
    await alexey.leave();
  });

  it("keeps a dashboard under a name for others, narrows by a row, and a chart is a table as well", async () => {
    const alexey = await stand().person("alexey");
    await alexey.go("/insight?panels=ageing,cut&days=90&compare=before");
    const narrow = alexey.page.locator("[data-panel=cut] tbody th button").first();
    await narrow.waitFor();
    const customer = (await narrow.textContent()) ?? "";
    await alexey.page.locator("[data-panel=ageing] canvas").waitFor();
    await alexey.page.locator("[data-panel=ageing]").getByText("Таблицей").click();
    await alexey.page.locator("[data-panel=ageing]").getByRole("table").waitFor();
    await alexey.page.getByRole("button", { name: "Сохранённые панели" }).click();
    await alexey.page.getByLabel("Название", { exact: true }).fill("Возраст");
    await alexey.page.getByLabel("Видно всем в этом разделе").check();
    await alexey.page.getByRole("button", { name: "Сохранить", exact: true }).click();
    await alexey.page.getByRole("menuitem", { name: /^Возраст/u }).waitFor();
    await alexey.page.keyboard.press("Escape");
    await narrow.click();
    await alexey.page.waitForURL(/organization=/u);
    await expect.poll(() => alexey.page.getByLabel("Заказчик", { exact: true }).first().inputValue()).toBe(customer);
    const maria = await stand().person("maria");
    await maria.go("/insight");
    await maria.page.getByRole("button", { name: "Сохранённые панели" }).click();
    await maria.page.getByRole("menuitem", { name: /^Возраст/u }).click();
    await maria.page.waitForURL(/panels=ageing/u);
    expect(maria.page.url()).toMatch(/days=(?:%22)?90/u);
    await expect.poll(() => maria.page.locator("[data-panel]").count()).toBe(2);
    expect([...alexey.complaints, ...maria.complaints]).toEqual([]);
    await alexey.leave();
    await maria.leave();
  });

  it("goes to a clean page of paper: light, without controls, with what the figures are about", async () => {
    const alexey = await stand().person("alexey", { scheme: "dark" });
    await alexey.go("/insight?panels=trend,arrivals,cut");
    await alexey.page.locator("[data-panel=trend] canvas").waitFor();
    await alexey.page.locator("[data-panel=cut] tbody tr").first().waitFor();
    await alexey.page.locator("[data-panel=arrivals] canvas").first().waitFor();
    await alexey.page.evaluate(paperWatch);
    const pdf = await alexey.page.pdf({ format: "A4" });
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/gu)?.length).toBe(1);
    expect(await alexey.page.evaluate("window.printed")).toBe("light");
    // the cells of a heat map lie on a canvas of their own, which is not printed
    expect(await alexey.page.evaluate("window.lost")).toBeLessThan(0.5);
    expect(await alexey.page.evaluate("document.documentElement.dataset.mantineColorScheme")).toBe("dark");
    await alexey.page.emulateMedia({ media: "print" });
    expect(await alexey.page.getByRole("navigation").isVisible()).toBe(false);
    expect(await alexey.page.getByRole("form", { name: "О чём числа" }).isVisible()).toBe(false);
    await alexey.page.getByText(/\d{4} г\. – .*\d{4} г\./u).waitFor();
    await alexey.go("/insight/reports?groupBy=type&measures=tickets");
    await alexey.page.getByText(/\d{4} г\. – .*\d{4} г\./u).waitFor({ state: "attached" });
    expect(alexey.complaints).toEqual([]);
    await alexey.leave();
  });

  it.each(looks)("is accessible: $language, $scheme", async (look) => {
    const alexey = await stand().person("alexey", look);
    for (const [path, ready, name, height] of [
      ["/insight", "canvas", "insight", 900],
      ["/insight/reports", "tbody tr", "insight-reports", 800],
      ["/insight/forecast", "tbody tr", "insight-forecast", 660],
      ["/insight/what-if", "form", "insight-what-if", 900],
    ] as const) {
      await alexey.go(path);
      await alexey.page.locator(ready).first().waitFor();
      if (name === "insight-what-if") {
        await alexey.go("/insight/what-if?policy=own&targets=incident.high.1m.5m&pauses=customer.runs");
        await alexey.page.getByRole("button", { name: /^(?:Пересчитать|Judge)/u }).click();
        await alexey.page.locator("[data-changed] tbody tr").first().waitFor(patient);
      }
      await alexey.page.waitForLoadState("networkidle");
      expect(await accessibilityFaults(alexey.page)).toEqual([]);
      await screenshot(alexey.page, `${name}-${look.language}-${look.scheme}`, height);
    }
    expect(alexey.complaints).toEqual([]);
    await alexey.leave();
  });
}

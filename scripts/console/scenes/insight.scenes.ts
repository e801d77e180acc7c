import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { looks } from "../looks.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the analysts' screens";

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
    const from = await alexey.page.getByLabel("С", { exact: true }).inputValue();
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
    expect(alexey.complaints).toEqual([]);
    await alexey.leave();
  });

  it("says which clocks will miss, and judges the period by other terms", async () => {
    const maria = await stand().person("maria");
    await maria.go("/insight/forecast?hours=168");
    const missed = maria.page.locator("[data-tile=missed] button");
    await missed.waitFor();
    const count = Number(await missed.textContent());
    await missed.click();
    await maria.page.waitForURL(/verdict=missed/u);
    await expect.poll(() => maria.page.locator("[data-clocks] tbody tr").count()).toBe(count);
    await maria.go("/insight/what-if");
    await maria.page.getByLabel("Пауза, пока ждём заказчика").uncheck();
    await maria.page.getByRole("button", { name: "Пересчитать" }).click();
    await maria.page.getByRole("heading", { name: "Обе оценки" }).waitFor();
    expect(await maria.page.getByRole("rowheader").count()).toBeGreaterThanOrEqual(4);
    // the address carries the answer, so that it can be sent on
    expect(maria.page.url()).toMatch(/job=/u);
    await maria.page.reload();
    await maria.page.getByRole("heading", { name: "Обе оценки" }).waitFor();
    expect(maria.complaints).toEqual([]);
    await maria.leave();
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
    await alexey.page.evaluate(
      "addEventListener('beforeprint', () => { window.printed = document.documentElement.dataset.mantineColorScheme })",
    );
    const pdf = await alexey.page.pdf({ format: "A4" });
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/gu)?.length).toBe(1);
    expect(await alexey.page.evaluate("window.printed")).toBe("light");
    expect(await alexey.page.evaluate("document.documentElement.dataset.mantineColorScheme")).toBe("dark");
    await alexey.page.emulateMedia({ media: "print" });
    expect(await alexey.page.getByRole("navigation").isVisible()).toBe(false);
    expect(await alexey.page.getByRole("form", { name: "О чём числа" }).isVisible()).toBe(false);
    await alexey.page.getByText(/\d{4} г\. – .*\d{4} г\./u).waitFor();
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
        await alexey.page.locator("input[type=checkbox]").first().uncheck();
        await alexey.page.getByRole("button", { name: /^(?:Пересчитать|Judge)/u }).click();
        await alexey.page.getByRole("region").first().waitFor();
      }
      await alexey.page.waitForLoadState("networkidle");
      expect(await accessibilityFaults(alexey.page)).toEqual([]);
      await screenshot(alexey.page, `${name}-${look.language}-${look.scheme}`, height);
    }
    expect(alexey.complaints).toEqual([]);
    await alexey.leave();
  });
}

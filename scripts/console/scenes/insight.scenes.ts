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
    await expect.poll(() => maria.page.locator("tbody tr").count()).toBe(count);
    await maria.go("/insight/what-if");
    await maria.page.getByLabel("Пауза, пока ждём заказчика").uncheck();
    await maria.page.getByRole("button", { name: "Пересчитать" }).click();
    await maria.page.getByRole("heading", { name: "Обе оценки" }).waitFor();
    expect(await maria.page.getByRole("rowheader").count()).toBeGreaterThanOrEqual(4);
    expect(maria.complaints).toEqual([]);
    await maria.leave();
  });

  it.each(looks)("is accessible: $language, $scheme", async (look) => {
    const alexey = await stand().person("alexey", look);
    for (const [path, ready, name] of [
      ["/insight", "canvas", "insight"],
      ["/insight/reports", "tbody tr", "insight-reports"],
      ["/insight/forecast", "tbody tr", "insight-forecast"],
    ] as const) {
      await alexey.go(path);
      await alexey.page.locator(ready).first().waitFor();
      await alexey.page.waitForLoadState("networkidle");
      expect(await accessibilityFaults(alexey.page)).toEqual([]);
      await screenshot(alexey.page, `${name}-${look.language}-${look.scheme}`);
    }
    expect(alexey.complaints).toEqual([]);
    await alexey.leave();
  });
}

import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { looks } from "../looks.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the administrators' screens";

export function scenes(stand: () => Stand): void {
  it("shows how far the read models are, the events of a stream, and the mails", async () => {
    const admin = await stand().person("admin");
    await admin.go("/ops");
    await admin.page.getByText(/Модели чтения отстают на/u).waitFor();
    await admin.page.getByRole("region", { name: "Модели чтения" }).getByText("ticket", { exact: true }).waitFor();
    await admin.go("/ops/streams");
    await admin.page.getByLabel("Часть названия потока").fill("contract-");
    const stream = admin.page.locator("aside button").filter({ hasText: "contract-" }).first();
    await stream.click();
    await admin.page.waitForURL(/stream=contract-/u);
    await admin.page.locator("ol li summary").first().click();
    await admin.page.locator("ol li pre").first().waitFor();
    await admin.go("/ops/outbox");
    await admin.page.getByRole("region", { name: "Письма" }).getByRole("row").nth(1).waitFor();
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("keeps what it shows when it cannot be fetched anew, and says how old that is", async () => {
    const admin = await stand().person("admin");
    await admin.go("/ops");
    const models = admin.page.getByRole("region", { name: "Модели чтения" });
    await models.getByText("ticket", { exact: true }).waitFor();
    await admin.page.route("**/api/v1/ops/**", (route) =>
      route.fulfill({
        status: 429,
        contentType: "application/problem+json",
        body: '{"status":429,"code":"slow_down"}',
      }),
    );
    await admin.page.getByText(/Не удалось обновить/u).waitFor();
    expect(await models.getByText("ticket", { exact: true }).isVisible()).toBe(true);
    await admin.page.unroute("**/api/v1/ops/**");
    await admin.page.getByText(/Не удалось обновить/u).waitFor({ state: "detached" });
    // of a past moment it says that no past is kept, and nothing can be done
    await admin.go("/ops?asOf=2026-01-01T00:00:00.000Z");
    await admin.page.getByText(/Прошлое этого раздела не хранится/u).waitFor();
    expect(await admin.page.getByRole("button", { name: "Перестроить все" }).getAttribute("aria-disabled")).toBe(
      "true",
    );
    await admin.leave();
  });

  it("rebuilds a read model with its progress, and turns the simulated traffic off and on", async () => {
    const admin = await stand().person("admin");
    const { page } = admin;
    await admin.go("/ops");
    const models = page.getByRole("region", { name: "Модели чтения" });
    await models.getByRole("row").filter({ hasText: "directory" }).getByRole("button", { name: "Перестроить" }).click();
    const requests = page.getByRole("region", { name: "Просьбы о перестройке" });
    await requests.getByRole("row").filter({ hasText: "directory" }).getByText("сделано").waitFor({ timeout: 60_000 });
    await page.getByRole("region", { name: "Перестройки" }).getByText("directory").first().waitFor();
    const simulator = page.getByRole("region", { name: "Учебный поток заявок" });
    await simulator.getByRole("button", { name: "Выключить" }).click();
    await simulator.getByText("Выключен.").waitFor();
    await simulator.getByRole("textbox", { name: "Скорость" }).fill("2.5");
    await simulator.getByRole("button", { name: "Задать скорость" }).click();
    await simulator.getByText("Скорость: 2,5.").waitFor();
    await page.getByRole("region", { name: "Очередь писем" }).getByRole("link").first().click();
    await page.waitForURL(/\/ops\/outbox\?status=/u);
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it.each(looks)("are accessible: $language, $scheme", async (look) => {
    const admin = await stand().person("admin", look);
    for (const [path, ready, name] of [
      ["/ops", "tbody tr", "ops"],
      ["/ops/streams", "ol li", "ops-streams"],
      ["/ops/outbox", "tbody tr", "ops-outbox"],
    ] as const) {
      await admin.go(path);
      await admin.page.locator(ready).first().waitFor();
      expect(await accessibilityFaults(admin.page)).toEqual([]);
      await screenshot(admin.page, `${name}-${look.language}-${look.scheme}`);
      await admin.page.setViewportSize({ width: 320, height: 640 });
      expect(await admin.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
      await admin.page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });
}

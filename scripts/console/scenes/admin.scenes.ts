import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { looks } from "../looks.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the directory";

export function scenes(stand: () => Stand): void {
  it("finds an entry, says its fields in words, and tells its history", async () => {
    const admin = await stand().person("admin");
    await admin.go("/");
    await admin.page.waitForURL(/\/admin$/u);
    await admin.page.getByRole("navigation", { name: "Справочники" }).getByText("Сотрудники СЦ").click();
    await admin.page.getByLabel("Часть названия").fill("Кравцов");
    await admin.page.getByRole("row").filter({ hasText: "Соколова" }).waitFor({ state: "detached" });
    await admin.page.getByRole("link", { name: "Иван Кравцов" }).click();
    await admin.page.waitForURL(/\/admin\/staff\/ivan/u);
    await admin.page.locator("dd").getByText("Инженер СЦ").waitFor();
    await admin.page.locator("[data-event=StaffHired]").waitFor();
    await admin.go("/admin/contract/severny-2024");
    await admin.page.getByRole("heading", { name: "Политика SLA, версия 1" }).waitFor();
    await admin.page.locator("[data-event=ContractSigned]").getByText("Действует с").waitFor();
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it.each(looks)("is accessible: $language, $scheme", async (look) => {
    const admin = await stand().person("admin", look);
    for (const [path, ready, name] of [
      ["/admin?kind=contract", "tbody tr", "admin"],
      ["/admin/contract/severny-2024", "[data-event=ContractSigned]", "admin-contract"],
      ["/admin/routing-rules/routing-rules", "[data-event=RoutingRulesPublished]", "admin-rules"],
    ] as const) {
      await admin.go(path);
      await admin.page.locator(ready).first().waitFor();
      expect(await accessibilityFaults(admin.page)).toEqual([]);
      await screenshot(admin.page, `${name}-${look.language}-${look.scheme}`);
    }
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });
}

import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { looks } from "../looks.ts";
import { request } from "../request.ts";
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

  it("shows a calendar's year by colours and letters, and takes over one that comes with the product", async () => {
    const admin = await stand().person("admin");
    await admin.go("/admin?kind=calendar");
    const form = admin.page.getByRole("form", { name: "Взять встроенный календарь" });
    await form.getByLabel("Идентификатор").fill("volga");
    await form.getByLabel("Название").fill("Волга, 5×8");
    await form.getByLabel("Конец дня").fill("17:00");
    await form.getByLabel("Действует с").fill("2024-01-01");
    await form.getByRole("button", { name: "Взять календарь" }).click();
    await admin.page.getByRole("link", { name: "Волга, 5×8" }).click();
    await admin.page.waitForURL(/\/admin\/calendar\/volga/u);
    await admin.go("/admin/calendar/volga?year=2025");
    await admin.page.getByRole("link", { name: "Предыдущий год, 2024" }).click();
    await admin.page.getByText("Рабочих дней: 248").waitFor();
    const day = (date: string) => admin.page.locator(`[data-date="${date}"]`).innerText();
    expect(await day("2024-05-09")).toMatch(/^9\s*П$/u);
    expect(await day("2024-04-27")).toMatch(/^27\s*Р$/u);
    expect(await day("2024-05-08")).toMatch(/^8\s*С$/u);
    expect(await day("2024-05-12")).toMatch(/^12\s*В$/u);
    expect(await day("2024-05-13")).toBe("13");
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("saves a change only after what it would do was shown", async () => {
    const admin = await stand().person("admin");
    await admin.go("/admin/staff/eduard");
    const away = admin.page.getByRole("form", { name: "Отметить отсутствующим" });
    await away.getByLabel("Причина").fill("Отпуск");
    const save = away.getByRole("button", { name: "Сохранить" });
    expect(await save.getAttribute("aria-disabled")).toBe("true");
    await away.getByRole("button", { name: "Что изменится" }).click();
    await away.getByText(/Касается открытых заявок/u).waitFor();
    await save.click();
    const back = admin.page.getByRole("form", { name: "Отметить на месте" });
    await back.waitFor();
    await admin.page.locator("[data-event=StaffAvailabilityChanged]").getByText("да → нет").waitFor();
    await back.getByRole("button", { name: "Что изменится" }).click();
    await back.getByText(/Касается открытых заявок/u).waitFor();
    await back.getByRole("button", { name: "Сохранить" }).click();
    await away.waitFor();

    await admin.go("/admin/contract/baltic-2024");
    const targets = admin.page.getByRole("form", { name: "Изменить сроки" });
    await targets.getByRole("group", { name: "Инцидент, Высокий" }).getByLabel("Реакция").fill("100h");
    await targets.getByLabel("Действует с").fill("2030-01-01T00:00");
    await targets.getByRole("button", { name: "Что изменится" }).click();
    await targets.getByText(/срок станет позже: \d/u).waitFor();
    await targets.getByRole("button", { name: "Сохранить" }).click();
    await admin.page.getByRole("heading", { name: "Политика SLA, версия 2" }).waitFor();
    await admin.page
      .locator("[data-event=ContractPolicyChanged]")
      .getByText(/→ 100 ч/u)
      .waitFor();
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("erases a person's data after showing what that touches", async () => {
    const person = { personId: "gone", name: "Gone Person", emails: ["gone@baltic.example"], phones: [] };
    await request(stand(), "admin", "POST", "/admin/commands/add-person", { organizationId: "baltic", person });
    const admin = await stand().person("admin");
    await admin.go("/admin/privacy");
    await admin.page.getByText("Ничьи данные ещё не удаляли").waitFor();
    await admin.page.getByLabel("Чьи данные: адрес почты или идентификатор").fill("gone@baltic.example");
    await admin.page.getByRole("button", { name: "Что будет удалено" }).click();
    await admin.page.getByText(/Человек заказчика\. Потоков событий: 1/u).waitFor();
    const erase = admin.page.getByRole("button", { name: "Удалить безвозвратно" });
    expect(await erase.getAttribute("aria-disabled")).toBe("true");
    await admin.page.getByLabel("Понимаю, что вернуть эти данные нельзя").check();
    await erase.click();
    await admin.page.getByRole("cell", { name: "завершено" }).waitFor();
    await admin.go("/admin/organization/baltic");
    await admin.page.locator("[data-event=OrganizationPersonAdded]").first().waitFor();
    expect(await admin.page.getByText("gone@baltic.example").count()).toBe(0);
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it.each(looks)("is accessible: $language, $scheme", async (look) => {
    const admin = await stand().person("admin", look);
    for (const [path, ready, name] of [
      ["/admin?kind=contract", "tbody tr", "admin"],
      ["/admin/contract/severny-2024", "[data-event=ContractSigned]", "admin-contract"],
      ["/admin?kind=calendar", "form input", "admin-calendars"],
      ["/admin/calendar/moscow-5x9?year=2024", "[data-date='2024-05-09']", "admin-year"],
      ["/admin/staff/ivan", "form", "admin-staff"],
      ["/admin/privacy", "form", "admin-privacy"],
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

  it("needs no sideways scrolling on a narrow screen", async () => {
    const admin = await stand().person("admin", { width: 320, height: 640 });
    for (const path of [
      "/admin?kind=calendar",
      "/admin/contract/severny-2024",
      "/admin/calendar/moscow-5x9?year=2024",
    ]) {
      await admin.go(path);
      await admin.page.locator("h1").waitFor();
      const beyond = await admin.page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
      expect({ path, beyond }).toEqual({ path, beyond: 0 });
    }
    await admin.leave();
  });
}

import { expect, it } from "vitest";
import { call } from "../call.ts";
import { formOf } from "../form.ts";
import { request } from "../request.ts";
import type { Stand } from "../stand.ts";

export const title = "the directory";

/** in the browser: the date of the calendar's day that has the focus */
const focusedDate = "document.activeElement?.closest('[data-date]')?.getAttribute('data-date')";

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
    const region = (name: string) => admin.page.getByRole("region", { name });
    // what belongs to an entry stands on it: somebody's groups, a customer's contracts
    await region("Группы").getByRole("link", { name: "Центр компетенций: сети и VPN" }).first().waitFor();
    await admin.go("/admin/organization/severny");
    await region("Договоры").getByRole("link", { name: "СВ-17/2024" }).first().waitFor();
    expect(await region("Договоры").getByRole("link").count()).toBe(
      await region("Договоры").getByText("СВ-17/2024").count(),
    );
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
    await form.getByRole("textbox", { name: "Действует с" }).fill("01.01.2024");
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
    // by keys alone: from one day to another, what it is, and making it another one
    await admin.page.locator('[data-date="2024-05-13"] button').focus();
    await admin.page.keyboard.press("ArrowUp");
    await admin.page.keyboard.press("PageDown");
    await expect.poll(() => admin.page.evaluate(focusedDate)).toBe("2024-06-06");
    await admin.page.keyboard.press("Enter");
    const panel = admin.page.getByRole("region", { name: /6 июня 2024/u });
    await panel.getByText("рабочий день", { exact: true }).waitFor();
    await panel.getByRole("combobox", { name: "Этот день" }).click();
    await admin.page.getByRole("option", { name: "короче на" }).click();
    await panel.getByLabel("На сколько минут").fill("120");
    await panel.getByLabel("Причина").fill("День города");
    await panel.getByRole("button", { name: "Что изменится" }).click();
    await panel.getByText(/Касается открытых заявок/u).waitFor();
    await panel.getByRole("button", { name: "Сохранить" }).click();
    await panel.locator("dd").getByText("День города").waitFor();
    expect(await day("2024-06-06")).toMatch(/^6\s*С$/u);
    await admin.page.getByText(/День города: 6/u).waitFor();
    await expect.poll(() => admin.page.evaluate("document.activeElement?.id")).toBe("calendar-day");
    await admin.page.keyboard.press("Escape");
    await expect.poll(() => admin.page.evaluate(focusedDate)).toBe("2024-06-06");
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("saves a change only after what it would do was shown", async () => {
    const admin = await stand().person("admin");
    await admin.go("/admin/staff/eduard");
    const change = admin.page.getByRole("navigation", { name: "Что можно сделать" });
    const there = async (reason: string): Promise<void> => {
      await change.getByRole("link", { name: "Изменить доступность" }).click();
      const form = formOf(admin.page, "Изменить доступность");
      await form.at.getByLabel("Причина").fill(reason);
      expect(await form.at.getByRole("button", { name: "Сохранить" }).getAttribute("aria-disabled")).toBe("true");
      await form.save();
    };
    await there("Отпуск");
    await admin.page.locator("[data-event=StaffAvailabilityChanged]").getByText("да → нет").waitFor();
    await there("Вернулся");
    await admin.page.locator("[data-event=StaffAvailabilityChanged]").getByText("нет → да").waitFor();

    await admin.go("/admin/contract/baltic-2024?do=change-contract-policy");
    const policy = admin.page.getByRole("form", { name: "Изменить политику SLA" });
    await policy.getByRole("group", { name: "Инцидент, Высокий" }).getByLabel("Реакция").fill("100h");
    await policy.getByRole("textbox", { name: "Политика действует с" }).fill("01.01.2030, 00:00");
    await policy.getByRole("button", { name: "Что изменится" }).click();
    await policy.getByText(/срок станет позже: \d/u).waitFor();
    await policy.getByText(/→ 100\sч/u).waitFor();
    await policy.getByRole("button", { name: "Сохранить" }).click();
    await admin.page.getByRole("heading", { name: "Политика SLA, версия 2" }).waitFor();
    await admin.page
      .locator("[data-event=ContractPolicyChanged]")
      .getByText(/→ 100\sч/u)
      .waitFor();
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("makes a customer with a person, a contract, its policy and a key, and a ticket under it, by the screens alone", async () => {
    const admin = await stand().person("admin");
    const { page } = admin;
    const form = (name: string) => page.getByRole("form", { name, exact: true });
    const save = (name: string): Promise<void> => formOf(page, name).save();
    await admin.go("/admin");
    await page.getByRole("link", { name: "Завести организацию" }).click();
    await form("Завести организацию").getByLabel("Название").fill("ООО «Ромашка»");
    expect(await form("Завести организацию").getByLabel("Идентификатор").inputValue()).toBe("ooo-romashka");
    // what is typed survives a reload
    await page.reload();
    await expect.poll(() => form("Завести организацию").getByLabel("Название").inputValue()).toBe("ООО «Ромашка»");
    await save("Завести организацию");
    await page.waitForURL(/\/admin\/organization\/ooo-romashka/u);

    await page.getByRole("link", { name: "Добавить сотрудника заказчика" }).click();
    const person = form("Добавить сотрудника заказчика");
    await person.getByLabel("Имя").fill("Роман Цветков");
    await person.getByLabel("Адреса почты").fill("tsvetkov@romashka.example");
    await person.getByLabel("Телефоны").fill("+7 495 700-11-22");
    await save("Добавить сотрудника заказчика");
    await page.getByRole("cell", { name: "tsvetkov@romashka.example" }).waitFor();

    await page.getByRole("link", { name: "Заключить договор" }).click();
    const contract = form("Заключить договор");
    await contract.getByLabel("Номер", { exact: false }).first().fill("РМ-7");
    await contract.getByLabel("Ключи поддержки").fill("ROM-1234");
    const people = contract.getByRole("combobox", { name: "Уполномоченные" });
    await people.fill("Роман");
    await page.getByRole("option", { name: "Роман Цветков" }).click();
    await contract.getByRole("group", { name: "Инцидент, Высокий" }).getByLabel("Решение").fill("2h");
    await contract.getByLabel("Календарь").fill("Моск");
    await page.getByRole("option", { name: /Моск/u }).first().click();
    await save("Заключить договор");
    await page.waitForURL(/\/admin\/contract\/rm-7/u);
    await page.getByText("ROM-1234").first().waitFor();

    await admin.go("/intake/phone");
    await page.getByLabel("Телефон").fill("+7 495 700-11-22");
    await page.getByRole("button", { name: /Ромашка/u }).click();
    await page.getByLabel("Тема").fill("Не открывается почта");
    await page.getByRole("button", { name: "Зарегистрировать", exact: false }).click();
    await page.waitForURL(/\/tickets\/SC-\d+/u);
    await page.getByText("Ромашка").first().waitFor();
    await page.getByText("РМ-7").first().waitFor();
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("says at the field what was refused, and refuses what somebody else has changed meanwhile", async () => {
    const admin = await stand().person("admin", { language: "en" });
    const { page } = admin;
    await admin.go("/admin/group/experts?do=change-group");
    const form = page.getByRole("form", { name: "Change a group", exact: true });
    await form.getByLabel("Name").fill("Experts of the third line");
    await form.getByRole("button", { name: "What would change" }).click();
    await form.getByText("→ Experts of the third line").waitFor();
    await request(stand(), "admin", "POST", "/admin/commands/change-group-members", {
      groupId: "experts",
      add: ["egor"],
      remove: [],
    });
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByRole("alert").waitFor();
    expect(await form.getByLabel("Name").inputValue()).toBe("Experts of the third line");
    await admin.go("/admin?kind=staff&do=hire-staff");
    const hire = page.getByRole("form", { name: "Add a member of staff" });
    await hire.getByLabel("Name").fill("Second Ivan");
    await hire.getByLabel("E-mail").fill("ivan@docket.example");
    await hire.getByRole("button", { name: "What would change" }).click();
    await hire.getByText(/It cannot be changed so/u).waitFor();
    await expect.poll(() => hire.getByLabel("E-mail").getAttribute("aria-invalid")).toBe("true");
    await admin.leave();
  });

  it("publishes routing rules in another order, and revises a calendar by a day", async () => {
    const admin = await stand().person("admin");
    const { page } = admin;
    await admin.go("/admin/routing-rules/routing-rules?do=publish-routing-rules");
    const rules = page.getByRole("form", { name: "Опубликовать правила маршрутизации" });
    const first = await rules.getByLabel("Идентификатор").first().inputValue();
    await rules.getByRole("button", { name: "Ниже: Правило 1" }).click();
    await expect.poll(() => rules.getByLabel("Идентификатор").nth(1).inputValue()).toBe(first);
    await rules.getByRole("button", { name: "Выше: Правило 2" }).click();
    await rules.getByRole("button", { name: "Что изменится" }).click();
    await rules.getByText(/Касается открытых заявок/u).waitFor();
    await rules.getByRole("button", { name: "Сохранить" }).click();
    await page.locator("[data-event=RoutingRulesPublished]").nth(1).waitFor();

    await admin.go("/admin/calendar/moscow-5x9?do=revise-calendar");
    const calendar = page.getByRole("form", { name: "Изменить календарь" });
    await calendar.getByRole("textbox", { name: "Дата" }).fill("05.03.2031");
    await calendar.getByRole("button", { name: "Добавить день" }).click();
    await calendar.getByText("05.03.2031", { exact: true }).waitFor();
    await calendar.getByRole("textbox", { name: "Действует с" }).fill("2031-01-01 00:00");
    await formOf(page, "Изменить календарь").save();
    await admin.go("/admin/calendar/moscow-5x9?year=2031");
    await expect.poll(() => page.locator('[data-date="2031-03-05"]').innerText()).toMatch(/^5\s*П$/u);
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("keeps texts for answers: tried on a ticket, refused at the field, changed by two at once, taken off the menu", async () => {
    const number = await call(stand(), "Тексты для ответов");
    const maria = await stand().person("maria", { language: "en" });
    const { page } = maria;
    await maria.go(`/tickets/${number}`);
    await page.locator("[data-mode]").getByRole("button", { name: "Templates" }).click();
    await page.getByRole("menuitem", { name: "Edit templates" }).click();
    await page.waitForURL(new RegExp(`/admin/templates.*${number}`, "u"));
    await page.getByRole("button", { name: "New template" }).click();
    const text = page.getByRole("textbox", { name: "Text" });
    await page.getByRole("textbox", { name: "Name" }).fill("A greeting");
    await text.fill("Hello ");
    const insert = page.getByRole("group", { name: "Insert into the text" });
    await insert.getByRole("button", { name: "Requester’s name" }).press("Enter");
    await insert.getByRole("button", { name: "Ticket number" }).click();
    await expect.poll(() => text.inputValue()).toBe("Hello {{requester.name}}{{ticket.number}}");
    const preview = page.getByRole("figure", { name: "What it becomes" });
    await preview.getByText(new RegExp(`^Hello .+${number}$`, "u")).waitFor();
    // what is typed survives a reload
    await text.fill("Hello {{requester.surname}}");
    await page.reload();
    await expect.poll(() => text.inputValue()).toBe("Hello {{requester.surname}}");
    await preview.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Create the template" }).click();
    await expect.poll(() => text.getAttribute("aria-invalid")).toBe("true");
    await text.fill("Hello {{requester.name}}");
    await page.getByRole("button", { name: "Create the template" }).click();
    await page.locator("[data-version='1']").waitFor();
    const templateId = new URL(page.url()).searchParams.get("template");
    // somebody else was quicker: nothing is lost, and nothing is written over unseen
    await text.fill("Good day {{requester.name}}");
    await request(stand(), "admin", "PATCH", `/templates/${templateId}`, { body: "Hi", revision: 0 });
    await page.getByRole("button", { name: "Save the template" }).click();
    await page.getByText(/While you were writing/u).waitFor();
    expect(await text.inputValue()).toBe("Good day {{requester.name}}");
    await page.getByRole("button", { name: "Keep my text" }).click();
    await page.getByRole("button", { name: "Save the template" }).click();
    await page.locator("[data-version='3']").getByText("text changed").waitFor();
    await page.getByRole("button", { name: "Take off the menu" }).click();
    await page.locator("[data-version='4']").getByText("On the menu: yes → no").waitFor();
    await page.getByRole("link", { name: "All templates" }).click();
    await page.getByRole("checkbox", { name: "Show those taken off the menu" }).waitFor();
    expect(await page.getByRole("link", { name: "A greeting" }).count()).toBe(0);
    await page.getByRole("checkbox", { name: "Show those taken off the menu" }).check();
    await page.getByRole("link", { name: "A greeting" }).waitFor();
    expect(maria.complaints).toEqual([]);
    await maria.leave();
  });
}

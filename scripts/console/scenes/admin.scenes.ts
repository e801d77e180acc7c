import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { looks } from "../looks.ts";
import { request } from "../request.ts";
import { screenshot } from "../screenshots.ts";
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
      const form = admin.page.getByRole("form", { name: "Изменить доступность" });
      await form.getByLabel("Причина").fill(reason);
      const save = form.getByRole("button", { name: "Сохранить" });
      expect(await save.getAttribute("aria-disabled")).toBe("true");
      await form.getByRole("button", { name: "Что изменится" }).click();
      await form.getByText(/Касается открытых заявок/u).waitFor();
      await save.click();
      await form.waitFor({ state: "detached" });
    };
    await there("Отпуск");
    await admin.page.locator("[data-event=StaffAvailabilityChanged]").getByText("да → нет").waitFor();
    await there("Вернулся");
    await admin.page.locator("[data-event=StaffAvailabilityChanged]").getByText("нет → да").waitFor();

    await admin.go("/admin/contract/baltic-2024?do=change-contract-policy");
    const policy = admin.page.getByRole("form", { name: "Изменить политику SLA" });
    await policy.getByRole("group", { name: "Инцидент, Высокий" }).getByLabel("Реакция").fill("100h");
    await policy.getByLabel("Политика действует с").fill("2030-01-01T00:00");
    await policy.getByRole("button", { name: "Что изменится" }).click();
    await policy.getByText(/срок станет позже: \d/u).waitFor();
    await policy.getByText(/→ 100 ч/u).waitFor();
    await policy.getByRole("button", { name: "Сохранить" }).click();
    await admin.page.getByRole("heading", { name: "Политика SLA, версия 2" }).waitFor();
    await admin.page
      .locator("[data-event=ContractPolicyChanged]")
      .getByText(/→ 100 ч/u)
      .waitFor();
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("makes a customer with a person, a contract, its policy and a key, and a ticket under it, by the screens alone", async () => {
    const admin = await stand().person("admin");
    const { page } = admin;
    const form = (name: string) => page.getByRole("form", { name, exact: true });
    const save = async (name: string): Promise<void> => {
      await form(name).getByRole("button", { name: "Что изменится" }).click();
      await form(name)
        .getByText(/Касается открытых заявок/u)
        .waitFor();
      await form(name).getByRole("button", { name: "Сохранить" }).click();
      await form(name).waitFor({ state: "detached" });
    };
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
    await calendar.getByLabel("Дата").fill("2031-03-05");
    await calendar.getByRole("button", { name: "Добавить день" }).click();
    await calendar.getByText("2031-03-05").waitFor();
    await calendar.getByLabel("Действует с").fill("2031-01-01T00:00");
    await calendar.getByRole("button", { name: "Что изменится" }).click();
    await calendar.getByText(/Касается открытых заявок/u).waitFor();
    await calendar.getByRole("button", { name: "Сохранить" }).click();
    await calendar.waitFor({ state: "detached" });
    await admin.go("/admin/calendar/moscow-5x9?year=2031");
    await expect.poll(() => page.locator('[data-date="2031-03-05"]').innerText()).toMatch(/^5\s*П$/u);
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("opens an account, shows a token once, and takes it back", async () => {
    const admin = await stand().person("admin");
    const { page } = admin;
    await admin.go("/admin/access");
    const account = page.getByRole("form", { name: "Завести учётную запись" });
    await account.getByLabel("Имя").fill("Вера Новая");
    expect(await account.getByLabel("Логин").inputValue()).toBe("vera-novaya");
    await account.getByLabel("Пароль").fill("a long password");
    await account.getByRole("button", { name: "Завести учётную запись" }).click();
    await page.getByRole("cell", { name: "vera-novaya", exact: true }).waitFor();
    const vera = await stand().person(null);
    const enter = await vera.context.request.post("/api/v1/login", {
      data: { login: "vera-novaya", password: "a long password" },
    });
    expect(enter.status()).toBe(200);
    await vera.leave();

    const token = page.getByRole("form", { name: "Выдать ключ доступа" });
    await token.getByLabel("Название").fill("Монитор");
    await token.getByRole("button", { name: "Выдать ключ доступа" }).click();
    const secret = (await token.locator("code").textContent()) ?? "";
    const ask = await fetch(`${stand().stack.urls.public}/api/v1/me`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(ask.status).toBe(200);
    await page.reload();
    const row = page.getByRole("row").filter({ hasText: "Монитор" });
    await row.waitFor();
    expect(await page.getByText(secret).count()).toBe(0);
    await row.getByRole("button", { name: "Отозвать" }).click();
    await row.getByText("отозван").waitFor();
    expect(admin.complaints).toEqual([]);
    await admin.leave();

    // who was given which rights, and when, is the auditors' to see, of any past moment as well
    const anna = await stand().person("anna");
    await anna.go("/admin/rights");
    await anna.page.getByRole("link", { name: "История: Вера Новая" }).click();
    await anna.page.locator("[data-event=AccountOpened]").waitFor();
    await anna.page.getByRole("link", { name: "История: Монитор" }).click();
    await anna.page.locator("[data-event=TokenRevoked]").getByText("да → нет").waitFor();
    await anna.go("/admin/rights?asOf=2024-01-01T00:00:00.000Z");
    await anna.page.getByRole("heading", { name: "Права" }).waitFor();
    await anna.page.getByText("Здесь пока ничего нет").first().waitFor();
    expect(await anna.page.getByText("vera-novaya").count()).toBe(0);
    expect(anna.complaints).toEqual([]);
    await anna.leave();
  });

  it("gives a letter other words, shows it in both languages with a real ticket's facts, and such letters go out", async () => {
    const admin = await stand().person("admin");
    const { page } = admin;
    await admin.go("/admin/letters?kind=registered");
    const side = page.locator("[data-language=ru]");
    await side.getByText("Действует встроенный текст").waitFor();
    const letter = side.frameLocator("iframe").locator("body");
    await letter.getByText("Ваше обращение зарегистрировано.").waitFor();
    await page
      .locator("[data-language=en]")
      .frameLocator("iframe")
      .getByText("Your request has been registered.")
      .waitFor();
    await side.getByLabel("Текст").fill("Мы уже занимаемся <b>вашим</b> вопросом: ");
    await side.getByRole("button", { name: "тема заявки" }).click();
    await letter.getByText("Мы уже занимаемся <b>вашим</b> вопросом:").waitFor();
    // what it may not ask for is said, and nothing is shown or saved with it
    await side.getByLabel("После сведений и цитаты").fill("{{password}}");
    await side.getByRole("alert").getByText("password").waitFor();
    await side.getByRole("button", { name: "Сохранить текст" }).click();
    await expect.poll(() => side.getByLabel("После сведений и цитаты").getAttribute("aria-invalid")).toBe("true");
    await side.getByLabel("После сведений и цитаты").fill("До встречи.");
    await letter.getByText("До встречи.").waitFor();
    await side.getByRole("button", { name: "Сохранить текст" }).click();
    await side.getByText("Свой текст, версия 1").waitFor();
    await page.locator("[data-event=LetterTextChanged]").waitFor();
    // and what stands in every letter
    await page.getByRole("link", { name: "Оформление писем заказчику" }).click();
    await side.getByLabel("Подпись").fill("Дежурная смена, круглосуточно");
    await side.getByText("Названия сведений").click();
    await side.getByLabel("Номер заявки").fill("Ваш номер");
    await letter.getByText("Дежурная смена, круглосуточно").waitFor();
    await side.getByRole("button", { name: "Сохранить текст" }).click();
    await page.locator("[data-event=LetterFrameChanged]").waitFor();

    const subject = "Письмо другими словами";
    const reply = await request(stand(), "oleg", "POST", "/contacts/phone", {
      subject,
      text: "Проверка",
      verified: { organizationId: "severny", contractId: "severny-2024", personId: "petrova" },
    });
    const { number } = reply["ticket"] as { number: string };
    const written = async (): Promise<string> => {
      const { items } = (await request(stand(), "admin", "GET", `/tickets/${number}/mails`)) as {
        items: { subject: string; text: string }[];
      };
      return items.find((mail) => mail.subject.includes("зарегистрирована"))?.text ?? "";
    };
    await expect.poll(written).toContain(`Мы уже занимаемся <b>вашим</b> вопросом: ${subject}`);
    expect(await written()).toContain("До встречи.");
    expect(await written()).toContain("Дежурная смена, круглосуточно");
    expect(await written()).toContain(`Ваш номер: ${number}`);
    await side.getByRole("button", { name: "Вернуть встроенный" }).click();
    await page.locator("[data-event=LetterFrameReset]").waitFor();

    await page.getByRole("link", { name: "Заявка зарегистрирована" }).click();
    await side.getByRole("button", { name: "Вернуть встроенный" }).click();
    await side.getByText("Действует встроенный текст").waitFor();
    await page.locator("[data-event=LetterTextReset]").waitFor();
    await letter.getByText("Ваше обращение зарегистрировано.").waitFor();
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
      ["/admin/calendar/moscow-5x9?year=2024&day=2024-05-08", "[data-date='2024-05-09']", "admin-year"],
      ["/admin/privacy", "form", "admin-privacy"],
      ["/admin/rights", "tbody tr", "admin-rights"],
    ] as const) {
      await admin.go(path);
      await admin.page.locator(ready).first().waitFor();
      expect(await accessibilityFaults(admin.page)).toEqual([]);
      await screenshot(admin.page, `${name}-${look.language}-${look.scheme}`);
    }
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it.each([
    { language: "ru", scheme: "light" },
    { language: "en", scheme: "dark" },
  ] as const)("has accessible forms: $language, $scheme", async (look) => {
    const admin = await stand().person("admin", look);
    for (const [path, ready, name] of [
      ["/admin/contract/severny-2024?do=change-contract-policy", "form table", "admin-policy"],
      ["/admin/staff/ivan?do=change-staff", "form", "admin-staff"],
      ["/admin/calendar/moscow-5x9?do=revise-calendar", "form", "admin-calendar"],
      ["/admin/access", "form", "admin-access"],
      ["/admin/letters?kind=resolved", "iframe", "admin-letters"],
      ["/admin/letters?kind=frame-requester", "iframe", "admin-letters-frame"],
      ["/admin/routing-rules/routing-rules?do=publish-routing-rules", "form fieldset", "admin-rules"],
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
      "/admin/contract/severny-2024?do=change-contract-policy",
      "/admin/calendar/moscow-5x9?year=2024&do=revise-calendar",
      "/admin/routing-rules/routing-rules?do=publish-routing-rules",
      "/admin/organization/severny?do=change-organization",
      "/admin/access",
      "/admin/letters",
    ]) {
      await admin.go(path);
      await admin.page.locator("h1").waitFor();
      const beyond = await admin.page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
      expect({ path, beyond }).toEqual({ path, beyond: 0 });
    }
    await admin.leave();
  });
}

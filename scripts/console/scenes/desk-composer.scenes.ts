import { expect, it } from "vitest";
import { openBrowser } from "../browser.ts";
import { call } from "../call.ts";
import { give } from "../give.ts";
import { person } from "../person.ts";
import { request } from "../request.ts";
import type { Stand } from "../stand.ts";

export const title = "the operators' desk: what is written";

export function scenes(stand: () => Stand): void {
  it("a reply from a template with its fields and with files that are pasted and dropped goes out, and the next ticket opens", async () => {
    const first = await call(stand(), "Шаблон и файлы первая");
    const second = await call(stand(), "Шаблон и файлы вторая");
    await request(stand(), "maria", "POST", "/templates", {
      name: "Приняли в работу",
      language: "ru",
      kind: "reply",
      body: "Здравствуйте, {{requester.name}}! По {{ticket.number}} вернёмся с ответом: {{ask:когда}}.",
    });
    const olga = await stand().person("olga");
    const { page } = olga;
    await olga.go(`/queues/all-open/${first}?q=${encodeURIComponent("Шаблон и файлы")}&sort=number`);
    await page.locator(`[role=row][data-number=${second}]`).waitFor();
    const composer = page.locator("[data-mode]");
    await composer.getByRole("button", { name: "Шаблоны" }).click();
    await page.getByRole("menuitem", { name: "Приняли в работу" }).click();
    const text = composer.getByRole("textbox", { name: "Ответ заказчику" });
    await expect.poll(() => text.inputValue()).toContain(`По ${first} вернёмся`);
    expect(await text.inputValue()).toContain("Здравствуйте, Пётр Иванов!");
    // What the template could not know is asked for, and nothing goes out before it is said.
    await composer.getByText(/Заполните сами: когда/u).waitFor();
    expect(await composer.getByRole("button", { name: "Отправить", exact: true }).isDisabled()).toBe(true);
    await composer.getByRole("textbox", { name: "когда" }).fill("до обеда");
    await page.keyboard.press("Enter");
    await expect.poll(() => text.inputValue()).toContain("вернёмся с ответом: до обеда.");
    await give(page, "[data-mode] textarea", "paste", "журнал.log", "text/plain");
    await composer.getByText("журнал.log").waitFor();
    await give(page, "[data-mode]", "drop", "узел.txt", "text/plain");
    await composer.getByText("узел.txt").waitFor();
    await composer.getByRole("button", { name: "Отправить и дальше" }).click();
    await page.waitForURL(new RegExp(`/queues/all-open/${second}`, "u"));
    await page.locator("#ticket-title").getByText("вторая").waitFor();
    await olga.go(`/tickets/${first}`);
    await page.getByRole("list").getByText(`По ${first} вернёмся`).first().waitFor();
    // Beside the story: files to look at, the customer with his contract and rights, who follows, what else there is of him.
    const side = page.getByRole("complementary", { name: "Подробности" });
    await side.getByRole("listitem").filter({ hasText: "журнал.log" }).getByText("посмотреть").click();
    await page.getByRole("dialog").getByText("журнал.log: строка журнала").waitFor();
    await page.keyboard.press("Escape");
    await side.getByText("ООО «Северный ветер»").waitFor();
    await side.getByText("СВ-17/2024").waitFor();
    await side.getByText("Perimeter Gate").first().waitFor();
    await side.getByText(/мониторинг/u).waitFor();
    await side.getByText("Того же инициатора").waitFor();
    await side.getByRole("button", { name: "Следить", exact: true }).click();
    await side.getByText("Ольга Соколова").waitFor();
    expect(olga.complaints).toEqual([]);
    await olga.leave();
  });

  it("a draft outlives a page that is killed, and nothing of it is left for the next one after signing out", async () => {
    const number = await call(stand(), "Черновик и сбой");
    // A browser of its own: what the crash leaves behind there is nobody else's trouble.
    const browser = await openBrowser();
    const olga = await person(browser, { url: stand().stack.urls.public, login: "olga" });
    await olga.go(`/tickets/${number}`);
    await olga.page.getByRole("textbox", { name: "Ответ заказчику" }).fill("Почти дописано, но");
    await olga.page.getByText("Черновик сохранён на этом компьютере").waitFor();
    const gone = olga.page.waitForEvent("crash");
    olga.page.goto("chrome://crash").catch(() => undefined);
    await gone;
    const again = await olga.context.newPage();
    await again.goto(`/tickets/${number}`);
    const text = again.getByRole("textbox", { name: "Ответ заказчику" });
    await expect.poll(() => text.inputValue()).toBe("Почти дописано, но");
    const asked: string[] = [];
    again.on("dialog", (dialog) => {
      asked.push(dialog.message());
      void dialog.accept();
    });
    await again.getByRole("button", { name: /Ольга Соколова/u }).click();
    await again.getByRole("menuitem", { name: "Выйти" }).click();
    await again.waitForURL(/\/login/u);
    expect(asked.join()).toContain("1 неотправленный черновик");
    await expect
      .poll(() => again.evaluate("Object.keys(localStorage).filter((key) => /draft|queue[.]|phone/u.test(key)).length"))
      .toBe(0);
    await browser.close();
  });

  it("why this deadline: interval by interval, and the ribbon walked by the arrow keys", async () => {
    const olga = await stand().person("olga");
    await olga.go("/queues/all-open?status=in_work");
    await olga.page.locator("[role=row][data-number]").first().click();
    const side = olga.page.getByRole("complementary", { name: "Подробности" });
    await side.getByRole("button", { name: "почему такой срок" }).last().click();
    const why = side.getByRole("region", { name: "почему такой срок" });
    await why.getByText(/Цель .+, календарь .+ \(версия \d+\), политика версии \d+; засчитано/u).waitFor();
    expect(await why.locator("tbody tr").count()).toBeGreaterThan(0);
    const ribbon = side.getByRole("slider").last();
    await ribbon.focus();
    await olga.page.keyboard.press("ArrowRight");
    await expect
      .poll(() => ribbon.getAttribute("aria-valuetext"))
      .toMatch(/\d{2}\.\d{2}\.\d{4}.+–.+(?:засчитано|пауза|нерабочее)/u);
    expect(olga.complaints).toEqual([]);
    await olga.leave();
  });

  it("a form that was filled while somebody else acted says what he did, keeps what was typed, and goes on knowing it", async () => {
    const number = await call(stand(), "Двое классифицируют");
    const olga = await stand().person("olga", { language: "en" });
    await olga.go(`/tickets/${number}`);
    await olga.page.locator("[data-command=classify]").first().click();
    const dialog = olga.page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Type" }).click();
    await olga.page.getByRole("option", { name: "Consultation" }).click();
    await dialog.getByRole("combobox", { name: "Priority" }).click();
    await olga.page.getByRole("option", { name: "Low" }).click();
    await dialog.getByRole("textbox", { name: "Reason" }).fill("The caller said so");
    await request(stand(), "maria", "POST", `/tickets/${number}/commands/classify`, {
      type: "incident",
      priority: "high",
    });
    await dialog.locator("button[type=submit]").click();
    const conflict = dialog.getByRole("alert");
    await conflict.getByText(/Мария Белова: Ticket classified/u).waitFor();
    expect(await dialog.getByRole("textbox", { name: "Reason" }).inputValue()).toBe("The caller said so");
    await dialog.getByRole("button", { name: /knowing this/u }).click();
    await dialog.waitFor({ state: "detached" });
    await olga.page
      .getByRole("list")
      .getByText(/Consultation, Low/u)
      .first()
      .waitFor();
    await olga.leave();
  });
}

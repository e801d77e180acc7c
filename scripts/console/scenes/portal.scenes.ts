import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { give } from "../give.ts";
import { looks } from "../looks.ts";
import { request } from "../request.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the customers' portal";

export function scenes(stand: () => Stand): void {
  it("takes the form of appendix A with a file, registers it, and shows it live in another window", async () => {
    const ivanov = await stand().person("ivanov");
    const beside = await stand().person("ivanov");
    await beside.go("/portal");
    await beside.page.locator("[data-section=work]").waitFor();
    await ivanov.go("/portal");
    await ivanov.page.getByRole("button", { name: "Новая заявка" }).click();
    await ivanov.page.waitForURL(/\/portal\/new$/u);
    const form = ivanov.page.getByRole("form", { name: "Новая заявка" });
    // what is known of him is there already
    await expect.poll(() => form.getByLabel("Почта").inputValue()).toContain("@");
    expect(await form.getByLabel("Организация").inputValue()).not.toBe("");
    const send = form.getByRole("button", { name: "Отправить заявку" });
    // What is missing is said at its field, and the first one has the focus: he can go on typing.
    const product = form.getByRole("textbox", { name: "Продукт", exact: false }).first();
    await send.click();
    await form.getByRole("alert").getByText("Заполните: Продукт, Тема, Описание неисправности").waitFor();
    expect(await form.getByText("Заполните это поле").count()).toBe(3);
    await product.and(ivanov.page.locator(":focus")).waitFor();
    await product.fill("Perimeter Gate");
    await expect.poll(() => form.getByText("Заполните это поле").count()).toBe(2);
    await form.getByLabel("Тема").fill("Портал: не открывается отчёт за неделю");
    await form.getByLabel("Описание неисправности").fill("После обновления отчёт показывает пустую страницу.");
    await give(ivanov.page, "form textarea", "paste", "журнал.log", "text/plain");
    await form.getByText("журнал.log").waitFor();
    await give(ivanov.page, "form", "drop", "узел.txt", "text/plain");
    await form.getByText("узел.txt").waitFor();
    // nothing typed is lost on reload
    await ivanov.page.reload();
    await expect.poll(() => ivanov.page.getByLabel("Тема").inputValue()).toBe("Портал: не открывается отчёт за неделю");
    await form.getByText("журнал.log").waitFor();
    await send.click();
    const told = ivanov.page.getByRole("status").getByRole("heading");
    await told.waitFor();
    const number = /SC-\d{6}/u.exec((await told.textContent()) ?? "")?.[0] ?? "";
    expect(number).not.toBe("");
    await beside.page.locator("[data-section=work]").getByText(number).waitFor();
    await beside.page.locator("[data-section=work]").getByText(number).click();
    await beside.page.waitForURL(new RegExp(`/tickets/${number}`, "u"));
    await beside.page.getByRole("list").getByText("узел.txt").first().waitFor();
    expect(ivanov.complaints).toEqual([]);
    await ivanov.leave();
    await beside.leave();
  });

  it("says at the field what the gateway refused, and keeps what was typed", async () => {
    const miller = await stand().person("miller", { language: "en" });
    await miller.go("/portal/new");
    const form = miller.page.getByRole("form", { name: "New ticket" });
    await form.getByLabel("E-mail").fill("no address");
    await form.getByRole("textbox", { name: "Product", exact: false }).first().fill("Gate");
    await form.getByLabel("Subject").fill("A typed subject");
    await form.getByLabel("Description of the fault").fill("A typed description");
    await form.getByRole("button", { name: "Send the ticket" }).click();
    await form.getByRole("alert").waitFor();
    await expect.poll(() => form.getByLabel("E-mail").getAttribute("aria-invalid")).toBe("true");
    expect(await form.getByLabel("Subject").inputValue()).toBe("A typed subject");
    await miller.leave();
  });

  it("asks the customer for what is his to do, and takes his confirmation and his rating", async () => {
    const ivanov = await stand().person("ivanov");
    await ivanov.go("/portal");
    const waiting = ivanov.page.locator("[data-section=turn] li").filter({ hasText: "Подтвердите результат" }).first();
    const number = /SC-\d{6}/u.exec((await waiting.textContent()) ?? "")?.[0] ?? "";
    await waiting.getByRole("link").click();
    await ivanov.page.waitForURL(new RegExp(`/tickets/${number}`, "u"));
    const rating = ivanov.page.getByRole("region", { name: "Оцените работу" });
    await rating.getByText("5", { exact: true }).click();
    await rating.getByRole("button", { name: "Отправить оценку" }).click();
    await ivanov.page.getByText("Спасибо, оценка записана").waitFor();
    await ivanov.page.getByRole("group").getByRole("button", { name: "Подтвердить результат" }).click();
    await ivanov.page.getByText("Закрыта").first().waitFor();
    expect(ivanov.complaints).toEqual([]);
    await ivanov.leave();
  });

  it("approves a change, escalates, returns with a reason and withdraws", async () => {
    const ivanov = await stand().person("ivanov");
    const { page } = ivanov;
    const openOne = async (status: string): Promise<void> => {
      const { items } = (await request(stand(), "ivanov", "GET", `/queues/all-open?status=${status}&limit=1`)) as {
        items: { number: string }[];
      };
      await ivanov.go(`/tickets/${items[0]?.number ?? ""}`);
      await page.getByRole("group", { name: "Действия" }).waitFor();
    };
    const actions = page.getByRole("group", { name: "Действия" });
    const dialog = page.getByRole("dialog");
    const say = async (reason: string): Promise<void> => {
      await dialog.getByLabel("Причина").fill(reason);
      await dialog.getByRole("button").last().click();
      await dialog.waitFor({ state: "detached" });
    };
    await openOne("waiting_approval");
    await actions.getByRole("button", { name: "Согласовать" }).click();
    await dialog.getByRole("button").last().click();
    await page.locator("[data-event=TicketChangeApproved]").waitFor();
    await actions.getByRole("button", { name: "Ещё" }).click();
    await page.getByRole("menuitem", { name: "Эскалировать" }).click();
    await say("Работы нужны раньше");
    await page.locator("[data-event=TicketEscalated]").waitFor();

    await openOne("result_confirmation");
    await actions.getByRole("button", { name: "Вернуть в работу" }).click();
    await say("Ошибка повторилась");
    await page.locator("[data-event=TicketReturned]").getByText("Ошибка повторилась").waitFor();

    await openOne("registered");
    await actions.getByRole("button", { name: "Ещё" }).click();
    await page.getByRole("menuitem", { name: "Отозвать" }).click();
    await dialog.getByRole("button").last().click();
    await page.locator("[data-event=TicketWithdrawn]").waitFor();
    expect(ivanov.complaints).toEqual([]);
    await ivanov.leave();
  });

  it("shows nothing of another organization", async () => {
    const miller = await stand().person("miller", { language: "en" });
    await miller.go("/portal?whose=all");
    await miller.page.locator("[data-section]").first().waitFor();
    expect(await miller.page.getByText("Светлана Петрова").count()).toBe(0);
    expect(await miller.page.getByText("Пётр Иванов").count()).toBe(0);
    await miller.leave();
  });

  it.each(looks)("is accessible and fits a phone: $language, $scheme", async (look) => {
    const ivanov = await stand().person("ivanov", look);
    const { items } = (await request(stand(), "ivanov", "GET", "/queues/all-open?status=waiting_customer&limit=1")) as {
      items: { number: string }[];
    };
    const own = `/tickets/${items[0]?.number ?? ""}`;
    for (const [path, name] of [
      ["/portal?whose=all", "portal"],
      ["/portal/new", "portal-new"],
      [own, "portal-ticket"],
    ] as const) {
      await ivanov.go(path);
      await ivanov.page.getByRole("heading", { level: 1 }).waitFor();
      // whoever is asked something begins with his answer
      if (path === own) await ivanov.page.locator("[data-mode=answer]").waitFor();
      await ivanov.page.waitForLoadState("networkidle");
      expect(await accessibilityFaults(ivanov.page)).toEqual([]);
      await screenshot(ivanov.page, `${name}-${look.language}-${look.scheme}`);
      await ivanov.page.setViewportSize({ width: 320, height: 640 });
      await expect.poll(() => ivanov.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
      await screenshot(ivanov.page, `${name}-phone-${look.language}-${look.scheme}`);
      await ivanov.page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(ivanov.complaints).toEqual([]);
    await ivanov.leave();
  });
}

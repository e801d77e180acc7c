import { expect, it } from "vitest";
import { request } from "../request.ts";
import type { Stand } from "../stand.ts";

export const title = "rights, letters and personal data";

export function scenes(stand: () => Stand): void {
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
}

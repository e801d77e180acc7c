import type { Stand } from "../stand.ts";
import { call } from "../call.ts";
import { createTransport } from "nodemailer";
import { expect, it } from "vitest";
import { request } from "../request.ts";

export const title = "the operators' desk: intake";

export function scenes(stand: () => Stand): void {
  it("a contact is verified next to its source and becomes a ticket; another is rejected with a reason", async () => {
    const held = (await request(stand(), "oleg", "POST", "/contacts/phone", {
      subject: "Кто-то с улицы",
      text: "Просит помочь",
      personName: "Неизвестный",
    })) as { contactId: string };
    const olga = await stand().person("olga");
    await olga.go(`/intake/${held.contactId}`);
    await olga.page.getByText("Просит помочь").waitFor();
    await olga.page.getByRole("combobox", { name: "Заказчик" }).fill("Север");
    await olga.page.getByRole("option", { name: /Северный ветер/u }).click();
    await olga.page.getByRole("button", { name: "Зарегистрировать заявку" }).click();
    await olga.page.getByText(/Зарегистрирована заявка SC-/u).waitFor();
    const other = (await request(stand(), "oleg", "POST", "/contacts/phone", {
      subject: "Ошиблись номером",
      text: "Пицца",
      personName: "Неизвестный",
    })) as { contactId: string };
    await olga.go(`/intake/${other.contactId}`);
    await olga.page.getByRole("tab", { name: "Отклонить" }).click();
    await olga.page.getByRole("textbox", { name: "Причина" }).fill("Не к нам");
    await olga.page.getByRole("button", { name: "Отклонить обращение" }).click();
    await olga.page.getByText("Обращение отклонено").waitFor();
    expect(olga.complaints).toEqual([]);
    await olga.leave();
  });

  it("a phone call is written down while talking, survives a reload, and registers a ticket", async () => {
    const olga = await stand().person("olga", { language: "en" });
    await olga.go("/intake/phone");
    await olga.page.getByLabel("Name", { exact: true }).fill("Иванов");
    await olga.page.getByRole("button", { name: /Северный ветер/u }).click();
    await olga.page.getByLabel("Subject").fill("Calls about the line");
    await olga.page.reload();
    await expect.poll(() => olga.page.getByLabel("Subject").inputValue()).toBe("Calls about the line");
    await olga.page.getByRole("button", { name: /Северный ветер/u }).click();
    await olga.page.getByRole("button", { name: "Register the ticket" }).click();
    await olga.page.waitForURL(/\/tickets\/SC-/u);
    await olga.page.locator("#ticket-title").getByText("Calls about the line").waitFor();
    await olga.leave();
  });

  it("a mail is shown in a frame that runs nothing and fetches nothing", async () => {
    const { urls } = stand().stack;
    const transport = createTransport({ url: urls.smtp });
    await transport.sendMail({
      from: "stranger@nowhere.example",
      to: "support@docket.example",
      subject: "Письмо с разметкой",
      text: "Обычный текст",
      html: `<p>Текст <b>с разметкой</b></p><script>document.title = "взлом"</script><img src="${urls.public}/tracker.png"><form action="https://evil.example"><input></form>`,
    });
    transport.close();
    const olga = await stand().person("olga");
    const fetched: string[] = [];
    olga.page.on("request", (asked) => fetched.push(asked.url()));
    await olga.go("/intake");
    await olga.page.getByText("Письмо с разметкой").click();
    await olga.page.getByText("Письмо", { exact: true }).click();
    const frame = olga.page.locator("iframe[sandbox]");
    await frame.contentFrame().getByText("с разметкой").waitFor();
    expect(await frame.getAttribute("sandbox")).toBe("");
    expect(await frame.contentFrame().locator("script, form").count()).toBe(0);
    expect(fetched.filter((url) => url.includes("tracker"))).toEqual([]);
    await olga.page.getByText("Скрыта 1 внешняя картинка.").waitFor();
    await olga.leave();
  });

  it("a contact is joined to a ticket that is suggested beside it, and stands in its story", async () => {
    const number = await call(stand(), "Пропадает связь с кассой на Лиговском");
    const held = (await request(stand(), "oleg", "POST", "/contacts/phone", {
      subject: "Снова пропадает связь с кассой на Лиговском",
      text: "Второй раз за день, кассир просит поторопиться",
      personName: "Кассир",
    })) as { contactId: string };
    const olga = await stand().person("olga");
    await olga.go(`/intake/${held.contactId}`);
    await olga.page.getByRole("tab", { name: "Присоединить" }).click();
    await olga.page.getByRole("textbox", { name: "Номер заявки" }).fill(number);
    await olga.page.getByRole("button", { name: "Присоединить к заявке" }).click();
    await olga.page.getByText(`Присоединено к заявке ${number}`).waitFor();
    await olga.go(`/tickets/${number}`);
    await olga.page.getByRole("list").getByText("кассир просит поторопиться").first().waitFor();
    expect(olga.complaints).toEqual([]);
    await olga.leave();
  });
}

import { eventually, type Api } from "../acceptance/api.ts";
import { plainLetter } from "../acceptance/letters.ts";
import { sendRaw } from "../acceptance/post.ts";
import type { DemoTarget } from "./target.ts";

/** Three contacts that wait for an operator, and one that was turned away. */
export async function strangers(olga: Api, target: DemoTarget): Promise<void> {
  const letters = [
    ["sidorov@severny.example", "Не могу войти в личный кабинет", "Я новый сотрудник, ключа не знаю."],
    ["office@unknown.example", "Просим подключить поддержку", "Готовы заключить договор."],
    ["logistics@baltic.example", "Printer on the second floor", "It prints blank pages."],
    ["offers@else.example", "Скидки на картриджи", "Только сегодня."],
  ] as const;
  for (const [index, [from, subject, text]] of letters.entries()) {
    await sendRaw(
      () => target.smtpPort,
      from,
      target.supportAddress,
      plainLetter({
        from,
        to: target.supportAddress,
        subject,
        text,
        messageId: `<demo-stranger-${index}@else.example>`,
      }),
    );
  }
  const spam = await eventually("the held contacts", async () => {
    const list = (await olga.get("/api/v1/contacts?status=held&limit=50")).body.items as {
      subject: string;
      contactId: string;
    }[];
    return list.find((contact) => contact.subject === "Скидки на картриджи");
  });
  await olga.post(`/api/v1/contacts/${spam.contactId}/reject`, { reason: "Реклама" }, { key: "demo-spam" });
}

import { createTransport } from "nodemailer";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handAt } from "../hand.ts";
import { person, type Person } from "../person.ts";
import type { Stand } from "../stand.ts";
import { openStoryStage, type StoryStage } from "../story-stage.ts";

export const title = "the whole story, told by people in four windows at once";

const patient = { timeout: 60_000 };
/** as a field for a moment takes it, in the zone of the browsers */
const moscow = (at: Date): string => new Date(at.getTime() + 3 * 3_600_000).toISOString().slice(0, 16);

const rowOf = (page: Page, number: string) => page.locator(`[role=row][data-number=${number}]`);

interface Cast {
  readonly operator: Person;
  readonly engineer: Person;
  readonly customer: Person;
  readonly manager: Person;
}

/** What happens to a ticket from its classification to the second solution: each acts in his own window, and each sees the others do it. */
async function workOn(
  stage: StoryStage,
  stand: Stand,
  number: string,
  cast: Cast,
  language: "ru" | "en",
): Promise<Date> {
  const { operator, engineer, customer, manager } = cast;
  const [olga, inna, client] = [operator, engineer, customer].map(({ page }) => handAt(page)) as [
    ReturnType<typeof handAt>,
    ReturnType<typeof handAt>,
    ReturnType<typeof handAt>,
  ];
  const row = rowOf(manager.page, number);
  const inQueue = (status: string): Promise<void> => row.locator(`[data-status=${status}]`).waitFor(patient);
  await row.waitFor(patient);

  stage.pass({ minutes: 5 });
  await olga.does("classify", { type: /Инцидент|Incident/u, priority: /Высокий|High/u });
  // the rules send what speaks of a VPN to the one who knows of it; the operator knows that he has no time
  await inQueue("assigned");
  stage.pass({ minutes: 5 });
  await olga.does("assign", { groupId: /сети и VPN/u, engineerId: /Инна Гусева/u, reason: "Иван занят" });
  await rowOf(engineer.page, number).click(patient);
  stage.pass({ minutes: 5 });
  await inna.does("accept");
  await Promise.all([inQueue("in_work"), olga.sees("in_work"), client.sees("in_work")]);

  await inna.writes("question", "Какая версия прошивки на шлюзе?");
  await Promise.all([inQueue("waiting_customer"), client.reads("Какая версия прошивки на шлюзе?")]);
  const before = stage.pass({ minutes: 5 });
  stage.pass({ minutes: 5 });
  await client.writes("answer", "Версия 4.2.");
  await Promise.all([inQueue("in_work"), inna.reads("Версия 4.2."), olga.reads("Версия 4.2.")]);

  stage.pass({ minutes: 10 });
  await inna.does("hand-over", {
    toLine: /3/u,
    groupId: /Эксперты/u,
    engineerId: /Елена Маркова/u,
    reason: "Нужен анализ производителя",
  });
  await Promise.all([row.getByText("L3").waitFor(patient), olga.reads(/Нужен анализ производителя/u)]);

  // The third line takes the second one's place.
  const third = await person(stand.browser, { url: stage.stack.urls.public, login: "elena", language });
  await third.go("/queues/mine");
  await rowOf(third.page, number).click(patient);
  const elena = handAt(third.page);
  stage.pass({ minutes: 5 });
  await elena.does("accept");
  await inna.reads(/Елена Маркова/u);
  await engineer.leave();
  await elena.does("give-workaround", { workaround: "Временно включён резервный канал." });
  await client.reads("Временно включён резервный канал.");
  await elena.does("extend", {
    agreedBy: /Иванов|Miller/u,
    agreedAt: moscow(stage.now()),
    newDeadline: moscow(new Date(stage.now().getTime() + 6 * 86_400_000)),
    reason: "Ждём исправление производителя",
  });
  await olga.reads(/Ждём исправление производителя/u);
  stage.pass({ minutes: 10 });
  await elena.writes("solution", "Обновлена конфигурация туннеля.");
  await Promise.all([inQueue("result_confirmation"), client.reads("Обновлена конфигурация туннеля.")]);
  stage.pass({ minutes: 10 });
  await client.does("return-to-work", { reason: "Туннель снова падает" });
  await Promise.all([inQueue("in_work"), elena.reads("Туннель снова падает")]);
  stage.pass({ minutes: 10 });
  await elena.writes("solution", "Заменён модуль шлюза.");
  await Promise.all([client.sees("result_confirmation"), client.reads("Заменён модуль шлюза.")]);
  expect(third.complaints).toEqual([]);
  await third.leave();
  return before;
}

/** The auditor walks through it afterwards, and looks at the ticket as it was when the customer had not answered yet. */
async function replay(
  stage: StoryStage,
  stand: Stand,
  number: string,
  language: "ru" | "en",
  before: Date,
): Promise<void> {
  const anna = await person(stand.browser, { url: stage.stack.urls.public, login: "anna", language });
  await anna.go(`/tickets/${number}`);
  await anna.page.locator("a[href*='/audit/replay/']").click(patient);
  const output = anna.page.locator("output");
  await output.waitFor(patient);
  const total = Number(/(\d+)\s*$/u.exec((await output.textContent()) ?? "")?.[1]);
  expect(total).toBeGreaterThan(12);
  const seen = new Set<string>();
  const count = (at: number) => new RegExp(`\\b${at}\\D+${total}\\s*$`, "u");
  for (let at = 1; at <= total; at++) {
    await output.getByText(count(at)).waitFor(patient);
    const status = await anna.page.locator("header [data-status]").first().getAttribute("data-status");
    if (status !== null) seen.add(status);
    if (at < total) await anna.page.keyboard.press("j");
  }
  expect([...seen]).toEqual(
    expect.arrayContaining(["registered", "assigned", "in_work", "waiting_customer", "result_confirmation", "closed"]),
  );
  await anna.go(`/tickets/${number}?asOf=${before.toISOString()}`);
  await anna.page.locator("[data-moment=past] p[role=status]").waitFor(patient);
  const then = handAt(anna.page);
  await then.sees("waiting_customer");
  await then.reads("Какая версия прошивки на шлюзе?");
  expect(await anna.page.getByText("Версия 4.2.").count()).toBe(0);
  expect(await anna.page.locator("[data-actions]").count()).toBe(0);
  expect(anna.complaints).toEqual([]);
  await anna.leave();
}

export function scenes(stand: () => Stand): void {
  let stage: StoryStage;
  beforeAll(async () => {
    stage = await openStoryStage();
  }, 120_000);
  afterAll(async () => stage?.close());

  async function enter(login: string, language: "ru" | "en", path: string): Promise<Person> {
    const entered = await person(stand().browser, { url: stage.stack.urls.public, login, language });
    await entered.go(path);
    return entered;
  }

  it("in English: by the portal and by phone, confirmed by the customer", { timeout: 300_000 }, async () => {
    const [operator, engineer, customer, manager] = await Promise.all([
      enter("olga", "en", "/intake/phone"),
      enter("inna", "en", "/queues/mine"),
      enter("miller", "en", "/portal/new"),
      enter("maria", "en", "/queues/all-open"),
    ]);
    // A call is written down and registered; the manager sees it come.
    const phone = operator.page.locator("form[aria-labelledby=phone-title]");
    await phone.getByLabel("Name", { exact: true }).fill("Miller");
    await phone.getByRole("button", { name: /Baltic Freight/u }).click(patient);
    await phone.getByLabel("Subject").fill("Asks for the invoice");
    await phone.getByRole("button", { name: "Register the ticket" }).click();
    await operator.page.locator("#ticket-title").getByText("Asks for the invoice").waitFor(patient);
    await manager.page.getByRole("row").getByText("Asks for the invoice").waitFor(patient);

    const form = customer.page.getByRole("form", { name: "New ticket" });
    await form.getByRole("textbox", { name: "Product", exact: false }).first().fill("Perimeter Gate");
    await form.getByLabel("Subject").fill("VPN to the branch is down");
    await form.getByLabel("Description of the fault").fill("Since this morning the tunnel does not come up.");
    await form.getByRole("button", { name: "Send the ticket" }).click();
    const told = customer.page.getByRole("status").getByRole("link", { name: /SC-\d{6}/u });
    const number = (await told.textContent()) ?? "";
    await told.click();
    await operator.go("/queues/unassigned");
    await rowOf(operator.page, number).click(patient);

    const before = await workOn(stage, stand(), number, { operator, engineer, customer, manager }, "en");
    stage.pass({ minutes: 10 });
    await handAt(customer.page).does("confirm");
    await Promise.all([
      handAt(customer.page).sees("closed"),
      handAt(operator.page).sees("closed"),
      rowOf(manager.page, number).waitFor({ state: "detached", ...patient }),
    ]);
    for (const each of [operator, customer, manager]) {
      expect(each.complaints).toEqual([]);
      await each.leave();
    }
    await replay(stage, stand(), number, "en", before);
  });

  it(
    "in Russian: by mail that an operator verifies, closed by itself after five working days",
    { timeout: 300_000 },
    async () => {
      const [operator, engineer, customer, manager] = await Promise.all([
        enter("olga", "ru", "/intake"),
        enter("inna", "ru", "/queues/mine"),
        enter("ivanov", "ru", "/portal"),
        enter("maria", "ru", "/queues/all-open"),
      ]);
      const transport = createTransport({ url: stage.stack.urls.smtp });
      await transport.sendMail({
        from: "Пётр <p.ivanov@home.example>",
        to: "support@docket.example",
        subject: "Не работает VPN до филиала",
        text: "С утра туннель не поднимается. Пишу с домашней почты.",
      });
      transport.close();
      await operator.page.getByText("Не работает VPN до филиала").click(patient);
      await operator.page.getByText("Пишу с домашней почты").first().waitFor(patient);
      await operator.page.getByRole("combobox", { name: "Заказчик" }).fill("Север");
      await operator.page.getByRole("option", { name: /Северный ветер/u }).click();
      await operator.page.getByRole("combobox", { name: "Инициатор" }).click();
      await operator.page.getByRole("option", { name: /Пётр Иванов/u }).click();
      await operator.page.getByRole("textbox", { name: "Чем подтверждено право" }).fill("Перезвонили");
      await operator.page.getByRole("button", { name: "Зарегистрировать заявку" }).click();
      const row = manager.page.getByRole("row").filter({ hasText: "Не работает VPN до филиала" });
      await row.waitFor(patient);
      const number = (await row.getAttribute("data-number")) ?? "";
      await customer.page.getByRole("link", { name: new RegExp(number, "u") }).click(patient);
      await operator.go("/queues/unassigned");
      await rowOf(operator.page, number).click(patient);

      const before = await workOn(stage, stand(), number, { operator, engineer, customer, manager }, "ru");
      // Nobody answers. Whatever holidays there are, three weeks hold five working days.
      stage.pass({ days: 21 });
      await Promise.all([
        handAt(customer.page).sees("closed"),
        handAt(operator.page).sees("closed"),
        rowOf(manager.page, number).waitFor({ state: "detached", ...patient }),
      ]);
      await handAt(customer.page).reads(/пять рабочих дней|ответа не было/u);
      for (const each of [operator, customer, manager]) {
        expect(each.complaints).toEqual([]);
        await each.leave();
      }
      await replay(stage, stand(), number, "ru", before);
    },
  );
}

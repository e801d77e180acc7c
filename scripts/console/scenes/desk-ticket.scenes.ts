import type { Stand } from "../stand.ts";
import { call } from "../call.ts";
import { choose } from "../choose.ts";
import { expect, it } from "vitest";
import { request } from "../request.ts";
import { saidBy } from "../said-by.ts";

export const title = "the operators' desk: a ticket";

export function scenes(stand: () => Stand): void {
  it("two on one ticket see each other, and what one did is shown to the other before he sends; nothing typed is lost", async () => {
    const number = await call(stand(), "Вдвоём над одной заявкой");
    const olga = await stand().person("olga");
    const maria = await stand().person("maria", { language: "en" });
    await olga.go(`/tickets/${number}`);
    await maria.go(`/tickets/${number}`);
    await olga.page.getByText("Мария Белова смотрит").waitFor();
    const text = olga.page.getByRole("textbox", { name: "Ответ заказчику" });
    await text.fill("Здравствуйте, уже смотрим.");
    await maria.page.getByText("Ольга Соколова is writing").waitFor();
    await maria.page.getByText("Note", { exact: true }).click();
    await maria.page.getByRole("textbox", { name: "Note" }).fill("Заказчик звонил мне лично.");
    await maria.page.getByRole("button", { name: "Write down" }).click();
    const conflict = olga.page.getByRole("alert").filter({ hasText: "Пока вы писали" });
    await conflict.getByText("Заказчик звонил мне лично.").waitFor();
    expect(await text.inputValue()).toBe("Здравствуйте, уже смотрим.");
    await conflict.getByRole("button", { name: "Учтено, продолжить" }).click();
    await olga.page.getByRole("button", { name: "Отправить", exact: true }).click();
    await maria.page.getByRole("list").getByText("Здравствуйте, уже смотрим.", { exact: true }).waitFor();
    await expect.poll(() => text.inputValue()).toBe("");
    const note = olga.page.locator("li[data-kind=note]");
    await note.getByText("Внутренняя заметка").waitFor();
    expect([...olga.complaints, ...maria.complaints]).toEqual([]);
    await olga.leave();
    await maria.leave();
  });

  it("the gateway is killed while one types: it is said, actions are off, the draft stays; then all goes on and nothing is missing", async () => {
    const number = await call(stand(), "Обрыв посреди слова");
    const olga = await stand().person("olga");
    await olga.go(`/tickets/${number}`);
    const text = olga.page.getByRole("textbox", { name: "Ответ заказчику" });
    await text.fill("Пишу, а связь про");
    const back = stand().stack.crash("gateway");
    await olga.page.getByText(/Нет связи, данные/u).waitFor();
    expect(await olga.page.getByRole("button", { name: "Отправить", exact: true }).isDisabled()).toBe(true);
    await text.fill("Пишу, а связь пропала.");
    await back;
    await request(stand(), "oleg", "POST", `/tickets/${number}/commands/comment`, {
      text: "Пока тебя не было",
      visibility: "internal",
    });
    await olga.page.locator("[data-live=true]").waitFor({ timeout: 60_000 });
    await olga.page.getByRole("list").getByText("Пока тебя не было").first().waitFor();
    expect(await text.inputValue()).toBe("Пишу, а связь пропала.");
    await olga.page.reload();
    await expect
      .poll(() => olga.page.getByRole("textbox", { name: "Ответ заказчику" }).inputValue())
      .toBe("Пишу, а связь пропала.");
    await olga.leave();
  });

  it("the main road by keyboard alone: find, classify, assign, and as the engineer accept, reply and resolve", async () => {
    const number = await call(stand(), "Только клавиатура");
    const olga = await stand().person("olga");
    const { keyboard } = olga.page;
    await olga.go("/queues/unassigned");
    await olga.page.locator(`[data-number=${number}]`).waitFor();
    // She types on at once, however busy her machine is: what opens takes the letters from the first one.
    const machine = await olga.context.newCDPSession(olga.page);
    await machine.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await keyboard.press("Control+k");
    await keyboard.type(number);
    await olga.page.getByRole("option", { name: new RegExp(number, "u") }).waitFor();
    await keyboard.press("Enter");
    await olga.page.locator("#ticket-title").getByText("Только клавиатура").waitFor();
    await olga.page.getByRole("button", { name: "Классифицировать" }).waitFor();
    await keyboard.press("Control+k");
    await keyboard.type("классиф");
    await olga.page.getByRole("option", { name: /Классифицировать/u }).waitFor();
    await keyboard.press("Enter");
    await choose(olga.page, "Инц");
    await keyboard.press("Tab");
    await choose(olga.page, "Выс");
    await olga.page.getByRole("dialog").getByRole("button", { name: "Классифицировать" }).press("Enter");
    // by itself, or as the subject of the letter about it, whichever is there first
    await olga.page.getByRole("list").getByText("Заявка классифицирована").first().waitFor();
    await olga.page.getByRole("dialog").waitFor({ state: "detached" });
    // The rules give it to one of the two; it goes to the other.
    const given = olga.page
      .getByRole("list")
      .getByText(/Иван Кравцов|Инна Гусева/u)
      .first();
    const [login, engineer] = (await given.textContent())?.includes("Иван")
      ? ["inna", "Инна Гусева"]
      : ["ivan", "Иван Кравцов"];
    await olga.page.getByRole("button", { name: "Назначить" }).waitFor();
    await keyboard.press("a");
    await choose(olga.page, "сети");
    await keyboard.press("Tab");
    await choose(olga.page, engineer.slice(0, 4));
    await expect.poll(() => olga.page.getByRole("combobox", { name: "Специалист" }).inputValue()).toContain(engineer);
    await olga.page.getByRole("dialog").getByRole("button", { name: "Назначить" }).press("Enter");
    await olga.page
      .getByRole("list")
      .getByText(new RegExp(`${engineer} · Ольга`, "u"))
      .waitFor();
    await olga.leave();

    const ivan = await stand().person(login, { language: "en" });
    await ivan.go("/queues/mine");
    await ivan.page.locator(`[data-number=${number}]`).waitFor();
    for (let steps = 0; steps < 40; steps++) {
      await ivan.page.keyboard.press("j");
      await ivan.page.locator("[data-cursor=true]").waitFor();
      if ((await ivan.page.locator("[data-cursor=true]").getAttribute("data-number")) === number) break;
    }
    await ivan.page.keyboard.press("o");
    await ivan.page.getByRole("button", { name: "Accept" }).waitFor();
    await ivan.page.keyboard.press("t");
    await ivan.page.getByRole("list").getByText("Accepted into work").first().waitFor();
    await ivan.page.locator("[data-command=accept]").waitFor({ state: "detached" });
    // a key that does nothing says why
    expect(await saidBy(ivan.page, "t")).toBe("This cannot be done while the status is “In work”");
    await ivan.page.keyboard.press("r");
    await ivan.page.keyboard.type("Looking into it.");
    await ivan.page.keyboard.press("Control+Enter");
    await ivan.page.getByRole("list").getByText("Looking into it.", { exact: true }).waitFor();
    await ivan.page.keyboard.press("Escape");
    await ivan.page.keyboard.press("Control+k");
    await ivan.page.keyboard.type("resolve");
    await ivan.page
      .getByRole("option", { name: /Resolve/u })
      .first()
      .waitFor();
    await ivan.page.keyboard.press("Enter");
    await ivan.page.keyboard.type("The cable was loose.");
    await ivan.page.getByRole("dialog").getByRole("button", { name: "Resolve" }).press("Enter");
    await ivan.page.getByRole("list").getByText("The cable was loose.", { exact: true }).waitFor();
    await ivan.page.locator("[data-status=result_confirmation]").first().waitFor();
    await ivan.leave();
  });

  it("a refused action says why, and what is not allowed now is listed with its reason", async () => {
    const number = await call(stand(), "Чего нельзя и почему");
    const olga = await stand().person("olga");
    await olga.go(`/tickets/${number}`);
    await olga.page.getByRole("button", { name: "Ещё" }).click();
    await olga.page.getByRole("menuitem", { name: /Принять в работу.*невозможно/u }).waitFor();
    await olga.leave();
  });

  it("a past moment shows the queue and the ticket as they were, with every action off", async () => {
    const number = await call(stand(), "Будет и прошлое");
    const before = new Date().toISOString();
    await request(stand(), "oleg", "POST", `/tickets/${number}/commands/comment`, {
      text: "Этого ещё не было",
      visibility: "internal",
    });
    const olga = await stand().person("olga");
    await olga.go(`/tickets/${number}?asOf=${before}`);
    await olga.page.getByText("Действия закрыты").waitFor();
    await olga.page.getByRole("list").getByText("Заявка зарегистрирована").first().waitFor();
    expect(await olga.page.getByText("Этого ещё не было").count()).toBe(0);
    expect(await olga.page.getByRole("textbox", { name: "Ответ заказчику" }).count()).toBe(0);
    await olga.page.getByRole("button", { name: "Вернуться в настоящее" }).click();
    await olga.page.getByRole("list").getByText("Этого ещё не было").first().waitFor();
    await olga.leave();
  });
}

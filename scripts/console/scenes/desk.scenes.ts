import type { Stand } from "../stand.ts";
import { call } from "../call.ts";
import { expect, it } from "vitest";
import { request } from "../request.ts";

export const title = "the operators' desk: queues";

const views = [
  "unassigned",
  "my-line",
  "mine",
  "due-soon",
  "missed",
  "waiting",
  "under-control",
  "confirmation",
  "all-open",
  "closed",
];

export function scenes(stand: () => Stand): void {
  it("every counter of the rail equals the list that it opens", async () => {
    const maria = await stand().person("maria", { height: 1400 });
    await maria.go("/queues/all-open");
    for (const view of views) {
      await maria.page.locator(`[data-counter=${view}]`).click();
      await maria.page.waitForURL(new RegExp(`/queues/${view}$`, "u"));
      await expect
        .poll(async () => {
          const counter = await maria.page.locator(`[data-counter=${view}]`).textContent();
          const total = await maria.page.locator("[data-total]").textContent();
          const rows = await maria.page.evaluate(
            "document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') ?? null",
          );
          return {
            view,
            counter,
            total,
            rows,
            agree: counter === total && (total === "0" || rows === String(Number(total) + 1)),
          };
        })
        .toMatchObject({ agree: true });
    }
    expect(maria.complaints).toEqual([]);
    await maria.leave();
  });

  it("a ticket that is registered elsewhere appears by itself, and leaves the queue when it is assigned", async () => {
    const olga = await stand().person("olga");
    await olga.go("/queues/unassigned");
    await olga.page.locator("[role=row][data-number]").first().waitFor();
    const number = await call(stand(), "Живое появление");
    const row = olga.page.locator(`[data-number=${number}]`);
    await row.waitFor();
    await request(stand(), "oleg", "POST", `/tickets/${number}/commands/classify`, {
      type: "incident",
      priority: "high",
    });
    await row.waitFor({ state: "detached" });
    await olga.leave();
  });

  it("what is looked at stays under the cursor when rows come above it, and the keys' cursor stays when its row leaves", async () => {
    const olga = await stand().person("olga", { height: 600 });
    await olga.go("/queues/all-open?sort=-registeredAt");
    const rows = olga.page.locator("[role=row][data-number]");
    await rows.nth(5).waitFor();
    const watched = rows.nth(4);
    const number = (await watched.getAttribute("data-number")) ?? "";
    await watched.hover();
    const before = await olga.page.locator(`[data-number=${number}]`).boundingBox();
    const fresh = await call(stand(), "Новая строка сверху");
    await olga.page.locator(`[data-number=${fresh}]`).waitFor({ state: "attached" });
    const counted = async () => Number(await olga.page.locator("[role=grid]").getAttribute("aria-rowcount"));
    const told = async () => Number(await olga.page.locator("[data-total]").textContent());
    await expect.poll(async () => (await counted()) - (await told())).toBe(1);
    const after = await olga.page.locator(`[data-number=${number}]`).boundingBox();
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? -99))).toBeLessThan(2);
    // What leaves from under the keys' cursor leaves it to the one that takes its place.
    await olga.page.keyboard.press("j");
    await olga.page.locator(`[data-cursor=true][data-number=${fresh}]`).waitFor();
    const below = await rows.nth(1).getAttribute("data-number");
    await request(stand(), "oleg", "POST", `/tickets/${fresh}/commands/withdraw`, {
      by: { personId: null, name: "Иванов", email: null, phone: null },
    });
    await olga.page.locator(`[data-cursor=true][data-number=${below}]`).waitFor();
    await olga.page.keyboard.press("o");
    await olga.page.waitForURL(new RegExp(`/queues/all-open/${below}`, "u"));
    await olga.leave();
  });

  it("the filter and the sorting stand in the address and survive a reload; back goes back", async () => {
    const olga = await stand().person("olga");
    await olga.go("/queues/all-open?priority=high&sort=-number");
    await olga.page.locator("[role=row][data-number]").first().waitFor();
    const numbers = await olga.page
      .locator("[role=row][data-number]")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-number")));
    expect(numbers).toEqual(numbers.toSorted().toReversed());
    await olga.page.locator("[role=row][data-number]").first().click();
    await olga.page.waitForURL(/\/queues\/all-open\/SC-\d+\?priority=high/u);
    await olga.page.locator("#ticket-title").waitFor();
    await olga.page.reload();
    await olga.page.locator("#ticket-title").waitFor();
    await olga.page.goBack();
    await olga.page.waitForURL(/\/queues\/all-open\?priority=high/u);
    await olga.leave();
  });

  it("whoever walks on beside an open ticket sees the one that he came to, and back leads to the one before", async () => {
    const olga = await stand().person("olga");
    const { page } = olga;
    await olga.go("/queues/all-open?sort=number");
    const rows = page.locator("[role=row][data-number]");
    await rows.nth(3).waitFor();
    await rows.first().click();
    await page.locator("#ticket-title").waitFor();
    // Two keys without a pause between them; each is a step, whichever tickets were drawn on the way.
    for (const [key, step] of [
      ["j", 1],
      ["j", 2],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(() => rows.nth(step).getAttribute("data-cursor")).toBe("true");
    }
    const shown = async () => ({
      cursor: await page.locator("[data-cursor=true]").getAttribute("data-number"),
      address: /SC-\d+/u.exec(page.url())?.[0],
      title: await page.locator("[data-ticket]").getAttribute("data-ticket"),
    });
    const [, before, here] = await rows.evaluateAll((all) => all.slice(0, 3).map((row) => row.dataset["number"]));
    await expect.poll(shown).toEqual({ cursor: here, address: here, title: here });
    // What is typed now is for the ticket that stands there.
    await page.keyboard.press("r");
    await page.keyboard.type("For you");
    const field = page.getByRole("textbox", { name: "Ответ заказчику" });
    await expect.poll(() => field.inputValue()).toBe("For you");
    await field.fill("");
    await page.goBack();
    await expect.poll(shown).toMatchObject({ address: before, title: before });
    expect(olga.complaints).toEqual([]);
    await olga.leave();
  });

  it("whoever opens tickets, sorts and filters all day leaves nothing of it behind in the page", async () => {
    const olga = await stand().person("olga");
    const { page } = olga;
    await olga.go("/queues/all-open");
    const cdp = await olga.context.newCDPSession(page);
    const kept = async () => {
      await cdp.send("HeapProfiler.collectGarbage");
      const { nodes, jsEventListeners } = await cdp.send("Memory.getDOMCounters");
      return { nodes, listeners: jsEventListeners };
    };
    const round = async (): Promise<void> => {
      await page.locator("[role=row][data-number]").first().click();
      await page.locator("[data-actions]").waitFor();
      await page.keyboard.press("Escape");
      await page.locator("#ticket-title").waitFor({ state: "detached" });
      await page.locator("[role=columnheader][data-column=number] button").click();
      await page.locator("[data-filter]").click();
      const fields = page.locator("[data-filter-field=status] input").first();
      await fields.waitFor();
      // The first closes the list of the field that has the focus.
      await expect
        .poll(async () => {
          await page.keyboard.press("Escape");
          return fields.count();
        })
        .toBe(0);
    };
    await round();
    const before = await kept();
    for (let turn = 0; turn < 4; turn++) await round();
    await expect.poll(async () => (await kept()).nodes - before.nodes).toBeLessThan(400);
    await expect.poll(async () => (await kept()).listeners - before.listeners).toBeLessThan(100);
    expect(olga.complaints).toEqual([]);
    await olga.leave();
  });

  it("a view is saved under a name for all, stands in the rail with its counter, and opens for others", async () => {
    const olga = await stand().person("olga");
    await olga.go("/queues/all-open?priority=high");
    await olga.page.locator("[data-total]").waitFor();
    const total = await olga.page.locator("[data-total]").textContent();
    await olga.page.getByRole("button", { name: "Вид", exact: true }).click();
    await olga.page.getByRole("menuitem", { name: "Сохранить вид" }).click();
    await olga.page.getByLabel("Название").fill("Горячее");
    await olga.page.getByLabel("Показать всем сотрудникам").check();
    await olga.page.getByRole("button", { name: "Сохранить" }).click();
    await olga.page.getByRole("navigation").getByText("Горячее").waitFor();
    const maria = await stand().person("maria");
    await maria.go("/queues/mine");
    await maria.page.getByRole("navigation").getByText("Горячее").click();
    await maria.page.getByRole("heading", { name: /Горячее/u }).waitFor();
    await expect.poll(() => maria.page.locator("[data-total]").textContent()).toBe(total);
    await olga.leave();
    await maria.leave();
  });

  it("what concerns me is told as it happens, and opens its ticket", async () => {
    const number = await call(stand(), "Уведомить о назначении");
    const ivan = await stand().person("ivan");
    await ivan.go("/queues/mine");
    // What was there before is in the list; what comes after that is told.
    const bell = ivan.page.locator("button[data-heard=true]");
    await bell.waitFor();
    await request(stand(), "oleg", "POST", `/tickets/${number}/commands/classify`, {
      type: "incident",
      priority: "high",
    });
    await request(stand(), "oleg", "POST", `/tickets/${number}/commands/hand-over`, {
      toLine: 2,
      groupId: "cc-network",
      engineerId: "ivan",
      reason: "Ивану ближе",
    }).catch(() =>
      request(stand(), "oleg", "POST", `/tickets/${number}/commands/assign`, {
        groupId: "cc-network",
        engineerId: "ivan",
      }).catch(() => ({})),
    );
    const toast = ivan.page.getByRole("alert").filter({ hasText: number }).first();
    await toast.waitFor();
    await bell.click();
    await ivan.page
      .getByRole("dialog")
      .getByRole("button", { name: new RegExp(`${number}.+Уведомить`, "u") })
      .click();
    await ivan.page.waitForURL(new RegExp(`/tickets/${number}`, "u"));
    await ivan.leave();
  });

  it("a list shows at once what stood there last, with its age, and lets nobody act on it until it is told anew", async () => {
    const number = await call(stand(), "Снимок списка");
    const olga = await stand().person("olga");
    await olga.go("/queues/all-open?q=Снимок");
    const row = olga.page.locator(`[role=row][data-number=${number}]`);
    await row.waitFor();
    await olga.page.locator("[data-live=true]").waitFor();
    // The socket is late: it opens, and nothing comes over it.
    const late = await olga.context.newPage();
    await late.routeWebSocket(/\/api\/v1\/live/u, () => undefined);
    await olga.go("/queues/mine");
    await late.goto(`/queues/all-open?q=${encodeURIComponent("Снимок")}`);
    await late.locator(`[role=row][data-number=${number}]`).waitFor();
    await late
      .locator("[data-stale=kept]")
      .getByText(/Показано то, что было здесь/u)
      .waitFor();
    await late.locator(`[role=row][data-number=${number}] input`).click();
    const all = late.getByRole("button", { name: "Сделать со всеми" });
    await all.waitFor();
    expect(await all.isDisabled()).toBe(true);
    await late.close();
    await olga.go("/queues/all-open?q=Снимок");
    await row.waitFor();
    await olga.page.locator("[data-stale]").waitFor({ state: "detached" });
    await olga.leave();
  });
}

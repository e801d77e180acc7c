import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { looks } from "../looks.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the auditors' screens";

export function scenes(stand: () => Stand): void {
  it("plays a ticket's life step by step, forwards and back, and the address carries the step", async () => {
    const anna = await stand().person("anna");
    await anna.go("/tickets/SC-000009");
    await anna.page.getByText(/Цепочка проверена/u).waitFor();
    await anna.page.getByRole("link", { name: "Повтор событий" }).click();
    await anna.page.waitForURL(/\/audit\/replay\/SC-000009/u);
    await anna.page.getByText("Шаг 1 из").waitFor();
    const total = Number(/из (\d+)/u.exec((await anna.page.locator("output").textContent()) ?? "")?.[1]);
    expect(total).toBeGreaterThan(1);
    await anna.page.getByRole("button", { name: "Следующий шаг" }).click();
    await anna.page.waitForURL(/step=2/u);
    await anna.page.getByText("Шаг 2 из").waitFor();
    await anna.page.getByRole("heading", { name: "Что изменилось" }).waitFor();
    await anna.page.reload();
    await anna.page.getByText("Шаг 2 из").waitFor();
    await anna.page.keyboard.press("k");
    await anna.page.getByText("Шаг 1 из").waitFor();
    await anna.page.getByRole("button", { name: "Проиграть" }).click();
    await anna.page.getByText(`Шаг ${total} из ${total}`).waitFor();
    expect(anna.complaints).toEqual([]);
    await anna.leave();
  });

  it("searches the trail by what changed, opens the very step, and keeps a search by its name", async () => {
    const anna = await stand().person("anna");
    await anna.go("/audit?changed=priority&type=TicketClassified");
    const first = anna.page.locator("ol li").first();
    await first.waitFor();
    expect(await first.textContent()).toContain("Приоритет");
    await anna.page.getByRole("button", { name: "Сохранённые поиски" }).click();
    await anna.page.getByLabel("Название поиска").fill("Переклассификации");
    await anna.page.getByRole("button", { name: "Сохранить поиск" }).click();
    await anna.page.getByRole("menuitem", { name: "Переклассификации", exact: true }).waitFor();
    await anna.go("/audit");
    await anna.page.getByRole("button", { name: "Сохранённые поиски" }).click();
    await anna.page.getByRole("menuitem", { name: "Переклассификации", exact: true }).click();
    await anna.page.waitForURL(/changed=priority/u);
    await anna.page.keyboard.press("Escape");
    await anna.page.locator("ol li").first().getByRole("link").click();
    await anna.page.waitForURL(/\/audit\/replay\/SC-\d+\?step=\d+/u);
    await anna.page.getByText(/Шаг \d+ из/u).waitFor();
    const csv = await anna.context.request.get("/api/v1/journal?changed=priority&type=TicketClassified&format=csv");
    expect(csv.status()).toBe(200);
    expect(anna.complaints).toEqual([]);
    await anna.leave();
  });

  it.each(looks)("is accessible: $language, $scheme", async (look) => {
    const anna = await stand().person("anna", look);
    for (const [path, ready, name] of [
      ["/audit", "ol li", "audit-search"],
      ["/audit/replay/SC-000009?step=3", "output", "audit-replay"],
    ] as const) {
      await anna.go(path);
      await anna.page.locator(ready).first().waitFor();
      await anna.page.waitForLoadState("networkidle");
      expect(await accessibilityFaults(anna.page)).toEqual([]);
      await screenshot(anna.page, `${name}-${look.language}-${look.scheme}`);
    }
    expect(anna.complaints).toEqual([]);
    await anna.leave();
  });
}

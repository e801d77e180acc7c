import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { demoTicket, wholeLife } from "../demo-ticket.ts";
import { looks } from "../looks.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the auditors' screens";

export function scenes(stand: () => Stand): void {
  it("plays a ticket's life step by step, forwards and back, and the address carries the step", async () => {
    const ticket = await demoTicket(stand(), wholeLife);
    const anna = await stand().person("anna");
    await anna.go(`/tickets/${ticket}`);
    await anna.page.getByText(/Ещё не проверялась|Проверена до позиции/u).waitFor();
    await anna.page.getByRole("link", { name: "Повтор событий" }).click();
    await anna.page.waitForURL(new RegExp(`/audit/replay/${ticket}`, "u"));
    await anna.page.getByText("Шаг 1 из").waitFor();
    const total = Number(/из (\d+)/u.exec((await anna.page.locator("output").textContent()) ?? "")?.[1]);
    expect(total).toBeGreaterThan(4);
    await anna.page.getByRole("button", { name: "Следующий шаг" }).click();
    await anna.page.waitForURL(/step=2/u);
    await anna.page.getByText("Шаг 2 из").waitFor();
    await anna.page.getByRole("heading", { name: "Что изменилось" }).waitFor();
    await anna.page.reload();
    await anna.page.getByText("Шаг 2 из").waitFor();
    await anna.page.keyboard.press("k");
    await anna.page.getByText("Шаг 1 из").waitFor();
    // A long life takes its time: played from shortly before its end.
    await anna.go(`/audit/replay/${ticket}?step=${total - 2}`);
    await anna.page.getByText(`Шаг ${total - 2} из`).waitFor();
    await anna.page.getByRole("button", { name: "Проиграть" }).click();
    await anna.page.getByText(`Шаг ${total} из ${total}`).waitFor({ timeout: 60_000 });
    expect(anna.complaints).toEqual([]);
    await anna.leave();
  });

  it("searches the trail by what changed, opens the very step, and keeps a search by its name", async () => {
    const anna = await stand().person("anna");
    const since = new Date(Date.now() - 30 * 86_400_000).toISOString();
    await anna.go(`/audit?changed=priority&type=TicketClassified&from=${since}&time=occurred`);
    const first = anna.page.locator("ol li").first();
    await first.waitFor();
    expect(await first.textContent()).toContain("Приоритет");
    await anna.page.getByRole("button", { name: "Сохранённые поиски" }).click();
    await anna.page.getByLabel("Название", { exact: true }).fill("Переклассификации");
    await anna.page.getByRole("button", { name: "Сохранить", exact: true }).click();
    await anna.page.getByRole("menuitem", { name: "Переклассификации", exact: true }).waitFor();
    // In another browser, language and zone it is the same question.
    const there = await stand().person("anna", { language: "en", scheme: "dark", zone: "Asia/Vladivostok" });
    await there.go("/audit");
    await there.page.getByRole("button", { name: "Saved searches" }).click();
    await there.page.getByRole("menuitem", { name: "Переклассификации", exact: true }).click();
    await there.page.waitForURL(({ searchParams }) => searchParams.get("from") === since);
    const { searchParams } = new URL(there.page.url());
    expect(Object.fromEntries(searchParams)).toEqual({
      changed: "priority",
      type: "TicketClassified",
      from: since,
      time: "occurred",
    });
    // to the second, in the zone of that browser
    const local = new Date(Date.parse(since) + 10 * 3_600_000).toISOString();
    const time = local.slice(11, local.slice(17, 19) === "00" ? 16 : 19);
    const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    const written = `${day.format(Date.parse(local))}, ${time}`;
    expect(await there.page.getByRole("textbox", { name: /^From, / }).inputValue()).toBe(written);
    await there.leave();
    await anna.page.keyboard.press("Escape");
    await anna.page.locator("ol li").first().getByRole("link").click();
    await anna.page.waitForURL(/\/audit\/replay\/SC-\d+\?step=\d+/u);
    await anna.page.getByText(/Шаг \d+ из/u).waitFor();
    const csv = await anna.context.request.get("/api/v1/journal?changed=priority&type=TicketClassified&format=csv");
    expect(csv.status()).toBe(200);
    expect(anna.complaints).toEqual([]);
    await anna.leave();
  });

  it("verifies a ticket now, names who read it, and says which checkpoint signs it", async () => {
    const ticket = await demoTicket(stand(), wholeLife);
    const anna = await stand().person("anna");
    await anna.go("/audit/trust");
    const checkpoints = anna.page.getByRole("region", { name: "Контрольные точки" }).getByRole("rowheader");
    // the first one was signed when the clockwork started, and knows nothing of this ticket
    await checkpoints.first().waitFor();
    const before = await checkpoints.count();
    await anna.page.getByRole("button", { name: "Подписать состояние сейчас" }).click();
    await checkpoints.nth(before).waitFor();
    await anna.go(`/tickets/${ticket}`);
    await anna.page.getByText(/подписана контрольной точкой \d+/u).waitFor();
    await anna.page.getByRole("button", { name: "подробнее" }).click();
    await anna.page.getByText(/новее контрольной точки: 0/u).waitFor();
    await anna.page.keyboard.press("Escape");
    await anna.page.getByRole("button", { name: "Проверить", exact: true }).click();
    await anna.page.getByRole("button", { name: "Проверить сейчас" }).click();
    await anna.page.getByText("нарушений нет", { exact: true }).waitFor({ timeout: 60_000 });
    await anna.page.keyboard.press("Escape");
    await anna.page.getByText(/Проверена до позиции/u).waitFor();
    await anna.page.getByRole("button", { name: "Кто читал" }).click();
    await anna.page.getByText("Анна Орлова, Аудитор").first().waitFor();
    await anna.page.getByRole("link", { name: "Все записи о чтении этой заявки" }).click();
    await anna.page.waitForURL(new RegExp(`/audit/access\\?ticket=${ticket}`, "u"));
    await anna.page
      .getByRole("region", { name: "Кто что читал" })
      .getByRole("link", { name: ticket })
      .first()
      .waitFor();
    await anna.go("/audit/trust");
    await anna.page.getByRole("link", { name: ticket }).first().waitFor();
    expect(anna.complaints).toEqual([]);
    await anna.leave();
  });

  it("takes evidence out, and tells of a file that somebody brings what holds and what does not", async () => {
    const ticket = await demoTicket(stand(), wholeLife);
    const anna = await stand().person("anna", { language: "en" });
    await anna.go(`/audit/evidence?ticket=${ticket}`);
    const link = anna.page.getByRole("link", { name: "Download the file" });
    await link.waitFor();
    const file = await anna.context.request.get((await link.getAttribute("href")) ?? "");
    expect(file.status()).toBe(200);
    const bytes = await file.body();
    const bring = async (name: string, buffer: Buffer): Promise<void> => {
      await anna.page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/html", buffer });
      await anna.page.getByRole("button", { name: "Check the file" }).click();
    };
    await bring("good.html", bytes);
    await anna.page.getByText("The file is genuine").waitFor();
    expect(await anna.page.locator("li[data-result=failed]").count()).toBe(0);
    const changed = Buffer.from(bytes);
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
    await bring("bad.html", changed);
    await anna.page.getByText("The file is refused").waitFor();
    await anna.page.getByText("the file was altered: its content is not what was signed").waitFor();
    await anna.go("/audit/evidence?of=filter&type=incident");
    await anna.page.getByText(/Tickets: \d+/u).waitFor();
    expect(await anna.page.getByRole("link", { name: "Download the file" }).getAttribute("href")).toContain(
      "type=incident",
    );
    expect(anna.complaints).toEqual([]);
    await anna.leave();
  });

  it.each(looks)("is accessible: $language, $scheme", async (look) => {
    const ticket = await demoTicket(stand(), wholeLife);
    const anna = await stand().person("anna", look);
    for (const [path, ready, name, height] of [
      ["/audit", "ol li", "audit-search", 580],
      [`/audit/replay/${ticket}?step=9`, "output", "audit-replay", 580],
      ["/audit/trust", "section", "audit-trust", 900],
      [`/audit/evidence?ticket=${ticket}`, "a[download]", "audit-evidence", 860],
      ["/audit/access", "tbody tr", "audit-access", 500],
    ] as const) {
      await anna.go(path);
      await anna.page.locator(ready).first().waitFor();
      if (name === "audit-evidence") {
        const link = anna.page.locator("a[download]").first();
        const file = await anna.context.request.get((await link.getAttribute("href")) ?? "");
        await anna.page
          .locator("input[type=file]")
          .setInputFiles({ name: `${ticket}.evidence.html`, mimeType: "text/html", buffer: await file.body() });
        await anna.page.getByRole("button", { name: /^(?:Проверить файл|Check the file)$/u }).click();
        await anna.page.locator("li[data-result=passed]").first().waitFor();
      }
      await anna.page.waitForLoadState("networkidle");
      expect(await accessibilityFaults(anna.page)).toEqual([]);
      await screenshot(anna.page, `${name}-${look.language}-${look.scheme}`, height);
    }
    expect(anna.complaints).toEqual([]);
    await anna.leave();
  });
}

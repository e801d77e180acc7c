import { createPool } from "@docket/postgres";
import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { call } from "../call.ts";
import { demoTicket, inWork } from "../demo-ticket.ts";
import { looks } from "../looks.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the administrators' screens";

const patient = { timeout: 60_000 };

export function scenes(stand: () => Stand): void {
  it("shows how far the read models are, the events of a stream, and the mails", async () => {
    const admin = await stand().person("admin");
    await admin.go("/ops");
    await admin.page.getByText(/Модели чтения (?:не )?отстают/u).waitFor();
    await admin.page.getByRole("region", { name: "Модели чтения" }).getByText("ticket", { exact: true }).waitFor();
    await admin.go("/ops/streams");
    await admin.page.getByLabel("Часть названия потока").fill("contract-");
    const stream = admin.page.locator("aside button").filter({ hasText: "contract-" }).first();
    await stream.click();
    await admin.page.waitForURL(/stream=contract-/u);
    await admin.page.locator("ol li summary").first().click();
    await admin.page.locator("ol li pre").first().waitFor();
    // a ticket's stream by the number that people know it by
    const number = await demoTicket(stand(), inWork);
    await admin.page.getByLabel("Часть названия потока").fill(number.toLowerCase());
    await admin.page.locator("aside button").filter({ hasText: number }).click();
    await admin.page.waitForURL(/stream=ticket-/u);
    await admin.page.getByText("Заявка зарегистрирована").first().waitFor();
    // of the whole log only some events, by the store's own filter
    await admin.go("/ops/streams");
    await admin.page.getByRole("textbox", { name: "Поток начинается с" }).fill("contract-");
    await admin.page.getByRole("textbox", { name: "Тип события начинается с" }).fill("ContractSigned");
    await admin.page.getByRole("button", { name: "Показать", exact: true }).click();
    await admin.page.waitForURL(/type=ContractSigned/u);
    const events = admin.page.locator("main ol li summary");
    await expect
      .poll(async () => {
        const shown = await events.allTextContents();
        return shown.length > 0 && shown.every((text) => text.includes("contract-"));
      }, patient)
      .toBe(true);
    await admin.go("/ops/outbox");
    await admin.page.getByRole("region", { name: "Письма" }).getByRole("row").nth(1).waitFor();
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("keeps what it shows when it cannot be fetched anew, and says how old that is", async () => {
    const admin = await stand().person("admin");
    await admin.go("/ops");
    const models = admin.page.getByRole("region", { name: "Модели чтения" });
    await models.getByText("ticket", { exact: true }).waitFor();
    await admin.page.route("**/api/v1/ops/**", (route) =>
      route.fulfill({
        status: 429,
        contentType: "application/problem+json",
        body: '{"status":429,"code":"slow_down"}',
      }),
    );
    await admin.page.getByText(/Не удалось обновить/u).waitFor();
    expect(await models.getByText("ticket", { exact: true }).isVisible()).toBe(true);
    await admin.page.unroute("**/api/v1/ops/**");
    await admin.page.getByText(/Не удалось обновить/u).waitFor({ state: "detached" });
    // of a past moment it says that no past is kept, and nothing can be done
    await admin.go("/ops?asOf=2026-01-01T00:00:00.000Z");
    await admin.page.getByText(/Прошлое этого раздела не хранится/u).waitFor();
    expect(await admin.page.getByRole("button", { name: "Перестроить все" }).getAttribute("aria-disabled")).toBe(
      "true",
    );
    await admin.leave();
  });

  it("gives an event that was parked another try, once what stood in its way is gone", async () => {
    const { stack } = stand();
    const subject = "Заявка, которую не примет поиск";
    const pool = createPool(stack.urls.database, { max: 1 });
    const admin = await stand().person("admin");
    try {
      const { rows } = await pool.query<{ schema_name: string }>(
        "select schema_name from engine.projections where name = 'search'",
      );
      const table = `${rows[0]?.schema_name}.ticket_words`;
      await pool.query(
        `alter table ${table} add constraint not_this check (words not like '%${subject.toLowerCase()}%') not valid`,
      );
      const number = await call(stand(), subject);
      await admin.go("/ops");
      const parked = admin.page.getByRole("region", { name: "Отложенные события" }).first();
      const row = parked.getByRole("row").filter({ hasText: "not_this" });
      await row.getByText("search", { exact: true }).waitFor(patient);
      // too early: it is tried, and waits again
      const since = async (): Promise<unknown> =>
        (await pool.query("select parked_at from engine.parked where cause like '%not_this%'")).rows[0]?.parked_at;
      const before = await since();
      await row.getByRole("button", { name: "Попробовать снова" }).click();
      await expect.poll(since, patient).not.toEqual(before);
      await row.waitFor(patient);
      await pool.query(`alter table ${table} drop constraint not_this`);
      await row.getByRole("button", { name: "Попробовать снова" }).click();
      await row.waitFor({ state: "detached", ...patient });
      const found = await pool.query("select 1 from read.ticket_words where words like $1", [
        `%${number.toLowerCase()}%${subject.toLowerCase()}%`,
      ]);
      expect(found.rowCount).toBe(1);
      expect(admin.complaints).toEqual([]);
    } finally {
      await pool.end();
      await admin.leave();
    }
  });

  it("sends a mail again that the customer's mail server had refused", async () => {
    const { mails } = stand();
    const address = "ivanov@severny.example";
    mails.unknown.add(address);
    const number = await call(stand(), "Почтовый ящик, которого нет");
    const admin = await stand().person("admin");
    await admin.go("/ops/outbox?status=failed");
    const row = admin.page.getByRole("row").filter({ hasText: number }).first();
    await row.getByText(/no such mailbox/u).waitFor(patient);
    const came = (): boolean => mails.mails.some((mail) => mail.subject.includes(number));
    expect(came()).toBe(false);
    mails.unknown.delete(address);
    const mine = admin.page.getByRole("row").filter({ hasText: number });
    await expect
      .poll(async () => {
        const again = mine.getByRole("button", { name: "Отправить снова" }).first();
        // a row that is on its way takes no click, and the next look is soon
        if ((await again.count()) > 0) await again.click({ timeout: 2_000 }).catch(() => undefined);
        return mine.count();
      }, patient)
      .toBe(0);
    await expect.poll(came, patient).toBe(true);
    await admin.page.getByText("Отправлены", { exact: true }).click();
    await mine.first().waitFor(patient);
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it("rebuilds a read model with its progress, and turns the simulated traffic off and on", async () => {
    const admin = await stand().person("admin");
    const { page } = admin;
    await admin.go("/ops");
    const models = page.getByRole("region", { name: "Модели чтения" });
    await models.getByRole("row").filter({ hasText: "directory" }).getByRole("button", { name: "Перестроить" }).click();
    const requests = page.getByRole("region", { name: "Запросы на перестроение" });
    await requests.getByRole("row").filter({ hasText: "directory" }).getByText("сделано").waitFor({ timeout: 60_000 });
    await page.getByRole("region", { name: "Перестроения" }).getByText("directory").first().waitFor();
    const simulator = page.getByRole("region", { name: "Учебный поток заявок" });
    await simulator.getByRole("button", { name: "Выключить" }).click();
    await simulator.getByText("Выключен.").waitFor();
    await simulator.getByRole("textbox", { name: "Скорость" }).fill("2.5");
    await simulator.getByRole("button", { name: "Задать скорость" }).click();
    await simulator.getByText("Скорость: 2,5.").waitFor();
    await page.getByRole("region", { name: "Очередь писем" }).getByRole("link").first().click();
    await page.waitForURL(/\/ops\/outbox\?status=/u);
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it.each(looks)("are accessible: $language, $scheme", async (look) => {
    const admin = await stand().person("admin", look);
    for (const [path, ready, name] of [
      ["/ops", "tbody tr", "ops"],
      ["/ops/streams", "ol li", "ops-streams"],
      ["/ops/outbox", "tbody tr", "ops-outbox"],
    ] as const) {
      await admin.go(path);
      await admin.page.locator(ready).first().waitFor();
      expect(await accessibilityFaults(admin.page)).toEqual([]);
      await screenshot(admin.page, `${name}-${look.language}-${look.scheme}`);
      await admin.page.setViewportSize({ width: 320, height: 640 });
      expect(await admin.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
      await admin.page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });
}

import type { Stand } from "../stand.ts";
import { call } from "../call.ts";
import { expect, it } from "vitest";
import { request } from "../request.ts";

export const title = "the operators' desk: many at once";

export function scenes(stand: () => Stand): void {
  it("one command on many tickets: previewed, carried out with its progress, and told for each", async () => {
    const numbers = [];
    for (let at = 0; at < 5; at++) numbers.push(await call(stand(), `Для многих ${at}`));
    const maria = await stand().person("maria", { language: "en" });
    await maria.go("/queues/all-open?q=многих");
    for (const number of numbers) await maria.page.locator(`[data-number=${number}] input`).click();
    await maria.page.getByText("5 tickets picked").waitFor();
    await maria.page.getByRole("button", { name: "Do to all" }).click();
    await maria.page.getByRole("menuitem", { name: "Classify" }).click();
    await maria.page.getByRole("combobox", { name: "Type" }).click();
    await maria.page.getByRole("option", { name: "Incident" }).click();
    await maria.page.getByRole("combobox", { name: "Priority" }).click();
    await maria.page.getByRole("option", { name: "Medium" }).click();
    await maria.page.getByRole("button", { name: "What will happen" }).click();
    await maria.page.getByText("Will be done: 5, will stay as they are: 0.").waitFor();
    await maria.page.getByRole("button", { name: "Do it to 5 tickets" }).click();
    await maria.page.getByText("Finished: 5 of 5 done, 0 refused").waitFor();
    expect(maria.complaints).toEqual([]);
    await maria.leave();
  });

  it(
    "five hundred tickets at once: previewed, stopped midway, told for each, taken back",
    { timeout: 120_000 },
    async () => {
      const many = 500;
      const lanes = Array.from({ length: 8 }, (_, lane) => lane);
      await Promise.all(
        lanes.map(async (lane) => {
          for (let at = lane; at < many; at += lanes.length)
            await request(stand(), "oleg", "POST", "/contacts/phone", {
              subject: `Полтысячи ${at}`,
              text: "Одна причина на всех.",
              verified: { organizationId: "severny", contractId: "severny-2024", personId: "ivanov" },
            });
        }),
      );
      const maria = await stand().person("maria", { language: "en" });
      await maria.go("/queues/all-open?q=Полтысячи");
      await expect
        .poll(() => maria.page.locator("[data-total]").getAttribute("data-total"), { timeout: 30_000 })
        .toBe("500");
      await maria.page.locator("[role=row][data-number] input").first().click();
      await maria.page.getByRole("button", { name: "Pick all 500" }).click();
      await maria.page.getByText("500 tickets picked").waitFor();
      await maria.page.getByRole("button", { name: "Do to all" }).click();
      await maria.page.getByRole("menuitem", { name: "Escalate" }).click();
      const dialog = maria.page.getByRole("dialog");
      await dialog.locator("[data-field=reason]").fill("One cause for all of them");
      await dialog.getByRole("button", { name: "What will happen" }).click();
      await dialog.getByText("Will be done: 500, will stay as they are: 0.").waitFor({ timeout: 30_000 });
      await expect.poll(() => dialog.locator("li").count()).toBe(many);
      await dialog.getByRole("button", { name: "Do it to 500 tickets" }).click();
      await dialog.getByRole("progressbar").waitFor();
      // Live progress, then the end; every one is told of by itself.
      await dialog.getByText("Finished: 500 of 500 done, 0 refused").waitFor({ timeout: 60_000 });
      await expect.poll(() => dialog.locator("li[data-outcome=done]").count(), { timeout: 30_000 }).toBe(many);
      await dialog.getByRole("button", { name: "Take it back" }).click();
      await dialog.getByRole("button", { name: "Stop" }).click({ timeout: 30_000 });
      await dialog.getByText(/^Stopped: \d+ of 500 done/u).waitFor({ timeout: 60_000 });
      expect(await dialog.locator("li[data-outcome=waiting]").count()).toBeGreaterThan(0);
      expect(maria.complaints).toEqual([]);
      await maria.leave();
    },
  );
}

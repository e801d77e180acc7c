import { expect, it } from "vitest";
import { request } from "../request.ts";
import type { Stand } from "../stand.ts";

// Five hundred tickets stay behind in every queue, so these scenes come after all others: they are taken by name.
export const title = "the operators' desk: hundreds at once";

export function scenes(stand: () => Stand): void {
  it(
    "five hundred tickets at once: previewed, stopped midway, told for each, taken back",
    { timeout: 300_000 },
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

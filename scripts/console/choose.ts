import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Chooses in the list field that has the focus, by keys alone: types, waits for what fits, takes it. */
export async function choose(page: Page, words: string): Promise<void> {
  await page.keyboard.type(words);
  const fitting = page.getByRole("option", { name: new RegExp(words, "u") });
  await fitting.first().waitFor();
  await expect.poll(() => page.getByRole("option").count()).toBe(await fitting.count());
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await fitting.first().waitFor({ state: "hidden" });
}

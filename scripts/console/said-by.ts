import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Presses a key that does nothing here, and gives what the console says about it. */
export async function saidBy(page: Page, key: string): Promise<string> {
  const said = page.locator("[role=status][data-key-refusal]");
  let words = "";
  await expect
    .poll(async () => {
      await page.keyboard.press(key);
      return (words = (await said.innerText()).trim());
    })
    .not.toBe("");
  return words;
}

import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Goes to another screen as a link does, without loading the page anew, and waits until it stands with what it shows. */
export async function turnTo(page: Page, address: string): Promise<void> {
  const wanted = JSON.stringify(address);
  await page.evaluate(`history.pushState({}, "", ${wanted})`);
  await expect
    .poll(
      () =>
        page.evaluate(
          `location.pathname + location.search === ${wanted} && document.querySelector("main[data-screen]")?.dataset.screen === location.pathname && document.querySelector("main h1, main h2, main [role=alert]") !== null && document.querySelector("main [data-loading]") === null`,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
}

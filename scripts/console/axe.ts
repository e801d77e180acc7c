import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Found {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** What axe has against the page by WCAG 2.2 A and AA: a line per fault and place, empty when there is nothing. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // What waits for the first move of a hand is there, too.
  for (const at of [2, 3]) await page.mouse.move(at, at);
  await page.locator("[data-later]").first().waitFor({ state: "detached" });
  // Evaluated, not written into the page: the page's policy lets no foreign script in.
  await page.evaluate(await source);
  const found = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((result) => result.violations)",
  )) as Found[];
  return found.flatMap(({ id, help, nodes }) =>
    nodes
      .slice(0, 5)
      .map(
        ({ target, failureSummary = "" }) =>
          `${id}: ${help} at ${target.join(" ")} ${failureSummary.replaceAll(/\s+/gu, " ").slice(0, 300)}`,
      ),
  );
}

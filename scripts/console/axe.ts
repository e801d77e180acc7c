import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Found {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

const attribute = "data-mantine-color-scheme";

/**
 * What axe has against the page by WCAG 2.2 A and AA: a line per fault and place, empty when there is nothing. All rules in the
 * scheme in which the page stands, and those on colours, which are all that a scheme changes, in the other one as well.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // What waits for the first move of a hand is there, too.
  for (const at of [2, 3]) await page.mouse.move(at, at);
  await page.locator("[data-later]").first().waitFor({ state: "detached" });
  // Evaluated, not written into the page: the page's policy lets no foreign script in.
  await page.evaluate(await source);
  const scheme = await page.locator("html").getAttribute(attribute);
  const faults = await faultsBy(page, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
  const other = scheme === "dark" ? "light" : "dark";
  const turn = (to: string): Promise<void> =>
    page.evaluate(`document.documentElement.setAttribute("${attribute}", "${to}")`);
  await turn(other);
  const colours = await faultsBy(page, ["color-contrast", "link-in-text-block"]);
  if (scheme !== null) await turn(scheme);
  return [...faults, ...colours.map((fault) => `${other}: ${fault}`)];
}

async function faultsBy(page: Page, rules: readonly string[]): Promise<string[]> {
  const found = (await page.evaluate(
    `axe.run(document, { resultTypes: ["violations"], runOnly: ${JSON.stringify(rules)} }).then((result) => result.violations)`,
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

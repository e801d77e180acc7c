import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../checks/run-tool.ts";
import { smallPng } from "./small-png.ts";

/**
 * Keeps a picture of the screen for review in docs/screens: Russian in light colours and English in dark ones. Only when
 * DOCKET_SCREENS asks for it: pictures differ between machines, and a test run should change no file.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env["DOCKET_SCREENS"];
  if (folder === undefined || folder === "" || /-(?:en-light|ru-dark)$/u.test(name)) return;
  const to = folder === "1" ? join(root, "docs", "screens") : folder;
  await mkdir(to, { recursive: true });
  await writeFile(join(to, `${name}.png`), smallPng(await page.screenshot({ caret: "initial" })));
}

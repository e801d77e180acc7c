import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../checks/run-tool.ts";

/**
 * Keeps a picture of the screen for review in docs/screens, small (palette of the browser's PNG, as it stands). Only when DOCKET_SCREENS
 * asks for it: pictures differ between machines, and a test run should change no file.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env["DOCKET_SCREENS"];
  if (folder === undefined || folder === "") return;
  const to = folder === "1" ? join(root, "docs", "screens") : folder;
  await mkdir(to, { recursive: true });
  await page.screenshot({ path: join(to, `${name}.png`), caret: "initial" });
}

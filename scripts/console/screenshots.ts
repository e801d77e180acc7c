import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../checks/run-tool.ts";
import { smallPng } from "./small-png.ts";

/**
 * Keeps a picture of the screen for review in docs/screens: Russian in light colours and English in dark ones. Only when
 * DOCKET_SCREENS asks for it: pictures differ between machines, and a test run should change no file. `height`: of so many pixels from
 * the top, where a long list would make a large file and say no more.
 */
export async function screenshot(page: Page, name: string, height?: number): Promise<void> {
  const folder = process.env["DOCKET_SCREENS"];
  if (folder === undefined || folder === "" || /-(?:en-light|ru-dark)$/u.test(name)) return;
  const to = folder === "1" ? join(root, "docs", "screens") : folder;
  await mkdir(to, { recursive: true });
  const picture = await page.screenshot({ caret: "initial", ...clipOf(page, height) });
  await writeFile(join(to, `${name}.png`), smallPng(picture));
}

function clipOf(page: Page, height: number | undefined) {
  const size = page.viewportSize();
  return size === null || height === undefined
    ? {}
    : { clip: { x: 0, y: 0, width: size.width, height: Math.min(height, size.height) } };
}

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge"];

/** The Chromium of this machine: DOCKET_CHROMIUM, the system's, else the one that an npm package carries. */
async function findChromium(): Promise<string> {
  const given = process.env["DOCKET_CHROMIUM"];
  if (given !== undefined) return given;
  for (const folder of (process.env["PATH"] ?? "").split(delimiter))
    for (const name of names) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        continue;
      }
    }
  const { default: carried } = await import("@sparticuz/chromium");
  return carried.executablePath();
}

/** A real browser without a window. The pages it shows are our own, so it does without a sandbox, which a container may not have. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  return chromium.launch({
    executablePath,
    headless: true,
    args: ["--no-sandbox", "--no-zygote", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
  });
}

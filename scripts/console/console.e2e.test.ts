import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { openStand, type Stand } from "./stand.ts";

interface Scenes {
  readonly title: string;
  readonly scenes: (stand: () => Stand) => void;
}

/** The scenes of each area stand in files of their own (scenes/*.scenes.ts); all of them share one Docket and one browser. */
const folder = new URL("./scenes/", import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".scenes.ts"))
  .sort();
const wanted = process.env["DOCKET_SCENES"]?.split(",");
const all = await Promise.all(
  names
    .filter((name) => wanted === undefined || wanted.some((each) => name.startsWith(each)))
    .map(async (name) => (await import(new URL(name, folder).href)) as Scenes),
);

let stand: Stand;
beforeAll(async () => {
  stand = await openStand();
}, 300_000);
afterAll(async () => stand?.close());

// Where a scene failed, what stood in its windows: in the folder that DOCKET_FAILURES names.
afterEach(async ({ task }) => {
  const folder = process.env["DOCKET_FAILURES"];
  if (folder === undefined || task.result?.state !== "fail") return;
  const pages = stand.browser.contexts().flatMap((context) => context.pages());
  for (const [index, page] of pages.entries())
    await page.screenshot({ path: join(folder, `${task.id}-${index}.png`) }).catch(() => undefined);
});

for (const { title, scenes } of all) describe(title, () => scenes(() => stand));

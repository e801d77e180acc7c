import type { Stand } from "../stand.ts";
import { accessibilityFaults } from "../axe.ts";
import { expect, it } from "vitest";
import { demoTicket, inWork } from "../demo-ticket.ts";
import { looks } from "../looks.ts";
import { screenshot } from "../screenshots.ts";

export const title = "the operators' desk: looks";

export function scenes(stand: () => Stand): void {
  it("fits a phone: no screen scrolls sideways at 320 px", async () => {
    const olga = await stand().person("olga", { width: 320, height: 640 });
    const ticket = await demoTicket(stand(), inWork);
    for (const path of ["/queues/all-open", `/tickets/${ticket}`, "/intake", "/intake/phone"]) {
      await olga.go(path);
      await olga.page.locator("h1").first().waitFor();
      const wide = await olga.page.evaluate(
        "document.documentElement.scrollWidth - innerWidth + Math.max(0, document.getElementById('screen').scrollWidth - document.getElementById('screen').clientWidth)",
      );
      expect({ path, wide }).toEqual({ path, wide: 0 });
    }
    await olga.leave();
  });

  it("cuts no column of a list off, from a tablet to a wide screen, and no customer's name where there is room for it", async () => {
    const olga = await stand().person("olga");
    await olga.go("/queues/all-open");
    const rows = olga.page.locator("[role=row][data-number]");
    for (const width of [768, 1024, 1280, 1440]) {
      await olga.page.setViewportSize({ width, height: 900 });
      await rows.first().waitFor();
      await expect
        .poll(() =>
          rows.evaluateAll(
            (all, end) =>
              all
                .flatMap((row) => [...row.querySelectorAll("[role=gridcell]")])
                .filter((cell) => cell.getBoundingClientRect().right > end)
                .map((cell) => cell.textContent),
            width,
          ),
        )
        .toEqual([]);
    }
    const cut = await olga.page
      .locator("[role=gridcell]:has(> [title='ООО «Северный ветер»'])")
      .evaluateAll((all) => all.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
    expect(cut).toBe(0);
    await olga.leave();
  });

  for (const [name, path, ready] of [
    ["queue", "/queues/all-open", "[role=row][data-number]"],
    ["ticket", "/queues/all-open/:ticket", "#ticket-title"],
    ["intake", "/intake", "main h1"],
    ["phone-form", "/intake/phone", "#phone-title"],
    ["wall", "/wall", "h1"],
  ] as const)
    it.each(looks)(`${name} is accessible: $language, $scheme`, async (look) => {
      const maria = await stand().person("maria", look);
      await maria.go(path.replace(":ticket", await demoTicket(stand(), inWork)));
      await maria.page.locator(ready).first().waitFor();
      await maria.page.waitForLoadState("networkidle");
      expect(await accessibilityFaults(maria.page)).toEqual([]);
      await screenshot(maria.page, `${name}-${look.language}-${look.scheme}`);
      expect(maria.complaints).toEqual([]);
      await maria.leave();
    });
}

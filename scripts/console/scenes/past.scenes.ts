import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { call } from "../call.ts";
import { request } from "../request.ts";
import { saidBy } from "../said-by.ts";
import type { Stand } from "../stand.ts";
import { turnTo } from "../turn-to.ts";

export const title = "past moments on every screen";

const source = new URL("../../../services/console/src/", import.meta.url);
/** The addresses of all screens, as the areas declare them: `/admin/$kind/$entry`. */
const declared = globSync("*/area.ts", { cwd: source })
  .flatMap((name) => [...readFileSync(new URL(name, source), "utf8").matchAll(/path: "([^"]+)"/gu)])
  .map(([, path = ""]) =>
    path === "$ticket" ? "/queues/$view/$ticket" : path === "$contact" ? "/intake/$contact" : path,
  );

/** What begins or sends a change and could be pressed: whatever is marked, and any place to write or to bring a file. */
const able = `[
  ...document.querySelectorAll("[data-writes]"),
  ...document.querySelectorAll("textarea:not([aria-hidden]), input[type=file], [data-actions], [data-mode]")
].filter((each) => !each.matches(":disabled, [aria-disabled=true]") && !each.closest("[data-past-too]"))
  .map((each) => location.pathname + ": " + each.tagName + " " + (each.getAttribute("aria-label") ?? each.textContent).slice(0, 60))`;

export function scenes(stand: () => Stand): void {
  it(
    "nothing that writes can be pressed on any screen of any role, and all of it says why",
    { timeout: 300_000 },
    async () => {
      const number = await call(stand(), "Прошлое на всех экранах");
      const { contactId } = await request(stand(), "oleg", "POST", "/contacts/phone", {
        subject: "Прошлое и обращение",
        text: "Ещё не решено",
        personName: "Неизвестный",
      });
      const { templateId } = (await request(stand(), "maria", "POST", "/templates", {
        name: "A text of the past",
        language: "en",
        kind: "note",
        body: "{{ticket.number}}",
      })) as { templateId: string };
      const asOf = new Date().toISOString();
      const at = (path: string): string => `${path}${path.includes("?") ? "&" : "?"}asOf=${asOf}`;
      const ticket = `/tickets/${number}`;
      const walks = {
        maria: [
          "/queues/all-open",
          `/queues/all-open/${number}`,
          ticket,
          "/intake",
          `/intake/${String(contactId)}`,
          "/intake/phone",
          "/insight",
          "/insight/reports",
          "/insight/tickets",
          "/insight/forecast",
          "/insight/what-if",
        ],
        admin: [
          "/admin?kind=calendar",
          "/admin/organization/severny",
          "/admin/contract/severny-2024?do=change-contract-policy",
          "/admin/letters",
          "/admin/templates",
          `/admin/templates?template=${templateId}`,
          "/admin/access",
          "/admin/rights",
          "/admin/privacy",
          "/ops",
          "/ops/streams",
          "/ops/outbox",
        ],
        anna: ["/audit", `/audit/replay/${number}`, "/audit/trust", "/audit/evidence", "/audit/access", ticket],
        ivanov: ["/portal", "/portal/new", ticket],
      };
      const walked = Object.values(walks).flat();
      const screens = declared.filter((path) => !["/wall", "/insight/print"].includes(path));
      const missed = screens.filter(
        (path) =>
          !walked.some((each) => new RegExp(`^${path.replaceAll(/[$]\w+/gu, "[^/?]+")}(?:[?]|$)`, "u").test(each)),
      );
      expect({ missed, of: screens.length > 20 }).toEqual({ missed: [], of: true });
      let marked = 0;
      await Promise.all(
        Object.entries(walks).map(async ([login, paths]) => {
          const somebody = await stand().person(login);
          const { page } = somebody;
          await somebody.go(at(paths[0] ?? ""));
          await page.getByText("Действия закрыты").first().waitFor();
          for (const path of paths) {
            await turnTo(page, at(path));
            expect({ path, able: await page.evaluate(able) }).toEqual({ path, able: [] });
            marked += await page.locator("[data-writes]").count();
          }
          if (paths.includes(ticket)) {
            await turnTo(page, at(ticket));
            const role = "Вашей роли это не доступно";
            const past = "Показан прошлый момент: действия закрыты";
            const keys = { maria: [past, past], anna: [role, role], ivanov: [past, role] }[login];
            expect([await saidBy(page, "r"), await saidBy(page, "a")]).toEqual(keys);
            await page.keyboard.press("Control+k");
            const written = page.getByRole("option").filter({ hasText: "Показан прошлый момент" });
            await page.getByRole("option").first().waitFor();
            await expect
              .poll(async () => ({ login, off: (await written.allInnerTexts()).length }))
              .toEqual({ login, off: { maria: 2, anna: 0, ivanov: 2 }[login] });
            expect(await written.and(page.locator("[aria-disabled=false]")).count()).toBe(0);
          }
          expect(somebody.complaints).toEqual([]);
          await somebody.leave();
        }),
      );
      expect(marked).toBeGreaterThan(30);
    },
  );
}

import { expect, it } from "vitest";
import { accessibilityFaults } from "../axe.ts";
import { call } from "../call.ts";
import { looks } from "../looks.ts";
import { request } from "../request.ts";
import { screenshot } from "../screenshots.ts";
import type { Stand } from "../stand.ts";

export const title = "the looks of administration";

/** address, what is there when it is ready, name of its picture */
type Place = readonly [path: string, ready: string, picture: string];

const policyForm = "/admin/contract/severny-2024?do=change-contract-policy";
const rulesForm = "/admin/routing-rules/routing-rules?do=publish-routing-rules";

const screens: readonly Place[] = [
  ["/admin?kind=contract", "tbody tr", "admin"],
  ["/admin/contract/severny-2024", "[data-event=ContractSigned]", "admin-contract"],
  ["/admin?kind=calendar", "form input", "admin-calendars"],
  ["/admin/calendar/moscow-5x9?year=2024&day=2024-05-08", "[data-date='2024-05-09']", "admin-year"],
  ["/admin/privacy", "form", "admin-privacy"],
  ["/admin/rights", "tbody tr", "admin-rights"],
];
const forms: readonly Place[] = [
  [policyForm, "form table", "admin-policy"],
  ["/admin/staff/ivan?do=change-staff", "form", "admin-staff"],
  ["/admin/calendar/moscow-5x9?do=revise-calendar", "form", "admin-calendar"],
  ["/admin/access", "form", "admin-access"],
  ["/admin/letters?kind=resolved", "iframe", "admin-letters"],
  ["/admin/letters?kind=frame-requester", "iframe", "admin-letters-frame"],
  [rulesForm, "form fieldset", "admin-rules"],
];
const exampleText =
  "Здравствуйте, {{requester.name}}!\n\nПо заявке {{ticket.number}} мы ждём вашего ответа до {{deadline}}: {{ask:о чём}}.\n\n{{me.name}}";

export function scenes(stand: () => Stand): void {
  it.each(
    looks.flatMap((look) => [
      { what: "screens", places: screens, ...look },
      { what: "forms", places: forms, ...look },
    ]),
  )("has accessible $what: $language, $scheme", async ({ places, language, scheme }) => {
    const admin = await stand().person("admin", { language, scheme });
    for (const [path, ready, picture] of places) {
      await admin.go(path);
      await admin.page.locator(ready).first().waitFor();
      expect(await accessibilityFaults(admin.page)).toEqual([]);
      await screenshot(admin.page, `${picture}-${language}-${scheme}`);
    }
    expect(admin.complaints).toEqual([]);
    await admin.leave();
  });

  it.each(looks)(
    "has an accessible list and editor of texts for answers: $language, $scheme",
    async ({ language, scheme }) => {
      const number = await call(stand(), "Картинка шаблона");
      const name = `Ждём ответа ${number}`;
      const { templateId, revision } = (await request(stand(), "maria", "POST", "/templates", {
        name,
        language: "ru",
        kind: "question",
        body: exampleText,
      })) as { templateId: string; revision: number };
      const admin = await stand().person("admin", { language, scheme });
      const { page } = admin;
      await admin.go("/admin/templates");
      await page.getByRole("link", { name }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await admin.go(`/admin/templates?template=${templateId}&ticket=${number}`);
      await page.locator("[data-filled]").getByText(number).waitFor();
      await page.locator("[data-version='1']").waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await screenshot(page, `admin-templates-${language}-${scheme}`);
      expect(admin.complaints).toEqual([]);
      await admin.leave();
      await request(stand(), "maria", "PATCH", `/templates/${templateId}`, { active: false, revision });
    },
  );

  it("needs no sideways scrolling on a narrow screen", async () => {
    const admin = await stand().person("admin", { width: 320, height: 640 });
    for (const path of [
      "/admin?kind=calendar",
      policyForm,
      "/admin/calendar/moscow-5x9?year=2024&do=revise-calendar",
      rulesForm,
      "/admin/organization/severny?do=change-organization",
      "/admin/access",
      "/admin/letters",
      "/admin/templates?template=new",
    ]) {
      await admin.go(path);
      await admin.page.locator("h1").waitFor();
      const beyond = await admin.page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
      expect({ path, beyond }).toEqual({ path, beyond: 0 });
    }
    await admin.leave();
  });
}

import { expect, it } from "vitest";
import { request } from "../request.ts";
import type { Stand } from "../stand.ts";
import { turnTo } from "../turn-to.ts";

export const title = "what is offered to whom";

export function scenes(stand: () => Stand): void {
  it("nobody is asked to do, and nothing is asked for him, what his role may not", async () => {
    const { contactId } = await request(stand(), "oleg", "POST", "/contacts/phone", {
      subject: "Чья это работа",
      text: "Пусть решит, кому положено",
      personName: "Неизвестный",
    });
    const contact = `/intake/${String(contactId)}`;
    const noRights = "main [role=alert]";
    // where each of them may look and not decide, and where nothing is his
    const walks = {
      anna: [
        [contact, "#contact-title"],
        ["/intake/phone", noRights],
        ["/insight", noRights],
        ["/queues/all-open", "[role=row][data-number]"],
      ],
      ivan: [
        [contact, "#contact-title"],
        ["/audit/trust", noRights],
        ["/admin", noRights],
        ["/ops/outbox", noRights],
      ],
      ivanov: [
        ["/portal", "main h1"],
        ["/queues/all-open", noRights],
        ["/intake", noRights],
      ],
    } as const;
    await Promise.all(
      Object.entries(walks).map(async ([login, walk]) => {
        const somebody = await stand().person(login);
        const { page } = somebody;
        const refused: string[] = [];
        page.on("response", (answer) => {
          if (answer.status() === 403) refused.push(new URL(answer.url()).pathname);
        });
        await somebody.go(walk[0][0]);
        for (const [path, ready] of walk) {
          await turnTo(page, path);
          await page.locator(ready).first().waitFor();
          const writing = page.locator("main textarea, main [role=tab], main form button, main [data-writes]");
          if (path === contact) {
            await page.getByText(/решение принимает оператор или сервис-менеджер/u).waitFor();
            expect({ login, offered: await writing.allInnerTexts() }).toEqual({
              login,
              offered: login === "ivan" ? ["Звонок"] : [],
            });
          }
          if (ready === noRights) expect({ path, offered: await writing.count() }).toEqual({ path, offered: 0 });
        }
        if (login === "anna") {
          await page.locator("[role=row][data-number] input").first().click();
          const all = page.getByRole("button", { name: "Сделать со всеми" });
          await all.waitFor();
          expect(await all.getAttribute("aria-disabled")).toBe("true");
        }
        expect({ login, refused }).toEqual({ login, refused: [] });
        await somebody.leave();
      }),
    );
  });
}

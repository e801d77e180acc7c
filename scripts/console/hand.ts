import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** What somebody does at a ticket, whatever language it is shown in. */
export interface Hand {
  /** gives a command by its button or from the menu, with what its form asks for */
  does(command: string, fields?: Readonly<Record<string, string | RegExp>>): Promise<void>;
  /** writes in the composer and sends it */
  writes(mode: "reply" | "note" | "answer" | "question" | "solution", text: string): Promise<void>;
  /** it stands in the ticket's story */
  reads(text: string | RegExp): Promise<void>;
  /** the ticket's state has become this, without anything being asked */
  sees(status: string): Promise<void>;
}

const patient = { timeout: 60_000 };

export function handAt(page: Page): Hand {
  const ticket = page.locator("article[data-ticket]");
  const press = async (command: string): Promise<void> => {
    const button = ticket.locator(`[data-actions] button[data-command=${command}]`);
    const line = page.locator(`[role=menu] [data-command=${command}]`);
    // What is possible is told anew after each change, so it may come a moment later, in the bar or in the menu.
    await expect
      .poll(async () => {
        if ((await button.count()) > 0) return button.click().then(() => "pressed");
        await ticket.locator("[data-actions] [data-more]").click();
        await page.locator("[role=menu]").waitFor(patient);
        if ((await line.count()) > 0) return line.click().then(() => "pressed");
        await page.locator("[role=menu]").press("Escape");
        await page.locator("[role=menu]").waitFor({ state: "detached", ...patient });
        return "not offered";
      }, patient)
      .toBe("pressed");
  };
  const fill = async (field: Locator, value: string | RegExp): Promise<void> => {
    await field.waitFor(patient);
    if ((await field.getAttribute("role")) !== "combobox" && (await field.getAttribute("aria-haspopup")) !== "listbox")
      return field.fill(String(value));
    await field.click();
    await page.getByRole("option", { name: value }).first().click();
  };
  return {
    async does(command, fields) {
      await press(command);
      if (fields === undefined) return;
      const dialog = page.getByRole("dialog");
      await dialog.waitFor(patient);
      for (const [name, value] of Object.entries(fields)) await fill(dialog.locator(`[data-field=${name}]`), value);
      await dialog.locator("button[type=submit]").click();
      await dialog.waitFor({ state: "detached", ...patient });
    },
    async writes(mode, text) {
      const composer = ticket.locator("[data-mode]");
      const kind = composer.locator(`input[type=radio][value=${mode}]`);
      await kind.waitFor({ state: "attached", ...patient });
      await expect
        .poll(async () => {
          await kind.dispatchEvent("click");
          return composer.getAttribute("data-mode");
        }, patient)
        .toBe(mode);
      const area = composer.locator("textarea").first();
      await area.fill(text);
      const send = composer.locator("[data-send]");
      await expect.poll(() => send.isEnabled(), patient).toBe(true);
      await send.click();
      await expect.poll(() => area.inputValue(), patient).toBe("");
    },
    reads: (text) => ticket.locator("ol").getByText(text).first().waitFor(patient),
    sees: (status) => ticket.locator(`header [data-status=${status}]`).waitFor(patient),
  };
}

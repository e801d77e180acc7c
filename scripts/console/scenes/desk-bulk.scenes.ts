import type { Stand } from "../stand.ts";
import { call } from "../call.ts";
import { expect, it } from "vitest";

export const title = "the operators' desk: many at once";

export function scenes(stand: () => Stand): void {
  it("one command on many tickets: previewed, carried out with its progress, and told for each", async () => {
    const numbers = [];
    for (let at = 0; at < 5; at++) numbers.push(await call(stand(), `Для многих ${at}`));
    const maria = await stand().person("maria", { language: "en" });
    await maria.go("/queues/all-open?q=многих");
    for (const number of numbers) await maria.page.locator(`[data-number=${number}] input`).click();
    await maria.page.getByText("5 tickets picked").waitFor();
    await maria.page.getByRole("button", { name: "Do to all" }).click();
    await maria.page.getByRole("menuitem", { name: "Classify" }).click();
    // What is missing is said at its field, as in the form of one ticket.
    await maria.page.getByRole("button", { name: "What will happen" }).click();
    const type = maria.page.getByRole("combobox", { name: "Type" });
    await expect.poll(() => type.getAttribute("aria-invalid")).toBe("true");
    await type.click();
    await maria.page.getByRole("option", { name: "Incident" }).click();
    await maria.page.getByRole("combobox", { name: "Priority" }).click();
    await maria.page.getByRole("option", { name: "Medium" }).click();
    await maria.page.getByRole("button", { name: "What will happen" }).click();
    await maria.page.getByText("Will be done: 5, will stay as they are: 0.").waitFor();
    await maria.page.getByRole("button", { name: "Do it to 5 tickets" }).click();
    await maria.page.getByText("Finished: 5 of 5 done, 0 refused").waitFor();
    expect(maria.complaints).toEqual([]);
    await maria.leave();
  });
}

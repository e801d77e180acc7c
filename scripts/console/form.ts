import type { Locator, Page } from "playwright-core";

/** A form of the administration, in Russian. */
export interface FormHand {
  readonly at: Locator;
  /** asks what would change, waits until it is shown, saves, and waits until the form is gone */
  save(): Promise<void>;
}

const patient = { timeout: 30_000 };

export function formOf(page: Page, name: string): FormHand {
  const at = page.getByRole("form", { name, exact: true });
  return {
    at,
    async save() {
      await at.getByRole("button", { name: "Что изменится" }).click(patient);
      await at.getByText(/Касается открытых заявок/u).waitFor(patient);
      await at.getByRole("button", { name: "Сохранить" }).click(patient);
      await at.waitFor({ state: "detached", ...patient });
    },
  };
}

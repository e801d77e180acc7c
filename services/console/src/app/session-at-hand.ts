import type { Account } from "@docket/api-contract";
import { whoAmI } from "../api/session.ts";
import { hasChosenLanguage, speak } from "../text/i18n.ts";

let known: Promise<Account | null> | undefined;

/** Who is signed in; asked of the gateway once, then remembered until it changes. */
export function sessionAtHand(): Promise<Account | null> {
  known ??= whoAmI().then(
    async (account) => {
      if (account !== null && !hasChosenLanguage()) await speak(account.language);
      return account;
    },
    (error: unknown) => {
      known = undefined;
      throw error;
    },
  );
  return known;
}

export function forgetSession(): void {
  known = undefined;
}

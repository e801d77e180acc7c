import { demoAccounts, demoPassword } from "./world.ts";

/** One login per role, and the second customer: what the sign-in page of a start with demo data offers. */
export function offeredLogins(): { login: string; password: string }[] {
  const firsts = new Map(demoAccounts.toReversed().map((account) => [account.role, account.login]));
  const offered = new Set([...firsts.values(), "miller"]);
  return demoAccounts.flatMap(({ login }) => (offered.has(login) ? [{ login, password: demoPassword }] : []));
}

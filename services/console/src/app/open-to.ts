import type { Account } from "@docket/api-contract";
import { decidesContacts, isCustomer, worksOnTickets } from "../api/session.ts";

type May = (account: Account) => boolean;
const centre: May = (account) => !isCustomer(account);
const only =
  (...roles: readonly Account["role"][]): May =>
  ({ role }) =>
    roles.includes(role);

/** Which parts of the console are whose; the first that fits counts. What is not named is open to all who are signed in. */
const parts: readonly (readonly [under: string, may: May])[] = [
  ["/queues", centre],
  ["/intake/phone", worksOnTickets],
  ["/intake", centre],
  ["/wall", centre],
  ["/audit", only("auditor")],
  ["/insight", only("analyst", "service_manager")],
  ["/admin/letters", only("admin", "service_manager")],
  ["/admin/templates", only("admin", "service_manager")],
  ["/admin/access", only("admin")],
  ["/admin/rights", only("admin", "auditor")],
  ["/admin/privacy", only("admin")],
  ["/admin", (account) => decidesContacts(account)],
  ["/ops", only("admin")],
  ["/portal", isCustomer],
];

/** Whether a screen is for somebody at all: who comes by a link to one that is not is told so, and nothing is asked for him. */
export function openTo(account: Account, path: string): boolean {
  const part = parts.find(([under]) => path === under || path.startsWith(`${under}/`));
  return part === undefined || part[1](account);
}

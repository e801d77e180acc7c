import type { Account } from "@docket/api-contract";
import { areas } from "./areas.ts";

const homes: Partial<Record<Account["role"], string>> = {
  operator: "/queues/my-line",
  engineer: "/queues/mine",
  expert: "/queues/mine",
  service_manager: "/queues/under-control",
  requester: "/portal",
  auditor: "/audit",
  analyst: "/insight",
  admin: "/admin",
};

/** Where somebody's work is: his role's own screen, else the first line of his rail. */
export function homeOf(account: Account): string {
  const rail = areas.flatMap((area) => area.rail(account));
  const wanted = homes[account.role];
  return rail.some(({ to }) => to === wanted) ? (wanted ?? "/about") : (rail[0]?.to ?? "/queues/all-open");
}

import { Refusal } from "../http/refusal.ts";
import type { Principal } from "../auth/principal.ts";
import { can, type Action } from "./policy.ts";

/** Throws `forbidden` or `scope_missing` unless the policy allows it. */
export function demand(caller: Principal, action: Action): void {
  const verdict = can(caller, action);
  if (!verdict.ok)
    throw new Refusal(verdict.code, verdict.scope === undefined ? {} : { params: { scope: verdict.scope } });
}

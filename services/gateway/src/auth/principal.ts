import type { AccountRole, Scope } from "@docket/api-contract";
import type { ActionChannel, Actor, Language } from "@docket/domain";

/** Who asks, once proved: an account behind a session, or a token. */
export interface Principal {
  readonly kind: "session" | "token";
  /** the account's id, or the token's */
  readonly accountId: string;
  readonly login: string | null;
  readonly name: string;
  readonly role: AccountRole;
  /** set for a customer's people, and for a machine that works for one customer */
  readonly organizationId: string | null;
  /** the customer's person or the member of staff behind the account; the directory's id */
  readonly personId: string | null;
  readonly staffId: string | null;
  readonly language: Language;
  /** what a token may be used for; a session may be used for everything that the role allows */
  readonly scopes: readonly Scope[];
  /** hex of the hash by which it was found */
  readonly credential: string;
  readonly csrfToken: string | null;
  readonly expiresAt: Date | null;
}

export const allScopes: readonly Scope[] = ["read", "command", "intake", "admin", "audit"];

/** A customer's people, and a customer's machines: everybody else belongs to the service centre. */
export const isCustomer = (principal: Principal): boolean =>
  principal.role === "requester" || (principal.role === "machine" && principal.organizationId !== null);

/** How the facts that this caller causes name him. */
export function actorOf(principal: Principal): Actor {
  const id = principal.personId ?? principal.staffId ?? principal.accountId;
  return { id, role: principal.role, name: principal.name };
}

/** The way by which this caller's actions reach the engine. */
export function actionChannelOf(principal: Principal): ActionChannel {
  if (principal.kind === "token") return "api";
  return principal.role === "requester" ? "portal" : "console";
}

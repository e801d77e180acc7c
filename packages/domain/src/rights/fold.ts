import type { Fact } from "../event.ts";
import type { Role } from "../values.ts";
import type { RightsEvent } from "./events.ts";

/** What an account or a token may, as its facts tell it. */
export interface Rights {
  /** the account's id, or the token's */
  readonly accountId: string;
  readonly kind: "account" | "token";
  readonly role: Role;
  readonly organizationId: string | null;
  readonly personId: string | null;
  readonly staffId: string | null;
  /** of a token */
  readonly name: string | null;
  readonly scopes: readonly string[] | null;
  readonly expiresAt: string | null;
  /** false: closed, or revoked */
  readonly active: boolean;
  /** since when it is there */
  readonly since: string;
  /** when it was changed last, and by whom (the directory's id) */
  readonly changedAt: string;
  readonly changedBy: string;
}

/** Whom a fact is about. */
export const subjectOfRights = ({ data }: RightsEvent): string => ("tokenId" in data ? data.tokenId : data.accountId);

/** Folds the facts of the stream of rights, in their order; later facts of an account that is not known change nothing. */
export function foldRights(facts: Iterable<Fact<RightsEvent>>): ReadonlyMap<string, Rights> {
  const all = new Map<string, Rights>();
  for (const fact of facts) {
    const id = subjectOfRights(fact);
    const next = after(all.get(id), fact);
    if (next !== undefined) all.set(id, next);
  }
  return all;
}

function after(before: Rights | undefined, fact: Fact<RightsEvent>): Rights | undefined {
  const changed = { changedAt: fact.meta.recordedAt, changedBy: fact.meta.actor.id };
  switch (fact.type) {
    case "AccountOpened": {
      const { since, ...rights } = fact.data;
      const none = { name: null, scopes: null, expiresAt: null };
      return { ...rights, ...none, ...changed, kind: "account", active: true, since: since ?? fact.meta.occurredAt };
    }
    case "TokenIssued": {
      const { since, tokenId, ...rights } = fact.data;
      const nobody = { personId: null, staffId: null };
      const begun = since ?? fact.meta.occurredAt;
      return { ...rights, ...nobody, ...changed, accountId: tokenId, kind: "token", active: true, since: begun };
    }
    case "AccountRightsChanged":
      return before && { ...before, ...fact.data, ...changed };
    case "TokenRightsChanged": {
      const { tokenId: _same, ...rights } = fact.data;
      return before && { ...before, ...rights, ...changed };
    }
    case "AccountClosed":
    case "TokenRevoked":
      return before && { ...before, ...changed, active: false };
    case "AccountReopened":
      return before && { ...before, ...changed, active: true };
    case "AccountRenamed":
    case "AccountPasswordSet":
      return before && { ...before, ...changed };
    default:
      // of a later version of the product
      return before;
  }
}

import type { Authenticator } from "../rpc/auth.ts";
import type { Call } from "../rpc/call.ts";
import { accessDenied } from "../rpc/errors.ts";

/** The node's one access rule: who is logged in may do everything, except write to or delete `$all`. */
export type AccessRule = {
  mayRead(call: Call): boolean;
  mayWrite(call: Call, stream: string): boolean;
};

export function accessRule(auth: Authenticator): AccessRule {
  const known = (call: Call): boolean => auth.allowsAnonymous || call.user !== undefined;
  return {
    mayRead: known,
    mayWrite: (call, stream) => known(call) && (auth.allowsAnonymous || stream !== "$all"),
  };
}

/** Throws PERMISSION_DENIED unless the caller may read. */
export function requireRead(access: AccessRule, call: Call): void {
  if (!access.mayRead(call)) throw accessDenied();
}

/** Throws PERMISSION_DENIED unless the caller may write to the stream. */
export function requireWrite(access: AccessRule, call: Call, stream: string): void {
  if (!access.mayWrite(call, stream)) throw accessDenied();
}

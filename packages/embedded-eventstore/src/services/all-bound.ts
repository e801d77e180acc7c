import { handlerFailed } from "../rpc/errors.ts";
import type { ReadFrom } from "../wire/read-messages.ts";

/** A position of `$all` as a bound: `start` and `end` where the wire says so or by value. */
export type AllBound = { kind: "start" } | { kind: "end" } | { kind: "at"; position: number; whole: boolean };

const U64_MAX = 18446744073709551615n;

/** `whole` is false when the prepare position lies before the commit position, so that the event at it is still ahead. Throws UNKNOWN. */
export function allBound(from: ReadFrom): AllBound {
  if (from.kind !== "at") return from;
  const { commit, prepare } = from;
  if (commit === U64_MAX && prepare === U64_MAX) return { kind: "end" };
  if (commit < prepare) throw handlerFailed();
  if (commit === 0n) return { kind: "start" };
  return {
    kind: "at",
    position: commit > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(commit),
    whole: commit === prepare,
  };
}

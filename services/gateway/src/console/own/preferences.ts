import { preferenceLimits, preferencesChange, type Preferences } from "@docket/api-contract";
import type { z } from "zod";
import type { Principal } from "../../auth/principal.ts";
import { Refusal } from "../../http/refusal.ts";

type Data = Readonly<Record<string, unknown>>;
type Change = z.output<typeof preferencesChange>;

/** Preferences with what nobody has chosen yet. */
export function shownPreferences(
  { language }: Pick<Principal, "language">,
  saved: { readonly data: Data; readonly revision: number } | undefined,
): Preferences {
  const data = (saved?.data ?? {}) as Partial<Preferences>;
  return {
    language: data.language ?? language,
    scheme: data.scheme ?? "system",
    density: data.density ?? "normal",
    columns: data.columns ?? {},
    other: data.other ?? {},
    revision: saved?.revision ?? -1,
  };
}

/** Replaces what is named; of columns and the rest, entry by entry; null takes an entry away. Throws `too_long`. */
export function mergePreferences(before: Data, change: Change): Data {
  const { columns, other, ...choices } = change;
  const named = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
  const merged = {
    ...before,
    ...named,
    columns: mergeEntries(before["columns"], columns),
    other: mergeEntries(before["other"], other),
  };
  if (JSON.stringify([merged.columns, merged.other]).length > preferenceLimits.otherBytes)
    throw new Refusal("too_long", { field: "other", params: { limit: preferenceLimits.otherBytes } });
  return merged;
}

function mergeEntries(before: unknown, change: Readonly<Record<string, unknown>> | undefined): Data {
  const merged = { ...(before as Data | undefined), ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

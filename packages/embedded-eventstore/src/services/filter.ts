import { invalidArgument, unknown } from "../rpc/errors.ts";
import type { Storage } from "../storage/storage.ts";
import type { FilterOptions } from "../wire/read-messages.ts";

/** Decides by numbers whether an event passes; hidden system streams are the store's business. */
export type EventFilter = (streamId: number, typeId: number) => boolean;

export const acceptAll: EventFilter = () => true;

const CACHE_ENTRIES = 50_000;

/**
 * The filter of a read or subscription to `$all` (spec 3.7). A regular expression wins over prefixes; an empty list of prefixes
 * matches nothing. Verdicts are kept per stream or type, so each name is tested once.
 * Throws INVALID_ARGUMENT when neither stream nor type is named, UNKNOWN for a broken expression.
 */
export function compileFilter(storage: Storage, options: FilterOptions): EventFilter {
  if (options.on === undefined) throw invalidArgument("A filter needs a stream name or an event type expression.");
  const matches =
    options.regex !== ""
      ? regexTest(options.regex)
      : (name: string) => options.prefixes.some((prefix) => name.startsWith(prefix));
  const nameOf = options.on === "stream" ? storage.streamName : storage.typeName;
  const verdicts = new Map<number, boolean>();
  const judge = (id: number): boolean => {
    const known = verdicts.get(id);
    if (known !== undefined) return known;
    if (verdicts.size >= CACHE_ENTRIES) verdicts.clear();
    const verdict = matches(nameOf(id));
    verdicts.set(id, verdict);
    return verdict;
  };
  return options.on === "stream" ? (streamId) => judge(streamId) : (_streamId, typeId) => judge(typeId);
}

/** A .NET expression in JavaScript's dialect: anchors `\A`, `\z`, `\Z` and leading inline options. */
function regexTest(source: string): (name: string) => boolean {
  let flags = "";
  let body = source;
  const inline = /^\(\?([imsnx]+)\)/.exec(source);
  if (inline) {
    body = source.slice(inline[0].length);
    for (const flag of "ims") if (inline[1]!.includes(flag)) flags += flag;
  }
  body = body.replace(/\\(.)/gs, (whole, char: string) =>
    char === "A" ? "^" : char === "z" || char === "Z" ? "$" : whole,
  );
  try {
    const regex = new RegExp(body, flags);
    return (name) => regex.test(name);
  } catch {
    throw unknown(`Invalid regular expression: ${source}`);
  }
}

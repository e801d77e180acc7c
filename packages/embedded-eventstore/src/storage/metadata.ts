import { DELETED, type StreamRules } from "./types.ts";

/**
 * Stream metadata: reading the system keys of a `$metadata` event and rewriting `$tb` when a deleted stream comes
 * back (spec 3.3, 3.4). Numbers are taken from the text of the JSON, because int64 max does not fit a double.
 */

export const NO_RULES: StreamRules = { maxCount: undefined, maxAgeMs: undefined, truncateBefore: undefined };

const INT64_MAX = 9223372036854775807n;

/** The text that a soft delete writes. */
export const DELETED_METADATA = Buffer.from(`{"$tb":${INT64_MAX}}`);

/** A number as its source text; every other JSON value stays what it is. */
class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type JsonObject = Record<string, unknown>;

function parseKeepingNumbers(data: Uint8Array): JsonObject | undefined {
  let text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8");
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
  try {
    const value: unknown = JSON.parse(text, ((_key: string, entry: unknown, context?: { source?: string }) =>
      typeof entry === "number" ? new NumberText(context?.source ?? String(entry)) : entry) as Parameters<
      typeof JSON.parse
    >[1]);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof NumberText);
}

/** An int64 out of a JSON value; undefined when it is none. */
function int64(value: unknown): bigint | undefined {
  if (!(value instanceof NumberText) || !/^-?\d+$/.test(value.text)) return undefined;
  const number = BigInt(value.text);
  return number <= INT64_MAX && number >= -INT64_MAX - 1n ? number : undefined;
}

const ACL_KEYS = ["$r", "$w", "$d", "$mr", "$mw"];

function isRoles(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && value.every((role) => typeof role === "string"));
}

function isAcl(value: unknown): boolean {
  return isObject(value) && ACL_KEYS.every((key) => value[key] === undefined || isRoles(value[key]));
}

/**
 * The rules in force from the last event of a metastream.
 * Takes its data and whether it is JSON. Any invalid system value empties the whole metadata; counts that are not positive are
 * ignored one by one.
 */
export function parseRules(data: Uint8Array, isJson: boolean): StreamRules {
  const json = isJson ? parseKeepingNumbers(data) : undefined;
  if (!json) return NO_RULES;
  const numbers: Record<string, bigint | undefined> = {};
  for (const key of ["$maxCount", "$maxAge", "$tb", "$cacheControl"]) {
    if (!Object.hasOwn(json, key)) continue;
    numbers[key] = int64(json[key]);
    if (numbers[key] === undefined) return NO_RULES;
  }
  if (Object.hasOwn(json, "$tmp") && typeof json["$tmp"] !== "boolean") return NO_RULES;
  if (Object.hasOwn(json, "$acl") && !isAcl(json["$acl"])) return NO_RULES;
  const { $maxCount, $maxAge, $tb } = numbers;
  return {
    maxCount: $maxCount !== undefined && $maxCount > 0n ? toSafe($maxCount) : undefined,
    maxAgeMs: $maxAge !== undefined && $maxAge > 0n ? toSafe($maxAge * 1000n) : undefined,
    truncateBefore: $tb === undefined || $tb < 0n ? undefined : $tb === INT64_MAX ? DELETED : toSafe($tb),
  };
}

/** Large values only need to stay large; they must not collide with the mark of a deleted stream. */
function toSafe(value: bigint): number {
  return value >= BigInt(DELETED) ? DELETED - 1 : Number(value);
}

/**
 * The metadata with `$tb` set to `truncateBefore`, everything else as it was; undefined when it is no JSON object
 * (a real node then leaves the metadata alone).
 */
export function withTruncateBefore(data: Uint8Array, truncateBefore: number): Buffer | undefined {
  const json = parseKeepingNumbers(data);
  if (!json) return undefined;
  json["$tb"] = new NumberText(String(truncateBefore));
  const rawJSON = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
  return Buffer.from(
    JSON.stringify(json, (_key, value: unknown) => (value instanceof NumberText ? rawJSON(value.text) : value)),
  );
}

/** The metastream that governs a stream. */
export function metastreamOf(stream: string): string {
  return `$$${stream}`;
}

export function isMetastream(stream: string): boolean {
  return stream.startsWith("$$");
}

/** The stream that a metastream governs. */
export function governedBy(metastream: string): string {
  return metastream.slice(2);
}

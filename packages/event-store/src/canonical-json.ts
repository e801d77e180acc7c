/**
 * The one text of a JSON value (RFC 8785): members sorted by UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them. Equal values give equal texts, so hashes over it survive a trip through any JSON parser.
 *
 * Takes null, booleans, finite numbers, strings without lone surrogates, arrays and plain objects of these. Members whose
 * value is `undefined` are left out. Anything else (bigint, NaN, dates, functions, holes) throws TypeError: a value that a
 * parser would give back differently must not be hashed.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
      // -0 is written as 0, as RFC 8785 asks
      return String(value === 0 ? 0 : value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
    default:
      throw new TypeError(`a ${typeof value} has no JSON form`);
  }
}

function canonicalArray(values: readonly unknown[]): string {
  let text = "[";
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += ",";
    text += canonicalJson(values[index]);
  }
  return `${text}]`;
}

function canonicalObject(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError("only plain objects have a canonical JSON form");
  const record = value as Record<string, unknown>;
  let text = "";
  for (const { name, quotedName } of membersOf(Object.keys(record))) {
    const member = record[name];
    if (member === undefined) continue;
    text += (text === "" ? "{" : ",") + quotedName + canonicalJson(member);
  }
  return text === "" ? "{}" : `${text}}`;
}

interface Member {
  readonly name: string;
  /** the name as it is written, colon included */
  readonly quotedName: string;
}

/** Objects of one kind have the same members over and over: their order and texts are worked out once. */
const knownShapes = new Map<string, readonly Member[]>();
/** What comes from outside may have any members; beyond so many kinds none is kept. */
const MOST_SHAPES = 2_000;

function membersOf(names: readonly string[]): readonly Member[] {
  // A lone surrogate between the names: no well-formed name holds one, so two lists of names never read the same.
  const shape = names.join("\ud800");
  const known = knownShapes.get(shape);
  if (known !== undefined && known.length === names.length) return known;
  const members = names.toSorted().map((name) => ({ name, quotedName: `${quoted(name)}:` }));
  if (known === undefined && knownShapes.size < MOST_SHAPES) knownShapes.set(shape, members);
  return members;
}

/** JSON.stringify escapes lone surrogates, which other parsers and Postgres refuse; they are refused here first. */
function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("a lone surrogate has no JSON form");
  return JSON.stringify(text);
}

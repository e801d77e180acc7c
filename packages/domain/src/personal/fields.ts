import { contactPersonalFields } from "./contact-fields.ts";
import { directoryPersonalFields } from "./directory-fields.ts";
import type { OwnerRule } from "./owner.ts";
import { ticketPersonalFields } from "./ticket-fields.ts";
import { trustPersonalFields } from "./trust-fields.ts";

/**
 * Every text of an event's data, one way or the other. Paths are members joined by `/`, `*` stands for the places of an
 * array, a `/**` at the end for everything below. `personal` names the fields that are encrypted and whose they are; `plain`
 * those that are not, with everybody's reasons in docs/privacy.md. Closed sets (enumerations) need no entry.
 */
export interface FieldsOfEvent {
  readonly personal: Readonly<Record<string, OwnerRule>>;
  readonly plain: readonly string[];
}

/** What is personal in the data of each type of event; a test holds it against the schemas. */
export const personalFields: Readonly<Record<string, FieldsOfEvent>> = {
  ...ticketPersonalFields,
  ...contactPersonalFields,
  ...directoryPersonalFields,
  ...trustPersonalFields,
};

/** A personal field of a type, its path taken apart. */
export interface PersonalField {
  readonly path: readonly string[];
  readonly rule: OwnerRule;
}

const prepared: ReadonlyMap<string, readonly PersonalField[]> = new Map(
  Object.entries(personalFields).map(([type, { personal }]) => [
    type,
    Object.entries(personal).map(([path, rule]) => ({ path: path.split("/"), rule })),
  ]),
);
const none: readonly PersonalField[] = [];

/** The personal fields of a type of event; none for a type that is not known. */
export function personalFieldsOf(type: string): readonly PersonalField[] {
  return prepared.get(type) ?? none;
}

/** A place in an event's data that a personal field names. */
export interface Leaf {
  readonly parent: Record<string, unknown>;
  readonly key: string;
  /** from the data, as JSON Pointer has it: `/attachments/0/name` */
  readonly pointer: string;
}

/** Visits the places that a path names in some data; what is missing or null on the way is left out. */
export function visitLeaves(data: unknown, path: readonly string[], visit: (leaf: Leaf) => void): void {
  walk(data, path, 0, "", visit);
}

function walk(value: unknown, path: readonly string[], at: number, pointer: string, visit: (leaf: Leaf) => void): void {
  if (typeof value !== "object" || value === null) return;
  const step = path[at] ?? "";
  const parent = value as Record<string, unknown>;
  if (step === "*") {
    if (Array.isArray(value)) for (const key of value.keys()) next(parent, String(key), path, at, pointer, visit);
  } else if (parent[step] !== undefined && parent[step] !== null) next(parent, step, path, at, pointer, visit);
}

function next(
  parent: Record<string, unknown>,
  key: string,
  path: readonly string[],
  at: number,
  pointer: string,
  visit: (leaf: Leaf) => void,
): void {
  const here = `${pointer}/${key}`;
  if (at === path.length - 1) visit({ parent, key, pointer: here });
  else walk(parent[key], path, at + 1, here, visit);
}

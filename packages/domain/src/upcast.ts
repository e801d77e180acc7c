import { allEvents } from "./definitions.ts";

/** Turns an event's data of one version into data of the next. Pure. */
export type Upcaster = (data: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** By event type, then by the version that is turned into the next one. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Upcaster>>>>;

/** What version 1 says is said the same way in version 2, which may say more. */
function asItIs(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...data };
}

/**
 * Every change of a schema since the first event was written. When a schema changes, its version goes up by one and the way
 * from the old version is added here; golden/ keeps an example of every version ever written.
 */
export const upcasters: Upcasters = {
  // version 2 may say why a day is as it is
  CalendarDefined: { 1: asItIs },
  CalendarRevised: { 1: asItIs },
};

/** An event that this version of the product cannot read: it was written by a newer one, or its way here is missing. */
export class UnreadableEvent extends Error {
  override readonly name = "UnreadableEvent";
}

/**
 * An event's data as of the current version of its schema. Takes the type, the version that it was written with and the data;
 * gives the data itself when nothing changed since. A type that is not known is given back as it is. Throws UnreadableEvent
 * for a version newer than the current one and for a gap in the upcasters.
 */
export function upcast(
  type: string,
  version: number,
  data: Readonly<Record<string, unknown>>,
  registry: Upcasters = upcasters,
  current: number = allEvents.get(type)?.version ?? version,
): Readonly<Record<string, unknown>> {
  if (version > current) throw new UnreadableEvent(`${type}: version ${version} is newer than ${current}`);
  let result = data;
  for (let from = version; from < current; from++) {
    const step = registry[type]?.[from];
    if (!step) throw new UnreadableEvent(`${type}: no way from version ${from} to ${from + 1}`);
    result = step(result);
  }
  return result;
}

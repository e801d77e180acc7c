import type { Values } from "./values.ts";

const key = (place: string): string => `docket.form.${place}`;

/** What was typed into a form of this tab and not saved yet. */
export function keptValues(place: string): Values {
  try {
    return JSON.parse(sessionStorage.getItem(key(place)) ?? "{}") as Values;
  } catch {
    return {};
  }
}

export const keepValues = (place: string, values: Values): void =>
  sessionStorage.setItem(key(place), JSON.stringify(values));
export const forgetKept = (place: string): void => sessionStorage.removeItem(key(place));

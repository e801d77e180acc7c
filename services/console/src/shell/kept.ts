/**
 * What the console keeps in this browser for the sake of whoever works here: lists as they last stood, drafts. Lists are few and
 * young; all of it is dropped when somebody signs out, whoever it belongs to, for the next one here may be somebody else.
 */
const personal = ["docket.queue.", "docket.draft.", "docket.phone.", "docket.portal."];
const most = 8;
const longestMs = 12 * 3_600_000;

const ages = "docket.queue-ages";

function agesNow(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(ages) ?? "{}") as Record<string, number>;
  } catch {
    return {};
  }
}

/** Keeps a text under a place; the oldest make room. A full or forbidden storage loses it, which does no harm. */
export function keepForAccount(prefix: string, place: string, text: string): void {
  try {
    const known = { ...agesNow(), [prefix + place]: Date.now() };
    const order = Object.entries(known).toSorted(([, a], [, b]) => b - a);
    for (const [key] of order.slice(most)) localStorage.removeItem(key);
    localStorage.setItem(prefix + place, text);
    localStorage.setItem(ages, JSON.stringify(Object.fromEntries(order.slice(0, most))));
  } catch {
    localStorage.removeItem(prefix + place);
  }
}

/** What was kept under a place in the last hours. */
export function keptForAccount(prefix: string, place: string): string | null {
  const key = prefix + place;
  const at = agesNow()[key];
  if (at === undefined || Date.now() - at > longestMs) {
    localStorage.removeItem(key);
    return null;
  }
  return localStorage.getItem(key);
}

const keys = (): string[] => Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");

/** Texts that were begun on this machine and not sent. */
export const draftCount = (): number => keys().filter((key) => key.startsWith("docket.draft.")).length;

/** Drops everything that belongs to people. */
export function forgetPersonal(): void {
  for (const key of keys()) if (personal.some((each) => key.startsWith(each))) localStorage.removeItem(key);
  localStorage.removeItem(ages);
}

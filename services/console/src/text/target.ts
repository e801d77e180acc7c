import type { Say } from "./keys.ts";

/** Is this a promise as it is typed: `30m`, `4h`, `1h30m`, `3d`? */
export const isTarget = (said: string): boolean => /^(?:\d{1,4}d|(?=\d)(?:\d{1,5}h)?(?:\d{1,6}m)?)$/u.test(said);

/** A promise in words: `30 м`, `4 ч`, `1 ч 30 м`, `3 рабочих дня`. Takes it as it is typed; what is no promise stays as it is. */
export function targetWords(said: string, t: Say): string {
  const days = /^(\d+)d$/u.exec(said)?.[1];
  if (days !== undefined) return t("side.targetDays", { count: Number(days) });
  const [, hours, minutes] = /^(?:(\d+)h)?(?:(\d+)m)?$/u.exec(said) ?? [];
  const parts = [
    ...(hours === undefined ? [] : [t("side.targetHours", { hours })]),
    ...(minutes === undefined ? [] : [t("side.targetMinutes", { minutes })]),
  ];
  return parts.length === 0 ? said : parts.join(" ");
}

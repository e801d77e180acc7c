/** Is this a promise as it is typed: `30m`, `4h`, `1h30m`, `3d`? */
export const isTarget = (said: string): boolean => /^(?:\d{1,4}d|(?=\d)(?:\d{1,5}h)?(?:\d{1,6}m)?)$/u.test(said);

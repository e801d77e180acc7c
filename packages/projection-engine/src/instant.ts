/** Digits of the one form in which facts carry instants: 2024-04-26T12:00:00.000Z. */
const digitPlaces = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20, 21, 22];

/**
 * Milliseconds since the epoch of an instant as facts carry it (UTC, milliseconds). Throws RangeError for anything else. Facts
 * hold a dozen instants each, and the runtime's own reading of dates costs more than all the rest of their folding.
 */
export function instantOf(text: string): number {
  if (text.length !== 24 || text.charCodeAt(23) !== 90 || text.charCodeAt(10) !== 84) return slowly(text);
  for (const place of digitPlaces) {
    const code = text.charCodeAt(place);
    if (code < 48 || code > 57) return slowly(text);
  }
  const two = (place: number): number => text.charCodeAt(place) * 10 + text.charCodeAt(place + 1) - 528;
  const [month, day, hour, minute, second] = [two(5), two(8), two(11), two(14), two(17)];
  if (month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59) return slowly(text);
  // days since 1970-03-01 of the civil calendar, with years that begin in March
  const year = two(0) * 100 + two(2) - (month <= 2 ? 1 : 0);
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const days =
    year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - 719_468;
  return (
    days * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1_000 + two(20) * 10 + text.charCodeAt(22) - 48
  );
}

/** Anything unusual (the last days of a month among it: are there so many?) is left to the runtime. */
function slowly(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`not an instant: ${text}`);
  return ms;
}

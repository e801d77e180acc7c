/**
 * An independent, slow reading of the rules: it asks the runtime for a zone's offset by another way than the package,
 * maps every bound by definition, paints every second of a window, and counts painted seconds.
 */
export interface OracleCalendar {
  readonly tz: string;
  readonly week: readonly (readonly (readonly [string, string])[])[];
  readonly nonWorking: readonly string[];
  readonly declared: ReadonlyMap<string, readonly (readonly [string, string])[]>;
  readonly shortened: ReadonlyMap<string, number>;
}

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Seconds a zone is ahead of UTC at an instant (seconds), from the runtime's "GMT+03:00". */
export function oracleOffset(tz: string, second: number): number {
  let format = formats.get(tz);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: tz, timeZoneName: "longOffset" });
    formats.set(tz, format);
  }
  const name = format.formatToParts(second * 1_000).find((part) => part.type === "timeZoneName")?.value ?? "";
  const parts = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name);
  if (!parts) throw new Error(`offset ${name}`);
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = parts;
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * (sign === "-" ? -1 : 1);
}

/** The spans of one offset that cover [from, to), seconds. */
export function oracleSegments(tz: string, from: number, to: number): Segment[] {
  const segments: Segment[] = [];
  let start = from;
  let offset = oracleOffset(tz, from);
  for (let hour = from; hour < to; hour += 3_600) {
    if (oracleOffset(tz, hour + 3_600) === offset) continue;
    let second = hour;
    while (oracleOffset(tz, second) === offset) second += 1_800;
    second -= 1_800;
    while (oracleOffset(tz, second) === offset) second += 60;
    second -= 60;
    while (oracleOffset(tz, second) === offset) second += 1;
    segments.push({ from: start, to: second, offset });
    start = second;
    offset = oracleOffset(tz, hour + 3_600);
  }
  segments.push({ from: start, to: Infinity, offset });
  return segments;
}

/** The instant of a wall time (seconds, written as if UTC), by definition. */
function instantOf(segments: readonly Segment[], wall: number): number {
  for (const [i, segment] of segments.entries()) {
    const instant = wall - segment.offset;
    if ((i === 0 || instant >= segment.from) && instant < segment.to) return instant;
    const next = segments[i + 1];
    // In a gap: past the end of this offset, and not yet begun by the next one.
    if (next && instant >= segment.to && wall - next.offset < next.from) return instant;
  }
  throw new Error("no instant");
}

const dateText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Painted seconds of a window that starts at `origin` (seconds): 1 works, 0 does not. */
export function paint(calendar: OracleCalendar, origin: number, length: number): Uint8Array {
  const painted = new Uint8Array(length);
  const segments = oracleSegments(calendar.tz, origin - 5 * 86_400, origin + length + 5 * 86_400);
  const firstDay = Math.floor(origin / 86_400) - 3;
  const lastDay = Math.ceil((origin + length) / 86_400) + 2;
  for (let day = firstDay; day <= lastDay; day++) {
    const date = dateText(day);
    const weekday = (new Date(day * 86_400_000).getUTCDay() + 6) % 7;
    const declared = calendar.declared.get(date);
    const hours = declared ?? (calendar.nonWorking.includes(date) ? [] : (calendar.week[weekday] ?? []));
    // The day's working minutes, one by one; the cut takes the last of them.
    const minutes: { readonly at: number; readonly part: number }[] = [];
    [...hours]
      .sort((a, b) => minuteOf(a[0]) - minuteOf(b[0]))
      .forEach(([from, to], part) => {
        const start = minuteOf(from);
        const end = minuteOf(to) <= start ? minuteOf(to) + 1440 : minuteOf(to);
        for (let at = start; at < end; at++) minutes.push({ at, part });
      });
    minutes.length -= Math.min(minutes.length, calendar.shortened.get(date) ?? 0);
    for (const part of new Set(minutes.map((minute) => minute.part))) {
      const own = minutes.filter((minute) => minute.part === part).map((minute) => minute.at);
      const start = instantOf(segments, day * 86_400 + Math.min(...own) * 60);
      const end = instantOf(segments, day * 86_400 + (Math.max(...own) + 1) * 60);
      if (end > start) painted.fill(1, Math.max(0, start - origin), Math.max(0, end - origin));
    }
  }
  return painted;
}

/** Takes the pauses out of what is painted (seconds; an open one runs to the window's end). */
export function unpaint(
  painted: Uint8Array,
  origin: number,
  pauses: readonly { readonly from: number; readonly to: number | null }[],
): Uint8Array {
  const left = painted.slice();
  for (const { from, to } of pauses) {
    const end = to ?? Infinity;
    if (end > from) left.fill(0, Math.max(0, from - origin), Math.max(0, Math.min(end - origin, left.length)));
  }
  return left;
}

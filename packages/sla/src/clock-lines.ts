import { z } from "zod";
import { parseCalendar } from "./calendar.ts";
import type { Calendar } from "./calendar.ts";
import { compileCalendar } from "./compile.ts";
import { formatInstant, parseInstant } from "./instant.ts";
import type { Pause } from "./pauses.ts";
import { refusal, success } from "./result.ts";
import type { Result, SlaError } from "./result.ts";
import { recentlyUsed } from "./recent.ts";
import { errorText } from "./texts.ts";
import { MAX_INSTANT } from "./timeline.ts";
import { addWorkingTime, workingTimeBetween } from "./working-time.ts";

/** Longest line that is read; a calendar at its limits takes less than half of it. */
export const MAX_LINE = 1_000_000;
const MAX_PAUSES = 100_000;

const lineSchema = z.object({
  id: z.union([z.string().max(1_000), z.number()]).optional(),
  calendar: z.unknown(),
  op: z.string().max(100),
  start: z.string().max(100),
  end: z.string().max(100).optional(),
  amountSeconds: z.number().optional(),
  pauses: z
    .array(z.tuple([z.string().max(100), z.string().max(100).nullable()]))
    .max(MAX_PAUSES)
    .optional(),
});

type ClockLineId = string | number | null;

/** One line's answer, or why there is none. `line` counts from 1. */
export type ClockAnswer =
  | { readonly id: ClockLineId; readonly answer: string | number | null }
  | {
      readonly id: ClockLineId;
      readonly error: { readonly code: string; readonly message: string; readonly line: number };
    };

function readPauses(pauses: readonly (readonly [string, string | null])[]): Result<Pause[]> {
  const read: Pause[] = [];
  for (const [index, [fromText, toText]] of pauses.entries()) {
    const from = parseInstant(fromText, `pauses.${index}.0`);
    if (!from.ok) return from;
    if (toText === null) {
      read.push({ from: from.value, to: null });
      continue;
    }
    const to = parseInstant(toText, `pauses.${index}.1`);
    if (!to.ok) return to;
    read.push({ from: from.value, to: to.value });
  }
  return success(read);
}

function answerTo(line: z.output<typeof lineSchema>, calendar: Calendar): Result<string | number | null> {
  const start = parseInstant(line.start, "start");
  if (!start.ok) return start;
  const pauses = readPauses(line.pauses ?? []);
  if (!pauses.ok) return pauses;
  const compiled = compileCalendar(calendar);
  if (line.op === "add") {
    const amount = line.amountSeconds;
    if (amount === undefined || amount < 0 || amount * 1_000 > MAX_INSTANT) {
      return refusal("amount_invalid", "amountSeconds", { amount: amount ?? "" });
    }
    const due = addWorkingTime(compiled, start.value, Math.round(amount * 1_000), pauses.value);
    return success(due === null ? null : formatInstant(due));
  }
  if (line.op === "between") {
    const end = parseInstant(line.end ?? "", "end");
    if (!end.ok) return end;
    return success(workingTimeBetween(compiled, start.value, end.value, pauses.value) / 1_000);
  }
  return refusal("operation_unknown", "op", { op: line.op });
}

/**
 * Answers cases of the business-time format one line at a time. Takes raw lines, null for one that was too long to be
 * read; gives the answer or a coded error for that line, null for an empty one. Calendars seen before are kept (the 64
 * last texts), since cases repeat them.
 */
export function clockAnswerer(): (text: string | null) => ClockAnswer | null {
  const calendars = recentlyUsed<Result<Calendar>>(64);
  let number = 0;

  function calendarOf(value: unknown): Result<Calendar> {
    try {
      return calendars(JSON.stringify(value ?? null), () => parseCalendar(value));
    } catch {
      // Nested deeper than the stack: no calendar is.
      return refusal("calendar_shape_invalid");
    }
  }

  return (text) => {
    number++;
    const line = number;
    const refuse = (id: ClockLineId, error: SlaError): ClockAnswer => ({
      id,
      error: { code: error.code, message: errorText(error, "en"), line },
    });
    if (text === null) return refuse(null, { code: "line_too_long", path: "", params: { limit: MAX_LINE } });
    if (text.trim() === "") return null;
    let json: unknown;
    try {
      json = JSON.parse(line === 1 ? text.replace(/^\uFEFF/, "") : text);
    } catch {
      return refuse(null, { code: "line_not_json", path: "", params: {} });
    }
    const rawId = typeof json === "object" && json !== null && "id" in json ? json.id : null;
    const id = typeof rawId === "string" || typeof rawId === "number" ? rawId : null;
    const parsed = lineSchema.safeParse(json);
    if (!parsed.success) {
      const path = parsed.error.issues[0]?.path.join(".") ?? "";
      return refuse(id, { code: "line_shape_invalid", path, params: {} });
    }
    const calendar = calendarOf(parsed.data.calendar);
    if (!calendar.ok) {
      const [first] = calendar.errors;
      return refuse(id, { ...first, path: first.path === "" ? "calendar" : `calendar.${first.path}` });
    }
    const answer = answerTo(parsed.data, calendar.value);
    return answer.ok ? { id, answer: answer.value } : refuse(id, answer.errors[0]);
  };
}

/**
 * Cuts decoded text into lines, holding no more than one line. A line above `MAX_LINE` characters is given as null and
 * not kept. The last line needs no line break.
 */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string | null> {
  let pending = "";
  let tooLong = false;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", from)) {
      const line = pending + chunk.slice(from, end);
      yield tooLong || line.length > MAX_LINE ? null : line;
      pending = "";
      tooLong = false;
      from = end + 1;
    }
    if (!tooLong) pending += chunk.slice(from);
    if (pending.length > MAX_LINE) {
      pending = "";
      tooLong = true;
    }
  }
  if (tooLong) yield null;
  else if (pending !== "") yield pending;
}

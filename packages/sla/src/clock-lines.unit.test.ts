import { describe, expect, it } from "vitest";
import { MAX_LINE, clockAnswerer, linesOf } from "./clock-lines.ts";
import { formatInstant, parseInstant } from "./instant.ts";

const calendar = { tz: "Europe/Moscow", weeklyHours: { mon: [["09:00", "18:00"]] } };
const good = { id: "1", calendar, op: "add", start: "2026-03-16T09:00:00+03:00", amountSeconds: 60, pauses: [] };

function answer(change: object): unknown {
  return clockAnswerer()(JSON.stringify({ ...good, ...change }));
}

async function* chunksOf(...chunks: string[]): AsyncGenerator<string> {
  yield* chunks;
}

async function collect(lines: AsyncIterable<string | null>): Promise<(string | null)[]> {
  const all: (string | null)[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe("an instant", () => {
  it.each([
    ["2026-03-16T09:00:00+03:00", "2026-03-16T06:00:00Z"],
    ["2026-03-16T09:00+0300", "2026-03-16T06:00:00Z"],
    ["2026-03-16T24:00:00Z", "2026-03-17T00:00:00Z"],
    ["2026-03-16t09:00:00.5z", "2026-03-16T09:00:00.500Z"],
    ["2026-03-16T09:00:00.123999-05:30", "2026-03-16T14:30:00.123Z"],
    ["1969-12-31T23:59:59-00:00", "1969-12-31T23:59:59Z"],
  ])("%s", (text, expected) => {
    const read = parseInstant(text);
    expect(read.ok && formatInstant(read.value)).toBe(expected);
  });

  it.each([
    "2026-03-16T09:00:00",
    "2026-03-16",
    "2026-02-30T00:00:00Z",
    "2026-03-16T25:00:00Z",
    "2026-03-16T24:00:01Z",
    "",
  ])("refused: %j", (text) => expect(parseInstant(text)).toMatchObject({ errors: [{ code: "instant_invalid" }] }));
});

describe("a line", () => {
  it("is answered, whatever the id's form", () => {
    expect(answer({})).toEqual({ id: "1", answer: "2026-03-16T06:01:00Z" });
    expect(answer({ id: 7 })).toEqual({ id: 7, answer: "2026-03-16T06:01:00Z" });
    expect(answer({ id: undefined, pauses: undefined, tags: ["x"] })).toEqual({
      id: null,
      answer: "2026-03-16T06:01:00Z",
    });
  });

  it("writes parts of a second only where there are any", () => {
    expect(answer({ amountSeconds: 0.25 })).toEqual({ id: "1", answer: "2026-03-16T06:00:00.250Z" });
    expect(answer({ op: "between", end: "2026-03-16T09:00:01.5+03:00" })).toEqual({ id: "1", answer: 1.5 });
  });

  it.each([
    ["instant_invalid", { start: "yesterday" }],
    ["instant_invalid", { op: "between" }],
    ["instant_invalid", { pauses: [["2026-03-16", null]] }],
    ["instant_invalid", { pauses: [["2026-03-16T09:00:00Z", "x"]] }],
    ["amount_invalid", { amountSeconds: -1 }],
    ["amount_invalid", { amountSeconds: undefined }],
    ["amount_invalid", { amountSeconds: 1e300 }],
    ["operation_unknown", { op: "subtract" }],
    ["line_shape_invalid", { pauses: [[1, 2]] }],
    ["line_shape_invalid", { start: 5 }],
    ["calendar_zone_unknown", { calendar: { ...calendar, tz: "Nowhere" } }],
    ["calendar_shape_invalid", { calendar: null }],
  ])("is refused with %s", (code, change) => {
    expect(answer(change)).toMatchObject({ id: "1", error: { code, line: 1 } });
  });

  it("that is no JSON, or no object, is refused with its number", () => {
    const next = clockAnswerer();
    expect(next("{")).toMatchObject({ id: null, error: { code: "line_not_json", line: 1 } });
    expect(next("")).toBeNull();
    expect(next("[]")).toMatchObject({ id: null, error: { code: "line_shape_invalid", line: 3 } });
    expect(next(null)).toMatchObject({ id: null, error: { code: "line_too_long", line: 4 } });
    expect(next("null")).toMatchObject({ error: { code: "line_shape_invalid", line: 5 } });
    expect(next(JSON.stringify(good))).toEqual({ id: "1", answer: "2026-03-16T06:01:00Z" });
  });

  it("nested without end is refused", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const line = `{"id":1,"op":"add","start":"2026-03-16T09:00:00Z","calendar":{"tz":${deep}}}`;
    expect(clockAnswerer()(line)).toMatchObject({ error: { line: 1 } });
  });

  it("may begin with a byte order mark and end with a carriage return", () => {
    expect(clockAnswerer()(`\uFEFF${JSON.stringify(good)}\r`)).toMatchObject({ answer: "2026-03-16T06:01:00Z" });
  });
});

describe("text is cut into lines", () => {
  it("across chunks, the last without a line break", async () => {
    expect(await collect(linesOf(chunksOf("a", "b\nc", "\n", "\nd")))).toEqual(["ab", "c", "", "d"]);
  });

  it("and a line beyond the limit is given up, not kept", async () => {
    const half = "x".repeat(MAX_LINE / 2 + 1);
    expect(await collect(linesOf(chunksOf("a\n", half, half, half, "\nb")))).toEqual(["a", null, "b"]);
    expect(await collect(linesOf(chunksOf(half, half)))).toEqual([null]);
    expect(await collect(linesOf(chunksOf(`${half}${half}\nc\n`)))).toEqual([null, "c"]);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("./clock-cli.ts", import.meta.url));
const file = fileURLToPath(new URL("../test-data/business-time.jsonl", import.meta.url));
const given = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as { id: string; expected: unknown });

async function run(args: readonly string[], input = ""): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args]);
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
}

describe("docket clock", () => {
  it("answers the given cases from a file, in order", async () => {
    const { code, out } = await run([file]);
    expect(code).toBe(0);
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(given.map(({ id, expected }) => ({ id, answer: expected })));
  });

  it("reads standard input, answers what it can and ends with 1 when a line was bad", async () => {
    const first = readFileSync(file, "utf8").split("\n")[0] ?? "";
    const { code, out } = await run([], `${first}\nnonsense\n${first}`);
    expect(code).toBe(1);
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { id: "001", answer: "2026-03-16T06:00:00Z" },
      { id: null, error: { code: "line_not_json", message: "The line is not JSON", line: 2 } },
      { id: "001", answer: "2026-03-16T06:00:00Z" },
    ]);
  });

  it("answers each line while the input stays open", async () => {
    const child = spawn(process.execPath, [program]);
    child.stdin.write(`${readFileSync(file, "utf8").split("\n")[0]}\n`);
    const [answer] = (await once(child.stdout, "data")) as [Buffer];
    expect(answer.toString()).toBe('{"id":"001","answer":"2026-03-16T06:00:00Z"}\n');
    child.stdin.end();
    await once(child, "close");
  });

  it("explains itself, and refuses what it does not know", async () => {
    expect(await run(["--help"])).toMatchObject({ code: 0, err: "" });
    expect((await run(["--help"])).out).toContain("Usage: docket clock [FILE]");
    expect(await run(["--fast"])).toMatchObject({ code: 2, out: "" });
    expect(await run(["no-such-file.jsonl"])).toMatchObject({ code: 2, out: "" });
  });
});

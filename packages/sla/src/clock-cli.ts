/** `scripts/docket clock [FILE]`: the one file of this room that reads and writes; its rules are in `clock-lines.ts`. */
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { clockAnswerer, linesOf } from "./clock-lines.ts";

const help = `Usage: docket clock [FILE]

Answers business-time cases, one JSON object a line, from FILE or, without one or with "-", from standard input:
  {"id":"1","calendar":{"tz":"Europe/Moscow","weeklyHours":{"mon":[["09:00","18:00"]]}},
   "op":"add","start":"2026-03-16T09:00:00+03:00","amountSeconds":60,"pauses":[]}
  op "add": the instant at which the working time since start, outside the pauses, reaches amountSeconds
  op "between": working seconds from start to end
Prints one line for each, in order: {"id":"1","answer":"2026-03-16T06:01:00Z"}; null where it never comes.
A line that cannot be answered gives {"id":"1","error":{"code","message","line"}}, and the exit code is 1 at the end.

  --help   this text
`;

/**
 * Writes what has gathered whenever the input pauses (whoever asks line by line gets each answer at once), in pieces of
 * some 64 KB at most, and waits for a slow reader.
 */
function batchedOutput(stream: NodeJS.WriteStream) {
  let waiting: string[] = [];
  let size = 0;
  async function flush(): Promise<void> {
    if (waiting.length === 0) return;
    const text = waiting.join("");
    waiting = [];
    size = 0;
    if (!stream.write(text)) await once(stream, "drain");
  }
  return {
    async line(text: string): Promise<void> {
      if (waiting.length === 0) setImmediate(() => void flush());
      waiting.push(`${text}\n`);
      size += text.length;
      if (size >= 65_536) await flush();
    },
    flush,
  };
}

async function run(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(help);
    return 0;
  }
  const unknown = args.find((arg) => arg.startsWith("-") && arg !== "-");
  if (unknown !== undefined || args.length > 1) {
    process.stderr.write(
      `docket clock: ${unknown === undefined ? "one FILE at most" : `unknown option ${unknown}`}\n${help}`,
    );
    return 2;
  }
  const file = args[0] ?? "-";
  const input = file === "-" ? process.stdin : createReadStream(file);
  input.setEncoding("utf8");
  const output = batchedOutput(process.stdout);
  const answer = clockAnswerer();
  let code = 0;
  try {
    for await (const line of linesOf(input)) {
      const answered = answer(line);
      if (answered === null) continue;
      if ("error" in answered) code = 1;
      await output.line(JSON.stringify(answered));
    }
  } catch (error) {
    await output.flush();
    process.stderr.write(`docket clock: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  await output.flush();
  return code;
}

// The reader went away (`| head`): nothing is left to do.
process.stdout.on("error", () => process.exit(0));
process.exitCode = await run(process.argv.slice(2));

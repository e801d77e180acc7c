/** One step of a walk: commands, and what they are to say. */
export interface WalkStep {
  /** line of the page at which the commands begin, from 1 */
  readonly line: number;
  readonly commands: string;
  /** exit code of the last command */
  readonly exit: number;
  /** what the output is to show; undefined: whatever */
  readonly expected: readonly string[] | undefined;
}

/**
 * The steps of a page that a reader repeats by copy and paste. A step is a block fenced as `sh`; the block fenced as `text` that
 * follows it is what it prints. Lines of that block must appear in the output in this order; others may stand between them
 * where the block has a line of `...`, and `...` within a line stands for any text. A step whose last command is to fail is fenced
 * as `sh exit=1`. Blocks fenced otherwise are for reading only.
 */
export function readWalk(page: string): WalkStep[] {
  const steps: WalkStep[] = [];
  const lines = page.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const fence = /^```(\w+)(?: (.*))?$/u.exec(lines[at] ?? "");
    if (fence === null) continue;
    const begin = at + 1;
    const end = lines.indexOf("```", begin);
    if (end < 0) throw new Error(`line ${at + 1}: the block does not end`);
    const block = lines.slice(begin, end);
    if (fence[1] === "sh") {
      const exit = Number(/\bexit=(\d+)/u.exec(fence[2] ?? "")?.[1] ?? 0);
      steps.push({ line: begin + 1, commands: block.join("\n"), exit, expected: undefined });
    } else if (fence[1] === "text") {
      const step = steps.at(-1);
      if (step === undefined) throw new Error(`line ${at + 1}: output without commands`);
      steps[steps.length - 1] = { ...step, expected: block };
    }
    at = end;
  }
  return steps;
}

/** The first expected line that the output does not show, in order; undefined when all is there. */
export function missingLine(expected: readonly string[], output: string): string | undefined {
  const lines = output.split("\n").map((line) => line.trimEnd());
  let at = 0;
  let anywhere = false;
  for (const wanted of expected) {
    if (wanted.trim() === "...") {
      anywhere = true;
      continue;
    }
    const pattern = patternOf(wanted);
    const found = anywhere ? lines.findIndex((line, place) => place >= at && pattern.test(line)) : at;
    if (found < 0 || !pattern.test(lines[found] ?? "")) return wanted;
    at = found + 1;
    anywhere = false;
  }
  return undefined;
}

function patternOf(line: string): RegExp {
  const parts = line
    .trimEnd()
    .split("...")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "u");
}

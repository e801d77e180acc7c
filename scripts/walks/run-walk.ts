import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../checks/run-tool.ts";
import { missingLine, readWalk, type WalkStep } from "./read-walk.ts";

/** The Docket that a page is walked on, in place of the reader's own. */
export interface WalkStage {
  /** where `npm start` keeps its data: stands for `.docket` */
  readonly data: string;
  /** where `mktemp` makes its folders */
  readonly scratch: string;
}

export interface WalkedStep extends WalkStep {
  readonly output: string;
  readonly code: number;
  /** what is not as the page says; undefined: all is */
  readonly fault: string | undefined;
}

const mark = "--walk-step--";

/**
 * Walks a page: runs its commands in one shell, one block after the other, as a reader would who pastes them, and holds what they
 * say against what the page says. All steps are run, whatever one of them says.
 */
export async function runWalk(page: string, stage: WalkStage): Promise<WalkedStep[]> {
  const steps = readWalk(readFileSync(join(root, page), "utf8"));
  const script = steps.map(({ commands }) => `${onStage(commands, stage)}\nprintf '\\n${mark}%s\\n' "$?"`).join("\n");
  const outputs = (await shell(script, stage)).split(new RegExp(`\\n${mark}(\\d+)\\n`, "u"));
  return steps.map((step, index) => {
    // what the launcher says where packages were changed by hand is no part of what a verb says
    const output = (outputs[index * 2] ?? "").replaceAll(/^docket: install(?:ing|ed) .*\n/gmu, "").replace(/\n$/u, "");
    const code = Number(outputs[index * 2 + 1] ?? -1);
    const missing = step.expected && missingLine(step.expected, output);
    const fault =
      code !== step.exit
        ? `exit code ${code} instead of ${step.exit}`
        : missing === undefined
          ? undefined
          : `does not say: ${missing}`;
    return { ...step, output, code, fault };
  });
}

/** The commands as they are on this stage: only where the data stand is another folder, the pages themselves ask for all else. */
const onStage = (commands: string, { data }: WalkStage): string =>
  commands.replaceAll(/(?<![\w./-])\.docket\b/gu, () => data);

function shell(script: string, { data, scratch }: WalkStage): Promise<string> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    DOCKET_DATA: data,
    TMPDIR: scratch,
    PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}`,
    LC_ALL: "C.UTF-8",
  };
  // addresses come from the data folder, as they do for a reader
  for (const name of ["EVENTSTORE_URL", "DATABASE_URL", "DOCKET_PUBLIC_URL"]) delete env[name];
  const child = spawn("bash", ["-s"], { cwd: root, env, stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk) => void (output += String(chunk)));
  child.stdin.end(`exec 2>&1\nscripts/docket --help > /dev/null 2>&1\n${script}\n`);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
}

/** What went otherwise than the page says, for a test to show. */
export function faultsOfWalk(walked: readonly WalkedStep[]): string[] {
  return walked.flatMap(({ line, commands, output, fault }) =>
    fault === undefined ? [] : [`line ${line}: ${fault}\n$ ${commands}\n${output}`],
  );
}

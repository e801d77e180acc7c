import { join } from "node:path";
import { root } from "../checks/run-tool.ts";

/** A program of the project that a supervisor can run as a process. */
export interface Program {
  readonly name: string;
  /** Its TypeScript file, from the project's folder. */
  readonly file: string;
  readonly args: readonly string[];
  /** Options of Node itself for this program. */
  readonly nodeArgs?: readonly string[];
  /** Asked for at every start: an address may have changed since the last one. */
  env(): NodeJS.ProcessEnv;
}

/** The program's file as an absolute path. */
export function programFile(program: Pick<Program, "file">): string {
  return join(root, ...program.file.split("/"));
}

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the whole project. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs a script of the project, or of a package that the project's own package.json names, under this same Node and waits
 * for its end. A package's own file is started, not a shell wrapper of `.bin`, so that no PATH and no other Node comes in.
 * `show` passes its output straight on.
 */
export async function runTool(
  tool: { readonly package?: string; readonly file: string },
  args: readonly string[],
  options: { readonly show?: boolean; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly code: number; readonly output: string }> {
  const file = join(root, ...(tool.package === undefined ? [] : ["node_modules", tool.package]), tool.file);
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    stdio: ["ignore", options.show ? "inherit" : "pipe", options.show ? "inherit" : "pipe"],
    env: { ...process.env, ...options.env },
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? (signal === null ? 1 : 130), output }));
  });
}

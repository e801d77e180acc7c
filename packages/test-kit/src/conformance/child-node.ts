import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "./self-signed.ts";
import type { NodeFactory, OwnNode } from "./types.ts";

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

/** Starts the process and resolves when it has printed that it serves; fails with its output when it ends before. */
const start = async (command: readonly string[], args: readonly string[]): Promise<ChildProcess> => {
  const [program, ...rest] = command;
  const child = spawn(program!, [...rest, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stderr.on("data", (chunk) => {
    output = `${output}${chunk}`.slice(-10_000);
  });
  await new Promise<void>((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`the node ended with ${code} before it was ready: ${output}`));
    child.once("error", reject);
    child.once("exit", ended);
    child.stdout.on("data", (chunk) => {
      output = `${output}${chunk}`.slice(-10_000);
      if (!/ready port=\d+/.test(output)) return;
      child.off("exit", ended);
      resolve();
    });
  });
  return child;
};

/**
 * A factory of nodes as child processes, each on a free port and in a new temporary folder. Takes the command that starts a
 * node; `--port`, `--data`, `--tls-cert`, `--tls-key` and `--max-append-size` are added, and `ready port=N` is awaited.
 */
export const childNodeFactory =
  (command: readonly string[]): NodeFactory =>
  async (options) => {
    const folder = mkdtempSync(join(tmpdir(), "docket-node-"));
    const port = await freePort();
    const args = ["--port", String(port), "--data", join(folder, "data")];
    let caFile: string | undefined;
    if (options.tls) {
      const { certificate, key } = selfSigned();
      caFile = join(folder, "node.crt");
      const keyFile = join(folder, "node.key");
      writeFileSync(caFile, certificate);
      writeFileSync(keyFile, key, { mode: 0o600 });
      args.push("--tls-cert", caFile, "--tls-key", keyFile);
    }
    if (options.maxAppendSize !== undefined) args.push("--max-append-size", String(options.maxAppendSize));
    let child: ChildProcess | undefined = await start(command, args);

    const end = async (signal: NodeJS.Signals): Promise<void> => {
      const running = child;
      child = undefined;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise((resolve) => running.once("exit", resolve));
      running.kill(signal);
      await gone;
    };
    const host = options.tls ? "localhost" : "127.0.0.1";
    const node: OwnNode = {
      url: `esdb://${host}:${port}?${caFile ? `tlsCAFile=${encodeURIComponent(caFile)}` : "tls=false"}`,
      host,
      port,
      caFile,
      get pid() {
        return child?.pid;
      },
      kill: () => end("SIGKILL"),
      stop: () => end("SIGTERM"),
      freeze: () => void child?.kill("SIGSTOP"),
      thaw: () => void child?.kill("SIGCONT"),
      async restart() {
        await end("SIGTERM");
        child = await start(command, args);
      },
      async dispose() {
        await end("SIGKILL");
        rmSync(folder, { recursive: true, force: true });
      },
    };
    return node;
  };

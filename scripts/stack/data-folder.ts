import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { processIdentity } from "@docket/postgres";
import { CodedError, sleep } from "@docket/service-kit";

/** A process together with what tells it from a later one that was given the same id. */
interface ProcessMark {
  readonly name: string;
  readonly pid: number;
  readonly identity: string | undefined;
}

/** What DATA/running.json holds while a stack runs: who, and where it can be reached. Read by the other verbs. */
export interface Running {
  readonly supervisor: ProcessMark;
  readonly children: readonly ProcessMark[];
  readonly urls: Readonly<Record<string, string>>;
}

export interface DataFolder {
  readonly path: string;
  /** A secret of this installation, made once; signs sessions and mail addresses. */
  readonly secret: string;
  /** Whether the demo data was loaded completely, in this run or an earlier one. */
  readonly hasDemo: boolean;
  markDemo(): void;
  noteProcess(name: string, pid: number): Promise<void>;
  noteUrls(urls: Readonly<Record<string, string>>): void;
  release(): void;
}

/**
 * Takes a data folder for this process alone, making it when it is missing. The lock is one of the operating system (an open
 * transaction on a small SQLite file), so it cannot outlive its holder, however that one ended. After a supervisor was
 * killed, what it left running is waited for (each process ends by itself when its supervisor has gone) and, after a
 * bound, killed.
 *
 * Errors: `data_in_use` while another supervisor lives; `data_not_writable`.
 */
export async function takeDataFolder(folder: string, onProgress: (line: string) => void): Promise<DataFolder> {
  const path = resolve(folder);
  const file = join(path, "running.json");
  const lock = takeLock(path, file);
  const before = read(file);
  if (before !== undefined) await awaitLeftovers(before, onProgress);
  let running: Running = { supervisor: await mark("supervisor", process.pid), children: [], urls: {} };
  let released = false;
  const save = (): void => {
    if (!released) replace(file, running);
  };
  save();
  return {
    path,
    secret: keepSecret(join(path, "secret")),
    get hasDemo() {
      return existsSync(join(path, "demo-loaded"));
    },
    markDemo: () => writeFileSync(join(path, "demo-loaded"), ""),
    async noteProcess(name, pid) {
      const child = await mark(name, pid);
      running = { ...running, children: [...running.children.filter((each) => each.name !== name), child] };
      save();
    },
    noteUrls(urls) {
      running = { ...running, urls };
      save();
    },
    release() {
      released = true;
      rmSync(file, { force: true });
      lock.close();
    },
  };
}

function takeLock(path: string, file: string): DatabaseSync {
  try {
    mkdirSync(path, { recursive: true });
    const lock = new DatabaseSync(join(path, "lock.sqlite"), { timeout: 0 });
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) {
      throw new CodedError("data_not_writable", `the data folder ${path} cannot be written`, { cause: error });
    }
    const other = read(file);
    const who = other === undefined ? "" : ` (process ${other.supervisor.pid})`;
    const where = other?.urls["public"] === undefined ? "" : ` and answers at ${other.urls["public"]}`;
    const advice = "Stop it, or choose another folder: --data DIR";
    throw new CodedError("data_in_use", `Docket${who} already runs on ${path}${where}. ${advice}`, { cause: error });
  }
}

const SQLITE_BUSY = 5;
const LEFTOVER_BOUND_MS = 15_000;

async function awaitLeftovers(other: Running, onProgress: (line: string) => void): Promise<void> {
  const deadline = performance.now() + LEFTOVER_BOUND_MS;
  for (let told = false; ; told = true) {
    const marks = await Promise.all(other.children.map(async (each) => ((await isSame(each)) ? [each] : [])));
    const alive = marks.flat();
    if (alive.length === 0) return;
    if (!told) onProgress(`waiting for what a killed Docket left: ${alive.map(({ name }) => name).join(", ")}`);
    if (performance.now() > deadline) for (const { pid } of alive) process.kill(pid, "SIGKILL");
    await sleep(50);
  }
}

async function mark(name: string, pid: number): Promise<ProcessMark> {
  return { name, pid, identity: await processIdentity(pid) };
}

async function isSame({ pid, identity }: ProcessMark): Promise<boolean> {
  return identity !== undefined && (await processIdentity(pid)) === identity;
}

function replace(file: string, running: Running): void {
  const fresh = `${file}.${randomUUID()}`;
  writeFileSync(fresh, JSON.stringify(running), { mode: 0o600 });
  renameSync(fresh, file);
}

/** What stands in the file; undefined when there is none, or none that can be read. */
function read(file: string): Running | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Running;
  } catch {
    return undefined;
  }
}

function keepSecret(file: string): string {
  const known = readIfAny(file)?.trim();
  if (known) return known;
  const secret = randomBytes(32).toString("base64url");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}

function readIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

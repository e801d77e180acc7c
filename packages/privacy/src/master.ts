import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CodedError } from "@docket/service-kit";
import { masterKeyWrong } from "./errors.ts";
import { unwrapKey, wrapKey } from "./seal.ts";

/**
 * What wraps the key store's own wrapping keys, from outside of the database: a file, a setting, or a key management
 * service. It is asked once when a process starts and once per rotation, never per field. Both may reject; `unwrap` with
 * `master_key_wrong` when the master key is not the one.
 */
export interface MasterKey {
  /** Wraps under the present master key; `id` tells which it was. */
  wrap(plain: Buffer, context: string): Promise<{ readonly id: string; readonly wrapped: Buffer }>;
  unwrap(id: string, wrapped: Buffer, context: string): Promise<Buffer>;
  /** Makes a new present key, where that is in our hands; the old one is kept until `retire`. */
  rotate?(): Promise<void>;
  /** Destroys every key but the present one. */
  retire?(): Promise<void>;
}

/**
 * The master key that a setting names: `file:PATH` (made when it is missing), `key:BASE64` (32 bytes), `command:PROGRAM ARG...`
 * or `http(s)://...` (see docs/privacy.md for what the last two are asked).
 */
export function masterKeyOf(setting: string): MasterKey {
  if (setting.startsWith("file:")) return fileMasterKey(setting.slice("file:".length));
  if (setting.startsWith("key:")) return givenMasterKey(setting.slice("key:".length));
  if (setting.startsWith("command:"))
    return askedMasterKey((request) => runCommand(setting.slice("command:".length).trim(), request));
  if (/^https?:\/\//.test(setting)) return askedMasterKey((request) => postTo(setting, request));
  throw new CodedError(
    "config_invalid",
    "DOCKET_MASTER_KEY wants file:PATH, key:BASE64, command:PROGRAM or an http(s) URL",
  );
}

interface KeyFile {
  readonly current: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** Keys in a file of JSON, readable by its owner only; several processes may start on a missing one, and agree. */
export function fileMasterKey(path: string): MasterKey {
  const read = async (): Promise<KeyFile> => {
    const text = await readFile(path, "utf8").catch(async (error: unknown) => {
      if ((error as { code?: unknown }).code !== "ENOENT") throw error;
      await make();
      return readFile(path, "utf8");
    });
    const file = JSON.parse(text) as KeyFile;
    if (keyIn(file, file.current) === undefined)
      throw new CodedError("master_key_invalid", `${path} holds no master key`);
    return file;
  };
  const keyIn = (file: KeyFile, id: string): Buffer | undefined => {
    const key = Buffer.from(file.keys[id] ?? "", "base64");
    return key.length === 32 ? key : undefined;
  };
  const aside = async (file: KeyFile): Promise<string> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const name = join(dirname(path), `.master-${randomBytes(6).toString("hex")}`);
    await writeFile(name, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flush: true });
    return name;
  };
  const make = async (): Promise<void> => {
    const id = randomBytes(8).toString("hex");
    const name = await aside({ current: id, keys: { [id]: randomBytes(32).toString("base64") } });
    // The first one wins; a link never replaces.
    await link(name, path).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== "EEXIST") throw error;
    });
    await rm(name, { force: true });
  };
  return {
    async wrap(plain, context) {
      const file = await read();
      return { id: file.current, wrapped: wrapKey(keyIn(file, file.current) as Buffer, context, plain) };
    },
    async unwrap(id, wrapped, context) {
      const key = keyIn(await read(), id);
      if (key === undefined) throw masterKeyWrong(id);
      return unwrapWith(key, id, wrapped, context);
    },
    async rotate() {
      const file = await read();
      const id = randomBytes(8).toString("hex");
      await rename(
        await aside({ current: id, keys: { ...file.keys, [id]: randomBytes(32).toString("base64") } }),
        path,
      );
    },
    async retire() {
      const { current, keys } = await read();
      await rename(await aside({ current, keys: { [current]: keys[current] ?? "" } }), path);
    },
  };
}

function unwrapWith(key: Buffer, id: string, wrapped: Buffer, context: string): Buffer {
  try {
    return unwrapKey(key, context, wrapped);
  } catch (error) {
    throw masterKeyWrong(id, error);
  }
}

/** A key given as it is, from the environment say. */
export function givenMasterKey(base64: string): MasterKey {
  const key = Buffer.from(base64, "base64");
  if (key.length !== 32) throw new CodedError("config_invalid", "DOCKET_MASTER_KEY: a key has 32 bytes, in base64");
  const ownId = createHash("sha256").update("docket master\0").update(key).digest("hex").slice(0, 16);
  return {
    wrap: async (plain, context) => ({ id: ownId, wrapped: wrapKey(key, context, plain) }),
    async unwrap(id, wrapped, context) {
      if (id !== ownId) throw masterKeyWrong(id);
      return unwrapWith(key, id, wrapped, context);
    },
  };
}

interface Request {
  readonly operation: "wrap" | "unwrap";
  readonly keyId: string | null;
  readonly context: string;
  /** base64 */
  readonly data: string;
}

/** A key management service behind one question: `{operation, keyId, context, data}` -> `{keyId, data}`, data in base64. */
function askedMasterKey(ask: (request: Request) => Promise<unknown>): MasterKey {
  const asked = async (request: Request): Promise<{ keyId: string; data: Buffer }> => {
    const { keyId = request.keyId, data } = ((await ask(request)) ?? {}) as { keyId?: string | null; data?: unknown };
    if (typeof data !== "string" || typeof keyId !== "string")
      throw new CodedError("master_key_invalid", "the key service answered without keyId or data");
    return { keyId, data: Buffer.from(data, "base64") };
  };
  return {
    async wrap(plain, context) {
      const { keyId, data } = await asked({ operation: "wrap", keyId: null, context, data: plain.toString("base64") });
      return { id: keyId, wrapped: data };
    },
    async unwrap(id, wrapped, context) {
      return (await asked({ operation: "unwrap", keyId: id, context, data: wrapped.toString("base64") })).data;
    },
  };
}

const answerBoundMs = 15_000;

async function postTo(url: string, request: Request): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(answerBoundMs),
  });
  if (!response.ok) throw new CodedError("master_key_unavailable", `the key service answered ${response.status}`);
  return response.json();
}

/** The request goes in as JSON on standard input, the answer comes as JSON on standard output. What has blanks stands in double quotes. */
function runCommand(command: string, request: Request): Promise<unknown> {
  const [program = "", ...args] = [...command.matchAll(/"([^"]*)"|(\S+)/gu)].map((part) => part[1] ?? part[0]);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], timeout: answerBoundMs });
    let output = "";
    const fail = (cause: unknown): void =>
      reject(new CodedError("master_key_unavailable", `the key program ${program} failed`, { cause }));
    child.on("error", fail);
    child.stdin.on("error", () => undefined);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("close", (code) => {
      if (code !== 0) return fail(new Error(`exit code ${code}`));
      try {
        resolve(JSON.parse(output));
      } catch (error) {
        fail(error);
      }
    });
    child.stdin.end(JSON.stringify(request));
  });
}

import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip as gzipBytes } from "node:zlib";
import { consoleFolder } from "./fingerprint.ts";

const brotli = promisify(brotliCompress);
const gzip = promisify(gzipBytes);

export interface BuildOptions {
  readonly say: (line: string) => void;
  /** a folder of its own instead of the cache (for an image) */
  readonly out?: string;
}

/**
 * Builds the console into the folder of its content hash and gives that folder; what is built already is left as it is.
 * Two builds at once do no harm: each works in a folder of its own and the first to finish is taken.
 */
export async function buildConsole({ say, out }: BuildOptions): Promise<string> {
  const folder = consoleFolder();
  if (!(await exists(join(folder, "index.html")))) {
    const began = performance.now();
    say("building the console (once) ...");
    const own = `${folder}.${process.pid}`;
    // Whoever starts us (a test run) may call himself otherwise; people get the quick build.
    process.env["NODE_ENV"] = "production";
    const { build } = await import("vite");
    await build({
      configFile: fileURLToPath(new URL("../vite.config.ts", import.meta.url)),
      mode: "production",
      logLevel: "warn",
      build: { outDir: own, emptyOutDir: true },
    });
    await compress(join(own, "assets"));
    await rename(own, folder).catch(() => rm(own, { recursive: true, force: true }));
    await dropOlder(folder);
    say(`console built (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  }
  if (out === undefined) return folder;
  await mkdir(out, { recursive: true });
  await cp(folder, out, { recursive: true });
  return out;
}

/** Every script and style sheet also as .br and .gz, so that the gateway sends what is ready instead of compressing. */
async function compress(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /[.](?:js|css|svg)$/u.test(name));
  await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      if (bytes.length < 1024) return;
      await writeFile(
        join(folder, `${name}.br`),
        await brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
      );
      await writeFile(join(folder, `${name}.gz`), await gzip(bytes, { level: 9 }));
    }),
  );
}

/** Keeps the five newest builds: an open page may still ask for the parts of the one before. */
async function dropOlder(folder: string): Promise<void> {
  const parent = join(folder, "..");
  const names = (await readdir(parent)).filter((name) => /^[0-9a-f]{16}$/u.test(name));
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(parent, name))).mtimeMs })));
  aged.sort((a, b) => b.at - a.at);
  await Promise.all(aged.slice(5).map(({ name }) => rm(join(parent, name), { recursive: true, force: true })));
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

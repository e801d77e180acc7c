import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newSigningKey, type SigningKey, signingKeyOf } from "@docket/evidence";
import { CodedError } from "@docket/service-kit";
import { z } from "zod";

/** Settings of every process that signs; spread them beside the common ones. */
export const signingSettings = {
  /**
   * Private keys (Ed25519, PKCS #8 PEM), as text or as paths of files, comma-separated: the first is the current one, the others sign
   * beside it. Without it the keys in the data folder are used, and one is made there at the first start.
   */
  DOCKET_SIGNING_KEYS: z.string().optional(),
} as const;

export interface SigningSettings {
  readonly DOCKET_DATA: string;
  readonly DOCKET_SIGNING_KEYS?: string | undefined;
}

const fileName = /^signing-(\d{4})\.pem$/;

const folderOf = ({ DOCKET_DATA }: SigningSettings): string => join(DOCKET_DATA, "keys");

/**
 * The keys that sign, the current one first. Throws `signing_key_invalid`, and `signing_key_missing` where there is none and none is to
 * be made.
 */
export function signingKeys(settings: SigningSettings, options: { readonly make: boolean }): readonly SigningKey[] {
  const given = settings.DOCKET_SIGNING_KEYS;
  if (given !== undefined) return pemsOf(given).map(signingKeyOf);
  const folder = folderOf(settings);
  let names = keyFiles(folder);
  if (names.length === 0) {
    if (!options.make) throw new CodedError("signing_key_missing", `there is no signing key in ${folder}`);
    writeKey(folder, 1);
    names = keyFiles(folder);
  }
  return names.toReversed().map((name) => signingKeyOf(readFileSync(join(folder, name), "utf8")));
}

/** Makes a new current key in the data folder; the older ones sign beside it until they are retired. */
export function addSigningKey(settings: SigningSettings): SigningKey {
  refuseGiven(settings);
  const folder = folderOf(settings);
  const last = Number(fileName.exec(keyFiles(folder).at(-1) ?? "")?.[1] ?? 0);
  return signingKeyOf(readFileSync(writeKey(folder, last + 1), "utf8"));
}

/** Lets a key of the data folder sign no more: its file is kept under another name. The current key stays. */
export function retireSigningKey(settings: SigningSettings, key: string): void {
  refuseGiven(settings);
  const folder = folderOf(settings);
  const names = keyFiles(folder);
  const name = names.find((each) => signingKeyOf(readFileSync(join(folder, each), "utf8")).key === key);
  if (name === undefined) throw new CodedError("option_invalid", `there is no signing key ${key} in ${folder}`);
  if (name === names.at(-1)) throw new CodedError("option_invalid", `${key} is the current key: make a new one first`);
  renameSync(join(folder, name), join(folder, `${name}.retired`));
}

function refuseGiven({ DOCKET_SIGNING_KEYS }: SigningSettings): void {
  if (DOCKET_SIGNING_KEYS !== undefined)
    throw new CodedError("option_invalid", "the keys are set by DOCKET_SIGNING_KEYS: change them there");
}

const keyFiles = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => fileName.test(name))
        .toSorted()
    : [];

function writeKey(folder: string, number: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `signing-${String(number).padStart(4, "0")}.pem`);
  try {
    writeFileSync(path, newSigningKey(), { mode: 0o600, flag: "wx" });
  } catch (error) {
    // another process made it at the same time
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return path;
}

function pemsOf(given: string): string[] {
  if (given.includes("-----BEGIN")) return given.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/gu) ?? [given];
  return given.split(",").map((path) => {
    try {
      return readFileSync(path.trim(), "utf8");
    } catch (error) {
      throw new CodedError("signing_key_invalid", "a signing key's file cannot be read", { cause: error });
    }
  });
}

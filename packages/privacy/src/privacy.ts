import { join } from "node:path";
import { z } from "zod";
import { type Boxes, boxesOf } from "./boxes.ts";
import { personalCodec, type PersonalCodec } from "./codec.ts";
import { type Files, filesOf } from "./files.ts";
import { masterKeyOf } from "./master.ts";
import { openVault, type Vault } from "./vault.ts";

/** Settings of every process that reads or writes personal data; spread them beside the common ones. */
export const privacySettings = {
  /**
   * What wraps the keys: `file:PATH`, `key:BASE64`, `command:PROGRAM ARG...` or an http(s) URL; the default is a file that is made at
   * the first start, keys/master.json in the data folder
   */
  DOCKET_MASTER_KEY: z.string().optional(),
} as const;

export interface Privacy {
  readonly vault: Vault;
  /** for `openEventStore` */
  readonly codec: PersonalCodec;
  readonly files: Files;
  readonly boxes: Boxes;
  close(): Promise<void>;
}

/** Opens the key store as the settings say. Nothing is connected before it is needed. */
export function openPrivacy(
  settings: {
    readonly DATABASE_URL: string;
    readonly DOCKET_DATA: string;
    readonly DOCKET_MASTER_KEY?: string | undefined;
  },
  options: { readonly onError?: (error: unknown) => void; /** see personalCodec */ readonly lazy?: boolean } = {},
): Privacy {
  const vault = openVault({
    databaseUrl: settings.DATABASE_URL,
    master: masterKeyOf(settings.DOCKET_MASTER_KEY ?? `file:${join(settings.DOCKET_DATA, "keys", "master.json")}`),
    ...(options.onError === undefined ? {} : { onError: options.onError }),
  });
  return {
    vault,
    codec: personalCodec(vault, options),
    files: filesOf(vault),
    boxes: boxesOf(vault),
    close: () => vault.close(),
  };
}

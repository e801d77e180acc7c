import { keyFor, unwrapKey, wrapKey } from "./seal.ts";
import type { Vault } from "./vault.ts";

/** Things that are kept beside the events (mails that wait, answers for repetitions), sealed for their subjects. */
export interface Boxes {
  /** Seals bytes so that the keys of all subjects are needed to open them. `context` is told again when they are opened. */
  seal(subjects: readonly string[], context: string, plain: Uint8Array): Promise<Buffer>;
  /** Undefined once any of the keys was destroyed. Throws when bytes or context are others. */
  open(subjects: readonly string[], context: string, sealed: Uint8Array): Promise<Buffer | undefined>;
}

export function boxesOf(vault: Vault): Boxes {
  return {
    async seal(subjects, context, plain) {
      const keys = await vault.keysOf(subjects);
      let bytes: Buffer = Buffer.from(plain);
      for (const subject of subjects) {
        const key = keys.get(subject)?.key;
        // A subject that was erased this moment: what is sealed for it now must not be read by anybody either.
        bytes = key == null ? Buffer.alloc(0) : wrapKey(keyFor(key, "box"), context, bytes);
      }
      return bytes;
    },
    async open(subjects, context, sealed) {
      const keys = await vault.keysOf(subjects);
      let bytes: Buffer = Buffer.from(sealed);
      for (const subject of subjects.toReversed()) {
        const key = keys.get(subject)?.key;
        if (key == null || bytes.length === 0) return undefined;
        bytes = unwrapKey(keyFor(key, "box"), context, bytes);
      }
      return bytes;
    },
  };
}

import { CodedError } from "@docket/service-kit";

/** Reads cells of one encoding; `clean` is false where bytes stood that are none in it (they show as U+FFFD). */
export interface Decoder {
  readonly encoding: string;
  decode(bytes: Buffer): { readonly text: string; readonly clean: boolean };
}

/** Encodings whose bytes are read singly; those of two bytes a character are turned into UTF-8 before. */
const wide: ReadonlySet<string> = new Set(["utf-16le", "utf-16be"]);

/** Whether the name is that of an encoding that can be read ("utf-8", "windows-1251", "koi8-r", "utf-16le", ...). */
export function isKnownEncoding(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== "";
  } catch {
    return false;
  }
}

/** Whether texts of this encoding must be turned into UTF-8 before they are cut into cells. */
export function isWide(encoding: string): boolean {
  return wide.has(new TextDecoder(encoding).encoding);
}

/** Throws `encoding_unknown`. */
export function decoderOf(encoding: string): Decoder {
  if (!isKnownEncoding(encoding)) throw new CodedError("encoding_unknown", `there is no encoding "${encoding}"`);
  const strict = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder(encoding, { ignoreBOM: true });
  return {
    encoding: strict.encoding,
    decode(bytes) {
      if (isAscii(bytes)) return { text: bytes.toString("latin1"), clean: true };
      try {
        const text = strict.decode(bytes);
        // A byte that means nothing in a one-byte encoding comes out as a control character.
        return { text, clean: !/[\u0080-\u009f]/.test(text) };
      } catch {
        return { text: lenient.decode(bytes), clean: false };
      }
    },
  };
}

function isAscii(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) > 127) return false;
  return true;
}

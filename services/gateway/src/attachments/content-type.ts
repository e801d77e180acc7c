import { isUtf8 } from "node:buffer";
import { Refusal } from "../http/refusal.ts";

/** As much of a file as is looked at to tell what it is. */
export const sniffedBytes = 64 * 1024;

/** Kinds that a machine would run, by what is in them. */
const runnable = new Set([
  "exe",
  "elf",
  "macho",
  "class",
  "jar",
  "lnk",
  "wasm",
  "apk",
  "deb",
  "rpm",
  "xpi",
  "crx",
  "swf",
  "alias",
  "dmg",
  "cab",
  "dex",
]);

/** Endings by which a desktop runs a file, whatever is in it. The last ending counts, and trailing dots and blanks are ignored. */
const runnableEndings =
  /\.(?:exe|dll|com|scr|pif|cpl|msi|msp|msix|appx|bat|cmd|ps1|psm1|psd1|vbs|vbe|vb|js|jse|mjs|cjs|ws|wsf|wsh|wsc|sct|hta|jar|lnk|url|reg|inf|scf|chm|gadget|sh|bash|zsh|csh|ksh|elf|so|dylib|app|command|desktop|apk|deb|rpm|iso|img|vhd|vhdx|dmg|pkg|py|pyc|pyw|pl|rb|php|phtml|phar|asp|aspx|jsp|cgi|xll|wasm|class|dex|appimage)[. ]*$/i;

/** Beginnings of programs that the sniffer does not know or knows only with more context. */
const magics: readonly (readonly [string, readonly number[]])[] = [
  ["exe", [0x4d, 0x5a]],
  ["elf", [0x7f, 0x45, 0x4c, 0x46]],
  ["macho", [0xcf, 0xfa, 0xed, 0xfe]],
  ["macho", [0xce, 0xfa, 0xed, 0xfe]],
  ["macho", [0xfe, 0xed, 0xfa, 0xce]],
  ["macho", [0xfe, 0xed, 0xfa, 0xcf]],
  ["class", [0xca, 0xfe, 0xba, 0xbe]],
  ["lnk", [0x4c, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00]],
  ["wasm", [0x00, 0x61, 0x73, 0x6d]],
  ["dex", [0x64, 0x65, 0x78, 0x0a]],
  ["chm", [0x49, 0x54, 0x53, 0x46]],
];

/** Texts that an interpreter would run. */
const scripts: readonly (readonly [string, RegExp])[] = [
  ["script", /^\s*#!\s*\S/],
  ["php", /^\s*<\?php\b/i],
  ["batch", /^\s*@?echo\s+off\b/i],
  ["powershell", /^\s*(?:#requires\s|\[cmdletbinding|param\s*\(\s*\[)/i],
  ["desktop", /^\s*\[(?:Desktop Entry|InternetShortcut)\]/i],
  ["registry", /^\s*(?:Windows Registry Editor Version|REGEDIT4)/i],
  ["hta", /<hta:application\b/i],
];

/**
 * The media type of a file by its own bytes, never by what the sender said. Refuses programs and scripts, under whatever
 * name they come (`attachment_type_refused`), and names by which a desktop would run a file.
 */
export async function mediaTypeOf(name: string, head: Uint8Array): Promise<string> {
  const refused = (found: string): never => {
    throw new Refusal("attachment_type_refused", { field: "file", params: { found } });
  };
  const ending = runnableEndings.exec(name);
  if (ending) refused(ending[0].trim().toLowerCase());
  const magic = magics.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
  if (magic) refused(magic[0]);
  // loaded with the first file
  const { fileTypeFromBuffer } = await import("file-type");
  const kind = await fileTypeFromBuffer(head).catch(() => undefined);
  if (kind && runnable.has(kind.ext)) refused(kind.ext);

  const text = asText(head);
  if (text !== undefined) {
    const script = scripts.find(([, pattern]) => pattern.test(text));
    if (script) refused(script[0]);
    return kind?.mime ?? "text/plain";
  }
  return kind?.mime ?? "application/octet-stream";
}

/** The beginning as text, if it is one: UTF-8 (a character cut off at the end is forgiven), or UTF-16 with its mark. */
function asText(head: Uint8Array): string | undefined {
  if (head.length >= 2 && ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)))
    return new TextDecoder(head[0] === 0xff ? "utf-16le" : "utf-16be").decode(head);
  for (let cut = 0; cut < 4 && cut <= head.length; cut++) {
    const part = head.subarray(0, head.length - cut);
    if (isUtf8(part)) {
      const text = new TextDecoder().decode(part);
      return text.includes("\0") ? undefined : text;
    }
  }
  return undefined;
}

/** What a browser may be told; everything else is just bytes to it. */
const shown = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"]);
export const servedType = (mediaType: string): string =>
  shown.has(mediaType) ? mediaType : "application/octet-stream";

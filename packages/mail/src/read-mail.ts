import type { AddressObject, ParsedMail } from "mailparser";
import { isAutomatic } from "./automatic.ts";
import { repairRawHeaders, repairRawParameter } from "./raw-headers.ts";
import { readTnef } from "./tnef.ts";

export interface MailFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A mail as the mailroom needs it: all text is well-formed Unicode without NUL; the source stays the truth. */
export interface Mail {
  readonly messageId: string | null;
  /** In-Reply-To and References, nearest first */
  readonly references: readonly string[];
  readonly from: { readonly name: string | null; readonly address: string | null };
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly sentAt: Date | null;
  readonly automatic: boolean;
  readonly files: readonly MailFile[];
}

export interface ReadMailOptions {
  readonly envelopeFrom: string | null;
  readonly ownAddresses: readonly string[];
  readonly ownIdHost: string;
}

const clean = (text: string) => text.replaceAll("\0", "").toWellFormed();
const headerText = (text: string) =>
  clean(text)
    .replace(/[\r\n\t]+/g, " ")
    .trim();

/**
 * Reads a mail of any charset and MIME shape (RFC 5322, 2045-2049, 3676, TNEF). Never throws on odd input: what cannot be
 * understood comes out empty, and the caller keeps the source verbatim.
 */
export async function readMail(raw: Buffer, options: ReadMailOptions): Promise<Mail> {
  const parsed = await parse(repairRawHeaders(raw));
  const headers = new Map<string, string>();
  for (const { key, line } of parsed.headerLines ?? []) {
    if (!headers.has(key)) headers.set(key, line.slice(line.indexOf(":") + 1).trim());
  }
  const from = first(parsed.from);
  const files: MailFile[] = [];
  let text = parsed.text ?? "";
  for (const part of parsed.attachments) {
    const tnef =
      /ms-tnef/i.test(part.contentType) || /^winmail\.dat$/i.test(part.filename ?? "") ? readTnef(part.content) : null;
    if (tnef === null) {
      // Pictures that only decorate an HTML body are part of the source, not files that somebody attached.
      files.push({
        name: fileName(part.filename, part.contentType, files.length),
        mediaType: part.contentType.toLowerCase(),
        bytes: part.content,
      });
      continue;
    }
    if (text.trim() === "") text = tnef.text ?? (tnef.html === null ? "" : await textOfHtml(tnef.html));
    for (const file of tnef.files) {
      files.push({
        name: fileName(file.name, "application/octet-stream", files.length),
        mediaType: "application/octet-stream",
        bytes: file.bytes,
      });
    }
  }
  const references = [parsed.inReplyTo, ...[parsed.references ?? []].flat().reverse()].flatMap(
    (value) => value?.match(/<[^<>\s]{1,990}>/g) ?? [],
  );
  return {
    messageId: parsed.messageId?.match(/<[^<>\s]{1,990}>/)?.[0] ?? null,
    references: [...new Set(references)].slice(0, 100),
    from,
    to: [parsed.to ?? [], parsed.cc ?? []].flat().flatMap((list) => addresses(list)),
    subject: headerText(parsed.subject ?? ""),
    text: clean(text).replaceAll("\r\n", "\n").trim(),
    sentAt: dateOf(headers.get("date")),
    automatic: isAutomatic({ headers, from: from.address, ...options }),
    files,
  };
}

async function parse(raw: Buffer): Promise<ParsedMail> {
  // Loaded with the first mail: of the processes that know of mails only one reads them, and it weighs 5 MB.
  const { simpleParser } = await import("mailparser");
  try {
    return await simpleParser(raw, { skipImageLinks: true, skipTextToHtml: true, maxHtmlLengthToParse: 2_000_000 });
  } catch {
    // A source that the parser chokes on is still somebody's request: show its text as it stands.
    return {
      attachments: [],
      headers: new Map(),
      headerLines: [],
      html: false,
      text: raw.toString("utf8").slice(0, 50_000),
    };
  }
}

/** A date as the header gives it; null when it is absent or no date (the parser would put today's). */
function dateOf(header: string | undefined): Date | null {
  const date = new Date((header ?? "").replace(/\([^()]*\)/g, " ").trim());
  return Number.isNaN(date.getTime()) ? null : date;
}

async function textOfHtml(html: string): Promise<string> {
  const source = Buffer.concat([Buffer.from("Content-Type: text/html; charset=utf-8\r\n\r\n"), Buffer.from(html)]);
  return (await parse(source)).text ?? "";
}

function addresses(list: AddressObject | undefined): string[] {
  return (list?.value ?? [])
    .flatMap((entry) => [entry, ...(entry.group ?? [])])
    .flatMap((entry) => (entry.address ? [clean(entry.address).toLowerCase()] : []));
}

function first(list: AddressObject | undefined): { name: string | null; address: string | null } {
  const entry = list?.value[0];
  const name = headerText(entry?.name ?? "");
  const address = headerText(entry?.address ?? "").toLowerCase();
  return {
    name: name === "" ? null : name.slice(0, 200),
    address: /^[^@\s]+@[^@\s]+$/.test(address) && address.length <= 254 ? address : null,
  };
}

/** A file's name without folders, control and direction-changing characters; never empty, at most 200 characters. */
export function fileName(given: string | undefined, mediaType: string, index: number): string {
  const name = clean(repairRawParameter(given ?? ""))
    .replace(/^.*[\\/]/s, "")
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .replace(/^\.+/, "")
    .trim();
  if (name !== "") return name.length <= 200 ? name : name.slice(0, 150) + name.slice(-50);
  return mediaType.toLowerCase() === "message/rfc822" ? `message-${index + 1}.eml` : `file-${index + 1}`;
}

import { simpleParser, type AddressObject, type Attachment } from "mailparser";
import sanitize from "sanitize-html";
import { isAutomatic } from "./automatic.ts";
import { fileName } from "./read-mail.ts";
import { repairRawHeaders } from "./raw-headers.ts";
import type { MailAddress, ShownMail, ShowMailOptions } from "./show-mail.ts";

/** Pictures that a mail may carry into a page; drawings (SVG) may carry more than a picture. */
const pictures: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const largestPicture = 2_000_000;
const largestHtml = 2_000_000;
const mostHeaders = 200;

const clean = (text: string): string => text.replaceAll("\0", "").toWellFormed();

/** See `showMail`. */
export async function showParsed(raw: Buffer, options: ShowMailOptions): Promise<ShownMail> {
  const mail = await simpleParser(repairRawHeaders(raw), {
    skipImageLinks: true,
    skipTextToHtml: true,
    maxHtmlLengthToParse: largestHtml,
  }).catch(() => undefined);
  if (mail === undefined) return unreadable(raw);
  const headers = mail.headerLines
    .slice(0, mostHeaders)
    .map(({ key, line }) => ({ name: key, value: clean(line.slice(line.indexOf(":") + 1).trim()).slice(0, 4_000) }));
  const from = addresses(mail.from);
  const html = typeof mail.html === "string" ? mail.html.slice(0, largestHtml) : null;
  const shown = html === null ? null : sanitised(html, mail.attachments, options.remoteImages);
  return {
    from: from[0] ?? null,
    to: addresses(mail.to),
    cc: addresses(mail.cc),
    replyTo: addresses(mail.replyTo),
    subject: clean(mail.subject ?? ""),
    date: mail.date !== undefined && !Number.isNaN(mail.date.getTime()) ? mail.date : null,
    messageId: mail.messageId ?? null,
    automatic: isAutomatic({
      headers: new Map(headers.map(({ name, value }) => [name, value])),
      from: from[0]?.address ?? null,
      envelopeFrom: null,
      ownAddresses: [],
      ownIdHost: "",
    }),
    text: clean(mail.text ?? "")
      .replaceAll("\r\n", "\n")
      .trim(),
    html: shown?.html ?? null,
    remoteImages: shown?.remote ?? 0,
    inlineImages: shown?.inline ?? 0,
    files: mail.attachments.map((part, index) => ({
      name: fileName(part.filename, part.contentType, index),
      mediaType: part.contentType.toLowerCase(),
      size: part.size,
    })),
    headers,
  };
}

/** A source that the parser chokes on is shown as it stands. */
const unreadable = (raw: Buffer): ShownMail => ({
  from: null,
  to: [],
  cc: [],
  replyTo: [],
  subject: "",
  date: null,
  messageId: null,
  automatic: false,
  text: clean(raw.toString("utf8").slice(0, 50_000)),
  html: null,
  remoteImages: 0,
  inlineImages: 0,
  files: [],
  headers: [],
});

function addresses(list: AddressObject | AddressObject[] | undefined): MailAddress[] {
  return [list ?? []]
    .flat()
    .flatMap(({ value }) => value.flatMap((entry) => [entry, ...(entry.group ?? [])]))
    .filter(({ address, name }) => address || name)
    .slice(0, 200)
    .map(({ address, name }) => ({ address: address ? clean(address) : null, name: name ? clean(name) : null }));
}

const lengths = [/^\d{1,4}(?:\.\d{1,3})?(?:px|pt|em|rem|%)$/];
const colours = [/^#[0-9a-f]{3,8}$/i, /^rgba?\([\d\s.,%]{1,40}\)$/i, /^[a-z]{3,30}$/i];

function sanitised(
  html: string,
  parts: readonly Attachment[],
  remoteImages: boolean,
): { html: string; remote: number; inline: number } {
  const byId = new Map(parts.flatMap((part) => (part.cid ? [[part.cid, part] as const] : [])));
  let remote = 0;
  let inline = 0;
  const image = (tagName: string, attributes: Record<string, string>) => {
    const { src = "", alt = "", width, height } = attributes;
    const kept = { alt, ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
    const blank = { tagName, attribs: kept };
    if (/^cid:/i.test(src)) {
      const data = dataUrl(byId.get(decodedId(src)));
      if (data === undefined) return blank;
      inline++;
      return { tagName, attribs: { ...kept, src: data } };
    }
    if (/^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+$/.test(src) && src.length < largestPicture) {
      inline++;
      return { tagName, attribs: { ...kept, src } };
    }
    if (!/^(?:https?:)?\/\//i.test(src)) return blank;
    remote++;
    if (!remoteImages) return blank;
    const address = src.replace(/^(?:https?:)?\/\//i, "https://");
    return { tagName, attribs: { ...kept, src: address, referrerpolicy: "no-referrer", loading: "lazy" } };
  };
  const clean = sanitize(html, {
    allowedTags: [...sanitize.defaults.allowedTags, "img", "font", "center", "del", "ins"],
    allowedAttributes: {
      a: ["href", "rel", "target"],
      img: ["src", "alt", "width", "height", "referrerpolicy", "loading"],
      td: ["colspan", "rowspan", "align", "valign", "width", "bgcolor"],
      th: ["colspan", "rowspan", "align", "valign", "width", "bgcolor"],
      table: ["width", "border", "cellpadding", "cellspacing", "align", "bgcolor"],
      font: ["color", "size"],
      "*": ["dir", "lang", "style"],
    },
    allowedStyles: {
      "*": {
        color: colours,
        "background-color": colours,
        "text-align": [/^(?:left|right|center|justify)$/],
        "text-decoration": [/^(?:underline|line-through|none)$/],
        "font-weight": [/^(?:bold|normal|\d{3})$/],
        "font-style": [/^(?:italic|normal)$/],
        "font-size": lengths,
        "padding-left": lengths,
        "margin-left": lengths,
        width: lengths,
        "max-width": lengths,
      },
    },
    allowedSchemes: ["http", "https", "mailto", "tel"],
    allowedSchemesByTag: { img: ["data", "https"] },
    allowProtocolRelative: false,
    disallowedTagsMode: "discard",
    transformTags: {
      img: image,
      a: (tagName, attributes) => ({
        tagName,
        attribs: {
          ...(attributes["href"] === undefined ? {} : { href: attributes["href"] }),
          rel: "noopener noreferrer nofollow",
          target: "_blank",
        },
      }),
    },
  });
  return { html: clean, remote, inline };
}

const decodedId = (src: string): string => {
  const id = src.slice("cid:".length);
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
};

function dataUrl(part: Attachment | undefined): string | undefined {
  const type = part?.contentType.toLowerCase();
  if (part === undefined || type === undefined || !pictures.has(type) || part.size > largestPicture) return undefined;
  return `data:${type};base64,${part.content.toString("base64")}`;
}

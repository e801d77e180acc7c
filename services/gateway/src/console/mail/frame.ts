import type { ShownMail } from "@docket/mail";

/**
 * What a frame with a mail may do: show pictures that came with it (and those of other machines when asked for), and open its
 * links elsewhere. Sandboxed whoever embeds it: no script, no form, an origin of its own.
 */
export const framePolicy = (remoteImages: boolean): string =>
  [
    "default-src 'none'",
    `img-src data:${remoteImages ? " https:" : ""}`,
    // a mail's own colours and alignments, which were picked out one by one
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    "sandbox allow-popups allow-popups-to-escape-sandbox",
  ].join("; ");

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string): string => text.replace(/[&<>"]/g, (char) => escapes[char] ?? char);

/** A mail as a page of its own: its HTML where it has some, else its text as it was written. */
export const framePage = ({ html, text, subject }: Pick<ShownMail, "html" | "text" | "subject">): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${escape(subject)}</title><style>
body{margin:12px;background:#fff;color:#1a1a1a;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
img,table{max-width:100%}pre{margin:0;white-space:pre-wrap;font:inherit}
</style></head><body>${html ?? `<pre>${escape(text)}</pre>`}</body></html>`;

import type { Language } from "@docket/domain";

/** A mail before it is rendered: a few sentences, a table of facts, quoted words of people, one thing to do. */
export interface Letter {
  readonly subject: string;
  readonly greeting: string;
  readonly sentences: readonly string[];
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** what a person wrote: a question, a solution, a reason */
  readonly quote?: string;
  readonly after?: readonly string[];
  readonly action: { readonly label: string; readonly url: string } | null;
  readonly signature: string;
  /** the line above which an answer is written; null on mails to staff */
  readonly replyMarker: string | null;
}

/** The text part: plain, 7-bit-safe structure, facts one a line. */
export function renderText(letter: Letter): string {
  const parts = [
    letter.replyMarker,
    letter.greeting,
    letter.sentences.join("\n\n"),
    letter.facts.map(([label, value]) => `${label}: ${value}`).join("\n"),
    letter.quote === undefined
      ? null
      : letter.quote
          .split("\n")
          .map((line) => `| ${line}`)
          .join("\n"),
    letter.after?.join("\n\n"),
    letter.action === null ? null : `${letter.action.label}: ${letter.action.url}`,
    letter.signature,
  ];
  return `${parts.filter((part) => part !== null && part !== undefined && part !== "").join("\n\n")}\n`;
}

/** The HTML part: the same words in the same order; no remote content, readable in light and dark. */
export function renderHtml(letter: Letter, language: Language): string {
  const paragraph = (text: string) => `<p>${lines(text)}</p>`;
  const rows = letter.facts.map(
    ([label, value]) =>
      `<tr><th align="left" scope="row" style="padding:2px 16px 2px 0;font-weight:600">${escape(label)}</th><td>${lines(value)}</td></tr>`,
  );
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escape(letter.subject)}</title></head>`,
    '<body style="font:15px/1.5 system-ui,sans-serif;max-width:640px">',
    letter.replyMarker === null ? "" : `<p style="color:#767676">${escape(letter.replyMarker)}</p>`,
    paragraph(letter.greeting),
    letter.sentences.map(paragraph).join(""),
    rows.length === 0 ? "" : `<table role="presentation" style="border-collapse:collapse">${rows.join("")}</table>`,
    letter.quote === undefined
      ? ""
      : `<blockquote style="margin:12px 0;padding:4px 12px;border-left:3px solid #767676">${lines(letter.quote)}</blockquote>`,
    (letter.after ?? []).map(paragraph).join(""),
    letter.action === null ? "" : `<p><a href="${escape(letter.action.url)}">${escape(letter.action.label)}</a></p>`,
    `<p>${lines(letter.signature)}</p></body></html>`,
  ].join("");
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string) => text.replace(/[&<>"']/g, (char) => escapes[char] ?? char);
const lines = (text: string) => escape(text).replaceAll("\n", "<br>");

/** An instant as people of a zone write it, with the zone named: "26 апреля 2024 г., 13:00 (GMT+3)". */
export function when(instant: string, zone: string, language: Language): string {
  const date = new Date(instant);
  const { words, offset } = formatsOf(zone, language);
  const told = offset.formatToParts(date).find((part) => part.type === "timeZoneName");
  return `${words.format(date)} (${(told?.value ?? "GMT").replace("GMT", "UTC")})`;
}

interface Formats {
  readonly words: Intl.DateTimeFormat;
  readonly offset: Intl.DateTimeFormat;
}
/** To make a format takes a hundred times as long as to use it; there are as many as customers' zones. */
const formats = new Map<string, Formats>();

function formatsOf(zone: string, language: Language): Formats {
  const key = `${language} ${zone}`;
  let known = formats.get(key);
  if (known === undefined) {
    known = {
      words: new Intl.DateTimeFormat(language === "ru" ? "ru-RU" : "en-GB", {
        dateStyle: "long",
        timeStyle: "short",
        timeZone: zone,
      }),
      offset: new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "shortOffset" }),
    };
    formats.set(key, known);
  }
  return known;
}

import { type Language, terms } from "@docket/domain";
import type { Checkpoint } from "../signing/statements.ts";
import type { StoryStep } from "../story/step.ts";
import { inZone, tellStep } from "../story/tell.ts";

/*
 * The page that people see: both languages in it, one shown; no script, nothing from elsewhere. All texts are escaped.
 */

const languages: readonly Language[] = ["ru", "en"];

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/gu, (char) => escapes[char] ?? char).replaceAll("\n", " ");

const words = {
  title: { ru: "Доказательство Docket", en: "Docket evidence" },
  exported: { ru: "Выгружено", en: "Exported" },
  scope: { ru: "Что", en: "What" },
  checkpoint: { ru: "Контрольная точка", en: "Checkpoint" },
  none: { ru: "ещё нет", en: "none yet" },
  signedBy: { ru: "подписано ключом", en: "signed by key" },
  how: {
    ru: "Страница — для чтения. Доказывает не она, а записи внутри файла: проверьте его командой «scripts/docket check ФАЙЛ --key КЛЮЧ» (docs/evidence-format.md).",
    en: "The page is for reading. What proves are the records within the file: check it by “scripts/docket check FILE --key KEY” (docs/evidence-format.md).",
  },
  covered: { ru: "подписано до события", en: "signed up to event" },
  uncovered: { ru: "ещё не подписано", en: "not signed yet" },
  events: { ru: "событий", en: "events" },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

const style = [
  "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}",
  "h2{margin-top:2.5rem;border-top:1px solid #8888;padding-top:1rem}li{margin:.8rem 0}li ul{list-style:none;padding-left:1rem}",
  ".who,.at{color:#767676}code{font-size:.85em;overflow-wrap:anywhere}#ru:checked~main .en,#en:checked~main .ru{display:none}",
].join("");

/** The lines up to the first ticket. */
export function pageHead(header: {
  readonly exportedAt: string;
  readonly scope: string;
  readonly checkpoint: Checkpoint | null;
}): string[] {
  const { checkpoint } = header;
  const signed = (language: Language): string =>
    checkpoint === null
      ? words.none[language]
      : `${checkpoint.number}, ${inZone(checkpoint.at, "UTC")}, ${words.signedBy[language]} ${checkpoint.signatures.map(({ key }) => key).join(", ")}`;
  return [
    "<!doctype html>",
    '<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${words.title.ru} / ${words.title.en}</title><style>${style}</style></head><body>`,
    '<input type="radio" name="language" id="ru" checked><label for="ru">Русский</label>',
    '<input type="radio" name="language" id="en"><label for="en">English</label><main>',
    ...languages.map((language) =>
      [
        `<div class="${language}" lang="${language}"><h1>${words.title[language]}</h1>`,
        `<p>${words.scope[language]}: ${escape(header.scope)}<br>${words.exported[language]}: ${inZone(header.exportedAt, "UTC")}<br>`,
        `${words.checkpoint[language]}: ${escape(signed(language))}</p><p>${words.how[language]}</p></div>`,
      ].join(""),
    ),
  ];
}

/** The line before the signature. */
export const pageEnd = "</script></body></html>";

/** A stream that is no ticket: what it says stands in the records. */
export function streamSection(
  stream: string,
  events: readonly { readonly type: string }[],
  signed: number | null,
): string[] {
  return [`<h2><code>${escape(stream)}</code></h2>`, ...coverLines(events.length, signed)];
}

function coverLines(events: number, signed: number | null): string[] {
  return languages.map((language) => {
    const cover = signed === null ? words.uncovered[language] : `${words.covered[language]} ${signed}`;
    return `<p class="${language}">${events} ${words.events[language]}; ${cover}</p>`;
  });
}

/** A ticket's life. */
export function ticketSection(number: string, steps: readonly StoryStep[], signed: number | null): string[] {
  const subject = String(steps[0]?.state["subject"] ?? "");
  const status = String(steps.at(-1)?.state["status"] ?? "") as keyof typeof terms.ticketStatus;
  return [
    `<section><h2>${escape(number)} ${escape(subject)}</h2>`,
    ...coverLines(steps.length, signed),
    ...languages.flatMap((language) => [
      `<div class="${language}" lang="${language}"><p>${escape(terms.ticketStatus[status]?.[language] ?? status)}</p><ol start="0">`,
      ...steps.map((step) => stepItem(step, language)),
      "</ol></div>",
    ]),
    "</section>",
  ];
}

function stepItem(step: StoryStep, language: Language): string {
  const told = tellStep(step, { language, zone: "UTC" });
  const list = [...told.changes, ...told.said, ...told.clocks, ...told.mails].map((line) => `<li>${escape(line)}</li>`);
  return [
    `<li><span class="at">${told.when}</span> <b>${escape(told.title)}</b> <span class="who">${escape(told.who)}</span>`,
    list.length === 0 ? "" : `<ul>${list.join("")}</ul>`,
    `<code>${step.fact.hash}</code></li>`,
  ].join("");
}

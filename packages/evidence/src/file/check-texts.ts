import type { Language } from "@docket/domain";

/** Why an evidence file is refused. Codes are stable. */
export const refusalTexts = {
  format_unknown: { ru: "это не файл доказательств Docket", en: "this is not a Docket evidence file" },
  evidence_truncated: {
    ru: "файл обрезан: подписи в конце нет",
    en: "the file is truncated: the signature at its end is missing",
  },
  evidence_altered: {
    ru: "файл изменён: его содержание не то, что подписано",
    en: "the file was altered: its content is not what was signed",
  },
  not_utf8: { ru: "строка {line}: не UTF-8", en: "line {line}: not UTF-8" },
  record_malformed: { ru: "строка {line}: запись не читается", en: "line {line}: the record cannot be read" },
  record_misplaced: {
    ru: "строка {line}: записи {kind} здесь не место",
    en: "line {line}: a record of {kind} does not belong here",
  },
  page_altered: {
    ru: "строки до {line}: видимая страница изменена",
    en: "the lines before {line}: the page that people see was altered",
  },
  signature_invalid: { ru: "подпись ({what}) неверна", en: "the signature of {what} is wrong" },
  signed_by_another_key: {
    ru: "подписано чужим ключом ({what}): {keys}",
    en: "signed by another key ({what}): {keys}",
  },
  key_mislabelled: { ru: "ключ {key} не тот, чьё имя носит", en: "the key {key} is not the one whose name it bears" },
  chain_altered: { ru: "событие {revision} потока {stream} изменено", en: "event {revision} of {stream} was altered" },
  chain_broken_link: {
    ru: "событие {revision} потока {stream} не продолжает предыдущее",
    en: "event {revision} of {stream} does not follow the event before it",
  },
  chain_gap: {
    ru: "события {revision} потока {stream} не хватает",
    en: "event {revision} of {stream} is missing",
  },
  proof_invalid: {
    ru: "поток {stream} не входит в подписанное дерево",
    en: "{stream} is not in the tree that was signed",
  },
  head_differs: {
    ru: "событие {revision} потока {stream} не то, что подписано",
    en: "event {revision} of {stream} is not the one that was signed",
  },
  events_missing: {
    ru: "в конце потока {stream} не хватает событий: подписано до {signed}",
    en: "events are missing at the end of {stream}: it was signed up to {signed}",
  },
  count_differs: { ru: "{what}: заявлено {told}, есть {found}", en: "{what}: {told} are told, {found} are there" },
  disclosure_invalid: {
    ru: "событие {revision} потока {stream}: ключ поля {pointer} не подходит",
    en: "event {revision} of {stream}: the key of {pointer} does not fit",
  },
  attachment_altered: { ru: "файл {sha256} изменён", en: "the file {sha256} was altered" },
  attachment_truncated: {
    ru: "файл {sha256}: частей не хватает",
    en: "the file {sha256}: parts of it are missing",
  },
  attachment_unfounded: {
    ru: "файл {sha256}: событие {revision} потока {stream} его не называет",
    en: "the file {sha256}: event {revision} of {stream} does not name it",
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type RefusalCode = keyof typeof refusalTexts;

export interface Refused {
  readonly code: RefusalCode;
  readonly params: Readonly<Record<string, string | number>>;
}

export function refusalText({ code, params }: Refused, language: Language): string {
  return refusalTexts[code][language].replaceAll(/\{(\w+)\}/gu, (whole, name: string) => String(params[name] ?? whole));
}

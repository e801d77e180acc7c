import type { Language } from "@docket/domain";

/** What a verification can find. Codes are stable. */
export const findingTexts = {
  // the chains of the event store
  chain_altered: {
    ru: "событие {revision} потока {stream} изменено",
    en: "event {revision} of {stream} was altered",
  },
  chain_broken_link: {
    ru: "событие {revision} потока {stream} не продолжает предыдущее",
    en: "event {revision} of {stream} does not follow the event before it",
  },
  chain_gap: {
    ru: "в потоке {stream} на месте события {revision} стоит {found}",
    en: "event {revision} of {stream} is missing: {found} stands in its place",
  },
  event_undecodable: {
    ru: "событие {revision} потока {stream} не читается",
    en: "event {revision} of {stream} cannot be read",
  },
  // the store against its mirror
  store_missing: {
    ru: "события {revision} потока {stream} нет в хранилище, а в журнале оно есть",
    en: "event {revision} of {stream} is missing in the event store, the journal has it",
  },
  journal_missing: {
    ru: "события {revision} потока {stream} нет в журнале, а в хранилище оно есть",
    en: "event {revision} of {stream} is missing in the journal: inserted into the store, or taken out of the journal",
  },
  journal_altered: {
    ru: "событие {revision} потока {stream} в журнале не то, что в хранилище ({part})",
    en: "event {revision} of {stream} is not the same in the journal as in the event store ({part})",
  },
  reordered: {
    ru: "событие {revision} потока {stream} стоит в хранилище не на том месте, что в журнале",
    en: "event {revision} of {stream} stands elsewhere in the event store's order than in the journal's",
  },
  // against what was signed
  signature_invalid: {
    ru: "подпись контрольной точки {number} неверна",
    en: "the signature of checkpoint {number} is wrong",
  },
  signed_by_another_key: {
    ru: "контрольная точка {number} подписана чужим ключом",
    en: "checkpoint {number} is signed by a key that is not trusted",
  },
  checkpoint_chain_broken: {
    ru: "контрольная точка {number} не продолжает предыдущую",
    en: "checkpoint {number} does not follow the one before it",
  },
  checkpoint_fault: {
    ru: "при подписи контрольной точки {number} поток {stream} был повреждён в событии {revision} ({fault})",
    en: "when checkpoint {number} was signed, {stream} was broken at event {revision} ({fault})",
  },
  signed_stream_missing: {
    ru: "потока {stream} нет, а контрольная точка {number} подписана с ним",
    en: "the stream {stream} is gone; checkpoint {number} was signed with it",
  },
  signed_events_missing: {
    ru: "в конце потока {stream} не хватает событий: подписано до {signed}, есть до {revision}",
    en: "events are missing at the end of {stream}: signed up to {signed}, there up to {revision}",
  },
  signed_head_differs: {
    ru: "поток {stream} переписан: событие {revision} не то, что подписано",
    en: "{stream} was rewritten: event {revision} is not the one that was signed",
  },
  inserted_after_signing: {
    ru: "событие {revision} потока {stream} вставлено задним числом: его место в журнале старше подписи",
    en: "event {revision} of {stream} was inserted later: its place in the log is older than the signature, which does not cover it",
  },
  inserted_stream: {
    ru: "поток {stream} вставлен задним числом: его место в журнале старше подписи",
    en: "the stream {stream} was inserted later: its place in the log is older than the signature, which does not cover it",
  },
  heads_altered: {
    ru: "таблица концов цепочек не та, что подписана контрольной точкой {number}",
    en: "the table of chain heads is not the one that checkpoint {number} was signed for",
  },
  root_differs: {
    ru: "корень дерева не тот, что подписан контрольной точкой {number}",
    en: "the root over all chains is not the one that checkpoint {number} signed",
  },
  // the read models
  read_model_differs: {
    ru: "{table}, поток {stream}, строка {row}: {column} — {found}, а по событиям {expected}",
    en: "{table}, {stream}, row {row}: {column} is {found}, by the events it is {expected}",
  },
  read_model_row_missing: {
    ru: "{table}, поток {stream}: нет строки {row}",
    en: "{table}, {stream}: the row {row} is missing",
  },
  read_model_row_extra: {
    ru: "{table}, поток {stream}: лишняя строка {row}",
    en: "{table}, {stream}: the row {row} does not come from any event",
  },
  read_model_parked: {
    ru: "{model}: события потока {stream} отложены",
    en: "{model}: the events of {stream} are parked",
  },
  read_view_differs: {
    ru: "представление {view} не то, что делает программа",
    en: "the view {view} is not the one that the program makes",
  },
  read_view_missing: {
    ru: "представления {view} нет",
    en: "the view {view} is missing",
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type FindingCode = keyof typeof findingTexts;

export interface Finding {
  readonly code: FindingCode;
  /** what the texts are filled with: stream, revision, table, ... */
  readonly params: Readonly<Record<string, string | number>>;
}

/** A finding in words. */
export function findingText({ code, params }: Finding, language: Language): string {
  return findingTexts[code][language].replaceAll(/\{(\w+)\}/gu, (whole, name: string) => String(params[name] ?? whole));
}

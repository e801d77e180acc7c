/**
 * What of a source may stand in clear beside a ticket (`TicketSourceRecorded.fields`, which no key seals). Codes may: a
 * category, a count, a state. Whatever may be somebody's (a name, an address, a number to call, a sentence) may not, and
 * is sealed with the ticket's texts, however the mapping calls it. In doubt it is sealed: nothing is lost by that.
 */

const MAX_CODE = 80;
const MAX_WORDS = 6;

/** Names of columns that hold people or what they write, in English, Russian and German; taken apart at `_`, `.`, `-`, space and aB. */
const peopleWords = new Set(
  `name fullname firstname lastname surname login username user mail email phone tel telephone mobile cell fax caller
  requester requestor reporter contact author creator assignee owner engineer agent operator employee member assigned person customer client
  comment comments note notes description text message body address subject title summary
  имя фио фамилия отчество почта телефон автор заявитель инициатор исполнитель сотрудник контакт клиент комментарий описание
  текст сообщение адрес тема
  vorname nachname benutzer telefon melder bearbeiter ersteller kunde kommentar beschreibung betreff adresse ansprechpartner`
    .split(/\s+/)
    .filter((word) => word !== ""),
);
/** What is somebody's deed: opened_by, "Changed by". */
const deed =
  /(opened|closed|resolved|created|updated|changed|modified|assigned|requested|reported|entered|approved)[ _.-]?by/i;

/** Whether a column's name says that it holds people, or what they write. */
export function namesPeople(column: string): boolean {
  if (deed.test(column)) return true;
  const words = column
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return words.some((word) => peopleWords.has(word));
}

/** Whether a value is a code: short, of few words, on one line, and neither an address nor a number to call. */
export function isCode(value: string): boolean {
  if (value.length > MAX_CODE || /[@\n\r]|:\/\//.test(value)) return false;
  if (value.trim().split(/\s+/).length > MAX_WORDS) return false;
  return !isPhone(value);
}

/** Ten digits and more, or seven and more that begin with + or are set apart as numbers to call are. */
function isPhone(value: string): boolean {
  if (!/^\+?[\d\s().-]+$/.test(value)) return false;
  const digits = value.replace(/\D/g, "").length;
  if (/^-?\d+\.\d+$/.test(value)) return false;
  return digits >= 10 || (digits >= 7 && !/^\d+$/.test(value));
}

/** Whether a ticket's key may stand in clear: a number of a help desk has neither an address nor a sentence in it. */
export function isPlainKey(key: string): boolean {
  return key.length <= MAX_CODE && !/[@\n\r]|:\/\//.test(key) && key.trim().split(/\s+/).length <= 3;
}

/** The line that our mails carry at their head; what stands below it in an answer is our own mail come back. */
export const replyMarker = { ru: "--- Ответьте выше этой строки ---", en: "--- Reply above this line ---" } as const;

const headLines = [
  /^\s*-{2,}\s*(?:Reply above this line|Ответьте выше этой строки)\s*-{2,}\s*$/i,
  /^\s*-{3,}\s*(?:Original Message|Исходное сообщение|Пересылаемое сообщение|Forwarded message)\s*-{3,}\s*$/i,
  /^\s*(?:On\s.{5,200}\swrote|.{5,200}\s(?:пишет|писал\(?а?\)?|написал\(?а?\)?)):?\s*$/i,
  /^_{20,}\s*$/,
];
const outlookHead = /^\s*(?:From|От):\s.+/i;
const outlookNext = /^\s*(?:Sent|Date|Отправлено|Дата|To|Кому|Subject|Тема):\s/i;

/**
 * The new text of an answer: everything above the quoted history. When nothing would be left (the answer stands below or
 * between the quotes), the whole text is given, for nothing that a customer wrote may be hidden.
 */
export function newTextOf(text: string): string {
  const lines = text.split(/\r?\n/);
  let end = lines.length;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    const outlook = outlookHead.test(line) && outlookNext.test(lines[i + 1] ?? "");
    if (outlook || headLines.some((head) => head.test(line))) {
      end = i;
      break;
    }
  }
  while (end > 0 && /^\s*(?:>.*)?$/.test(lines[end - 1] ?? "")) end--;
  const fresh = lines.slice(0, end).join("\n").trim();
  return fresh === "" ? text.trim() : fresh;
}

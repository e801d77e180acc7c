import iconv from "iconv-lite";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const word = (text: string) => `=?koi8-r?B?${iconv.encode(text, "koi8-r").toString("base64")}?=`;

/** The first request: koi8-r, multipart, with a screenshot and a log, from an authorised person with a support key. */
export function requestLetter(to: string, messageId: string): Buffer {
  const text = [
    "Организация: ООО «Северный ветер»".replace(/[«»]/g, '"'),
    "ФИО ответственного: Пётр Иванов",
    "Телефон: +7 495 000-10-01",
    "Ключ технической поддержки: SEV-7Q2K",
    "",
    "С утра не поднимается туннель VPN до филиала. Снимок экрана и журнал приложены.",
  ].join("\r\n");
  return Buffer.concat([
    Buffer.from(
      [
        `From: ${word("Пётр Иванов")} <ivanov@severny.example>`,
        `To: ${to}`,
        `Subject: ${word("Не работает VPN до филиала")}`,
        `Message-ID: ${messageId}`,
        "Date: Mon, 22 Apr 2024 09:00:00 +0300",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="cut"',
        "",
        "--cut",
        "Content-Type: text/plain; charset=koi8-r",
        "Content-Transfer-Encoding: 8bit",
        "",
        "",
      ].join("\r\n"),
    ),
    iconv.encode(text, "koi8-r"),
    Buffer.from(
      [
        "",
        "--cut",
        "Content-Type: image/png",
        "Content-Transfer-Encoding: base64",
        `Content-Disposition: attachment; filename="${word("снимок.png")}"`,
        "",
        png.toString("base64"),
        "--cut",
        "Content-Type: text/plain; charset=us-ascii",
        'Content-Disposition: attachment; filename="vpn.log"',
        "",
        "08:59:58 peer not responding",
        "--cut--",
        "",
      ].join("\r\n"),
    ),
  ]);
}

const quote = (text: string): string[] => text.split("\n").map((line) => `> ${line}`);

/** A plain UTF-8 mail; `inReplyTo` makes it an answer that quotes what it answers. */
export function plainLetter(mail: {
  from: string;
  to: string;
  subject: string;
  text: string;
  messageId: string;
  inReplyTo?: string;
  quoted?: string;
}): string {
  return [
    `From: ${mail.from}`,
    `To: ${mail.to}`,
    `Subject: =?utf-8?B?${Buffer.from(mail.subject).toString("base64")}?=`,
    `Message-ID: ${mail.messageId}`,
    ...(mail.inReplyTo === undefined ? [] : [`In-Reply-To: ${mail.inReplyTo}`, `References: ${mail.inReplyTo}`]),
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from([mail.text, ...(mail.quoted === undefined ? [] : ["", ...quote(mail.quoted)]), ""].join("\r\n"))
      .toString("base64")
      .replace(/.{76}/g, "$&\r\n"),
    "",
  ].join("\r\n");
}

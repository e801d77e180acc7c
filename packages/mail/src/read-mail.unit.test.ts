import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { readMail } from "./read-mail.ts";

const options = {
  envelopeFrom: "ivanov@alfa.example",
  ownAddresses: ["support@docket.example"],
  ownIdHost: "mail.docket.example",
};
const read = (source: string | Buffer, changed: Partial<typeof options> = {}) =>
  readMail(typeof source === "string" ? Buffer.from(source.replaceAll("\n", "\r\n")) : source, {
    ...options,
    ...changed,
  });
const word = (text: string, charset: string) => `=?${charset}?B?${iconv.encode(text, charset).toString("base64")}?=`;
const crlf = (...lines: string[]) => lines.join("\r\n");

describe("reading mail of any charset and shape", () => {
  it("reads a koi8-r multipart mail with a screenshot and a log", async () => {
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    );
    const mail = await read(
      Buffer.concat([
        Buffer.from(
          crlf(
            `From: ${word("Иванов И. И.", "koi8-r")} <Ivanov@Alfa.example>`,
            "To: support@docket.example",
            `Subject: ${word("Не работает почта", "koi8-r")}`,
            "Message-ID: <1@alfa.example>",
            "Date: Fri, 26 Apr 2024 10:00:00 +0300",
            'Content-Type: multipart/mixed; boundary="b"',
            "",
            "--b",
            "Content-Type: text/plain; charset=koi8-r",
            "Content-Transfer-Encoding: 8bit",
            "",
            "",
          ),
        ),
        iconv.encode("Здравствуйте. Сервер не отвечает.", "koi8-r"),
        Buffer.from(
          crlf(
            "",
            "--b",
            `Content-Type: image/png; name="${word("снимок.png", "koi8-r")}"`,
            "Content-Transfer-Encoding: base64",
            "Content-Disposition: attachment",
            "",
            png.toString("base64"),
            "--b",
            "Content-Type: text/plain; charset=koi8-r",
            "Content-Disposition: attachment; filename*=utf-8''%D0%B6%D1%83%D1%80%D0%BD%D0%B0%D0%BB.log",
            "",
            "line 1",
            "--b--",
            "",
          ),
        ),
      ]),
    );
    expect(mail.subject).toBe("Не работает почта");
    expect(mail.from).toEqual({ name: "Иванов И. И.", address: "ivanov@alfa.example" });
    expect(mail.text).toBe("Здравствуйте. Сервер не отвечает.");
    expect(mail.files.map((file) => [file.name, file.mediaType])).toEqual([
      ["снимок.png", "image/png"],
      ["журнал.log", "text/plain"],
    ]);
    expect(mail.files[0]?.bytes.equals(png)).toBe(true);
    expect(mail.sentAt?.toISOString()).toBe("2024-04-26T07:00:00.000Z");
    expect(mail.automatic).toBe(false);
  });

  it.each([
    ["windows-1251", "Съешь ещё этих мягких французских булок"],
    ["iso-2022-jp", "日本語のメール"],
    ["koi8-u", "Ґанок і їжак"],
    ["utf-16be", "Широкие буквы"],
  ])("decodes a body in %s", async (charset, text) => {
    const bytes =
      charset === "iso-2022-jp" ? Buffer.from("\x1b$BF|K\\8l$N%a!<%k\x1b(B", "latin1") : iconv.encode(text, charset);
    const mail = await read(
      Buffer.from(
        crlf(
          "From: a@b.example",
          "Subject: x",
          `Content-Type: text/plain; charset=${charset}`,
          "Content-Transfer-Encoding: base64",
          "",
          bytes.toString("base64"),
          "",
        ),
      ),
    );
    expect(mail.text).toBe(text);
  });

  it.each(["koi8-r", "windows-1251", "utf-8"])(
    "guesses raw 8-bit headers written in %s against the rules",
    async (charset) => {
      const mail = await read(
        Buffer.concat([
          Buffer.from("From: a@b.example\r\nSubject: "),
          iconv.encode("Не печатает принтер в бухгалтерии", charset),
          Buffer.from(`\r\nContent-Type: text/plain; charset=${charset}\r\n\r\nx\r\n`),
        ]),
      );
      expect(mail.subject).toBe("Не печатает принтер в бухгалтерии");
    },
  );

  it("joins the lines of format=flowed", async () => {
    const mail = await read(
      "From: a@b.example\nSubject: f\nContent-Type: text/plain; charset=utf-8; format=flowed\n\nThis is one \nparagraph.\n\nAnother.\n",
    );
    expect(mail.text).toBe("This is one paragraph.\n\nAnother.");
  });

  it("reads HTML-only mail as text, without scripts", async () => {
    const mail = await read(
      "From: a@b.example\nSubject: h\nContent-Type: text/html; charset=utf-8\n\n<html><script>alert(1)</script><p>Привет</p><p>мир</p></html>\n",
    );
    expect(mail.text).toContain("Привет");
    expect(mail.text).not.toContain("alert");
  });

  it("takes a missing date, a missing subject and an empty body", async () => {
    const mail = await read("From: a@b.example\n\n");
    expect(mail).toMatchObject({ sentAt: null, subject: "", text: "", messageId: null, files: [] });
    expect(await read(Buffer.alloc(0))).toMatchObject({ from: { name: null, address: null }, text: "" });
    expect((await read("Date: yesterday-ish\nFrom: a@b.example\n\nx")).sentAt).toBeNull();
  });

  it("keeps a nested message as a file", async () => {
    const mail = await read(
      'From: a@b.example\nSubject: Fwd\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nsee below\n--b\nContent-Type: message/rfc822\n\nFrom: c@d.example\nSubject: inner\n\ninner text\n--b--\n',
    );
    expect(mail.text).toContain("see below");
    expect(mail.files).toHaveLength(1);
    expect(mail.files[0]?.bytes.toString()).toContain("inner text");
  });

  it("opens winmail.dat", async () => {
    const mail = await read(
      Buffer.from(
        crlf(
          "From: a@b.example",
          "Subject: tnef",
          'Content-Type: multipart/mixed; boundary="b"',
          "",
          "--b",
          "Content-Type: application/ms-tnef; name=winmail.dat",
          "Content-Transfer-Encoding: base64",
          "Content-Disposition: attachment; filename=winmail.dat",
          "",
          tnef("Текст письма", "отчёт.txt", Buffer.from("file body")).toString("base64"),
          "--b--",
          "",
        ),
      ),
    );
    expect(mail.text).toBe("Текст письма");
    expect(mail.files).toEqual([
      { name: "отчёт.txt", mediaType: "application/octet-stream", bytes: Buffer.from("file body") },
    ]);
  });

  it("gives well-formed text without NUL and file names without tricks", async () => {
    const mail = await read(
      'From: a@b.example\nSubject: =?utf-8?B?YQBi?=\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\na\0b\n--b\nContent-Type: text/plain; name="../../etc/pass\u202Ewd"\nContent-Disposition: attachment\n\nx\n--b--\n',
    );
    expect(mail.subject).toBe("ab");
    expect(mail.text).toBe("ab");
    expect(mail.files[0]?.name).toBe("passwd");
  });

  it("reads the thread nearest first", async () => {
    const mail = await read("From: a@b.example\nIn-Reply-To: <3@x>\nReferences: <1@x> <2@x>\n <3@x>\n\nx");
    expect(mail.references).toEqual(["<3@x>", "<2@x>", "<1@x>"]);
  });
});

describe("telling machines from people", () => {
  const person = "From: a@b.example\nSubject: s\n";
  it.each([
    ["an auto-reply", `Auto-Submitted: auto-replied\n${person}\nx`, {}],
    ["a mailing list", `List-Id: <l.example>\n${person}\nx`, {}],
    ["bulk", `Precedence: bulk\n${person}\nx`, {}],
    ["a bounce by its null path", `${person}\nx`, { envelopeFrom: "" }],
    [
      "a delivery report",
      `${person}Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nx\n--b--\n`,
      {},
    ],
    ["our own mail", `X-Docket-Mail: 1\n${person}\nx`, {}],
    ["our own address", "From: support@docket.example\n\nx", {}],
    ["a mailer daemon", "From: MAILER-DAEMON@b.example\n\nx", {}],
  ])("%s is automatic", async (_name, source, changed) => {
    expect((await read(source, changed)).automatic).toBe(true);
  });
  it("a person is not", async () => {
    expect((await read(`Auto-Submitted: no\n${person}\nx`)).automatic).toBe(false);
  });
});

/** A small TNEF stream: code page 1251, a plain body and one file. */
function tnef(body: string, name: string, content: Buffer): Buffer {
  const attribute = (level: number, id: number, value: Buffer) => {
    const head = Buffer.alloc(9);
    head.writeUInt8(level, 0);
    head.writeUInt32LE(id, 1);
    head.writeUInt32LE(value.length, 5);
    return Buffer.concat([head, value, Buffer.alloc(2)]);
  };
  const codePage = Buffer.alloc(8);
  codePage.writeUInt32LE(1251, 0);
  const head = Buffer.alloc(6);
  head.writeUInt32LE(0x223e9f78, 0);
  const zero = (text: string) => Buffer.concat([iconv.encode(text, "windows-1251"), Buffer.alloc(1)]);
  return Buffer.concat([
    head,
    attribute(1, 0x00069007, codePage),
    attribute(1, 0x0002800c, zero(body)),
    attribute(2, 0x00069002, Buffer.alloc(14)),
    attribute(2, 0x00018010, zero(name)),
    attribute(2, 0x0006800f, content),
  ]);
}

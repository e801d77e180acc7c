import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClaims } from "./claims.ts";
import { newTextOf, replyMarker } from "./quoted.ts";
import { mailTokens } from "./token.ts";

describe("claims of a mail's body (R §3.2)", () => {
  it("reads Russian labels", () => {
    expect(
      readClaims(
        "Организация: ООО «Альфа»\nФ.И.О. ответственного: Иванов Иван\nТелефон: +7 495 000-00-00\nНомер ключа технической поддержки: ALFA-1\nДоговор № 17/2024\nДоп. адрес эл. почты: i@alfa.example\n\nНе работает.",
      ),
    ).toEqual({
      organization: "ООО «Альфа»",
      supportKey: "ALFA-1",
      contractNumber: "17/2024",
      personName: "Иванов Иван",
      phone: "+7 495 000-00-00",
      otherEmail: "i@alfa.example",
    });
  });
  it("reads English labels and leaves the absent null", () => {
    expect(readClaims("Company: Beta Ltd\nSupport key: B-2\nhello")).toEqual({
      organization: "Beta Ltd",
      supportKey: "B-2",
      contractNumber: null,
      personName: null,
      phone: null,
      otherEmail: null,
    });
  });
});

describe("the new text of an answer", () => {
  it.each([
    ["our marker", `Спасибо\n\n${replyMarker.ru}\nстарое`],
    ["a quoting client", "Спасибо\n\n26.04.2024 10:00, Support пишет:\n> старое\n> ещё"],
    ["an English client", "Спасибо\n\nOn Fri, 26 Apr 2024 at 10:00, Support <s@d.example> wrote:\n> old"],
    ["Outlook", "Спасибо\n\nОт: Support\nОтправлено: 26 апреля 2024 г.\nКому: a\nold"],
  ])("drops what %s repeats", (_name, text) => {
    expect(newTextOf(text)).toBe("Спасибо");
  });
  it("keeps everything when the answer stands below the quote", () => {
    expect(newTextOf("> Что случилось?\nДиск полон")).toBe("> Что случилось?\nДиск полон");
    expect(newTextOf(`${replyMarker.en}\nanswer below`)).toContain("answer below");
  });
});

describe("mail tokens", () => {
  const tokens = mailTokens("a secret of enough length", "mail.docket.example");
  it("finds its ticket again in a subject, an address and a message id, in any case", () => {
    fc.assert(
      fc.property(fc.uuid(), (ticketId) => {
        expect(tokens.verify(tokens.sign(ticketId))).toBe(ticketId);
        expect(tokens.findIn(`Re: [SC-000001 ${tokens.sign(ticketId).toUpperCase()}] help`)).toBe(ticketId);
        expect(tokens.findIn(tokens.replyAddress("support@docket.example", ticketId))).toBe(ticketId);
        expect(tokens.ticketOfMessageId(tokens.messageId(ticketId, "abc"))).toBe(ticketId);
      }),
    );
  });
  it("believes no altered token and no other host's id", () => {
    const other = mailTokens("another secret, also long", "mail.docket.example");
    fc.assert(
      fc.property(fc.uuid(), fc.nat(41), (ticketId, at) => {
        const token = tokens.sign(ticketId);
        const changed = token.slice(0, at) + (token[at] === "0" ? "1" : "0") + token.slice(at + 1);
        expect(tokens.verify(changed)).toBeNull();
        expect(tokens.verify(other.sign(ticketId))).toBeNull();
      }),
    );
    expect(
      tokens.ticketOfMessageId(`<t.${tokens.sign("018f0000-0000-7000-8000-000000000000")}.x@evil.example>`),
    ).toBeNull();
  });
});

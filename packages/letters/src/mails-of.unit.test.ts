import {
  type AnyEvent,
  erasedText,
  type Fact,
  letterKinds,
  type LetterWords,
  placeholdersIn,
  placeholdersOf,
} from "@docket/domain";
import { describe, expect, it } from "vitest";
import { mailsOf, type MailContext } from "./mails-of.ts";
import { letterOf, type Happened } from "./letter-of.ts";
import { en } from "./texts/en.ts";
import { ru } from "./texts/ru.ts";

const context = (changed: Partial<MailContext["ticket"]> = {}): MailContext => ({
  ticket: {
    ticketId: "018f0000-0000-7000-8000-000000000001",
    number: "SC-000123",
    subject: "Не работает <почта>",
    language: "ru",
    zone: "Europe/Moscow",
    organizationName: "Северный ветер",
    requester: { name: "Пётр Иванов", email: "ivanov@severny.example" },
    engineerId: "ivan",
    groupName: "Сети",
    serviceManagerId: "maria",
    ...changed,
  },
  staff: (staffId) => ({ name: staffId, email: `${staffId}@docket.example`, language: "en" }),
  words: () => null,
  frame: () => null,
  ticketUrl: () => "http://desk.example/tickets/SC-000123",
});
const fact = (type: string, data: object, meta: object = {}) =>
  ({
    type,
    data,
    stream: "ticket-x",
    revision: 1,
    eventId: "e",
    meta: { actor: { id: "ivan", role: "engineer" }, channel: "console", ...meta },
  }) as unknown as Fact<AnyEvent>;
const registered = fact("TicketRegistered", { receivedAt: "2024-04-22T06:00:00.000Z", subject: "Не работает <почта>" });

describe("mails of a ticket", () => {
  it("R §3.2: registration names time, number, subject and link, in text and HTML", () => {
    const [mail, ...more] = mailsOf(registered, context());
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      to: "ivanov@severny.example",
      toCustomer: true,
      subject: "[SC-000123] Заявка зарегистрирована: Не работает <почта>",
    });
    for (const part of [mail?.text ?? "", mail?.html ?? ""]) {
      expect(part).toContain("22 апреля 2024 г. в 09:00 (UTC+3)");
      expect(part).toContain("SC-000123");
      expect(part).toContain("http://desk.example/tickets/SC-000123");
    }
    expect(mail?.text).toContain("Не работает <почта>");
    expect(mail?.html).toContain("Не работает &lt;почта&gt;");
    expect(mail?.html).not.toContain("<почта>");
  });

  it("writes to nobody who was forgotten, and calls nobody by a blank", () => {
    const forgotten = { name: erasedText, email: erasedText };
    expect(mailsOf(registered, context({ requester: forgotten }))).toEqual([]);
    const [mail] = mailsOf(registered, context({ requester: { ...forgotten, email: "a@b.example" } }));
    expect(mail?.text).toContain("Здравствуйте.");
    expect(mail?.text).not.toContain(`Здравствуйте, ${erasedText}`);
    const staffless = { ...context(), staff: () => ({ name: erasedText, email: erasedText, language: "en" as const }) };
    const assigned = fact("TicketAssigned", { engineerId: "ivan", engineerName: erasedText });
    expect(mailsOf(assigned, staffless).map(({ toCustomer }) => toCustomer)).toEqual([true]);
  });

  it("speaks the organization's language", () => {
    const [mail] = mailsOf(registered, context({ language: "en", requester: { name: "Anna", email: "a@b.example" } }));
    expect(mail?.subject).toContain("Ticket registered");
    expect(mail?.text).toContain("Hello Anna,");
    expect(mail?.text).toContain("22 April 2024 at 09:00 (UTC+3)");
  });

  it("R §4.1.1: assignment names the number and the specialist, and tells the specialist", () => {
    const mails = mailsOf(fact("TicketAssigned", { engineerId: "ivan", engineerName: "Иван Кравцов" }), context());
    expect(mails.map((mail) => mail.to)).toEqual(["ivanov@severny.example", "ivan@docket.example"]);
    expect(mails[0]?.text).toContain("Иван Кравцов");
    expect(mails[0]?.text).toContain("SC-000123");
  });

  it.each([
    ["an internal note", fact("TicketCommented", { visibility: "internal", text: "x" })],
    [
      "an internal acceptance warning to the customer",
      fact("TicketDeadlineWarned", {
        clock: "ola",
        notify: "engineer",
        deadline: "2024-04-22T06:00:00.000Z",
        level: 1,
      }),
    ],
    [
      "the policy's own escalation step",
      fact("TicketEscalated", {
        by: "policy",
        reason: "r",
        moved: null,
        cause: { clock: "resolution", level: 2, action: "notify_manager" },
      }),
    ],
  ])("%s never reaches the customer", (_name, event) => {
    expect(mailsOf(event, context()).filter((mail) => mail.toCustomer)).toEqual([]);
  });

  it("an imported fact causes no mail at all", () => {
    const provenance = { source: "s", file: "f", row: 1, importedAt: "2024-04-22T06:00:00.000Z" };
    expect(mailsOf(fact("TicketRegistered", registered.data as object, { provenance }), context())).toEqual([]);
  });

  it("a requester without an address gets none, staff still do", () => {
    const mails = mailsOf(
      fact("TicketAssigned", { engineerId: "ivan", engineerName: "Иван" }),
      context({ requester: { name: "x", email: null } }),
    );
    expect(mails.map((mail) => mail.to)).toEqual(["ivan@docket.example"]);
  });

  it("a missed resolution tells engineer, manager and customer (R §4.1.4)", () => {
    const mails = mailsOf(
      fact("TicketDeadlineMissed", { clock: "resolution", deadline: "2024-04-22T12:15:00.000Z" }),
      context(),
    );
    expect(mails.map((mail) => mail.to).sort()).toEqual([
      "ivan@docket.example",
      "ivanov@severny.example",
      "maria@docket.example",
    ]);
    expect(new Set(mails.map((mail) => mail.kind)).size).toBe(3);
  });

  it("both languages have every label, and neither is empty", () => {
    expect(Object.keys(ru.frame.labels).sort()).toEqual(Object.keys(en.frame.labels).sort());
    expect(
      [...Object.values(ru.frame.labels), ...Object.values(en.frame.labels)].every((label) => label.trim() !== ""),
    ).toBe(true);
  });
});

describe("the words of letters", () => {
  const words: LetterWords = {
    subject: "[{{number}}] {{ subject }} for {{organization}}",
    text: "Dear {{name}},\n\nwe have it: <b>{{received}}</b>.",
    after: "{{link}}",
  };
  const changed = { ...context(), words: (kind: string) => (kind === "registered" ? words : null) };

  it("are those in force, with the ticket's facts in the place of placeholders, and harmless", () => {
    const [mail] = mailsOf(registered, changed);
    expect(mail).toMatchObject({
      letter: "registered",
      subject: "[SC-000123] Не работает <почта> for Северный ветер",
    });
    expect(mail?.text).toContain("Dear Пётр Иванов,\n\nwe have it: <b>22 апреля 2024 г. в 09:00 (UTC+3)</b>.");
    expect(mail?.html).toContain("&lt;b&gt;22 апреля");
    expect(mail?.html).not.toContain("<b>");
    // what R §3.2 demands stands there whatever the words are
    expect(mail?.text).toContain("Номер заявки: SC-000123");
    const other = mailsOf(fact("TicketConfirmed", {}), changed);
    expect(other[0]?.subject).toBe("[SC-000123] Заявка закрыта: Не работает <почта>");
  });

  it("stand in a frame of its own for each audience: greeting, button, signature and names of facts", () => {
    const frame = {
      greeting: "Dear {{name}}!",
      button: "Look <here>",
      signature: "The desk\n{{organization}} & we",
      labels: { number: "No." },
    };
    const framed = {
      ...context(),
      frame: (audience: string) => (audience === "requester" ? frame : null),
    };
    const [mail] = mailsOf(registered, framed);
    expect(mail?.text).toContain("Dear Пётр Иванов!\n");
    expect(mail?.text).toContain("No.: SC-000123\n");
    // what is not renamed is called as ever
    expect(mail?.text).toContain("Обращение получено: ");
    expect(mail?.text).toMatch(/Look <here>: http.*\n\nThe desk\nСеверный ветер & we\n$/u);
    expect(mail?.html).toContain(">Look &lt;here&gt;</a>");
    const [, toStaff] = mailsOf(
      fact("TicketAssigned", { groupId: "g", engineerId: "ivan", engineerName: "Иван Кравцов", line: 2 }),
      framed,
    );
    expect(toStaff?.text).toContain("Hello ivan,");
    // who has been forgotten has no name to be greeted by
    const nameless = { ...framed.ticket, requester: { ...framed.ticket.requester, name: erasedText } };
    expect(mailsOf(registered, { ...framed, ticket: nameless })[0]?.text).toContain("Dear!\n");
    expect(mailsOf(registered, { ...context(), ticket: nameless })[0]?.text).toContain("Здравствуйте.\n");
  });

  it("take what a value brings along as text: no placeholder, no mark-up", () => {
    const [mail] = mailsOf(registered, { ...changed, ticket: { ...changed.ticket, subject: "{{name}} <script>" } });
    expect(mail?.subject).toBe("[SC-000123] {{name}} <script> for Северный ветер");
    expect(mail?.html).not.toContain("<script");
  });

  it("the built-in ones ask only for what their letter knows, and name the number", () => {
    for (const texts of [ru, en])
      for (const kind of letterKinds) {
        const { subject, text, after } = texts.words[kind];
        const asked = placeholdersIn(`${subject} ${text} ${after}`);
        expect({
          kind,
          unknown: asked.filter((name) => !(placeholdersOf(kind) as readonly string[]).includes(name)),
        }).toEqual({
          kind,
          unknown: [],
        });
        expect(subject).toContain("{{number}}");
      }
  });
});

describe("a letter that is tried", () => {
  const happened = (of: Fact<AnyEvent>): Happened => ({
    fact: { ...of, meta: { ...of.meta, recordedAt: "2024-04-22T06:00:00.000Z" } } as Fact<AnyEvent>,
    ticket: context().ticket,
  });
  const life = [happened(registered)] as const;
  const common = {
    life,
    words: null,
    frame: null,
    staff: () => ({ name: "Иван Кравцов" }),
    ticketUrl: "http://desk.example/t",
  };

  it.each(letterKinds)("%s: in both languages, every placeholder filled", (kind) => {
    for (const language of ["ru", "en"] as const) {
      const letter = letterOf({ ...common, kind, language });
      expect(letter.sample).toBe(kind !== "registered");
      expect(letter.subject).toContain("[SC-000123]");
      expect(letter.text + letter.html).not.toMatch(/\{\{|undefined|NaN/u);
      const all = placeholdersOf(kind).map((name) => `${name}={{${name}}}`);
      const tried = letterOf({
        ...common,
        kind,
        language,
        words: { subject: "{{number}}", text: all.join("\n"), after: "" },
      });
      const lines = tried.text
        .split("\n")
        .filter((line) => all.some((one) => line.startsWith(`${one.split("=")[0]}=`)));
      expect(lines).toHaveLength(all.length);
      const none = language === "ru" ? ru.none : en.none;
      const empty = lines.filter((line) => line.endsWith(`=${none}`)).map((line) => line.split("=")[0]);
      // a change need not name a product
      expect(empty.filter((name) => !(kind === "proposed" && name === "product"))).toEqual([]);
    }
  });

  it("tells of the last fact that caused such a letter, whoever it was about", () => {
    const ask = (question: string) => happened(fact("TicketCustomerAsked", { question }));
    const letter = letterOf({ ...common, life: [...life, ask("first"), ask("second")], kind: "asked", language: "en" });
    expect(letter).toMatchObject({ sample: false });
    expect(letter.text).toContain("| second");
    expect(letter.text).not.toContain("first");
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MailFrame, MailKind } from "@docket/api-contract";
import { openHouse, type House } from "../../../test/house.ts";
import type { Session } from "../../../test/session.ts";
import { registered } from "../../../test/tickets.ts";

let house: House;
let boss: Session;
let ticketId: string;
let number: string;
beforeAll(async () => {
  house = await openHouse();
  boss = await house.as("boss");
  const ticket = await registered(house, { type: "incident", priority: "high" });
  ({ ticketId } = ticket);
  number = (await boss.get(`/v1/tickets/${ticketId}`, { headers: { "docket-wait-position": ticket.position } })).body
    .number;
});
afterAll(() => house.close());

const words = {
  subject: "[{{number}}] Приняли: {{subject}}",
  text: "{{name}}, мы взялись за <b>дело</b>.",
  after: "Подробнее: {{link}}",
};
const kind = async (name: string): Promise<MailKind> =>
  (await boss.get("/v1/admin/mail-kinds")).body.items.find((one: MailKind) => one.kind === name);
const preview = (body: object) => boss.post("/v1/admin/mail-preview", { kind: "registered", language: "ru", ...body });
const change = (more: object) =>
  boss.post("/v1/admin/commands/change-letter-text", { letterKind: "registered", language: "ru", ...words, ...more });

describe("the words of letters", () => {
  it("are shown by kind with what they may ask for, and tried on a real ticket without being saved or sent", async () => {
    const registeredKind = await kind("registered");
    expect(registeredKind).toMatchObject({ to: "requester", revision: null });
    expect(registeredKind.languages.ru).toMatchObject({ current: null, coming: [] });
    expect(registeredKind.languages.ru.inForce).toEqual(registeredKind.languages.ru.builtIn);
    expect(registeredKind.placeholders.map(({ name }) => name)).toContain("received");
    expect((await boss.get("/v1/admin/mail-kinds")).body.items.length).toBeGreaterThan(30);

    const tried = (await preview({ ticket: number, words })).body;
    expect(tried).toMatchObject({ ticketId, number, sample: false });
    expect(tried.subject).toMatch(new RegExp(`^\\[${number}\\] Приняли: `, "u"));
    expect(tried.html).toContain("&lt;b&gt;дело&lt;/b&gt;");
    expect((await preview({ ticket: number, kind: "staff_missed", language: "en" })).body).toMatchObject({
      sample: true,
    });
    // in the other language, and about the newest ticket when none is named
    expect((await preview({ language: "en" })).body.subject).toContain(`[${number}] Ticket registered`);
    expect((await kind("registered")).languages.ru.current).toBeNull();
  });

  it("are refused with what is wrong with them, and are for those who keep them only", async () => {
    const refused = async (part: object) => (await preview({ words: { ...words, ...part } })).body;
    expect(await refused({ text: "{{password}}" })).toMatchObject({
      code: "letter_placeholder_unknown",
      field: "words.text",
    });
    expect(await refused({ after: "{{name" })).toMatchObject({ code: "letter_braces_open", field: "words.after" });
    expect(await refused({ subject: "Hello" })).toMatchObject({ code: "letter_number_missing" });
    expect(await refused({ subject: "{{number}}\nBcc: x" })).toMatchObject({ code: "letter_subject_lines" });
    expect((await change({ text: "{{password}}", effectiveFrom: null })).body.code).toBe("letter_placeholder_unknown");
    expect((await change({ effectiveFrom: "2020-01-01T00:00:00Z" })).body.code).toBe("letter_in_the_past");
    expect((await preview({ ticket: "SC-999999" })).body.code).toBe("ticket_not_found");
    for (const login of ["olga", "audit", "anna"]) {
      const other = await house.as(login);
      expect((await other.get("/v1/admin/mail-kinds")).body.code).toBe("forbidden");
      expect((await other.post("/v1/admin/mail-preview", { kind: "registered", language: "ru" })).body.code).toBe(
        "forbidden",
      );
      expect((await other.get("/v1/admin/mail-preview/frame?kind=registered&language=ru")).body.code).toBe("forbidden");
    }
  });

  it("are changed by an event from a moment on, with a history, and given back", async () => {
    expect(
      (
        await boss.post("/v1/admin/preview/change-letter-text", {
          letterKind: "registered",
          language: "ru",
          ...words,
          effectiveFrom: null,
        })
      ).body,
    ).toMatchObject({ allowed: true, before: null, openTickets: 0 });
    const done = await change({ effectiveFrom: null });
    expect(done.body.events).toMatchObject([{ type: "LetterTextChanged", data: { version: 1 } }]);
    expect((await kind("registered")).languages.ru).toMatchObject({ current: { version: 1 }, inForce: words });
    expect((await kind("registered")).languages.en.current).toBeNull();
    expect((await preview({})).body.subject).toContain("Приняли");

    const later = "2030-01-01T00:00:00.000Z";
    expect((await change({ subject: "[{{number}}] Завтра", effectiveFrom: later })).status).toBe(200);
    const { ru } = (await kind("registered")).languages;
    expect(ru).toMatchObject({ inForce: words, coming: [{ version: 2, effectiveFrom: later }] });
    expect((await change({ effectiveFrom: null })).body.code).toBe("version_not_later");
    const reset = await boss.post("/v1/admin/commands/reset-letter-text", {
      letterKind: "registered",
      language: "ru",
      effectiveFrom: "2030-01-02T00:00:00.000Z",
    });
    expect(reset.body.events).toMatchObject([{ type: "LetterTextReset", data: { version: 3 } }]);
    const waited = { headers: { "docket-wait-position": reset.body.position } };
    const { items } = (await boss.get("/v1/directory/letter/registered/history", waited)).body;
    expect(items.map(({ type }: { type: string }) => type)).toEqual([
      "LetterTextReset",
      "LetterTextChanged",
      "LetterTextChanged",
    ]);
    expect(items[1]).toMatchObject({ effectiveFrom: later, actor: { id: "boss" } });
    // and as it was known before: the words are an entry of the directory like any other
    expect((await boss.get("/v1/letters/registered", waited)).body.state.versions).toHaveLength(3);
    const before = new Date(house.clock.now().getTime() - 3_600_000).toISOString();
    expect((await boss.get(`/v1/letters?asOf=${before}`)).body.items).toEqual([]);
  });

  it("have a frame for each audience, changed, tried and given back like the words themselves", async () => {
    const frameOf = async (audience: string): Promise<MailFrame> =>
      (await boss.get("/v1/admin/mail-kinds")).body.frames.find((one: MailFrame) => one.audience === audience);
    const { revision, languages, id } = await frameOf("requester");
    expect({ revision, id }).toEqual({ revision: null, id: "frame-requester" });
    expect(languages.ru.builtIn.labels.number).toBe("Номер заявки");
    const frame = {
      greeting: "Привет, {{name}}!",
      button: "К заявке",
      signature: "Мы\n{{link}}",
      labels: { number: "№" },
    };
    expect((await preview({ ticket: number, frame })).body.text).toMatch(/Привет, Анна.*№: .*К заявке: .*Мы\n/su);
    const refused = async (part: object) => (await preview({ frame: { ...frame, ...part } })).body;
    expect(await refused({ signature: "{{password}}" })).toMatchObject({
      code: "letter_placeholder_unknown",
      field: "frame.signature",
    });
    expect(await refused({ button: "{{number}}" })).toMatchObject({ code: "letter_placeholder_unknown" });
    expect(await refused({ labels: { number: "a\nb" } })).toMatchObject({
      code: "letter_one_line",
      field: "frame.labels.number",
    });
    const set = (body: object) =>
      boss.post("/v1/admin/commands/change-letter-frame", { audience: "requester", language: "ru", ...body });
    const done = await set({ ...frame, effectiveFrom: null });
    expect(done.body.events).toMatchObject([{ type: "LetterFrameChanged", data: { version: 1 } }]);
    expect((await frameOf("requester")).languages.ru).toMatchObject({ current: { version: 1 }, inForce: frame });
    expect((await frameOf("staff")).languages.ru.current).toBeNull();
    expect((await preview({})).body.text).toContain("Привет, ");
    expect((await preview({ frame: null })).body.text).toContain("Здравствуйте, ");
    expect((await preview({ kind: "staff_assigned" })).body.text).toContain("Здравствуйте, ");
    house.clock.advanceBy(60_000);
    const reset = await boss.post("/v1/admin/commands/reset-letter-frame", {
      audience: "requester",
      language: "ru",
      effectiveFrom: null,
    });
    expect(reset.body.events).toMatchObject([{ type: "LetterFrameReset", data: { version: 2 } }]);
    const waited = { headers: { "docket-wait-position": reset.body.position } };
    const { items } = (await boss.get("/v1/directory/letter/frame-requester/history", waited)).body;
    expect(items.map(({ type }: { type: string }) => type)).toEqual(["LetterFrameReset", "LetterFrameChanged"]);
    expect((await boss.get("/v1/letters/frame-requester", waited)).body.state).toMatchObject({
      audience: "requester",
      versions: [{ words: frame }, { words: null }],
    });
    const draft = Buffer.from(JSON.stringify({ ...frame, button: "<script>" })).toString("base64url");
    const page = await boss.get(`/v1/admin/mail-preview/frame?kind=asked&language=ru&ticket=${number}&frame=${draft}`);
    expect(page.raw.toString()).toContain("&lt;script&gt;");
  });

  it("come as a page that can do nothing, for frames of our own only", async () => {
    const draft = Buffer.from(JSON.stringify({ ...words, text: "<script>alert(1)</script>" })).toString("base64url");
    const frame = await boss.get(`/v1/admin/mail-preview/frame?kind=asked&language=ru&ticket=${number}&draft=${draft}`);
    expect(frame.headers["content-type"]).toBe("text/html; charset=utf-8");
    const policy = frame.headers["content-security-policy"]!;
    for (const part of ["default-src 'none'", "frame-ancestors 'self'", "sandbox allow-popups"])
      expect(policy).toContain(part);
    expect(policy).not.toContain("script-src");
    expect(frame.raw.toString()).toContain("&lt;script&gt;");
    expect(frame.raw.toString()).not.toContain("<script");
    const path = "/v1/admin/mail-preview/frame?kind=asked&language=ru&draft=";
    expect((await boss.get(`${path}bm8`)).body).toMatchObject({ field: "draft" });
    expect((await boss.get(`${path}${Buffer.from("{}").toString("base64url")}`)).body.code).toBe("required");
  });
});

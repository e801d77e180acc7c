import { expect } from "vitest";
import { eventually, loginAs, type Api } from "./api.ts";
import { plainLetter, requestLetter } from "./letters.ts";
import { sendRaw, type MailSink, type SunkMail } from "./post.ts";
import { watch } from "./socket.ts";
import { demoPassword } from "../demo/world.ts";

/** What the story needs of the processes that it is told to. Addresses are asked anew each time: processes restart. */
export interface Stage {
  readonly gateway: () => string;
  readonly smtp: () => number;
  readonly sink: MailSink;
  readonly supportAddress: string;
  /** moves the one clock of all processes forward */
  readonly setClock: (instant: string) => void;
  readonly settled: () => Promise<void>;
  /** called before each sentence; the run with crashes kills something here */
  readonly sentence: (words: string) => void;
}

/** What was seen live, to be compared with what is told later of the same moments. */
export interface Told {
  readonly ticketId: string;
  readonly number: string;
  readonly moments: readonly Moment[];
  readonly contactIds: readonly string[];
  readonly people: Readonly<Record<"olga" | "ivan" | "elena" | "maria" | "ivanov" | "anna", Api>>;
}
interface Moment {
  readonly at: string;
  readonly ticket: Record<string, unknown>;
  readonly queue: readonly string[];
}

const utc = (moscow: string) => new Date(`${moscow}:00+03:00`).toISOString();

/**
 * The whole regulation on one ticket, from the first mail to the close that nobody sends. Every sentence is checked by what
 * a person at that place would see: mails, socket frames, answers of the API.
 */
export async function tellStory(stage: Stage): Promise<Told> {
  const { sink, supportAddress: support } = stage;
  const at = (moscow: string) => stage.setClock(utc(moscow));
  const send = (from: string, raw: Buffer | string) => sendRaw(stage.smtp, from, support, raw);
  const mailTo = (address: string, about: RegExp, also: (mail: SunkMail) => boolean = () => true) =>
    eventually(`a mail to ${address} about ${about.source}`, () =>
      sink.mails.find((mail) => mail.envelopeTo === address && about.test(mail.subject) && also(mail)),
    );
  const enter = (login: string) => loginAs(stage.gateway, login, demoPassword);

  at("2024-04-22T09:00");
  const [olga, ivan, elena, maria, ivanov, anna] = await Promise.all([
    enter("olga"),
    enter("ivan"),
    enter("elena"),
    enter("maria"),
    enter("ivanov"),
    enter("anna"),
  ]);
  const people = { olga, ivan, elena, maria, ivanov, anna };
  const moments: Moment[] = [];

  stage.sentence("An operator's socket watches the queue");
  const watcher = watch(stage.gateway, olga.cookie, { view: "queue", filter: { queue: "all-open" } }, (row) =>
    String(row["ticketId"]),
  );
  await eventually("the first snapshot", () => watcher.frames.some((frame) => frame.type === "snapshot"));

  stage.sentence("A koi8-r mail with a screenshot and a log arrives from an authorised person with a support key");
  await send("ivanov@severny.example", requestLetter(support, "<first@severny.example>"));
  const registered = await mailTo("ivanov@severny.example", /зарегистрирована/);
  const number = /SC-\d{6}/.exec(registered.subject)?.[0] ?? "";
  expect(number).toMatch(/^SC-\d{6}$/);
  const row = await eventually("the frame with the new ticket", () =>
    [...watcher.rows.values()].find((entry) => entry["number"] === number),
  );
  const ticketId = String(row["ticketId"]);
  // R §3.2: time received, unique number, short description, link to the ticket
  expect(registered.text).toContain("22 апреля 2024");
  expect(registered.text).toContain("09:00");
  expect(registered.text).toContain(number);
  expect(registered.text).toContain("Не работает VPN до филиала");
  expect(registered.text).toMatch(/https?:\/\/\S+/);
  const ticket = `/api/v1/tickets/${number}`;
  const read = async (by: Api = olga) => (await by.get(ticket)).body as Record<string, any>;
  const status = (wanted: string) =>
    eventually(`status ${wanted}`, async () => ((await read())["status"] === wanted ? true : null));
  const detail = await read();
  expect(JSON.stringify(detail)).toContain("снимок.png");
  expect(JSON.stringify(detail)).toContain("vpn.log");

  stage.sentence("Two mails from strangers wait in the intake queue; the operator verifies one and rejects the other");
  await send(
    "new.person@severny.example",
    plainLetter({
      from: "new.person@severny.example",
      to: support,
      subject: "Заблокировали учётную запись",
      text: "Помогите войти.",
      messageId: "<second@severny.example>",
    }),
  );
  await send(
    "spam@else.example",
    plainLetter({
      from: "spam@else.example",
      to: support,
      subject: "Выгодное предложение",
      text: "Купите.",
      messageId: "<third@else.example>",
    }),
  );
  const held = await eventually("two held contacts", async () => {
    const list = (await olga.get("/api/v1/contacts?status=held&sort=receivedAt")).body.items as Record<string, any>[];
    return list.length === 2 ? list : null;
  });
  const bySubject = (subject: string) => String(held.find((contact) => contact["subject"] === subject)?.["contactId"]);
  const good = bySubject("Заблокировали учётную запись");
  const bad = bySubject("Выгодное предложение");
  const verified = await olga.post(`/api/v1/contacts/${good}/verify`, {
    organizationId: "severny",
    contractId: "severny-2024",
    personId: null,
    note: "Подтверждено звонком",
  });
  expect([200, 201]).toContain(verified.status);
  expect(verified.body.ticket?.number).toMatch(/^SC-/);
  const rejected = await olga.post(`/api/v1/contacts/${bad}/reject`, { reason: "Реклама" });
  expect([200, 201]).toContain(rejected.status);
  await eventually("the rejected contact says why", async () =>
    (await olga.get(`/api/v1/contacts/${bad}`)).body.status === "rejected" ? true : null,
  );

  const command = async (by: Api, name: string, body: Record<string, unknown>) => {
    const answer = await by.post(`${ticket}/commands/${name}`, body, {
      key: `story-${name}-${JSON.stringify(body).length}-${stepOf()}`,
    });
    expect(answer.body, `${name}: ${JSON.stringify(answer.body)}`).toMatchObject({ ticketId });
    return answer;
  };
  let step = 0;
  const stepOf = () => step++;
  const remember = async (instant: string) => {
    stage.setClock(instant);
    await stage.settled();
    const queue = (await olga.get("/api/v1/queues/all-open?limit=200")).body.items as Record<string, unknown>[];
    moments.push({
      at: instant,
      ticket: await read(),
      queue: queue
        .map((entry) => `${String(entry["number"])} ${String(entry["status"])} ${String(entry["revision"])}`)
        .sort(),
    });
  };

  stage.sentence("Classified incident/high and routed to L2; the requester learns number and specialist");
  at("2024-04-22T09:05");
  await command(olga, "classify", { type: "incident", priority: "high" });
  const routed = await eventually("the rules routed it", async () => {
    const now = await read();
    return now["status"] === "assigned" && now["engineerId"] === "ivan" ? now : null;
  });
  expect(routed["line"]).toBe(2);
  const assignedMail = await mailTo("ivanov@severny.example", /Назначен специалист/);
  expect(assignedMail.text).toContain(number);
  expect(assignedMail.text).toContain("Иван Кравцов");

  stage.sentence("Accepted: reaction met");
  at("2024-04-22T09:15");
  await command(ivan, "accept", {});
  await eventually("reaction is met", async () => ((await read())["reactionState"] === "met" ? true : null));
  await remember(utc("2024-04-22T09:16"));

  stage.sentence("A question to the customer pauses the clock; his reply by mail starts it again");
  at("2024-04-22T09:30");
  await command(ivan, "ask-customer", { question: "Какая версия прошивки на шлюзе?" });
  const question = await mailTo("ivanov@severny.example", /Нужен ваш ответ/);
  await eventually("resolution is paused", async () => ((await read())["resolutionState"] === "paused" ? true : null));
  await remember(utc("2024-04-22T10:00"));
  at("2024-04-22T11:30");
  await send(
    "ivanov@severny.example",
    plainLetter({
      from: "ivanov@severny.example",
      to: support,
      subject: `Re: ${question.subject}`,
      text: "Версия 4.2.",
      messageId: "<answer@severny.example>",
      inReplyTo: question.messageId ?? "",
      quoted: question.text,
    }),
  );
  await status("in_work");
  const timeline = JSON.stringify((await ivan.get(`${ticket}/timeline`)).body);
  expect(timeline).toContain("Версия 4.2.");
  await eventually("resolution runs again until 15:15", async () =>
    (await read())["resolutionDeadline"] === utc("2024-04-22T15:15") ? true : null,
  );

  stage.sentence("Handed over to L3 with its own acceptance clock");
  at("2024-04-22T12:00");
  await command(ivan, "hand-over", {
    toLine: 3,
    groupId: "experts",
    engineerId: "elena",
    reason: "Нужен анализ производителя",
  });
  await eventually("the third line's clock runs", async () => {
    const now = await read();
    return now["olaState"] === "running" && now["line"] === 3 ? now : null;
  });
  at("2024-04-22T12:10");
  await command(elena, "accept", {});
  await status("in_work");

  stage.sentence("Time passes: warning, miss, escalation, each once");
  const count = async (type: string) =>
    ((await anna.get(`${ticket}/timeline?limit=200`)).body.items as { type: string }[]).filter(
      (event) => event.type === type,
    ).length;
  at("2024-04-22T14:27");
  await eventually("warned", async () => (await count("TicketDeadlineWarned")) >= 1);
  await mailTo("elena@docket.example", /Срок близко/);
  at("2024-04-22T15:15");
  await eventually("missed", async () => (await count("TicketDeadlineMissed")) >= 1);
  await mailTo("maria@docket.example", /Срок нарушен/);
  at("2024-04-22T16:15");
  await eventually("moved to the escalation group", async () =>
    (await read())["groupId"] === "escalation" ? true : null,
  );

  stage.sentence("Workaround given, term extended by agreement, resolved; the customer returns it with a reason");
  at("2024-04-22T16:20");
  await command(elena, "accept", {});
  at("2024-04-22T16:30");
  await command(elena, "give-workaround", { workaround: "Временно включён резервный канал." });
  await mailTo("ivanov@severny.example", /Обходное решение/);
  await command(elena, "extend", {
    agreedBy: { personId: "ivanov", name: "Пётр Иванов", email: "ivanov@severny.example", phone: null },
    agreedAt: utc("2024-04-22T16:25"),
    newDeadline: utc("2024-04-24T18:00"),
    reason: "Ждём исправление производителя",
  });
  await mailTo("ivanov@severny.example", /Срок продлён/);
  at("2024-04-23T12:00");
  await command(elena, "resolve", { solution: "Обновлена конфигурация туннеля." });
  const solution = await mailTo("ivanov@severny.example", /Решение предоставлено/);
  expect(solution.text).toContain("Обновлена конфигурация туннеля.");
  expect(solution.text).toMatch(/подтвердите/i);
  at("2024-04-24T10:00");
  await status("result_confirmation");
  await command(ivanov, "return-to-work", { reason: "Туннель снова падает", contactId: null });
  await status("in_work");

  stage.sentence("Resolved again on Fri 2024-04-26 (Moscow)");
  await remember(utc("2024-04-25T12:00"));
  at("2024-04-26T15:00");
  await command(elena, "resolve", { solution: "Заменён модуль шлюза." });
  await mailTo("ivanov@severny.example", /Решение предоставлено/, (mail) =>
    mail.text.includes("Заменён модуль шлюза."),
  );
  await status("result_confirmation");

  stage.sentence("Reminders after 2 and 4 working days");
  at("2024-05-02T08:59");
  expect(await count("TicketReminded")).toBe(0);
  at("2024-05-03T09:00");
  await mailTo("ivanov@severny.example", /напоминание 1 из 2/);
  at("2024-05-06T18:00");
  await mailTo("ivanov@severny.example", /напоминание 2 из 2/);
  await eventually("two reminders", async () => (await count("TicketReminded")) === 2);

  stage.sentence("Closed by itself at 2024-05-08T00:00 Moscow");
  stage.setClock("2024-05-07T20:59:59.000Z");
  expect((await read())["status"]).toBe("result_confirmation");
  stage.setClock("2024-05-07T21:00:00.000Z");
  await status("closed");
  const closed = await read();
  expect(closed["closedAt"]).toBe("2024-05-07T21:00:00.000Z");
  expect(closed["closedBecause"]).toBe("auto_closed");
  await mailTo("ivanov@severny.example", /Заявка закрыта/);
  for (const [type, times] of [
    ["TicketDeadlineMissed", 1],
    ["TicketReminded", 2],
    ["TicketAutoClosed", 1],
    ["TicketReturned", 1],
    ["TicketResolved", 2],
  ] as const) {
    expect([type, await count(type)]).toEqual([type, times]);
  }

  stage.sentence("After that every command is refused with the coded error");
  for (const [name, body] of refusedCommands) {
    const answer = await (name === "confirm" || name === "return-to-work" ? ivanov : elena).post(
      `${ticket}/commands/${name}`,
      body,
      { key: `late-${name}` },
    );
    expect([name, answer.body.code]).toEqual([name, "ticket_closed"]);
  }

  stage.sentence("A late mail opens a linked contact");
  at("2024-05-08T10:00");
  await send(
    "ivanov@severny.example",
    plainLetter({
      from: "ivanov@severny.example",
      to: support,
      subject: `Re: ${solution.subject}`,
      text: "Снова не работает. Ключ поддержки: SEV-7Q2K",
      messageId: "<late@severny.example>",
      inReplyTo: solution.messageId ?? "",
    }),
  );
  const late = await eventually("the late contact", async () => {
    const list = (await olga.get("/api/v1/contacts?sort=-receivedAt&limit=5")).body.items as Record<string, any>[];
    return (
      list.find(
        (contact) =>
          contact["aboutTicketId"] === ticketId &&
          contact["receivedAt"] === utc("2024-05-08T10:00") &&
          ["registered", "held"].includes(contact["status"]),
      ) ?? null
    );
  });
  expect(late["ticketId"]).not.toBe(ticketId);
  await eventually(
    "its own registration mail",
    () =>
      sink.mails.filter((mail) => mail.envelopeTo === "ivanov@severny.example" && /зарегистрирована/.test(mail.subject))
        .length >= 2,
  );
  expect((await read())["revision"]).toBe(closed["revision"]);
  watcher.close();
  return { ticketId, number, moments, contactIds: [good, bad, String(late["contactId"])], people };
}

const refusedCommands: readonly (readonly [string, Record<string, unknown>])[] = [
  ["classify", { type: "incident", priority: "low", reason: "Поздно" }],
  ["accept", {}],
  ["resolve", { solution: "Ещё раз" }],
  ["comment", { text: "После закрытия", visibility: "internal" }],
  ["hand-over", { toLine: 2, groupId: "cc-network", engineerId: null, reason: "Поздно" }],
  ["give-workaround", { workaround: "Поздно" }],
  ["return-to-work", { reason: "Поздно", contactId: null }],
  ["confirm", {}],
];

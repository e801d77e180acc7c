import { createHash } from "node:crypto";
import { RawEvent } from "@docket/event-store";

/*
 * A log as a busy service centre would write it, for benchmarks and tests: contacts that become tickets, tickets that go the main
 * road (with questions, hand-overs, comments and reminders thrown in), many of them at a time. The same seed gives the same log.
 */

export type LogOptions = {
  readonly events: number;
  /** How many tickets are under way at the same time. */
  readonly open?: number;
  readonly seed?: number;
};

type Step = readonly [type: string, data: Record<string, unknown>];

const begin = Date.parse("2024-04-01T06:00:00.000Z");

/** A small generator of numbers in [0, 1). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** A version 7 identifier: its first half is the time, so that new rows stand together. */
function idOf(ms: number, number: number, kind: number): string {
  const time = hex(ms, 12);
  const spread = createHash("md5").update(`${kind}/${number}`).digest("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${spread.slice(0, 3)}-8${spread.slice(3, 6)}-${spread.slice(6, 18)}`;
}

const iso = (ms: number): string => new Date(ms).toISOString();

type Alarms = { key: string; at: string; kind: string; level: number }[];

function clock(
  kind: string,
  cycle: number,
  line: number | null,
  state: string,
  at: number,
  startedAt: number,
  hours: number,
): Record<string, unknown> {
  const ticking = state === "running";
  const deadline = startedAt + hours * 3_600_000;
  const name = `${kind}${line ? `.${line}` : ""}:${cycle}`;
  const alarms: Alarms = ticking
    ? [
        { key: `${name}:step:1`, at: iso(deadline - hours * 720_000), kind: "step", level: 1 },
        { key: `${name}:miss`, at: iso(deadline), kind: "miss", level: 0 },
      ]
    : [];
  return {
    kind,
    cycle,
    line,
    state,
    ticking,
    pausedBecause: state === "paused" ? "customer" : null,
    startedAt: iso(startedAt),
    target: `${hours}h`,
    deadline: state === "paused" ? null : iso(deadline),
    usedSeconds: Math.floor((at - startedAt) / 1000),
    remainingSeconds: ticking ? Math.floor((deadline - at) / 1000) : null,
    stoppedAt: state === "met" ? iso(at) : null,
    missedAt: null,
    extendedTo: null,
    contractId: "contract-1",
    policyVersion: 1,
    calendarId: "moscow",
    calendarVersion: 1,
    alarms,
  };
}

const requester = {
  personId: "ivanova",
  name: "Мария Иванова",
  email: "m.ivanova@romashka.example",
  phone: "+7 495 000-00-00",
};

/** The life of one ticket, step by step; `at` tells the moment of each. */
function* life(
  ticketId: string,
  number: number,
  contactId: string | null,
  chance: () => number,
  at: () => number,
): Generator<Step> {
  const type = chance() < 0.7 ? "incident" : "consultation";
  const priority = type === "incident" ? (chance() < 0.3 ? "high" : "medium") : "low";
  const org = `org-${Math.floor(chance() * 20)}`;
  const t0 = at();
  yield [
    "TicketRegistered",
    {
      ticketId,
      number: `SC-${String(number).padStart(6, "0")}`,
      contactId,
      channel: contactId ? "email" : "portal",
      organizationId: org,
      contractId: `${org}-2024`,
      requester,
      language: "ru",
      subject: `Не работает маршрутизатор в филиале № ${number % 97}`,
      description: `Коллеги, с утра нет связи с филиалом ${number % 97}. Индикатор WAN красный, перезагрузка не помогла. Журнал во вложении.`,
      product: "Router X",
      productVersion: "7.4.1",
      stepsToReproduce: null,
      region: "Москва",
      wish: { type: "incident", priority: "high" },
      provisional: { type: "incident", priority: "medium" },
      receivedAt: iso(t0 - 60_000),
      attachments:
        chance() < 0.2 ? [{ sha256: "ab".repeat(32), name: "журнал.txt", size: 12_345, mediaType: "text/plain" }] : [],
      planId: null,
      clocks: [clock("reaction", 1, null, "running", t0, t0, 4), clock("ola", 1, 1, "running", t0, t0, 1)],
    },
  ];
  yield [
    "TicketClassified",
    {
      type,
      priority,
      previous: null,
      reason: null,
      product: "Router X",
      clocks: [clock("reaction", 1, null, "running", at(), t0, priority === "high" ? 1 : 8)],
    },
  ];
  const engineer = `engineer-${Math.floor(chance() * 40)}`;
  const t1 = at();
  yield [
    "TicketAssigned",
    {
      groupId: "l2-network",
      line: 2,
      engineerId: engineer,
      engineerName: `Инженер ${engineer.slice(9)}`,
      routedBy: { rulesVersion: 3, ruleId: "network", because: "product Router X" },
      reason: null,
      clocks: [clock("ola", 1, 1, "met", t1, t0, 1), clock("ola", 1, 2, "running", t1, t1, 2)],
    },
  ];
  const t2 = at();
  yield [
    "TicketAccepted",
    {
      engineerId: engineer,
      engineerName: `Инженер ${engineer.slice(9)}`,
      line: 2,
      clocks: [
        clock("reaction", 1, null, "met", t2, t0, 8),
        clock("ola", 1, 2, "met", t2, t1, 2),
        clock("resolution", 1, null, "running", t2, t2, 24),
      ],
    },
  ];
  while (chance() < 0.5)
    yield [
      "TicketCommented",
      {
        text: "Проверили журнал: порт WAN не получает адрес, запросили провайдера.",
        visibility: chance() < 0.5 ? "internal" : "public",
        attachments: [],
      },
    ];
  while (chance() < 0.4) {
    yield [
      "TicketCustomerAsked",
      {
        question: "Пришлите, пожалуйста, вывод команды show interfaces.",
        clocks: [clock("resolution", 1, null, "paused", at(), t2, 24)],
      },
    ];
    yield [
      "TicketCustomerAnswered",
      {
        contactId: null,
        answer: "Вот вывод: WAN0 is down, line protocol is down.",
        attachments: [],
        clocks: [clock("resolution", 1, null, "running", at(), t2, 26)],
      },
    ];
  }
  if (chance() < 0.2)
    yield ["TicketWorkaroundGiven", { workaround: "Переключитесь на резервный канал LTE, профиль backup." }];
  const t3 = at();
  const end = t3 + 7 * 86_400_000;
  yield [
    "TicketResolved",
    {
      solution: "Провайдер восстановил порт, связь проверена, резервный канал отключён.",
      cycle: 1,
      alarms: [
        { key: "confirmation:1:reminder:1", at: iso(t3 + 2 * 86_400_000), kind: "reminder", level: 1 },
        { key: "confirmation:1:reminder:2", at: iso(t3 + 4 * 86_400_000), kind: "reminder", level: 2 },
        { key: "confirmation:1:auto_close", at: iso(end), kind: "auto_close", level: 0 },
      ],
      autoCloseAt: iso(end),
      clocks: [clock("resolution", 1, null, "met", t3, t2, 24)],
    },
  ];
  if (chance() < 0.6) return void (yield ["TicketConfirmed", { by: requester, clocks: [] }]);
  yield ["TicketReminded", { alarmKey: "confirmation:1:reminder:1", number: 1, of: 2, autoCloseAt: iso(end) }];
  yield ["TicketReminded", { alarmKey: "confirmation:1:reminder:2", number: 2, of: 2, autoCloseAt: iso(end) }];
  yield ["TicketAutoClosed", { because: "no_answer", resolvedAt: iso(t3), workingDays: 5, clocks: [] }];
}

function* contactLife(contactId: string, ticketId: string, number: number, at: () => number): Generator<Step> {
  const claims = {
    organization: "Ромашка",
    supportKey: "KEY-1",
    contractNumber: null,
    personName: "Мария Иванова",
    email: requester.email,
    otherEmail: null,
    phone: null,
  };
  yield [
    "ContactReceived",
    {
      contactId,
      channel: "email",
      receivedAt: iso(at()),
      subject: `Не работает маршрутизатор в филиале № ${number % 97}`,
      text: `Коллеги, с утра нет связи с филиалом ${number % 97}. Индикатор WAN красный, перезагрузка не помогла. Журнал во вложении.`,
      claims,
      wish: { type: null, priority: null },
      product: null,
      productVersion: null,
      stepsToReproduce: null,
      region: null,
      attachments: [],
      raw: { sha256: "cd".repeat(32), size: 4_567, mediaType: "message/rfc822" },
      mail: {
        messageId: `<${contactId}@romashka.example>`,
        inReplyTo: [],
        from: requester.email,
        to: ["support@sc.example"],
        sentAt: iso(at()),
        automatic: false,
      },
      aboutTicketId: null,
      authenticatedPersonId: null,
    },
  ];
  yield [
    "ContactVerified",
    { organizationId: "org-1", contractId: "org-1-2024", personId: "ivanova", how: "support_key", note: null },
  ];
  yield ["ContactRegistered", { ticketId, ticketNumber: `SC-${String(number).padStart(6, "0")}`, afterTicketId: null }];
}

type Stream = { readonly name: string; readonly steps: Iterator<Step>; revision: number; hash: string | null };

/** The events of such a log, in its order. */
export function* busyLog({ events, open = 2_000, seed = 1 }: LogOptions): Generator<RawEvent> {
  const chance = random(seed);
  const running: Stream[] = [];
  let now = begin;
  let tickets = 0;
  const at = (): number => now;
  const start = (): void => {
    tickets++;
    const ticketId = idOf(now, tickets, 1);
    const contactId = chance() < 0.7 ? idOf(now, tickets, 2) : null;
    const stream = (name: string, steps: Iterator<Step>): Stream => ({ name, steps, revision: 0, hash: null });
    if (contactId) running.push(stream(`contact-${contactId}`, contactLife(contactId, ticketId, tickets, at)));
    running.push(stream(`ticket-${ticketId}`, life(ticketId, tickets, contactId, chance, at)));
  };
  for (let count = 0; count < events;) {
    while (running.length < open) start();
    const index = Math.floor(chance() * running.length);
    const stream = running[index] as Stream;
    const step = stream.steps.next();
    if (step.done) {
      const last = running.pop();
      if (last && last !== stream) running[index] = last;
      continue;
    }
    now += 1_000 + Math.floor(chance() * 2_000);
    count++;
    yield eventOf(stream, step.value, count, now);
  }
}

function eventOf(stream: Stream, [type, data]: Step, count: number, now: number): RawEvent {
  const position = count * 1_000;
  const commandId = idOf(now, count, 3);
  const meta = {
    commandId,
    actor: { id: "operator-1", role: "operator", name: "Оператор Первый" },
    channel: "console",
    occurredAt: iso(now),
    recordedAt: iso(now + 5),
    schemaVersion: 1,
    $correlationId: commandId,
    $causationId: null,
    prevHash: stream.hash,
  };
  const hash = createHash("sha256").update(`${stream.name}/${stream.revision}`).digest("hex");
  stream.hash = hash;
  return new RawEvent({
    stream: stream.name,
    revision: stream.revision++,
    eventId: idOf(now, count, 4),
    type,
    position: { commit: position, prepare: position },
    createdMs: now,
    dataText: JSON.stringify(data),
    metaText: JSON.stringify({ ...meta, hash }),
  });
}

import { randomUUID } from "node:crypto";
import { sendRaw } from "../acceptance/post.ts";
import { plainLetter } from "../acceptance/letters.ts";
import { eventually, loginAs, type Api } from "../acceptance/api.ts";
import { demoTickets, type DemoTicket, type Step } from "./tickets.ts";
import { demoPassword, worldCommands } from "./world.ts";

export interface DemoTarget {
  readonly gateway: string;
  readonly smtpPort: number;
  readonly supportAddress: string;
  readonly now: () => Date;
  readonly progress: (done: number, of: number) => void;
}

const kebab = (name: string) => name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).toLowerCase();

/**
 * Command type -> the admin route's name, as `directoryCommands` keys it. The rules come last: what is classified before them waits
 * for a person.
 */
export async function loadWorld(
  admin: Api,
  nameOf: (type: string) => string,
  beforeRules: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (const [index, command] of worldCommands.entries()) {
    if (command.type === "PublishRoutingRules") await beforeRules();
    const answer = await admin.post(`/api/v1/admin/commands/${kebab(nameOf(command.type))}`, command.data, {
      key: `world-${index}`,
    });
    if (answer.status >= 300 && answer.body.code !== "already_exists")
      throw new Error(`${command.type}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

const people = {
  ivanov: {
    name: "Пётр Иванов",
    email: "ivanov@severny.example",
    organizationId: "severny",
    contractId: "severny-2024",
    key: "SEV-7Q2K",
    company: "ООО «Северный ветер»",
  },
  petrova: {
    name: "Светлана Петрова",
    email: "petrova@severny.example",
    organizationId: "severny",
    contractId: "severny-2024",
    key: "SEV-7Q2K",
    company: "ООО «Северный ветер»",
  },
  kuznetsov: {
    name: "Андрей Кузнецов",
    email: "kuznetsov@ural.example",
    organizationId: "ural",
    contractId: "ural-2024",
    key: "URL-11XY",
    company: "АО «Уральские сети»",
  },
  miller: {
    name: "Anna Miller",
    email: "miller@baltic.example",
    organizationId: "baltic",
    contractId: "baltic-2024",
    key: "BAL-555Z",
    company: "Baltic Freight",
  },
} as const;

/** A ticket that was classified while there were no rules yet: it belongs to nobody until a person sends it on. */
export async function loadUnrouted(gateway: string, admin: Api): Promise<void> {
  const olga = await loginAs(() => gateway, "olga", demoPassword);
  const person = people.kuznetsov;
  const answer = await olga.post(
    "/api/v1/contacts/phone",
    {
      subject: "Учебный стенд: нужен второй экран",
      text: "На учебном стенде один экран на двоих. Срочности нет.",
      personName: person.name,
      email: person.email,
      organization: person.company,
      supportKey: person.key,
      product: "Training Stand",
      verified: { organizationId: person.organizationId, contractId: person.contractId, personId: "kuznetsov" },
    },
    { key: "demo-unrouted" },
  );
  if (answer.status >= 300) throw new Error(`the demo's first ticket: ${answer.status} ${JSON.stringify(answer.body)}`);
  const classified = await olga.post(
    `/api/v1/tickets/${answer.body.ticket.ticketId}/commands/classify`,
    { type: "change", priority: "low", product: "Training Stand" },
    { key: "demo-unrouted-classify" },
  );
  // when the load is repeated, somebody may have taken it on meanwhile
  if (classified.status === 409) return;
  if (classified.status >= 300)
    throw new Error(`the demo's first ticket: ${classified.status} ${JSON.stringify(classified.body)}`);
  // Only when the clockwork has seen it and found no rules may they be published: it would send the ticket on by them.
  await eventually("the clockwork has seen the demo's first ticket", async () => {
    const { reactors } = (await admin.get("/api/v1/ops/processes")).body as {
      reactors: { name: string; position: string }[];
    };
    const routing = reactors.find(({ name }) => name === "routing");
    return routing !== undefined && BigInt(routing.position) >= BigInt(classified.body.position as string);
  });
}

/** Makes the demo's tickets by sending what people would send, through the gateway and the mailroom. */
export async function loadTickets(target: DemoTarget): Promise<void> {
  const logins = ["olga", "ivan", "inna", "egor", "elena", "eduard", "maria"] as const;
  const staff = Object.fromEntries(
    await Promise.all(
      logins.map(async (login) => [login, await loginAs(() => target.gateway, login, demoPassword)] as const),
    ),
  ) as Record<string, Api>;
  const olga = staff["olga"] as Api;
  let done = 0;
  // Four at a time: the demo is there in seconds, and numbers still come in about the order of the list.
  const queue = [...demoTickets.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await play(next[1], next[0], staff, olga, target);
      target.progress(++done, demoTickets.length);
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  await strangers(olga, target);
}

class Refused extends Error {}

async function play(
  ticket: DemoTicket,
  index: number,
  staff: Record<string, Api>,
  olga: Api,
  target: DemoTarget,
): Promise<void> {
  const began = target.now().getTime() - ticket.hoursAgo * 3_600_000;
  const when = (step: number) =>
    ticket.hoursAgo === 0
      ? {}
      : {
          occurredAt: new Date(
            Math.min(began + step * ticket.pace * 3_600_000 + 60_000, target.now().getTime()),
          ).toISOString(),
        };
  const id = await register(ticket, index, olga, target, new Date(began));
  // What an interrupted load had begun stays as it is.
  const begun = await eventually("the ticket can be read", async () => {
    const answer = await olga.get(`/api/v1/tickets/${id}`);
    return answer.status === 200 ? answer.body : null;
  });
  if (begun.status !== "registered") return;
  const person = people[ticket.by];
  const by = { personId: ticket.by, name: person.name, email: person.email, phone: null };
  let position = "0";
  const say = async (api: Api, name: string, body: Record<string, unknown>, step: number) => {
    let at: { occurredAt?: string } = when(step);
    for (let tries = 0; ; tries++) {
      const answer = await api.post(
        `/api/v1/tickets/${id}/commands/${name}`,
        { ...body, ...at },
        { key: `demo-${index}-${step}-${name}-${tries}` },
      );
      if (answer.status < 300) {
        position = answer.body.position;
        return answer;
      }
      // In a past that is told now, a deadline may have passed before this step: then the step came after it.
      if (answer.body.code !== "occurred_before_last_step" || tries === 5)
        throw new Refused(`demo ticket ${index} ${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
      at = { occurredAt: answer.body.last };
    }
  };
  // The clockwork may route before we do; then the ticket has its specialist already.
  const specialist = async () => {
    const { engineerId, groupId } = (await olga.get(`/api/v1/tickets/${id}?wait=${position}`)).body as {
      engineerId: string | null;
      groupId: string | null;
    };
    if (engineerId !== null) return staff[engineerId] as Api;
    return staff[
      { operators: "olga", experts: "elena", "cc-endpoint": "egor", escalation: "elena" }[groupId ?? ""] ?? "ivan"
    ] as Api;
  };
  let proposalId = "";
  let escalationId = "";
  for (const [at, step] of ticket.steps.entries()) {
    const n = at + 1;
    const who = () =>
      eventually<Api>("assigned", async () =>
        (await olga.get(`/api/v1/tickets/${id}?wait=${position}`)).body.groupId === null ? null : specialist(),
      );
    try {
      await act(step, n);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // A missed deadline may have moved the ticket to the escalation group, whose specialist then has to accept it; what is
      // refused even so stays undone, as it would in life.
      const goesOn = await say(await who(), "accept", {}, n)
        .then(
          () => act(step, n + ticket.steps.length),
          () => null,
        )
        .catch(() => null);
      if (goesOn === null) return;
    }
    async function act(one: Step, at: number): Promise<unknown> {
      switch (one.do) {
        case "classify":
          return say(olga, "classify", { type: one.type, priority: one.priority, product: ticket.product }, at);
        case "assign":
          return eventually("routed", async () => (await olga.get(`/api/v1/tickets/${id}`)).body.groupId !== null);
        case "accept":
          return say(await who(), "accept", {}, at);
        case "ask":
          return say(
            await who(),
            "ask-customer",
            { question: "Уточните, пожалуйста, с какого времени это наблюдается?" },
            at,
          );
        case "answer":
          return say(olga, "answer-customer", { answer: "Со вчерашнего вечера.", contactId: null }, at);
        case "propose":
          proposalId = randomUUID();
          return say(
            await who(),
            "propose-change",
            {
              proposalId,
              kind: "configuration",
              scope: ticket.text,
              schedule: "В ближайшее окно работ",
              effort: "4 часа",
              needsDowntime: false,
            },
            at,
          );
        case "approve":
          return say(olga, "approve-change", { proposalId, by }, at);
        case "refuse":
          return say(olga, "refuse-change", { proposalId, by, reason: "Отложим до конца квартала" }, at);
        case "workaround":
          return say(await who(), "give-workaround", { workaround: "Включён резервный путь." }, at);
        case "resolve":
          return say(await who(), "resolve", { solution: "Причина найдена и устранена, работа проверена." }, at);
        case "confirm":
          return say(olga, "confirm", { by }, at);
        case "return":
          return say(olga, "return-to-work", { reason: "Проблема повторилась", contactId: null }, at);
        case "withdraw":
          return say(olga, "withdraw", { by, reason: "Уже не нужно" }, at);
        case "escalate":
          escalationId = randomUUID();
          return say(olga, "escalate", { escalationId, by: "customer", reason: "Решение затягивается" }, at);
        case "study":
          return say(
            staff["maria"] as Api,
            "study-escalation",
            { escalationId, findings: "Нужен эксперт третьей линии." },
            at,
          );
        case "note":
          return say(
            await who(),
            "comment",
            { text: "Проверил журналы: потерь на стороне провайдера нет.", visibility: "internal" },
            at,
          );
        case "call":
          return say(
            await who(),
            "log-call",
            { direction: "outgoing", with: person.name, summary: "Договорились о времени проверки.", seconds: 180 },
            at,
          );
        case "handOver":
          return say(
            await who(),
            "hand-over",
            { toLine: 3, groupId: "experts", engineerId: "elena", reason: "Нужен разбор на третьей линии" },
            at,
          );
        case "duplicate": {
          const first = (await olga.get("/api/v1/tickets?q=касс&sort=registeredAt&limit=1")).body.items[0];
          return first === undefined || first.ticketId === id
            ? null
            : say(olga, "mark-duplicate", { ofTicketId: first.ticketId }, at);
        }
      }
    }
  }
}

async function register(
  ticket: DemoTicket,
  index: number,
  olga: Api,
  target: DemoTarget,
  began: Date,
): Promise<string> {
  const person = people[ticket.by];
  if (ticket.via === "email") {
    const messageId = `<demo-${index}@${person.email.split("@")[1]}>`;
    await sendRaw(
      () => target.smtpPort,
      person.email,
      target.supportAddress,
      plainLetter({
        from: person.email,
        to: target.supportAddress,
        subject: ticket.subject,
        text: `${ticket.text}\nКлюч поддержки: ${person.key}`,
        messageId,
      }),
    );
    return eventually("the mail's ticket", async () => {
      const list = (await olga.get("/api/v1/contacts?status=registered&channel=email&limit=50")).body.items as {
        subject: string;
        ticketId: string | null;
      }[];
      return list.find((contact) => contact.subject === ticket.subject)?.ticketId;
    });
  }
  const wish =
    ticket.steps[0]?.do === "classify"
      ? { type: ticket.steps[0].type, priority: ticket.steps[0].priority }
      : { type: "incident", priority: "medium" };
  const answer =
    ticket.via === "phone"
      ? await olga.post(
          "/api/v1/contacts/phone",
          {
            subject: ticket.subject,
            text: ticket.text,
            personName: person.name,
            email: person.email,
            organization: person.company,
            supportKey: person.key,
            ...(ticket.product === null ? {} : { product: ticket.product }),
            occurredAt: began.toISOString(),
            verified: { organizationId: person.organizationId, contractId: person.contractId, personId: ticket.by },
          },
          { key: `demo-${index}` },
        )
      : await olga.post(
          "/api/v1/contacts/portal",
          {
            ...wish,
            subject: ticket.subject,
            company: person.company,
            contactPerson: person.name,
            email: person.email,
            product: ticket.product ?? "Perimeter Gate",
            description: ticket.text,
            supportKey: person.key,
          },
          { key: `demo-${index}` },
        );
  if (answer.status >= 300) throw new Error(`demo ticket ${index}: ${answer.status} ${JSON.stringify(answer.body)}`);
  if (answer.body.ticket !== null) return answer.body.ticket.ticketId;
  return eventually(
    "the contact's ticket",
    async () => (await olga.get(`/api/v1/contacts/${answer.body.contactId}`)).body.ticketId as string | null,
  );
}

/** Three contacts that wait for an operator, and one that was turned away. */
async function strangers(olga: Api, target: DemoTarget): Promise<void> {
  const letters = [
    ["sidorov@severny.example", "Не могу войти в личный кабинет", "Я новый сотрудник, ключа не знаю."],
    ["office@unknown.example", "Просим подключить поддержку", "Готовы заключить договор."],
    ["logistics@baltic.example", "Printer on the second floor", "It prints blank pages."],
    ["offers@else.example", "Скидки на картриджи", "Только сегодня."],
  ] as const;
  for (const [index, [from, subject, text]] of letters.entries()) {
    await sendRaw(
      () => target.smtpPort,
      from,
      target.supportAddress,
      plainLetter({
        from,
        to: target.supportAddress,
        subject,
        text,
        messageId: `<demo-stranger-${index}@else.example>`,
      }),
    );
  }
  const spam = await eventually("the held contacts", async () => {
    const list = (await olga.get("/api/v1/contacts?status=held&limit=50")).body.items as {
      subject: string;
      contactId: string;
    }[];
    return list.find((contact) => contact.subject === "Скидки на картриджи");
  });
  await olga.post(`/api/v1/contacts/${spam.contactId}/reject`, { reason: "Реклама" }, { key: "demo-spam" });
}

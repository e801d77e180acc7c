import { randomUUID } from "node:crypto";
import { sleep } from "@docket/service-kit";
import { loginAs, type Api } from "../acceptance/api.ts";
import { plainLetter } from "../acceptance/letters.ts";
import { sendRaw } from "../acceptance/post.ts";
import { demoAccounts, demoPassword } from "../demo/world.ts";
import { customers, places, strangers, troubleOf, troubles, type Trouble } from "./subjects.ts";

export interface SimulationOptions {
  readonly gateway: () => string;
  readonly smtpPort: () => number;
  readonly supportAddress: string;
  /** 1: a request every half a minute or so */
  readonly speed: number;
  /** goes on though nobody has a live view open */
  readonly unwatched?: boolean;
  readonly signal: AbortSignal;
  /** chance, 0 to 1; by default the machine's */
  readonly random?: () => number;
  readonly onStep?: (what: string) => void;
}

interface TicketRow {
  readonly ticketId: string;
  readonly status: string;
  readonly subject: string;
  readonly engineerId: string | null;
  readonly groupId: string | null;
  readonly requesterPersonId: string | null;
  readonly requesterName: string;
  readonly requesterEmail: string | null;
}

const openStatuses = "registered,classified,assigned,in_work,waiting_customer,result_confirmation";
/** More open tickets than this, and no more requests come until some are closed. */
const enough = 90;
const enoughInIntake = 6;
const arrivalMs = 30_000;
const stepMs = 45_000;
const lookMs = 2_000;

/**
 * Gentle traffic for a trial installation: customers write by mail, portal and phone, and the staff's logins do what staff do, all
 * through the front door. It works on its own tickets only (told by their subjects, so that a restart finds them again), leaves
 * each a while before the next step so that people may come first, and makes no more requests than get worked off.
 *
 * States: *waiting* (somebody has switched it off, or nobody has a live view open) <-> *running*; *ended* by the signal. What is
 * refused (somebody was faster) is left as it is: the next look sees what there is to do.
 */
export async function simulate(options: SimulationOptions): Promise<void> {
  const { signal, random = Math.random, onStep = () => undefined } = options;
  const people = new Map<string, Promise<Api>>();
  const as = (login: string): Promise<Api> => {
    const known = people.get(login);
    if (known !== undefined) return known;
    const made = loginAs(options.gateway, login, demoPassword);
    people.set(login, made);
    // a login that could not be made is tried again when it is needed
    made.catch(() => people.delete(login));
    return made;
  };
  const staff = new Set(demoAccounts.flatMap(({ staffId }) => (staffId === undefined ? [] : [staffId])));
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  /** some time around the mean, never the same */
  const about = (ms: number, speed: number): number => (ms * (0.4 + 1.2 * random())) / speed;
  const due = new Map<string, number>();
  let nextArrival = 0;

  while (!signal.aborted) {
    try {
      await look();
    } catch (error) {
      onStep(`not now: ${error instanceof Error ? error.message : String(error)}`);
    }
    await sleep(lookMs / Math.max(1, Math.min(options.speed, 10)), signal).catch(() => undefined);
  }

  async function look(): Promise<void> {
    const admin = await as("admin");
    const { body: control } = await admin.get("/api/v1/ops/simulation");
    if (control.running === false || !(control.watched || options.unwatched)) return;
    const speed: number = control.speed ?? options.speed;
    const now = Date.now();
    if (now >= nextArrival) {
      nextArrival = now + about(arrivalMs, speed);
      await arrive();
    }
    const olga = await as("olga");
    const { body } = await olga.get(`/api/v1/tickets?status=${openStatuses}&sort=-registeredAt&limit=200`);
    const own = (body.items as TicketRow[]).filter(({ subject }) => troubleOf(subject) !== undefined);
    for (const id of due.keys()) if (!own.some(({ ticketId }) => ticketId === id)) due.delete(id);
    for (const ticket of own) {
      if (signal.aborted) return;
      const at = due.get(ticket.ticketId);
      if (at === undefined) due.set(ticket.ticketId, now + about(stepMs, speed));
      else if (at <= now) {
        due.set(ticket.ticketId, now + about(stepMs, speed));
        await act(ticket, troubleOf(ticket.subject) as Trouble);
      }
    }
  }

  /** A request comes in, unless there is more than enough to do. */
  async function arrive(): Promise<void> {
    const olga = await as("olga");
    const { body } = await olga.get("/api/v1/queues");
    const count = (view: string): number =>
      body.counters.find((counter: { view: string }) => counter.view === view)?.count ?? 0;
    if (count("all-open") >= enough) return;
    const way = random();
    if (way < 0.12) {
      if (count("intake") < enoughInIntake) await writeMail(one(strangers));
      return;
    }
    const customer = one(customers);
    const { subject: about_, text, ...trouble } = one(troubles[customer.language]);
    const subject = `${about_}: ${one(places[customer.language])}`;
    onStep(`${customer.name}: ${subject}`);
    if (way < 0.5) {
      const key = customer.language === "ru" ? "Ключ поддержки" : "Support key";
      return writeMail({ email: customer.email, subject, text: `${text}\n\n${key}: ${customer.key}` });
    }
    const { key: supportKey, name, email, company, organizationId, contractId, personId } = customer;
    const { type, priority, product } = trouble;
    const answer =
      way < 0.8
        ? await olga.post(
            "/api/v1/contacts/portal",
            { type, priority, subject, company, contactPerson: name, email, product, description: text, supportKey },
            { key: randomUUID() },
          )
        : await olga.post(
            "/api/v1/contacts/phone",
            {
              subject,
              text,
              personName: name,
              email,
              organization: company,
              supportKey,
              product,
              verified: { organizationId, contractId, personId },
            },
            { key: randomUUID() },
          );
    if (answer.status >= 300) onStep(`refused: ${answer.body.code}`);
  }

  async function writeMail({ email, subject, text }: { email: string; subject: string; text: string }): Promise<void> {
    const messageId = `<${randomUUID()}@${email.split("@")[1]}>`;
    const letter = plainLetter({ from: email, to: options.supportAddress, subject, text, messageId });
    await sendRaw(options.smtpPort, email, options.supportAddress, letter, 5_000);
  }

  /** The next thing that somebody would do to a ticket. */
  async function act(ticket: TicketRow, trouble: Trouble): Promise<void> {
    const say = async (login: string, name: string, body: Record<string, unknown>): Promise<void> => {
      const who = await as(login);
      const answer = await who.post(`/api/v1/tickets/${ticket.ticketId}/commands/${name}`, body, { key: randomUUID() });
      onStep(`${login} ${name} ${ticket.ticketId}: ${answer.status < 300 ? "done" : answer.body.code}`);
    };
    const by = {
      personId: ticket.requesterPersonId,
      name: ticket.requesterName,
      email: ticket.requesterEmail,
      phone: null,
    };
    const engineer = ticket.engineerId !== null && staff.has(ticket.engineerId) ? ticket.engineerId : null;
    const english = troubles.en.includes(trouble);
    switch (ticket.status) {
      case "registered":
        return say("olga", "classify", { type: trouble.type, priority: trouble.priority, product: trouble.product });
      case "classified":
        return say("olga", "assign", {});
      case "assigned":
        return say(engineer ?? inGroup(ticket.groupId), "accept", {});
      case "in_work":
        return work(ticket, trouble, engineer ?? "ivan", english, say);
      case "waiting_customer":
        return say("olga", "answer-customer", { answer: trouble.answer, contactId: null });
      case "result_confirmation": {
        const mood = random();
        if (mood < 0.6) return say("olga", "confirm", { by });
        if (mood < 0.7)
          return say("olga", "return-to-work", {
            reason: english ? "It has happened again." : "Проблема повторилась.",
            contactId: null,
          });
        return;
      }
      default:
        return;
    }
  }

  async function work(
    { groupId }: TicketRow,
    trouble: Trouble,
    engineer: string,
    english: boolean,
    say: (login: string, name: string, body: Record<string, unknown>) => Promise<void>,
  ): Promise<void> {
    const mood = random();
    if (mood < 0.15) return say(engineer, "ask-customer", { question: trouble.question });
    if (mood < 0.3)
      return say(engineer, "comment", {
        text: english
          ? "Looked through the logs, the cause is getting clear."
          : "Посмотрел журналы, причина проясняется.",
        visibility: "internal",
      });
    if (mood < 0.36 && groupId !== "experts")
      return say(engineer, "hand-over", {
        toLine: 3,
        groupId: "experts",
        engineerId: null,
        reason: english ? "Needs a look by the third line." : "Нужен разбор на третьей линии.",
      });
    if (mood < 0.44)
      return say(engineer, "give-workaround", {
        workaround: english ? "The second way in is open for the time being." : "Пока открыт запасной путь.",
      });
    return say(engineer, "resolve", { solution: trouble.solution });
  }

  const inGroup = (groupId: string | null): string =>
    one(
      { operators: ["olga", "oleg"], "cc-endpoint": ["egor"], experts: ["elena", "eduard"], escalation: ["elena"] }[
        groupId ?? ""
      ] ?? ["ivan", "inna"],
    );
}

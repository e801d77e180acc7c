import fc from "fast-check";
import { type AnyCommand, type Actor, openAlarms } from "@docket/domain";
import { moscow, people, policy, requester } from "../../../packages/domain/test/service-centre.ts";
import type { House } from "./house.ts";
import type { Session } from "./session.ts";

/*
 * Random histories for tests about past moments: contacts, tickets and the directory change by the desk's own commands and the
 * front door, at random times, some of them told later than they happened.
 */

const HOUR = 3_600_000;

const deeds = [
  "register",
  "register",
  "hold",
  "verify",
  "reject",
  "classify",
  "classify",
  "assign",
  "assign",
  "accept",
  "accept",
  "accept",
  "ask",
  "answer",
  "answer",
  "propose",
  "approve",
  "hand-over",
  "extend",
  "escalate",
  "resolve",
  "resolve",
  "return",
  "confirm",
  "withdraw",
  "comment",
  "time",
  "time",
  "staff",
  "members",
  "calendar",
  "calendar",
  "policy",
  "person",
] as const;

export interface Deed {
  readonly what: (typeof deeds)[number];
  /** milliseconds that pass before it */
  readonly wait: number;
  /** which ticket, which of several ways */
  readonly which: number;
  readonly n: number;
  /** how long before it is told it happened, milliseconds */
  readonly late: number;
}

export const deed: fc.Arbitrary<Deed> = fc.record({
  what: fc.constantFrom(...deeds),
  wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 * HOUR }), fc.integer({ min: 1, max: 30 * HOUR })),
  which: fc.nat(1_000),
  n: fc.nat(11),
  late: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: HOUR }) }),
});

export interface History {
  readonly tickets: string[];
  readonly contacts: string[];
  readonly held: string[];
  /** log position of the last fact written */
  position: string;
  done: number;
}

export const newHistory = (): History => ({ tickets: [], contacts: [], held: [], position: "0", done: 0 });

/** Does a deed where the rules let it; what they refuse is no part of the history. */
export async function perform(house: House, door: Session, history: History, one: Deed): Promise<void> {
  house.clock.advanceBy(one.wait);
  if (one.what === "register" || one.what === "hold") return contact(door, history, one);
  if (one.what === "verify" || one.what === "reject") return decide(door, history, one);
  const ticketId = history.tickets[one.which % Math.max(1, history.tickets.length)];
  if (one.what === "time") return ticketId === undefined ? undefined : timePasses(house, history, ticketId);
  const [command, actor] = commandOf(house, one, ticketId ?? "");
  if (ticketId === undefined && actor !== people.boss) return;
  await send(house, history, command, actor, one.late);
}

async function send(house: House, history: History, command: AnyCommand, actor: Actor, late = 0): Promise<boolean> {
  const commandId = crypto.randomUUID();
  const at = new Date(house.clock.now().getTime() - late).toISOString();
  const result = await house.desk.execute(command, {
    commandId,
    correlationId: commandId,
    causationId: null,
    actor,
    channel: "console",
    ...(late === 0 ? {} : { occurredAt: at }),
  });
  if (!result.ok) return false;
  history.position = result.position;
  history.done++;
  return true;
}

async function contact(door: Session, history: History, { what, n }: Deed): Promise<void> {
  const answer = await door.post("/v1/contacts/phone", {
    subject: `VPN ${n}`,
    text: "does not come up",
    product: n % 3 === 0 ? "Other" : "Континент",
    type: "incident",
    priority: (["high", "medium", "low"] as const)[n % 3],
    ...(what === "hold"
      ? { personName: "Nobody", phone: "+7 000 000-00-00" }
      : {
          email: "anna@romashka.example",
          verified: { organizationId: "romashka", contractId: "c-1", personId: "anna" },
        }),
  });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  history.position = answer.body.position;
  history.done++;
  history.contacts.push(answer.body.contactId);
  if (answer.body.ticket === null) history.held.push(answer.body.contactId);
  else history.tickets.push(answer.body.ticket.ticketId);
}

async function decide(door: Session, history: History, { what, which }: Deed): Promise<void> {
  const [contactId] = history.held.splice(which % Math.max(1, history.held.length), 1);
  if (contactId === undefined) return;
  const answer =
    what === "reject"
      ? await door.post(`/v1/contacts/${contactId}/reject`, { reason: "advertising" })
      : await door.post(`/v1/contacts/${contactId}/verify`, {
          organizationId: "romashka",
          contractId: "c-1",
          personId: "boris",
        });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  history.position = answer.body.position;
  history.done++;
  if (answer.body.ticket !== null) history.tickets.push(answer.body.ticket.ticketId);
}

/** The clockwork comes by one ticket. */
async function timePasses(house: House, history: History, ticketId: string): Promise<void> {
  for (let turns = 0; turns < 20; turns++) {
    const ticket = await house.desk.ticket(ticketId);
    const next = ticket === null ? undefined : openAlarms(ticket)[0];
    if (next === undefined || Date.parse(next.at) > house.clock.now().getTime()) return;
    const fire = { type: "FireAlarm", data: { ticketId, key: next.key, at: next.at } } as const;
    if (!(await send(house, history, fire, { id: "system", role: "system" }))) return;
  }
}

const { olga, ivan, elena, maria, anna, boss } = people;

function commandOf(house: House, { what, n }: Deed, ticketId: string): [AnyCommand, Actor] {
  const now = house.clock.now().getTime();
  const iso = (at: number): string => new Date(at).toISOString();
  const by = requester;
  const proposalId = `00000000-0000-7000-8000-00000000000${n % 3}`;
  switch (what) {
    case "classify": {
      const priority = (["high", "medium", "low"] as const)[n % 3] ?? "low";
      return [
        { type: "ClassifyTicket", data: { ticketId, type: "incident", priority, reason: "so", product: null } },
        olga,
      ];
    }
    case "assign": {
      const to =
        n % 3 === 0 ? { groupId: "l3", engineerId: "elena" } : { groupId: "net", engineerId: n % 2 ? "ivan" : null };
      return [{ type: "AssignTicket", data: { ticketId, ...to, reason: null } }, olga];
    }
    case "accept":
      return [{ type: "AcceptTicket", data: { ticketId } }, n % 3 === 0 ? elena : ivan];
    case "ask":
      return [{ type: "AskCustomer", data: { ticketId, question: "?" } }, ivan];
    case "answer":
      return [
        { type: "RecordCustomerAnswer", data: { ticketId, contactId: null, answer: "!", attachments: [] } },
        anna,
      ];
    case "propose": {
      const rest = {
        scope: "s",
        schedule: "s",
        effort: "e",
        product: null,
        productVersion: null,
        needsDowntime: false,
      };
      return [{ type: "ProposeChange", data: { ticketId, proposalId, kind: "configuration", ...rest } }, ivan];
    }
    case "approve":
      return [{ type: "ApproveChange", data: { ticketId, proposalId, by } }, anna];
    case "hand-over": {
      const data = n % 2 ? { toLine: 3 as const, groupId: "l3" } : { toLine: 2 as const, groupId: "net" };
      return [{ type: "HandOverTicket", data: { ticketId, ...data, engineerId: null, reason: "harder" } }, ivan];
    }
    case "extend": {
      const data = {
        agreedBy: by,
        agreedAt: iso(now - 1),
        newDeadline: iso(now + (n + 1) * 10 * HOUR),
        reason: "parts",
      };
      return [{ type: "ExtendTerm", data: { ticketId, ...data } }, maria];
    }
    case "escalate":
      return [
        {
          type: "EscalateTicket",
          data: { ticketId, escalationId: crypto.randomUUID(), by: "service_manager", reason: "slow" },
        },
        maria,
      ];
    case "resolve":
      return [{ type: "ResolveTicket", data: { ticketId, solution: "done" } }, ivan];
    case "return":
      return [{ type: "ReturnTicket", data: { ticketId, reason: "again", contactId: null } }, anna];
    case "confirm":
      return [{ type: "ConfirmResult", data: { ticketId, by } }, anna];
    case "withdraw":
      return [{ type: "WithdrawTicket", data: { ticketId, by, reason: null } }, anna];
    case "staff":
      return [
        { type: "ChangeStaffAvailability", data: { staffId: "petr", available: n % 2 === 0, reason: null } },
        boss,
      ];
    case "members": {
      const change = n % 2 ? { add: ["olga"], remove: [] } : { add: [], remove: ["olga"] };
      return [{ type: "ChangeGroupMembers", data: { groupId: "l3", ...change } }, boss];
    }
    case "calendar": {
      const tomorrow = iso(now + 24 * HOUR).slice(0, 10);
      const dates = [...moscow.nonWorkingDates, tomorrow].filter(
        (date, index, all) => all.indexOf(date) === index && !moscow.workingDates.some((day) => day.date === date),
      );
      const calendar = { ...structuredClone(moscow), nonWorkingDates: dates } as never;
      return [{ type: "ReviseCalendar", data: { calendarId: "msk", calendar, effectiveFrom: iso(now - n) } }, boss];
    }
    case "policy": {
      const targets = policy.targets.map((entry) => ({ ...entry, reaction: `${20 + n}m` }));
      const data = { contractId: "c-1", policy: { ...policy, targets }, policyEffectiveFrom: iso(now) };
      return [{ type: "ChangeContractPolicy", data }, boss];
    }
    case "person": {
      const person = { personId: "vera", name: `Vera ${n}`, emails: [`vera${n}@romashka.example`], phones: [] };
      return [{ type: "ChangePerson", data: { organizationId: "romashka", person } }, boss];
    }
    default:
      return [
        { type: "CommentTicket", data: { ticketId, text: "on it", visibility: "internal", attachments: [] } },
        ivan,
      ];
  }
}

import { waitForPosition } from "@docket/projection-engine";
import { type House, password } from "./house.ts";
import { session, type Session } from "./session.ts";

/*
 * Stories of tickets, a line for each thing that somebody does: what docs/metrics.md tells its examples in. Times are Moscow time. What a
 * policy wants at its own time (misses, reminders, auto-close) comes at that time by itself.
 *
 *   2024-05-13 10:00 olga registers A incident high "Router" for anna
 *   2024-05-13 10:05 olga classifies A incident high
 *   2024-05-13 18:00 olga registers B incident high "Router" for anna, happened 2024-05-13 09:30
 */

export interface Storyteller {
  /** Lets it happen; resolves when the read models know it. */
  tell(story: string): Promise<void>;
  /** Somebody who is signed in now. */
  as(login: string): Promise<Session>;
  /** the ids of tickets by their letters */
  readonly tickets: ReadonlyMap<string, string>;
  /** the log's position after what was told */
  position(): string;
}

const moscow = (text: string): Date => new Date(`${text.replace(" ", "T")}:00+03:00`);
const form =
  /^(?<at>\d{4}-\d\d-\d\d \d\d:\d\d) (?<who>\w+) (?<does>\w+) (?<ticket>\w+)(?<rest>.*?)(?:, happened (?<happened>\d{4}-\d\d-\d\d \d\d:\d\d))?$/;

export function storyteller(house: House): Storyteller {
  const tickets = new Map<string, string>();
  let position = "0";

  const sessions = new Map<string, { readonly until: number; readonly session: Session }>();

  /** A session runs out by the story's own time. */
  async function as(login: string): Promise<Session> {
    const open = sessions.get(login);
    const now = house.clock.now().getTime();
    if (open && now < open.until) return open.session;
    const fresh = await session(house.app).login(login, password);
    sessions.set(login, { until: now + 8 * 3_600_000, session: fresh });
    return fresh;
  }

  async function known(): Promise<void> {
    if (position === "0")
      for await (const event of house.store.readAll({ direction: "backwards", limit: 1 }))
        position = String(event.position.commit);
    if (!(await waitForPosition(house.database.url, Number(position), { timeoutMs: 40_000 })))
      throw new Error("the read models do not come so far");
  }

  /** What the clockwork would do until then. */
  async function passTime(until: Date): Promise<void> {
    for (;;) {
      await known();
      const { rows } = await house.database.pool.query<{ owner: string; key: string; due_at: Date }>(
        "select owner, key, due_at from read.deadline where owner_kind = 'ticket' and due_at <= $1 order by due_at, owner, key limit 1",
        [until],
      );
      const [due] = rows;
      if (!due) break;
      if (due.due_at > house.clock.now()) house.clock.advanceTo(due.due_at);
      const commandId = crypto.randomUUID();
      const result = await house.desk.execute(
        { type: "FireAlarm", data: { ticketId: due.owner, key: due.key, at: due.due_at.toISOString() } },
        {
          commandId,
          correlationId: commandId,
          causationId: null,
          actor: { id: "clockwork", role: "system" },
          channel: "system",
        },
      );
      if (!result.ok) throw new Error(JSON.stringify(result.error));
      if (result.position === position) throw new Error(`the alarm ${due.key} changes nothing`);
      position = result.position;
    }
    if (until > house.clock.now()) house.clock.advanceTo(until);
  }

  async function happen(line: string): Promise<void> {
    const [, until] = /^(\S+ \S+) nothing happens$/.exec(line.trim()) ?? [];
    if (until !== undefined) return passTime(moscow(until));
    const parts = form.exec(line.trim())?.groups;
    if (!parts) throw new Error(`not a line of a story: ${line}`);
    const { at = "", who = "", does = "", ticket = "", rest = "", happened } = parts;
    await passTime(moscow(at));
    const occurred = happened === undefined ? {} : { occurredAt: moscow(happened).toISOString() };
    const words = [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    const caller = await as(who);
    if (does === "registers") {
      const [type, priority, product] = words;
      const personId = words[words.indexOf("for") + 1];
      const organizationId = personId === "stranger" ? "lopuh" : "romashka";
      const contractId = personId === "stranger" ? "c-2" : "c-1";
      const answer = await caller.post("/v1/contacts/phone", {
        subject: `Ticket ${ticket}`,
        text: "As told by phone",
        type,
        priority,
        product,
        verified: { organizationId, contractId, personId },
        ...occurred,
      });
      if (answer.body.ticket == null) throw new Error(`${line}: ${JSON.stringify(answer.body)}`);
      tickets.set(ticket, answer.body.ticket.ticketId);
      position = answer.body.position;
      return;
    }
    const [name, body] = commandOf(does, words);
    const answer = await caller.post(`/v1/tickets/${tickets.get(ticket)}/commands/${name}`, { ...body, ...occurred });
    if (answer.status !== 200) throw new Error(`${line}: ${JSON.stringify(answer.body)}`);
    position = answer.body.position;
  }

  return {
    tickets,
    as,
    position: () => position,
    async tell(story) {
      for (const line of story.split("\n")) if (line.trim() !== "") await happen(line);
      await known();
    },
  };
}

const lines: Readonly<Record<string, number>> = { l1: 1, net: 2, l3: 3 };

function commandOf(does: string, words: readonly string[]): readonly [string, object] {
  const [first, second] = words;
  switch (does) {
    case "classifies":
      return ["classify", { type: first, priority: second }];
    case "reclassifies":
      return ["classify", { type: first, priority: second, reason: "it was not what it seemed" }];
    case "assigns":
      return ["assign", { groupId: words[1], engineerId: words[2] ?? null }];
    case "accepts":
      return ["accept", {}];
    case "hands":
      return [
        "hand-over",
        { toLine: lines[words[1] ?? ""], groupId: words[1], engineerId: words[2] ?? null, reason: "needs an expert" },
      ];
    case "asks":
      return ["ask-customer", { question: "Which one?" }];
    case "answers":
      return ["answer-customer", { answer: "This one" }];
    case "proposes":
      return [
        "propose-change",
        { kind: "configuration", scope: "one rule", schedule: "tonight", effort: "an hour", needsDowntime: false },
      ];
    case "approves":
      return ["approve-change", {}];
    case "escalates":
      return ["escalate", { reason: "too slow" }];
    case "resolves":
      return ["resolve", { solution: "It works again" }];
    case "returns":
      return ["return-to-work", { reason: "it does not" }];
    case "confirms":
      return ["confirm", {}];
    case "withdraws":
      return ["withdraw", {}];
    default:
      throw new Error(`nobody ${does} anything in a story`);
  }
}

import { randomUUID } from "node:crypto";
import { eventually, type Api } from "../acceptance/api.ts";
import { people } from "./people.ts";
import { register } from "./register.ts";
import type { DemoTarget } from "./target.ts";
import type { DemoTicket, Step } from "./tickets.ts";

class Refused extends Error {}

/** Lives one ticket: registers it and has people take its steps; what is refused even after an escalation stays undone. */
export async function play(
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

import type { Stack } from "../stack/stack.ts";
import { type Lane, openLane } from "./http-lane.ts";
import { headersOf } from "./stage.ts";

export interface Changes {
  /** numbers of the tickets that change, in the order of their registration */
  readonly tickets: readonly { readonly ticketId: string; readonly number: string }[];
  /** changes that were accepted since the last call, and refusals among them */
  taken(): { readonly accepted: number; readonly refused: number };
  stop(): Promise<void>;
}

const lanesOpen = 8;
const requester = { personId: "ivanov", name: "Пётр Иванов", email: null, phone: null };

/**
 * Work of other people at an even pace, by commands through the gateway: of ten changes six write a note, two change the priority
 * (and with it deadlines and the order), one registers a ticket and one withdraws the oldest of those.
 */
export async function keepChanging(stack: Stack, perSecond: number, ticketCount: number): Promise<Changes> {
  const headers = await headersOf(stack, "oleg");
  const lanes = await Promise.all(Array.from({ length: lanesOpen }, () => openLane(stack.urls.public)));
  const laneOf = (turn: number): Lane => lanes[turn % lanesOpen] as Lane;
  const send = async (turn: number, path: string, body: object): Promise<Record<string, unknown> | undefined> => {
    const reply = await laneOf(turn).send("POST", `/api/v1${path}`, headers, JSON.stringify(body));
    return reply.status < 300 ? (JSON.parse(reply.body.toString()) as Record<string, unknown>) : undefined;
  };
  const register = async (turn: number): Promise<{ ticketId: string; number: string }> => {
    const reply = await send(turn, "/contacts/phone", {
      subject: `Нет связи с узлом ${turn % 97}`,
      text: "Индикатор WAN красный, перезагрузка не помогла.",
      personName: "Пётр Иванов",
      product: "Perimeter Gate",
      verified: { organizationId: "severny", contractId: "severny-2024", personId: "ivanov" },
    });
    if (reply === undefined) throw new Error("a ticket could not be registered");
    return reply["ticket"] as { ticketId: string; number: string };
  };
  const tickets: { ticketId: string; number: string }[] = [];
  await Promise.all(
    Array.from({ length: lanesOpen }, async (_, lane) => {
      for (let at = lane; at < ticketCount; at += lanesOpen) tickets.push(await register(at));
    }),
  );
  tickets.sort((a, b) => (a.number < b.number ? -1 : 1));

  const passing: string[] = [];
  let [turn, accepted, refused] = [0, 0, 0];
  const change = async (): Promise<void> => {
    const mine = turn++;
    const ticket = tickets[(mine * 7) % tickets.length]?.ticketId ?? "";
    const kind = mine % 10;
    const done = async (): Promise<boolean> => {
      if (kind === 8) return passing.push((await register(mine)).ticketId) > 0;
      const oldest = kind === 9 ? passing.shift() : undefined;
      if (oldest !== undefined)
        return (await send(mine, `/tickets/${oldest}/commands/withdraw`, { by: requester })) !== undefined;
      const priority = ["high", "medium", "low"][Math.floor(mine / 10) % 3];
      return kind === 6 || kind === 7
        ? (await send(mine, `/tickets/${ticket}/commands/classify`, {
            type: "incident",
            priority,
            reason: "Уточнён приоритет",
          })) !== undefined
        : (await send(mine, `/tickets/${ticket}/commands/comment`, {
            text: "Проверил журнал.",
            visibility: "internal",
          })) !== undefined;
    };
    if (await done().catch(() => false)) accepted++;
    else refused++;
  };
  let running = true;
  const under = new Set<Promise<void>>();
  const pacing = (async (): Promise<void> => {
    const began = performance.now();
    for (let round = 0; running; round++) {
      const due = began + (round * 1_000) / perSecond;
      while (performance.now() < due)
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      // Who cannot keep up sends less, and the count of what was accepted says so.
      if (under.size >= 200) continue;
      const one = change().finally(() => under.delete(one));
      under.add(one);
    }
  })();
  return {
    tickets,
    taken() {
      const since = { accepted, refused };
      [accepted, refused] = [0, 0];
      return since;
    },
    async stop() {
      running = false;
      await pacing;
      await Promise.allSettled(under);
      for (const lane of lanes) lane.close();
    },
  };
}

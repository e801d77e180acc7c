import { EventStoreDBClient, jsonEvent, NO_STREAM } from "@eventstore/db-client";
import type { AppendResult, JSONType } from "@eventstore/db-client";
import { openEventStore } from "@docket/event-store";
import { createPool } from "@docket/postgres";
import { sleep } from "@docket/service-kit";
import type { Stack } from "../stack/stack.ts";
import type { Bench, Figure } from "./figure.ts";
import { percentile } from "./figure.ts";
import { openLane, type Lane } from "./http-lane.ts";
import { cpuMs, familyOf } from "./processes.ts";
import { headersOf, openStage } from "./stage.ts";

const inFlight = 64;
/** What follows the log or the read models, and is held still where the gateway is measured by itself. */
const followers = ["projector", "clockwork", "notifier", "mailroom"];

interface Measured {
  readonly perSecond: number;
  readonly waits: readonly number[];
  /** processor time for each, in microseconds, by process */
  readonly cpu: Readonly<Record<string, number>>;
}

/**
 * Commands through the front door, 64 in flight: the five steps of a plain ticket. One ticket is 8 appends, since registering
 * by phone is four facts on two streams one after the other (received, verified, ticket registered, contact registered),
 * and the others one each. The yardstick appends the very same facts with the official client, 64 streams at a time.
 */
export const commands: Bench = {
  name: "commands",
  title: "Commands through the gateway, 64 in flight",
  async run(options) {
    const { folder, say } = options;
    const seconds = options.quick ? 2 : 6;
    const stack = await openStage(folder);
    try {
      const people = { operator: await headersOf(stack, "olga"), engineer: await headersOf(stack, "elena") };
      say("warming up");
      await drive(stack, people, { commands: options.quick ? 500 : 5_000 });
      for (const name of followers) stack.processes.get(name)?.kill("SIGSTOP");
      say("the gateway alone");
      const alone = await drive(stack, people, { seconds });
      say("bare appends of the same facts");
      const bare = await appendBare(stack, seconds);
      for (const name of followers) stack.processes.get(name)?.kill("SIGCONT");
      say("the followers catch up");
      await followed(stack);
      say("with everything following");
      const together = await drive(stack, people, { seconds, followed: true });
      const bareTogether = await appendBare(stack, seconds);
      return [
        figure("commands, gateway alone", alone, "bare client appends", bare, [{ of: "ratio", atLeast: 0.8 }]),
        figure("the yardstick itself: bare client appends", bare, undefined, undefined, []),
        figure("appends of those commands", times(alone, 8 / 5), "bare client appends", bare, []),
        figure("commands, all services following", together, "bare client appends beside them", bareTogether, []),
      ];
    } finally {
      for (const name of followers) stack.processes.get(name)?.kill("SIGCONT");
      await stack.stop();
    }
  },
};

const times = (measured: Measured, factor: number): Measured => ({
  perSecond: measured.perSecond * factor,
  waits: [],
  cpu: Object.fromEntries(Object.entries(measured.cpu).map(([name, each]) => [name, each / factor])),
});

function figure(
  what: string,
  measured: Measured,
  yardstick: string | undefined,
  bare: Measured | undefined,
  aims: Figure["aims"],
): Figure {
  const cpu = Object.entries(measured.cpu)
    .filter(([, each]) => each >= 5)
    .map(([name, each]) => `${name} ${each.toFixed(0)}`);
  const waits =
    measured.waits.length === 0
      ? ""
      : `p50 ${percentile(measured.waits, 0.5).toFixed(1)} ms, p99 ${percentile(measured.waits, 0.99).toFixed(1)} ms; `;
  return {
    what,
    value: measured.perSecond,
    unit: "/s",
    ...(yardstick === undefined || bare === undefined ? {} : { yardstick: { what: yardstick, value: bare.perSecond } }),
    ...(aims === undefined ? {} : { aims }),
    note: `${waits}us of processor each: ${cpu.join(", ")}`,
  };
}

interface People {
  readonly operator: string;
  readonly engineer: string;
}

/** Waits until everybody who follows has dealt with every ticket and contact that stands in the log, and every mail is out. */
async function followed({ urls }: Stack): Promise<void> {
  const store = openEventStore(urls.eventStore);
  const pool = createPool(urls.database, { max: 1, name: "docket bench" });
  const last = async (prefix: string): Promise<number> => {
    for await (const { position } of store.readAll({ direction: "backwards", prefixes: [prefix], limit: 1 }))
      return position.commit;
    return 0;
  };
  try {
    const [tickets, contacts] = await Promise.all([last("ticket-0"), last("contact-")]);
    for (;;) {
      const { rows } = await pool.query<{ done: boolean }>(
        `select (select min(commit_position) from engine.checkpoints) >= $1
           and (select min(commit_position) from app.reactor_checkpoints where name in ('notifier', 'routing')) >= $1
           and (select min(commit_position) from app.reactor_checkpoints where name = 'intake') >= $2
           and not exists (select from app.outbox where status in ('waiting', 'sending')) as done`,
        [tickets, contacts],
      );
      if (rows[0]?.done === true) return;
      await sleep(100);
    }
  } finally {
    await pool.end();
    await store.close();
  }
}

/**
 * Sends the five commands of ticket after ticket on each of 64 connections, for so long or so many of them. With `followed` the
 * processor time is taken until everybody has dealt with them: who lags behind has his work still before him.
 */
async function drive(
  stack: Stack,
  { operator, engineer }: People,
  length: { readonly seconds?: number; readonly commands?: number; readonly followed?: boolean },
): Promise<Measured> {
  const lanes = await Promise.all(Array.from({ length: inFlight }, () => openLane(stack.urls.public)));
  let done = 0;
  const waits: number[] = [];
  const send = async (lane: Lane, path: string, headers: string, body: object): Promise<Buffer> => {
    const sent = performance.now();
    const reply = await lane.send("POST", path, headers, JSON.stringify(body));
    if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.body.toString()}`);
    waits.push(performance.now() - sent);
    done++;
    return reply.body;
  };
  const measure = measuring(stack);
  const until = performance.now() + (length.seconds ?? Infinity) * 1_000;
  await Promise.all(
    lanes.map(async (lane) => {
      while (performance.now() < until && done < (length.commands ?? Infinity)) {
        const registered = JSON.parse((await send(lane, "/api/v1/contacts/phone", operator, call)).toString()) as {
          ticket: { ticketId: string };
        };
        const command = (name: string): string => `/api/v1/tickets/${registered.ticket.ticketId}/commands/${name}`;
        await send(lane, command("classify"), operator, { type: "incident", priority: "high" });
        // Not where the routing rules would send it: the clockwork, which follows them by itself, may be faster.
        await send(lane, command("assign"), operator, { groupId: "experts", engineerId: "elena" });
        await send(lane, command("accept"), engineer, {});
        await send(lane, command("resolve"), engineer, { solution: "Маршрут восстановлен, связь проверена." });
      }
    }),
  );
  const { perSecond } = measure(done);
  for (const lane of lanes) lane.close();
  if (length.followed === true) await followed(stack);
  return { ...measure(done), perSecond, waits };
}

const call = {
  subject: "Нет связи с филиалом",
  text: "С утра недоступен узел филиала, индикатор WAN красный. Перезагрузка не помогла.",
  personName: "Пётр Иванов",
  email: "ivanov@severny.example",
  organization: "ООО «Северный ветер»",
  supportKey: "SEV-7Q2K",
  product: "Perimeter Gate",
  verified: { organizationId: "severny", contractId: "severny-2024", personId: "ivanov" },
};

/** Starts to take time and processor time; gives how many a second and what each took. */
function measuring(stack: Stack): (done: number) => Measured {
  const pids = new Map([...[...stack.processes].map(([name, { pid }]) => [name, pid] as const), ["load", process.pid]]);
  // Postgres is its keeper and a server process for each connection.
  const used = (name: string, pid: number | undefined): number =>
    name === "postgres" && pid !== undefined ? familyOf(pid).reduce((sum, each) => sum + cpuMs(each), 0) : cpuMs(pid);
  const before = new Map([...pids].map(([name, pid]) => [name, used(name, pid)]));
  const began = performance.now();
  return (done) => ({
    perSecond: (done * 1_000) / (performance.now() - began),
    waits: [],
    cpu: Object.fromEntries(
      [...pids].map(([name, pid]) => [name, ((used(name, pid) - (before.get(name) ?? 0)) * 1_000) / done]),
    ),
  });
}

/** The facts of one registered ticket and its contact, in the order in which they were written. */
async function factsOfOneTicket(url: string): Promise<{ type: string; data: JSONType; metadata: JSONType }[]> {
  const store = openEventStore(url);
  try {
    for await (const { stream } of store.readAll({ direction: "backwards", prefixes: ["ticket-0"] })) {
      const ticket = await store.loadRaw(stream);
      const registered = ticket[0]?.data as { contactId?: string } | undefined;
      const contact = await store.loadRaw(`contact-${registered?.contactId}`);
      if (ticket.length + contact.length !== 8) continue;
      return [...contact, ...ticket].map(({ type, data, stored }) => ({
        type,
        data: data as JSONType,
        metadata: stored as unknown as JSONType,
      }));
    }
    throw new Error("there is no ticket to take the facts of");
  } finally {
    await store.close();
  }
}

/** The same facts as the commands make, one an append, at the revision where the stream stands. */
async function appendBare(stack: Stack, seconds: number): Promise<Measured> {
  const facts = await factsOfOneTicket(stack.urls.eventStore);
  const client = EventStoreDBClient.connectionString(stack.urls.eventStore as never);
  const run = `bare-${Date.now()}`;
  let done = 0;
  try {
    const append = async (lane: number, until: number): Promise<void> => {
      while (performance.now() < until) {
        const stream = `${run}-${lane}-${done}`;
        let revision: typeof NO_STREAM | bigint = NO_STREAM;
        for (const fact of facts) {
          const result: AppendResult = await client.appendToStream(stream, jsonEvent(fact), {
            expectedRevision: revision,
          });
          revision = result.nextExpectedRevision;
          done++;
        }
      }
    };
    const lanes = (length: number): Promise<unknown> => {
      const until = performance.now() + length * 1_000;
      return Promise.all(Array.from({ length: inFlight }, (_, lane) => append(lane, until)));
    };
    await lanes(0.5);
    const warm = done;
    const measure = measuring(stack);
    await lanes(seconds);
    return measure(done - warm);
  } finally {
    await client.dispose();
  }
}

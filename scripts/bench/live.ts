import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { EventStoreDBClient, jsonEvent, streamNameFilter } from "@eventstore/db-client";
import { progressChannel } from "@docket/projection-engine";
import pg from "pg";
import WebSocket from "ws";
import { eventually, loginAs } from "../acceptance/api.ts";
import { demoPassword } from "../demo/world.ts";
import type { Stack } from "../stack/stack.ts";
import { type Bench, type Figure, percentile } from "./figure.ts";
import { openLane } from "./http-lane.ts";
import { headersOf, openStage } from "./stage.ts";

const everyMs = 20;

interface Latencies {
  /** from the sender's call to the frame at the watcher, ms */
  readonly fromSent: readonly number[];
  /** from the acknowledgement at the sender to the frame at the watcher, ms; below 0 when the frame came first */
  readonly fromAccepted: readonly number[];
}

/** Where a frame's time goes, each from the step before it, ms. A step may come before the one named before it: below 0. */
interface Steps {
  /** from the sender's call until a bare subscription hears of the event */
  readonly toStored: readonly number[];
  /** from there until Postgres tells that the read side holds it */
  readonly toReadable: readonly number[];
  /** from there to the frame at the watcher */
  readonly toFrame: readonly number[];
}

/**
 * A comment on an open ticket every 20 ms, and an operator's socket that watches the queue: from the accepted command to the frame.
 * The way is gateway, store, projector, Postgres, NOTIFY, one read, socket. The yardstick has no Postgres and no read models:
 * a bare client appends, a process with a bare subscription sends what it hears to a bare socket.
 */
export const live: Bench = {
  name: "live",
  title: "From an accepted command to the frame on a socket",
  async run({ folder, quick, say }) {
    const rounds = quick ? 100 : 500;
    const stack = await openStage(folder);
    try {
      say("frames of commands");
      const { steps, ...ours } = await frames(stack, rounds);
      say("bare subscription to bare socket");
      const bare = await bareFrames(stack, rounds);
      const row = (what: string, of: keyof Latencies, share: number, aims: Figure["aims"]): Figure => ({
        what: `${what}, p${share * 100}`,
        value: percentile(ours[of], share),
        unit: "ms",
        yardstick: { what: "bare", value: percentile(bare[of], share) },
        ...(aims === undefined ? {} : { aims }),
      });
      const step = (what: string, of: readonly number[]): Figure => ({
        what: `of it: ${what}, p50`,
        value: percentile(of, 0.5),
        unit: "ms",
        note: `p99 ${percentile(of, 0.99).toFixed(1)} ms`,
      });
      return [
        row("accepted to frame", "fromAccepted", 0.5, [{ of: "value", atMost: 10 }]),
        row("accepted to frame", "fromAccepted", 0.99, [{ of: "value", atMost: 25 }]),
        row("sent to frame", "fromSent", 0.5, [{ of: "ratio", atMost: 2 }]),
        row("sent to frame", "fromSent", 0.99, [{ of: "ratio", atMost: 2 }]),
        step("sent until the store tells of it", steps.toStored),
        step("from there until Postgres tells that the read side has it", steps.toReadable),
        step("from there to the frame", steps.toFrame),
      ];
    } finally {
      await stack.stop();
    }
  },
};

/** Calls `send` at an even pace, whatever each call takes. */
async function paced(rounds: number, send: (round: number) => Promise<void>): Promise<void> {
  const began = performance.now();
  const calls: Promise<void>[] = [];
  for (let round = 0; round < rounds; round++) {
    const due = began + round * everyMs;
    while (performance.now() < due)
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    calls.push(send(round));
  }
  await Promise.all(calls);
}

interface Times {
  readonly ticketId: string;
  readonly revision: number;
  sent: number;
  accepted: number;
  seen: number;
}

async function collect(rounds: number, times: ReadonlyMap<string, Times>): Promise<Latencies> {
  await eventually("every frame", () => times.size === rounds && [...times.values()].every(({ seen }) => seen > 0));
  const all = [...times.values()];
  return {
    fromSent: all.map(({ sent, seen }) => seen - sent),
    fromAccepted: all.map(({ accepted, seen }) => seen - accepted),
  };
}

async function frames(stack: Stack, rounds: number): Promise<Latencies & { readonly steps: Steps }> {
  const headers = await headersOf(stack, "olga");
  const olga = await loginAs(() => stack.urls.public, "olga", demoPassword);
  const ids = await Promise.all(Array.from({ length: 20 }, (_, index) => register(stack, headers, index)));
  await eventually("tickets on the read side", async () => {
    const list = (await olga.get("/api/v1/queues/all-open?limit=50")).body as { items: unknown[] };
    return list.items.length >= ids.length;
  });
  const socket = new WebSocket(`${stack.urls.public.replace(/^http/, "ws")}/api/v1/live`, {
    headers: { cookie: olga.cookie(), origin: stack.urls.public },
  });
  await once(socket, "open");
  const shown = new Map<string, number>();
  const times = new Map<string, Times>();
  const awaited = new Map<string, { revision: number; at: Times }[]>();
  const snapshot = Promise.withResolvers<void>();
  socket.on("message", (data: Buffer) => {
    const now = performance.now();
    const frame = JSON.parse(data.toString()) as { type: string; upserts?: { ticketId: string; revision: number }[] };
    if (frame.type === "snapshot") snapshot.resolve();
    for (const { ticketId, revision } of frame.upserts ?? []) {
      shown.set(ticketId, revision);
      for (const each of awaited.get(ticketId) ?? [])
        if (each.revision <= revision && each.at.seen === 0) each.at.seen = now;
    }
  });
  socket.send(JSON.stringify({ type: "subscribe", id: "q", view: "queue", filter: { queue: "all-open" } }));
  await snapshot.promise;

  const lanes = await Promise.all(ids.map(() => openLane(stack.urls.public)));
  const before = new Map(
    await Promise.all(
      ids.map(
        async (id) => [id, ((await olga.get(`/api/v1/tickets/${id}`)).body as { revision: number }).revision] as const,
      ),
    ),
  );
  // Each ticket has its own connection and is commented on in turn, so its next revision is known beforehand.
  const comment = async (round: number, name: string): Promise<void> => {
    const index = round % ids.length;
    const id = ids[index] as string;
    const revision = (before.get(id) ?? 0) + 1;
    const at: Times = { ticketId: id, revision, sent: performance.now(), accepted: 0, seen: 0 };
    before.set(id, revision);
    times.set(name, at);
    awaited.set(id, [...(awaited.get(id) ?? []).filter((each) => each.at.seen === 0), { revision, at }]);
    const reply = await lanes[index]?.send(
      "POST",
      `/api/v1/tickets/${id}/commands/comment`,
      headers,
      JSON.stringify({ text: "Проверил журнал.", visibility: "internal" }),
    );
    at.accepted = performance.now();
    if (reply?.status !== 200) throw new Error(`comment: ${reply?.status} ${reply?.body.toString()}`);
  };
  const witness = await openWitness(stack);
  await paced(50, (round) => comment(round, `warm-${round}`));
  await eventually("the first frames", () => [...times.values()].every(({ seen }) => seen > 0));
  times.clear();
  await paced(rounds, (round) => comment(round, String(round)));
  const latencies = await collect(rounds, times);
  const steps = await witness.steps([...times.values()]);
  await witness.close();
  socket.close();
  for (const lane of lanes) lane.close();
  return { ...latencies, steps };
}

/** Hears, beside the way that is measured, when the store and when Postgres tell of an event. */
async function openWitness(stack: Stack): Promise<{
  readonly steps: (of: readonly Times[]) => Promise<Steps>;
  readonly close: () => Promise<void>;
}> {
  const stored = new Map<string, { readonly position: bigint; readonly at: number }>();
  const readable: { readonly position: bigint; readonly at: number }[] = [];
  const client = EventStoreDBClient.connectionString(stack.urls.eventStore as never);
  const subscription = client.subscribeToAll({
    fromPosition: "end",
    filter: streamNameFilter({ prefixes: ["ticket-"] }),
  });
  const confirmed = once(subscription, "confirmation");
  subscription.on("data", ({ event }) => {
    if (event?.position === undefined) return;
    const seen = { position: event.position.commit, at: performance.now() };
    stored.set(`${event.streamId.slice("ticket-".length)} ${event.revision}`, seen);
  });
  const listener = new pg.Client({ connectionString: stack.urls.database });
  await listener.connect();
  listener.on("notification", ({ payload }) =>
    readable.push({ position: BigInt(payload ?? 0), at: performance.now() }),
  );
  await listener.query(`listen ${progressChannel}`);
  await confirmed;
  return {
    async steps(of) {
      const name = ({ ticketId, revision }: Times): string => `${ticketId} ${revision}`;
      await eventually("the witness has heard of all", async () => of.every((each) => stored.has(name(each))));
      const all = of.flatMap((each) => {
        const heard = stored.get(name(each));
        const held = heard && readable.find(({ position }) => position >= heard.position);
        return heard && held ? [{ ...each, stored: heard.at, readable: held.at }] : [];
      });
      return {
        toStored: all.map((each) => each.stored - each.sent),
        toReadable: all.map((each) => each.readable - each.stored),
        toFrame: all.map((each) => each.seen - each.readable),
      };
    },
    async close() {
      await subscription.unsubscribe();
      await client.dispose();
      await listener.end();
    },
  };
}

async function register(stack: Stack, headers: string, index: number): Promise<string> {
  const lane = await openLane(stack.urls.public);
  const verified = { organizationId: "severny", contractId: "severny-2024", personId: "ivanov" };
  const reply = await lane.send(
    "POST",
    "/api/v1/contacts/phone",
    headers,
    JSON.stringify({ subject: `Обращение ${index}`, text: "Нет связи.", personName: "Пётр Иванов", verified }),
  );
  lane.close();
  if (reply.status >= 300) throw new Error(`register: ${reply.status} ${reply.body.toString()}`);
  return (JSON.parse(reply.body.toString()) as { ticket: { ticketId: string } }).ticket.ticketId;
}

async function bareFrames(stack: Stack, rounds: number): Promise<Latencies> {
  const url = stack.urls.eventStore;
  const echo = spawn(process.execPath, [fileURLToPath(new URL("./echo.ts", import.meta.url)), url], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const client = EventStoreDBClient.connectionString(url as never);
  try {
    const [{ port }] = (await once(echo, "message")) as [{ port: number }];
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(socket, "open");
    const times = new Map<string, Times>();
    socket.on("message", (data: Buffer) => {
      const { id } = JSON.parse(data.toString()) as { id: string };
      const at = times.get(id);
      if (at !== undefined) at.seen = performance.now();
    });
    const append = async (round: number): Promise<void> => {
      const event = jsonEvent({ type: "commented", data: { text: "Проверил журнал.", visibility: "internal" } });
      const at: Times = { ticketId: "", revision: 0, sent: performance.now(), accepted: 0, seen: 0 };
      times.set(event.id, at);
      await client.appendToStream(`bare-${round % 20}`, event);
      at.accepted = performance.now();
    };
    await paced(50, append);
    await eventually("the first frames", () => [...times.values()].every(({ seen }) => seen > 0));
    times.clear();
    await paced(rounds, append);
    const latencies = await collect(rounds, times);
    socket.close();
    return latencies;
  } finally {
    await client.dispose();
    echo.kill();
  }
}

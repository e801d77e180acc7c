import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http2 from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { frameOf, writeMessage } from "./wire/protobuf.ts";

/**
 * Measures the node as its users meet it: the node in a process of its own, the official client in this one, on one
 * machine. The client is the larger part of most figures, so the node's own processor time per operation and a reader without
 * the client stand beside them.
 */
export type BenchFigure = { name: string; value: number; unit: string; note?: string };

export type BenchOptions = {
  /** Where the data goes; a fresh folder under the system's temporary one by default. Removed afterwards. */
  folder?: string;
  /** Seconds for each append figure (default 2). */
  seconds?: number;
};

type Client = import("@eventstore/db-client").EventStoreDBClient;
type ClientModule = typeof import("@eventstore/db-client");

/** Runs all measurements, one after the other, and gives the figures. Takes about 15 s. */
export async function benchEventStore(options: BenchOptions = {}): Promise<BenchFigure[]> {
  const client = (await import("@eventstore/db-client")) as ClientModule;
  const folder = mkdtempSync(join(options.folder ?? tmpdir(), "eventstore-bench-"));
  const ms = (options.seconds ?? 2) * 1000;
  const figures: BenchFigure[] = [];
  const before = performance.now();
  const node = await startNode(folder);
  figures.push({ name: "start, process to ready", value: performance.now() - before, unit: "ms" });
  const store = client.EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false` as never);
  try {
    await appendMany(client, store, 1, 1, 300);
    for (const inFlight of [1, 16, 64]) figures.push(...(await appendFigure(client, store, node, inFlight, 1, ms)));
    figures.push(...(await appendFigure(client, store, node, 4, 100, ms)));
    figures.push(...(await readFigures(client, store, node)));
    figures.push(...(await liveFigures(client, store)));
    figures.push({ name: "node memory at the end", value: residentMb(node.pid), unit: "MB" });
  } finally {
    await store.dispose();
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
}

type BenchNode = { port: number; pid: number; stop(): Promise<void> };

async function startNode(folder: string): Promise<BenchNode> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [main, "--port", "0", "--data", folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the node ended with code ${code}`)));
    createInterface({ input: child.stdout! }).once("line", (line) =>
      resolve(Number(/^ready port=(\d+)$/.exec(line)?.[1])),
    );
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    port,
    pid: child.pid!,
    stop: () => {
      child.kill("SIGTERM");
      return exited;
    },
  };
}

function events(client: ClientModule, count: number) {
  const note = "x".repeat(140);
  return Array.from({ length: count }, (_, index) =>
    client.jsonEvent({
      type: "ticket-registered",
      data: { number: index, subject: note, priority: "high" },
      metadata: { actor: "bench", at: 1 },
    }),
  );
}

async function appendMany(
  client: ClientModule,
  store: Client,
  inFlight: number,
  batch: number,
  ms: number,
): Promise<{ appends: number; elapsed: number; waits: number[] }> {
  const begun = performance.now();
  const waits: number[] = [];
  let appends = 0;
  const run = async (lane: number): Promise<void> => {
    while (performance.now() - begun < ms) {
      const sent = performance.now();
      await store.appendToStream(`bench-${inFlight}-${batch}-${lane}`, events(client, batch));
      waits.push(performance.now() - sent);
      appends += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, lane) => run(lane)));
  return { appends, elapsed: performance.now() - begun, waits };
}

async function appendFigure(
  client: ClientModule,
  store: Client,
  node: BenchNode,
  inFlight: number,
  batch: number,
  ms: number,
): Promise<BenchFigure[]> {
  const cpu = cpuMs(node.pid);
  const { appends, elapsed, waits } = await appendMany(client, store, inFlight, batch, ms);
  const used = cpuMs(node.pid) - cpu;
  const name =
    batch === 1 ? `single appends, ${inFlight} in flight` : `events in appends of ${batch}, ${inFlight} in flight`;
  return [
    {
      name,
      value: (appends * batch * 1000) / elapsed,
      unit: "/s",
      note: `p50 ${percentile(waits, 0.5).toFixed(2)} ms, p99 ${percentile(waits, 0.99).toFixed(2)} ms, node ${((used * 1000) / (appends * batch)).toFixed(0)} us each`,
    },
  ];
}

async function readFigures(client: ClientModule, store: Client, node: BenchNode): Promise<BenchFigure[]> {
  const count = 100_000;
  for (let i = 0; i < count / 500; i++) await store.appendToStream("bench-read", events(client, 500));
  const figures: BenchFigure[] = [];
  const timed = async (name: string, read: () => Promise<number>): Promise<void> => {
    const cpu = cpuMs(node.pid);
    const begun = performance.now();
    const read_ = await read();
    const elapsed = performance.now() - begun;
    const each = ((cpuMs(node.pid) - cpu) * 1000) / read_;
    figures.push({ name, value: (read_ * 1000) / elapsed, unit: "/s", note: `node ${each.toFixed(1)} us each` });
  };
  await timed("read of 100,000 events, official client", async () => {
    let seen = 0;
    for await (const _event of store.readStream("bench-read")) seen += 1;
    return seen;
  });
  await timed("read of 100,000 events, bare HTTP/2 reader", () => rawRead(node.port, "bench-read"));
  return figures;
}

/** Reads a stream without the client: counts frames, decodes nothing. */
async function rawRead(port: number, stream: string): Promise<number> {
  const session = http2.connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 1024 * 1024 } });
  await new Promise((resolve) => session.once("connect", resolve));
  session.setLocalWindowSize(16 * 1024 * 1024);
  const none = Buffer.alloc(0);
  const options = writeMessage()
    .message(1, writeMessage().message(1, writeMessage().string(3, stream).finish()).message(3, none).finish())
    .uint(5, 9007199254740991)
    .message(8, none)
    .message(9, writeMessage().message(2, none).finish())
    .finish();
  const call = session.request({
    ":method": "POST",
    ":path": "/event_store.client.streams.Streams/Read",
    "content-type": "application/grpc",
    te: "trailers",
  });
  call.end(frameOf(writeMessage().message(1, options).finish()));
  let messages = 0;
  /** Bytes of the current message that are still to come, and prefix bytes seen. */
  let left = 0;
  let prefix = Buffer.alloc(0);
  call.on("data", (chunk: Buffer) => {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const step = Math.min(left, chunk.length - at);
        at += step;
        left -= step;
        continue;
      }
      const step = Math.min(5 - prefix.length, chunk.length - at);
      prefix = Buffer.concat([prefix, chunk.subarray(at, at + step)]);
      at += step;
      if (prefix.length < 5) break;
      left = prefix.readUInt32BE(1);
      prefix = Buffer.alloc(0);
      messages += 1;
    }
  });
  await new Promise<void>((resolve, reject) => {
    call.on("close", resolve);
    call.on("error", reject);
  });
  session.close();
  return messages;
}

/** One append at a time, 200 a second for two seconds: from the call of append to the event at a subscriber. */
async function liveFigures(client: ClientModule, store: Client): Promise<BenchFigure[]> {
  const subscription = store.subscribeToStream("bench-live", { fromRevision: client.END });
  const sent = new Map<string, number>();
  const waits: number[] = [];
  const caughtUp = new Promise<void>((resolve) => subscription.once("caughtUp", () => resolve()));
  subscription.on("data", ({ event }) => {
    const at = event && sent.get(event.id);
    if (at !== undefined) waits.push(performance.now() - at);
  });
  await caughtUp;
  const begun = performance.now();
  for (let i = 0; i < 400; i++) {
    const [event] = events(client, 1);
    sent.set(event!.id, performance.now());
    void store.appendToStream("bench-live", event as never);
    while (performance.now() - begun < (i + 1) * 5) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  while (waits.length < 400) await new Promise((resolve) => setTimeout(resolve, 1));
  await subscription.unsubscribe();
  return [
    { name: "live delivery, append to subscriber, p50", value: percentile(waits, 0.5), unit: "ms" },
    { name: "live delivery, append to subscriber, p99", value: percentile(waits, 0.99), unit: "ms" },
  ];
}

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Processor time of another process in ms; 0 where /proc does not exist. */
function cpuMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

function residentMb(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const figure of await benchEventStore()) {
    process.stdout.write(
      `${figure.name}: ${figure.value.toFixed(figure.value < 100 ? 2 : 0)} ${figure.unit}${figure.note ? ` (${figure.note})` : ""}\n`,
    );
  }
}

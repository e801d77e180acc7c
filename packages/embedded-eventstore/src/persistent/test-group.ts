import { randomUUID } from "node:crypto";
import { openStorage, type Storage } from "../storage/storage.ts";
import { ANY } from "../wire/expected.ts";
import { compileFilter } from "../services/filter.ts";
import type { Consumer } from "./consumer.ts";
import { type Group, startGroup } from "./group.ts";
import type { Attempt } from "./message.ts";
import type { GroupConfig, GroupSettings } from "./settings.ts";

/** For tests: a store in memory, a clock by hand, a group on it that can be restarted, consumers that keep what they get. */
export type GroupBench = {
  readonly storage: Storage;
  readonly group: Group;
  append(count: number, stream?: string): Promise<void>;
  consumer(size?: number): TestConsumer;
  /** Lets everything that was scheduled or is being written happen. */
  settle(): Promise<void>;
  /** Time passes; the clock ticks once at the end. */
  pass(ms: number): Promise<void>;
  /** Ends the group as a crash does and starts it from what is stored. */
  restart(changes?: Partial<GroupSettings>): void;
  close(): Promise<void>;
};

export type TestConsumer = {
  readonly consumer: Consumer;
  readonly got: Attempt[];
  dropped: boolean;
  writable: boolean;
};

export const testSettings: GroupSettings = {
  resolveLinks: false,
  startFrom: { kind: "revision", revision: 0n },
  extraStatistics: false,
  messageTimeoutMs: 30_000,
  maxRetryCount: 10,
  checkpointAfterMs: 2_000,
  minCheckpointCount: 10,
  maxCheckpointCount: 1_000,
  maxSubscriberCount: 0,
  liveBufferSize: 500,
  readBatchSize: 20,
  historyBufferSize: 500,
  strategy: "RoundRobin",
};

export function benchGroup(changes: Partial<GroupSettings> = {}, config: Partial<GroupConfig> = {}): GroupBench {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const nowMs = () => now;
  const storage = openStorage({ dataDir: undefined, nowMs });
  const parts = {
    storage,
    compileFilter: (filter: Parameters<typeof compileFilter>[1]) => compileFilter(storage, filter),
    nowMs,
  };
  const whole = (more: Partial<GroupSettings>): GroupConfig => ({
    source: "s",
    group: "g",
    filter: undefined,
    ...config,
    settings: { ...testSettings, ...changes, ...more },
  });
  let group = startGroup(parts, whole({}));
  storage.onCommitted((batch) => group.committed(new Set(batch.events.map((event) => event.streamId))));
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

  const bench: GroupBench = {
    storage,
    get group() {
      return group;
    },
    async append(count, stream = "s") {
      const events = Array.from({ length: count }, () => ({
        id: randomUUID(),
        type: "t",
        isJson: true,
        data: Buffer.from("{}"),
        metadata: Buffer.alloc(0),
      }));
      await storage.append(stream, ANY, events);
      await bench.settle();
    },
    consumer(size = 10) {
      const got: Attempt[] = [];
      const one: TestConsumer = { consumer: undefined as never, got, dropped: false, writable: true };
      const connection = {
        user: "u",
        connectionName: "c",
        size,
        writable: () => one.writable,
        send: (attempt: Attempt) => void got.push(attempt),
        drop: () => void (one.dropped = true),
      };
      Object.assign(one, { consumer: group.connect(connection) });
      group.deliver();
      return one;
    },
    async settle() {
      for (let turns = 0; turns < 12; turns++) await turn();
    },
    async pass(ms) {
      now += ms;
      group.tick();
      await bench.settle();
    },
    restart(more = {}) {
      group.stop();
      group = startGroup(parts, whole(more));
    },
    close: () => storage.close(),
  };
  return bench;
}

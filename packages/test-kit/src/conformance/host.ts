import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { EventStoreDBClient } from "@eventstore/db-client";
import { openRaw } from "./raw.ts";
import { inTime } from "./support.ts";
import type { ConformanceCase, ConformanceContext, NodeFactory, Outcome, OwnNode } from "./types.ts";

/** Where the cases run: a server given by its connection string, or nodes that we start ourselves (or both). */
export interface HostOptions {
  readonly url?: string | undefined;
  readonly nodeFactory?: NodeFactory | undefined;
}

/** Runs cases one at a time on a server shared by them; own nodes for those that need one. */
export interface ConformanceHost {
  /** Runs one case to its outcome; never throws. */
  run(one: ConformanceCase): Promise<Outcome>;
  close(): Promise<void>;
}

const withSettings = (url: string, settings: Record<string, string>): string => {
  const extra = Object.entries(settings).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  if (extra.length === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${extra.join("&")}`;
};

const residentMemory = (pid: number | undefined): number | undefined => {
  if (pid === undefined || process.platform !== "linux") return undefined;
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return line ? Number(line[1]) * 1024 : undefined;
};

/** The errors that a late answer raises on a client whose case is over are nobody's business; all others are. */
const quietly = async (work: () => unknown): Promise<void> => {
  await Promise.resolve()
    .then(work)
    .catch(() => undefined);
};

/** Opens the host: starts the shared node when no connection string is given. Errors: whatever the factory throws. */
export const openHost = async (options: HostOptions): Promise<ConformanceHost> => {
  const shared: OwnNode | undefined = options.url === undefined ? await options.nodeFactory?.({}) : undefined;
  const url = options.url ?? shared?.url;
  if (url === undefined) throw new Error("conformance needs a connection string or a node factory");
  const client = EventStoreDBClient.connectionString(url);
  const run = randomUUID().slice(0, 8);
  let names = 0;

  const attempt = async (one: ConformanceCase): Promise<void> => {
    const cleanups: (() => unknown)[] = [];
    const ctx: ConformanceContext = {
      url,
      client,
      connect(settings = {}, to = url) {
        const opened = EventStoreDBClient.connectionString(withSettings(to, settings));
        cleanups.push(() => opened.dispose());
        return opened;
      },
      raw(to = url) {
        const raw = openRaw(to);
        cleanups.push(() => raw.close());
        return raw;
      },
      name(label) {
        names += 1;
        return `${label}-${run}-${names}`;
      },
      async freshNode(nodeOptions = {}) {
        if (!options.nodeFactory) throw new Error("this case needs a server that the suite can start itself");
        const node = await options.nodeFactory(nodeOptions);
        cleanups.push(() => node.dispose());
        return node;
      },
      defer: (cleanup) => void cleanups.push(cleanup),
      serverMemory: () => residentMemory(shared?.pid),
    };
    try {
      await inTime("the case ends", one.run(ctx), one.timeoutMs ?? 30_000);
    } finally {
      for (const cleanup of cleanups.reverse())
        await quietly(() => inTime("clean-up", Promise.resolve(cleanup()), 2_000));
    }
  };

  return {
    async run(one) {
      if (one.needs && !options.nodeFactory) return { kind: "not-run", needs: one.needs };
      const start = performance.now();
      try {
        await attempt(one);
        return { kind: "passed", ms: performance.now() - start };
      } catch (error) {
        return {
          kind: "failed",
          ms: performance.now() - start,
          error: error instanceof Error ? error : new Error(String(error)),
        };
      }
    },
    async close() {
      await quietly(() => inTime("dispose", client.dispose(), 5_000));
      await shared?.dispose();
    },
  };
};

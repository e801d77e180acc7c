import type { EventStoreDBClient } from "@eventstore/db-client";
import type { RawClient } from "./raw.ts";

/** What a case needs beyond a reachable server: `control` = a node of our own to kill and restart, `fresh` = an empty database of our own, `tls` = an own node behind TLS with users. */
export type Need = "control" | "fresh" | "tls";

/** `MUST` and `SHOULD` as in section 6 of the protocol reference; the observations of section 11 are `SHOULD`. */
export type Level = "MUST" | "SHOULD";

/** A node that the suite owns. It keeps port and data over `kill`, `stop` and `restart`. */
export interface OwnNode {
  /** Connection string without credentials, `tls=false` unless the node was started with TLS. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Process id while it runs (for memory figures), undefined when it is down. */
  readonly pid: number | undefined;
  /** File with the certificate that clients must trust; undefined without TLS. */
  readonly caFile: string | undefined;
  /** SIGKILL, resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM, resolves when the process is gone. */
  stop(): Promise<void>;
  /** Stops the process for a while without ending it (SIGSTOP) and lets it go on (SIGCONT). */
  freeze(): void;
  thaw(): void;
  /** Starts it again on the same port and data; resolves when it serves. */
  restart(): Promise<void>;
  /** Ends it for good and removes its data. */
  dispose(): Promise<void>;
}

export interface OwnNodeOptions {
  readonly tls?: boolean;
  /** Largest append in bytes; the server's default (1 MiB) when absent. */
  readonly maxAppendSize?: number;
}

export type NodeFactory = (options: OwnNodeOptions) => Promise<OwnNode>;

/** What a running case may use. Everything opened through it is closed when the case ends. */
export interface ConformanceContext {
  /** Connection string of the server under test. */
  readonly url: string;
  /** A client of that server, shared by the cases; never dispose it in a case. */
  readonly client: EventStoreDBClient;
  /** A new client, of the server under test unless another connection string is given, with extra settings. */
  connect(settings?: Record<string, string>, url?: string): EventStoreDBClient;
  /** gRPC stubs without the client's conveniences, of the server under test unless another connection string is given. */
  raw(url?: string): RawClient;
  /** A name that no other case and no other run uses. */
  name(label: string): string;
  /** An own node on an empty database. Throws when the server under test is not ours: such cases state `needs`. */
  freshNode(options?: OwnNodeOptions): Promise<OwnNode>;
  /** Runs when the case ends, in reverse order. */
  defer(cleanup: () => unknown): void;
  /** Resident memory of the server under test in bytes, or undefined when it is not ours. */
  serverMemory(): number | undefined;
}

/** One numbered item: 1..100 of section 6, or "11.n" for an observation of section 11. */
export interface ConformanceCase {
  readonly item: number | string;
  readonly level: Level;
  readonly title: string;
  readonly needs?: Need;
  /** Longest time the case may take, in milliseconds (30 s unless it says more). */
  readonly timeoutMs?: number;
  run(ctx: ConformanceContext): Promise<void>;
}

export type Outcome =
  | { readonly kind: "passed"; readonly ms: number }
  | { readonly kind: "failed"; readonly ms: number; readonly error: Error }
  | { readonly kind: "not-run"; readonly needs: Need };

export interface ConformanceResult {
  readonly case: ConformanceCase;
  readonly outcome: Outcome;
}

interface CaseOptions {
  readonly needs?: Need;
  readonly timeoutMs?: number;
}

type Run = ConformanceCase["run"];

/** Defines an item that every server must satisfy. */
export const must = (item: number, title: string, run: Run, options: CaseOptions = {}): ConformanceCase => ({
  item,
  level: "MUST",
  title,
  ...options,
  run,
});

/** Defines a parity detail. */
export const should = (item: number | string, title: string, run: Run, options: CaseOptions = {}): ConformanceCase => ({
  item,
  level: "SHOULD",
  title,
  ...options,
  run,
});

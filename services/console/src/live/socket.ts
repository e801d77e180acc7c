import type { ServerFrame, TimelineEntry } from "@docket/api-contract";

/** What a screen watches: the body of a subscribe frame without its id. */
export interface ViewRequest {
  readonly view: string;
  readonly filter: Readonly<Record<string, unknown>>;
  /** of a window: */
  readonly sort?: string;
  readonly window?: { readonly offset: number; readonly limit: number };
  readonly ribbons?: boolean;
}

/** Any frame of the gateway; those of the views beside snapshot and delta have shapes of their own. */
export interface AnyFrame {
  readonly type: string;
  readonly id?: string;
  readonly position?: string;
  readonly [member: string]: unknown;
}

/** What a screen holds of its watch. */
export interface Watching {
  /** of a window: shows another part of it */
  scroll(offset: number, limit: number): void;
  stop(): void;
}

export interface Delta {
  readonly position: string;
  readonly upserts: readonly Record<string, unknown>[];
  readonly removes: readonly string[];
  readonly timeline: readonly TimelineEntry[];
}

export interface Snapshot {
  readonly position: string;
  readonly items: readonly Record<string, unknown>[];
  readonly truncated: boolean;
  readonly timeline: readonly TimelineEntry[];
}

export interface Watcher {
  snapshot?(snapshot: Snapshot): void;
  delta?(delta: Delta): void;
  /** frames of the views that speak otherwise: window, counters, presence, notifications, job */
  frame?(frame: AnyFrame): void;
  refused?(code: string, title: string): void;
}

/** What people may know of the connection. `since`: when it was last heard of (milliseconds), while it is not live. */
export type Connection =
  | { readonly state: "connecting"; readonly since: number | null }
  | { readonly state: "live" }
  | { readonly state: "waiting"; readonly since: number; readonly attempt: number }
  | { readonly state: "ended" };

interface Watch {
  readonly id: string;
  request: ViewRequest;
  readonly watcher: Watcher;
  /** what it has come to; a new connection goes on from here */
  position: string | undefined;
}

export interface LiveSocketParts {
  open(): WebSocket;
  now(): number;
  /** runs later; gives what takes it back */
  later(run: () => void, ms: number): () => void;
  random(): number;
}

const pingMs = 2_000;
/** A peer that says nothing for so long is not there, whatever the socket claims. */
const deafMs = 7_000;
const longestWaitMs = 5_000;

/**
 * One socket for the whole console, over which every screen watches its view.
 *
 * States: *connecting* (a socket is being opened; after 7 s without a greeting -> waiting) -> *live* (the greeting has come; every watch is subscribed, from its own
 * position where it has one, so that nothing is missing) -> *waiting* (the socket closed, or was silent for 7 s; the next
 * try comes after a growing pause) -> connecting. *ended* after `close`, or when the gateway says that the session is over:
 * everything later is ignored. A `resync` ends one subscription only: it is asked for anew, from its position unless its
 * rights changed. Frames for a watch that is gone are ignored, so are deltas at or before its position.
 */
export class LiveSocket {
  readonly #parts: LiveSocketParts;
  readonly #watches = new Map<string, Watch>();
  readonly #listeners = new Set<() => void>();
  #socket: WebSocket | undefined;
  #connection: Connection = { state: "connecting", since: null };
  #position = "0";
  #heardAt = 0;
  #triedAt = 0;
  #attempt = 0;
  #ids = 0;
  #stopPing: () => void = () => undefined;
  #stopRetry: () => void = () => undefined;

  constructor(parts: LiveSocketParts) {
    this.#parts = parts;
  }

  readonly connection = (): Connection => this.#connection;
  /** The newest position of the log that the gateway has told of. */
  readonly position = (): string => this.#position;

  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  connect(): void {
    if (this.#connection.state === "ended") return;
    this.#stopRetry();
    this.#become({ state: "connecting", since: this.#heardAt === 0 ? null : this.#heardAt });
    this.#triedAt = this.#parts.now();
    const socket = this.#parts.open();
    this.#socket = socket;
    const mine = (run: () => void): void => {
      if (this.#socket === socket) run();
    };
    socket.addEventListener("message", ({ data }) => mine(() => this.#receive(String(data))));
    socket.addEventListener("close", ({ code }) => mine(() => (code === 4401 ? this.close() : this.#lost())));
    this.#heardAt = this.#heardAt === 0 ? this.#parts.now() : this.#heardAt;
    this.#ping();
  }

  close(): void {
    this.#stopPing();
    this.#stopRetry();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#become({ state: "ended" });
  }

  /** Tries at once (the browser says that the network is back, or the user asks for it). */
  retry(): void {
    if (this.#connection.state === "waiting") this.connect();
  }

  watch(request: ViewRequest, watcher: Watcher, since?: string): Watching {
    const watch: Watch = { request, id: `w${++this.#ids}`, watcher, position: since };
    this.#watches.set(watch.id, watch);
    if (this.#connection.state === "live") this.#subscribe(watch);
    return {
      scroll: (offset, limit) => {
        watch.request = { ...watch.request, window: { offset, limit } };
        if (this.#connection.state === "live" && this.#watches.has(watch.id))
          this.send({ type: "window", id: watch.id, offset, limit });
      },
      stop: () => {
        if (!this.#watches.delete(watch.id)) return;
        if (this.#connection.state === "live") this.send({ type: "unsubscribe", id: watch.id });
      },
    };
  }

  /** Something that needs no answer (presence); lost while not live. */
  send(frame: Readonly<Record<string, unknown>>): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(frame));
  }

  #subscribe({ id, request, position }: Watch): void {
    this.send({ type: "subscribe", id, ...request, ...(position === undefined ? {} : { since: position }) });
  }

  #receive(text: string): void {
    this.#heardAt = this.#parts.now();
    const frame = JSON.parse(text) as ServerFrame;
    if ("position" in frame && typeof frame.position === "string") this.#advance(frame.position);
    if (frame.type === "hello") {
      this.#attempt = 0;
      this.#become({ state: "live" });
      for (const watch of this.#watches.values()) this.#subscribe(watch);
      return;
    }
    const watch = "id" in frame && frame.id !== undefined ? this.#watches.get(frame.id) : undefined;
    if (watch === undefined) return;
    if (frame.type === "snapshot") {
      watch.position = frame.position;
      const { position, items, truncated, timeline = [] } = frame;
      watch.watcher.snapshot?.({ position, items, truncated, timeline });
    } else if (frame.type === "delta") {
      watch.position = frame.position;
      const { position, upserts, removes, timeline = [] } = frame;
      watch.watcher.delta?.({ position, upserts, removes, timeline });
    } else if (frame.type === "resync") {
      if (["rights_changed", "data_erased", "too_far_behind"].includes(frame.code)) watch.position = undefined;
      this.#parts.later(() => {
        if (this.#watches.has(watch.id) && this.#connection.state === "live") this.#subscribe(watch);
      }, 300);
    } else if (frame.type === "error") watch.watcher.refused?.(frame.code, frame.title);
    else watch.watcher.frame?.(frame as AnyFrame);
  }

  #advance(position: string): void {
    if (BigInt(position) <= BigInt(this.#position)) return;
    this.#position = position;
    this.#tell();
  }

  #ping(): void {
    this.#stopPing();
    this.#stopPing = this.#parts.later(() => {
      // A socket that never opens is as good as none.
      const since = this.#connection.state === "connecting" ? this.#triedAt : this.#heardAt;
      if (this.#parts.now() - since > deafMs) return this.#lost();
      this.send({ type: "ping" });
      this.#ping();
    }, pingMs);
  }

  #lost(): void {
    this.#stopPing();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    const attempt = ++this.#attempt;
    this.#become({ state: "waiting", since: this.#heardAt, attempt });
    const pause = Math.min(longestWaitMs, 250 * 2 ** Math.min(attempt, 8));
    // Not everybody at once when a gateway comes back.
    this.#stopRetry = this.#parts.later(() => this.connect(), pause * (0.5 + this.#parts.random()));
  }

  #become(connection: Connection): void {
    this.#connection = connection;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const later = (run: () => void, ms: number): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

export const browserSocket = (): LiveSocket =>
  new LiveSocket({
    open: () => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`),
    now: () => Date.now(),
    later,
    random: () => Math.random(),
  });

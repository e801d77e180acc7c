import {
  clientFrame,
  errorDefinition,
  fillText,
  liveLimits,
  liveProtocol,
  parseInput,
  type ClientFrame,
  type ServerFrame,
  type SubscribeFrame,
} from "@docket/api-contract";
import { randomUUID } from "node:crypto";
import type { Language } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { Clock, Logger } from "@docket/service-kit";
import type { WebSocket } from "@fastify/websocket";
import type { Principal } from "../auth/principal.ts";
import type { Directory } from "../directory/directory.ts";
import { deepestNesting, isNestedDeeper } from "../http/json-body.ts";
import { asRefusal } from "../http/problem-reply.ts";
import { Refusal } from "../http/refusal.ts";
import type { Opener } from "../journal/reveal.ts";
import type { ReadSide } from "../read-side.ts";
import type { Change, SharedRow } from "./change.ts";
import { can } from "../policy/policy.ts";
import type { Hub } from "./hub.ts";
import type { LiveSubscription } from "./live-subscription.ts";
import { readSnapshot } from "./snapshot.ts";
import { Subscription, type Outlet, type RowFrame } from "./subscription.ts";
import { viewOf } from "./views.ts";

export interface ConnectionParts {
  readonly db: Db;
  readonly store: Opener;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly hub: Hub;
  readonly readSide: ReadSide;
  readonly directory: Directory;
  /** the views beyond queues, tickets and contacts */
  readonly more: MoreViews;
}

/** A reader's side of a subscription, for those who open one. */
export interface Reader {
  readonly caller: Principal;
  readonly language: Language;
  send(frame: ServerFrame): void;
  /** a frame that is already written out */
  write(text: string): void;
  /** the subscription cannot go on */
  fail(error: unknown): void;
}

export type MoreFrame = Exclude<SubscribeFrame, RowFrame>;
type Opened = LiveSubscription & {
  /** what was asked for after it need not wait until it is open */
  readonly patient?: boolean;
  open?(): Promise<void>;
  move?(window: { offset: number; limit: number }): void;
};

/** Opens views of other kinds than rows by key. */
export interface MoreViews {
  /** throws a refusal when the reader may not have it */
  subscribe(frame: MoreFrame, reader: Reader): Promise<Opened>;
  /** somebody says where he is */
  present(place: string, caller: Principal, frame: Extract<ClientFrame, { type: "presence" }>): void;
  /** his socket has closed */
  leave(place: string): void;
}

type ResyncCode = Extract<ServerFrame, { type: "resync" }>["code"];

export const closeCodes = { policy: 1008, tooSlow: 4408, sessionEnded: 4401 } as const;

/** A reader that has taken nothing for so long is gone. */
const patienceMs = 30_000;
const drainCheckMs = 100;

/**
 * One socket.
 *
 * States: *open* (greeted; frames of the client are answered one after the other, in order; only counters come when they are
 * counted) -> *choked* when more than a megabyte lies unread: every subscription ends, nothing more is put on the heap ->
 * open again when the reader has caught up: he is told `resync` for each subscription that ended, and may ask for it again
 * from his position. Choked for 30 s, too many faults, or the end of the session -> *closed*; everything later is ignored.
 */
export class Connection {
  readonly #socket: WebSocket;
  readonly #parts: ConnectionParts;
  readonly #language: Language;
  readonly #subscriptions = new Map<string, LiveSubscription>();
  readonly #place = randomUUID();
  readonly #attachment: { readonly attached: Promise<void>; detach(): void };
  #caller: Principal;
  #turn: Promise<void> = Promise.resolve();
  #faults = 0;
  #tokens: number = liveLimits.messagesAtOnce;
  #refilledAt = performance.now();
  #owed: string[] | undefined;
  #drain: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(socket: WebSocket, caller: Principal, language: Language, parts: ConnectionParts) {
    this.#socket = socket;
    this.#caller = caller;
    this.#language = language;
    this.#parts = parts;
    this.#attachment = parts.hub.attach({
      onChange: (change) => this.#onChange(change),
      onDue: (rows, position) => this.#onDue(rows, position),
    });
    // each subscription waits for it and tells the reader
    this.#attachment.attached.catch(() => undefined);
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    socket.on("close", () => this.#onClose());
    socket.on("error", (error) => parts.logger.debug({ err: error }, "socket error"));
    this.#send({ type: "hello", protocol: liveProtocol, position: parts.readSide.position() });
  }

  get caller(): Principal {
    return this.#caller;
  }

  /** The caller as he is now: nobody ends the connection, other rights end the subscriptions made under the old ones. */
  recheck(now: Principal | undefined): void {
    if (now === undefined) return this.endSession();
    const before = this.#caller;
    this.#caller = now;
    const same =
      before.role === now.role &&
      before.organizationId === now.organizationId &&
      before.personId === now.personId &&
      before.staffId === now.staffId &&
      before.scopes.join() === now.scopes.join();
    if (!same) this.#resyncAll("rights_changed");
  }

  endSession(): void {
    if (this.#closed) return;
    this.#error("session_ended");
    this.close(closeCodes.sessionEnded, "session_ended");
  }

  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#onClose();
    this.#socket.close(code, reason);
    // A reader that does not read does not answer a close either.
    setTimeout(() => this.#socket.terminate(), 2_000).unref();
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#drain);
    this.#attachment.detach();
    this.#parts.more.leave(this.#place);
    for (const subscription of this.#subscriptions.values()) subscription.end();
    this.#subscriptions.clear();
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (this.#closed) return;
    if (!this.#takeToken()) return this.#fault("rate_limited", { seconds: 1 });
    const frame = isBinary ? undefined : readFrame(data);
    if (frame === undefined) return this.#fault("bad_frame");
    const parsed = parseInput(clientFrame, frame);
    if (!parsed.ok) {
      const { id } = frame as { id?: unknown };
      return this.#fault(
        "bad_frame",
        {},
        typeof id === "string" ? id.slice(0, 100) : undefined,
        parsed.faults[0]?.field,
      );
    }
    const message = parsed.value;
    if (message.type === "ping")
      return this.#send({
        type: "pong",
        ...(message.n === undefined ? {} : { n: message.n }),
        position: this.#parts.readSide.position(),
      });
    if (message.type === "unsubscribe") return this.#unsubscribe(message.id);
    if (message.type === "window") return this.#move(message);
    if (message.type === "presence") return this.#present(message);
    this.#open(message);
  }

  #move({ id, offset, limit }: Extract<ClientFrame, { type: "window" }>): void {
    const subscription = this.#subscriptions.get(id) as Opened | undefined;
    if (subscription?.move === undefined) return this.#fault("subscription_unknown", {}, id);
    subscription.move({ offset, limit });
  }

  #present(frame: Extract<ClientFrame, { type: "presence" }>): void {
    const verdict = can(this.#caller, { do: "presence" });
    if (!verdict.ok) return this.#fault(verdict.code, { scope: verdict.scope });
    this.#parts.more.present(this.#place, this.#caller, frame);
  }

  #takeToken(): boolean {
    const now = performance.now();
    this.#tokens = Math.min(
      liveLimits.messagesAtOnce,
      this.#tokens + ((now - this.#refilledAt) / 1000) * liveLimits.messagesPerSecond,
    );
    this.#refilledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #open(frame: SubscribeFrame): void {
    const { id } = frame;
    if (this.#subscriptions.has(id)) return this.#fault("subscription_exists", {}, id);
    if (this.#subscriptions.size >= liveLimits.subscriptions)
      return this.#fault("too_many_subscriptions", { limit: liveLimits.subscriptions }, id);
    if (!isRowFrame(frame)) return this.#openMore(frame);
    const subscription = new Subscription(frame, this.#caller, this.#outlet);
    this.#subscriptions.set(id, subscription);
    // Reading happens in turn, so that one reader asks the database one thing at a time.
    this.#turn = this.#turn
      .then(() => this.#load(subscription))
      .catch((error: unknown) => this.#failed(subscription, error));
  }

  #openMore(frame: MoreFrame): void {
    const { id } = frame;
    const opening: LiveSubscription = { id, ofGroups: false, end: ignore, change: ignore, due: ignore };
    let current = opening;
    this.#subscriptions.set(id, opening);
    const reader: Reader = {
      caller: this.#caller,
      language: this.#language,
      send: (answer) => this.#has(current) && this.#send(answer),
      write: (text) => this.#has(current) && this.#write(text),
      fail: (error) => this.#failed(current, error),
    };
    this.#turn = this.#turn
      .then(async () => {
        if (!this.#has(opening)) return;
        const opened = await this.#parts.more.subscribe(frame, reader);
        if (!this.#has(opening)) return opened.end();
        current = opened;
        this.#subscriptions.set(id, opened);
        const open = opened.open?.();
        if (opened.patient) open?.catch((error: unknown) => this.#failed(opened, error));
        else await open;
      })
      .catch((error: unknown) => this.#failed(current, error));
  }

  async #load(subscription: Subscription): Promise<void> {
    const { frame } = subscription;
    if (!this.#has(subscription)) return;
    await this.#attachment.attached;
    const view = await viewOf(frame, this.#caller, this.#parts);
    const snapshot = await readSnapshot(this.#parts, view, frame.since === undefined ? undefined : BigInt(frame.since));
    if (!this.#has(subscription)) return;
    if (view.kind === "ticket" && snapshot.rows.length === 0) throw new Refusal("ticket_not_found");
    subscription.begin(view, snapshot);
  }

  #has(subscription: LiveSubscription): boolean {
    return !this.#closed && this.#subscriptions.get(subscription.id) === subscription;
  }

  #failed(subscription: LiveSubscription, error: unknown): void {
    subscription.end();
    if (!this.#has(subscription)) return;
    const { id } = subscription;
    this.#subscriptions.delete(id);
    const { code, options } = asRefusal(error);
    const { status } = errorDefinition(code);
    if (status === 503) return this.#sendResync(id, "read_model_unavailable");
    if (status >= 500) this.#parts.logger.error({ err: error }, "a subscription failed");
    this.#error(code, options.params ?? {}, id, options.field);
  }

  #unsubscribe(id: string): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return this.#fault("subscription_unknown", {}, id);
    subscription.end();
    this.#subscriptions.delete(id);
    this.#send({ type: "unsubscribed", id });
  }

  #onChange(change: Change): void {
    for (const subscription of this.#subscriptions.values()) {
      // What a reader was shown before may have become a blank: he is to read all of it again.
      if (change.erased) this.#resync(subscription.id, "data_erased");
      else if (change.groupsChanged && subscription.ofGroups) this.#resync(subscription.id, "rights_changed");
      else subscription.change(change);
    }
  }

  #onDue(rows: readonly SharedRow[], position: bigint): void {
    for (const subscription of this.#subscriptions.values()) subscription.due(rows, position);
  }

  /** Frames are put together from texts that all readers share. */
  readonly #outlet: Outlet = {
    snapshot: (id, position, rows, truncated, timeline) =>
      this.#write(
        `{"type":"snapshot","id":${JSON.stringify(id)},"position":"${position}","items":[${rows.join()}],"truncated":${truncated}${timeline === undefined ? "" : `,"timeline":${timeline}`}}`,
      ),
    delta: (id, position, upserts, removes, timeline) =>
      this.#write(
        `{"type":"delta","id":${JSON.stringify(id)},"position":"${position}","upserts":[${upserts.join()}],"removes":${JSON.stringify(removes)}${timeline === undefined ? "" : `,"timeline":${timeline}`}}`,
      ),
    overrun: (id) => this.#resync(id, "too_far_behind"),
  };

  #resync(id: string, code: ResyncCode): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return;
    subscription.end();
    this.#subscriptions.delete(id);
    this.#sendResync(id, code);
  }

  #resyncAll(code: ResyncCode): void {
    for (const id of this.#subscriptions.keys()) this.#resync(id, code);
  }

  #sendResync(id: string, code: ResyncCode): void {
    this.#send({ type: "resync", id, position: this.#parts.readSide.position(), code });
  }

  /** A fault of the client's: told, counted, and in the end the connection is closed. */
  #fault(code: string, params: Readonly<Record<string, unknown>> = {}, id?: string, field?: string): void {
    this.#error(code, params, id, field);
    if (++this.#faults >= liveLimits.faults) this.close(closeCodes.policy, "too_many_faults");
  }

  #error(code: string, params: Readonly<Record<string, unknown>> = {}, id?: string, field?: string): void {
    const title = fillText(errorDefinition(code).title, this.#language, params);
    this.#send({ type: "error", code, title, ...(id === undefined ? {} : { id }), ...(field ? { field } : {}) });
  }

  #send(frame: ServerFrame): void {
    this.#write(JSON.stringify(frame));
  }

  #write(text: string): void {
    if (this.#closed || this.#owed !== undefined) return;
    this.#socket.send(text, { binary: false });
    if (this.#socket.bufferedAmount > liveLimits.bufferedBytes) this.#choke();
  }

  /** open -> choked */
  #choke(): void {
    this.#owed = [...this.#subscriptions.keys()];
    for (const subscription of this.#subscriptions.values()) subscription.end();
    this.#subscriptions.clear();
    const since = performance.now();
    this.#drain = setInterval(() => {
      if (this.#socket.bufferedAmount === 0) this.#unchoke();
      else if (performance.now() - since > patienceMs) this.close(closeCodes.tooSlow, "slow_reader");
    }, drainCheckMs).unref();
  }

  /** choked -> open */
  #unchoke(): void {
    clearInterval(this.#drain);
    const owed = this.#owed ?? [];
    this.#owed = undefined;
    for (const id of owed) this.#sendResync(id, "slow_reader");
  }
}

const ignore = (): void => undefined;

const isRowFrame = (frame: SubscribeFrame): frame is RowFrame =>
  frame.view === "queue" || frame.view === "ticket" || frame.view === "contacts";

function readFrame(data: Buffer): object | undefined {
  if (isNestedDeeper(data, deepestNesting)) return undefined;
  try {
    const value: unknown = JSON.parse(data.toString("utf8"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

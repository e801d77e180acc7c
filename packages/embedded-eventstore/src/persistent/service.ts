import { type Call, type CallSink, type Handler, unary } from "../rpc/call.ts";
import { accessDenied, handlerFailed, invalidArgument, notReady } from "../rpc/errors.ts";
import type { AccessRule } from "../services/access.ts";
import { compileFilter } from "../services/filter.ts";
import type { Storage } from "../storage/storage.ts";
import type { Consumer } from "./consumer.ts";
import { dropped } from "./errors.ts";
import type { Group } from "./group.ts";
import {
  type ConnectRequest,
  readDelete,
  readGetInfo,
  readGroupRequest,
  readList,
  readReadMessage,
  readReplayParked,
} from "./requests.ts";
import { confirmation, deliveryFrame, infoResponse, listResponse } from "./responses.ts";
import { groupKey } from "./settings.ts";
import { type PersistentSubscriptions, startSubsystem } from "./subsystem.ts";

/** What persistent subscriptions are built on. `nowMs` tells the time in milliseconds since the epoch. */
export type PersistentParts = { storage: Storage; access: AccessRule; isReady: () => boolean; nowMs?: () => number };

/** The service's methods by name (`Create`, `Read`, ...) and its end, which runs before the connections are closed. */
export type PersistentService = { methods: Readonly<Record<string, Handler>>; stop(): Promise<void> };

/** Starts the persistent subscriptions of a node: the stored groups run from now on. */
export function startPersistentSubscriptions({
  storage,
  access,
  isReady,
  nowMs = Date.now,
}: PersistentParts): PersistentService {
  const subscriptions = startSubsystem({ storage, compileFilter: (filter) => compileFilter(storage, filter), nowMs });
  const callerOf = (call: Call): string => {
    if (!access.mayRead(call)) throw accessDenied();
    if (!isReady()) throw notReady();
    return call.user ?? "anonymous";
  };
  return { methods: methodsOf(subscriptions, callerOf), stop: async () => subscriptions.stop() };
}

const EMPTY = Buffer.alloc(0);
/** Bytes that may wait for a consumer's connection before it is given no more. */
const BACKLOG_BYTES = 4 * 1024 * 1024;

/** Who calls; throws when they may not, or not yet. */
type CallerOf = (call: Call) => string;

function methodsOf(subscriptions: PersistentSubscriptions, callerOf: CallerOf): Record<string, Handler> {
  /** A call that changes something and answers with nothing. */
  const change = (run: (request: Buffer, user: string) => Promise<void>): Handler =>
    unary(async (request, call) => {
      await run(request, callerOf(call));
      return EMPTY;
    });
  return {
    Create: change(async (request, user) => {
      await subscriptions.create(readGroupRequest(request), user);
    }),
    Update: change(async (request, user) => {
      const { source, group, settings } = readGroupRequest(request);
      await subscriptions.update(source, group, settings, user);
    }),
    Delete: change(async (request, user) => {
      const { source, group } = readDelete(request);
      await subscriptions.remove(source, group, user);
    }),
    ReplayParked: change(async (request) => {
      const { source, group, stopAt } = readReplayParked(request);
      subscriptions.find(source, group).replayParked(stopAt);
    }),
    RestartSubsystem: change(() => subscriptions.restart()),
    GetInfo: unary((request, call) => {
      callerOf(call);
      const { source, group } = readGetInfo(request);
      return infoResponse(subscriptions.find(source, group).statistics());
    }),
    List: unary((request, call) => {
      callerOf(call);
      return listResponse(subscriptions.list(readList(request)).map((group) => group.statistics()));
    }),
    Read: (call) => serveConsumer(call, callerOf(call), subscriptions),
  };
}

/**
 * One consumer's call.
 *
 * States: `waiting` for the options, `connected` (confirmation sent, answers are taken), `gone` (the call ended: the group gets its messages
 * back). A half-close keeps it connected: it may still receive. Further options are ignored.
 */
function serveConsumer(call: Call, user: string, subscriptions: PersistentSubscriptions): CallSink {
  let group: Group | undefined;
  let consumer: Consumer | undefined;

  function connect(options: ConnectRequest): void {
    const joined = subscriptions.find(options.source, options.group);
    let waiting = false;
    const connected = joined.connect({
      user,
      connectionName: String(call.headers["connection-name"] ?? ""),
      size: options.bufferSize,
      writable() {
        if (call.backlog < BACKLOG_BYTES) return true;
        if (!waiting) {
          waiting = true;
          call.whenBacklogBelow(BACKLOG_BYTES / 2, () => {
            waiting = false;
            joined.deliver();
          });
        }
        return false;
      },
      send: (attempt) => call.sendFrames(deliveryFrame(attempt, options.structuredIds)),
      drop() {
        group = undefined;
        call.fail(dropped(options.source, options.group));
      },
    });
    group = joined;
    consumer = connected;
    call.send(confirmation(groupKey(options.source, options.group)));
    joined.deliver();
  }

  return {
    message(payload) {
      const message = readReadMessage(payload);
      if (!consumer) {
        if (message.kind === "nothing") throw handlerFailed();
        if (message.kind !== "options")
          throw invalidArgument(`'${message.kind}' is not a valid first message of a persistent subscription.`);
        connect(message.options);
      } else if (message.kind === "ack") group?.ack(message.ids);
      else if (message.kind === "nack") group?.nack(message.ids, message.action, message.reason);
    },
    halfClosed() {
      if (!consumer) throw handlerFailed();
    },
    cancelled() {
      if (consumer) group?.disconnect(consumer);
      group = undefined;
    },
  };
}

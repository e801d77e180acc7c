import { randomUUID } from "node:crypto";
import { type PersistentService, startPersistentSubscriptions } from "./persistent/service.ts";
import { type Authenticator, basicAuth, trustEveryone } from "./rpc/auth.ts";
import { type HandlerTable, registerService, startRpcServer } from "./rpc/server.ts";
import { accessRule } from "./services/access.ts";
import { appendHandler } from "./services/append.ts";
import { batchAppendHandler } from "./services/batch-append.ts";
import { deleteHandler } from "./services/delete.ts";
import { supportedMethodsHandler } from "./services/features.ts";
import { gossipHandler } from "./services/gossip.ts";
import { readHandler } from "./services/read.ts";
import { openStorage, type Storage } from "./storage/storage.ts";
import { NO_STREAM } from "./wire/expected.ts";

/** Where the events are kept: a folder, or memory for as long as the node runs. */
export type EventStoreOptions = ({ dataDir: string } | { memory: true }) & {
  /** 0: any free port. */
  port: number;
  /** The address to listen on; by default this machine only. */
  host?: string;
  /** With TLS callers must log in. */
  tls?: { cert: string | Buffer; key: string | Buffer };
  /** Logins under TLS, name to password; by default admin / changeit. */
  logins?: Readonly<Record<string, string>>;
  /** Bytes that the events of one append may have together; by default 1 048 576. */
  maxAppendSize?: number;
};

export type EventStoreNode = { port: number; stop(): Promise<void> };

export const DEFAULT_MAX_APPEND_SIZE = 1_048_576;
const DEFAULT_LOGINS = { admin: "changeit" };
/** Connections that do not close by themselves are cut after this. */
const CLOSE_GRACE_MS = 500;

/**
 * Starts a single node that `@eventstore/db-client` can connect to (`esdb://host:port?tls=false`, or with TLS).
 *
 * States: `ready` (serves), `stopping` (new calls get UNAVAILABLE, what is in the store's queue is committed and answered,
 * open calls end with UNAVAILABLE), `stopped`. `stop` moves ready -> stopping -> stopped and may be called again.
 *
 * Rejects with DataFolderError (the folder is in use or unusable) or the socket's error (EADDRINUSE: the port is taken).
 */
export async function startEventStore(options: EventStoreOptions): Promise<EventStoreNode> {
  const host = options.host ?? "127.0.0.1";
  const storage = openStorage({ dataDir: "dataDir" in options ? options.dataDir : undefined });
  let persistent: PersistentService | undefined;
  let ready = true;
  const isReady = (): boolean => ready;
  try {
    await writeFirstEvent(storage);
    const auth: Authenticator = options.tls ? basicAuth(options.logins ?? DEFAULT_LOGINS) : trustEveryone;
    const access = accessRule(auth);
    const maxAppendBytes = options.maxAppendSize ?? DEFAULT_MAX_APPEND_SIZE;
    persistent = startPersistentSubscriptions({ storage, access, isReady });
    const handlers: HandlerTable = new Map();
    registerService(handlers, "event_store.client.streams.Streams", {
      Read: readHandler(storage, access, isReady),
      Append: appendHandler(storage, access, isReady, maxAppendBytes),
      BatchAppend: batchAppendHandler(storage, access, isReady, maxAppendBytes),
      Delete: deleteHandler(storage, access, isReady, "soft_delete"),
      Tombstone: deleteHandler(storage, access, isReady, "tombstone"),
    });
    registerService(
      handlers,
      "event_store.client.persistent_subscriptions.PersistentSubscriptions",
      persistent.methods,
    );
    const open: HandlerTable = new Map();
    registerService(open, "event_store.client.server_features.ServerFeatures", {
      GetSupportedMethods: supportedMethodsHandler(),
    });
    registerService(open, "event_store.client.gossip.Gossip", {
      Read: gossipHandler(randomUUID(), () => ({ host, port: server.port })),
    });
    // Clients call these without a login, and keep a failure for good.
    for (const [path, handler] of open) handlers.set(path, handler);
    const server = await startRpcServer({
      host,
      port: options.port,
      tls: options.tls,
      auth,
      handlers,
      publicPaths: new Set(open.keys()),
    });
    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      ready = false;
      server.refuse();
      await storage.settled();
      await persistent?.stop();
      await server.close(CLOSE_GRACE_MS);
      await storage.close();
    };
    return { port: server.port, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await persistent?.stop();
    await storage.close();
    throw error;
  }
}

/** A fresh node holds one system event, as a real one does; clients' tests count on it. */
async function writeFirstEvent(storage: Storage): Promise<void> {
  if (storage.lastPosition() > 0) return;
  const data = Buffer.from(
    JSON.stringify({ $maxAge: 2_592_000, $acl: { $r: ["$ops"], $w: [], $d: [], $mr: ["$ops"], $mw: [] } }),
  );
  await storage.append("$$$scavenges", NO_STREAM, [
    { id: randomUUID(), type: "$metadata", isJson: true, data, metadata: Buffer.alloc(0) },
  ]);
}

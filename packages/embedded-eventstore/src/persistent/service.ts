import type { Handler } from "../rpc/call.ts";
import type { AccessRule } from "../services/access.ts";
import type { Storage } from "../storage/storage.ts";

/** What persistent subscriptions are built on. */
export type PersistentParts = { storage: Storage; access: AccessRule; isReady: () => boolean };

/** The service's methods by name (`Create`, `Read`, ...) and its end, which runs before the connections are closed. */
export type PersistentService = { methods: Readonly<Record<string, Handler>>; stop(): Promise<void> };

/** Starts the persistent subscriptions of a node. */
export function startPersistentSubscriptions(_parts: PersistentParts): PersistentService {
  return { methods: {}, stop: async () => {} };
}

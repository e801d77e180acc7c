import { type Handler, unary } from "../rpc/call.ts";
import { writeMessage } from "../wire/protobuf.ts";

/** The version that clients are told: that of the real node which this one follows. */
export const SERVER_VERSION = "24.10.4";

const STREAMS = "event_store.client.streams.streams";
const PERSISTENT = "event_store.client.persistent_subscriptions.persistentsubscriptions";
const PERSISTENT_METHODS = [
  "create",
  "update",
  "delete",
  "read",
  "getinfo",
  "replayparked",
  "list",
  "restartsubsystem",
];

const METHODS: readonly { service: string; method: string; features: readonly string[] }[] = [
  { service: STREAMS, method: "read", features: ["position", "events"] },
  { service: STREAMS, method: "append", features: [] },
  { service: STREAMS, method: "delete", features: [] },
  { service: STREAMS, method: "tombstone", features: [] },
  { service: STREAMS, method: "batchappend", features: ["deadline_duration"] },
  ...PERSISTENT_METHODS.map((method) => ({ service: PERSISTENT, method, features: ["stream", "all"] })),
  { service: "event_store.client.gossip.gossip", method: "read", features: [] },
  { service: "event_store.client.server_features.serverfeatures", method: "getsupportedmethods", features: [] },
];

/** `ServerFeatures/GetSupportedMethods`: always answered, since clients cache a failure for good (spec 1.1). */
export function supportedMethodsHandler(): Handler {
  const answer = writeMessage();
  for (const { service, method, features } of METHODS) {
    const entry = writeMessage().string(1, method).string(2, service);
    for (const feature of features) entry.string(3, feature);
    answer.message(1, entry.finish());
  }
  const bytes = answer.string(2, SERVER_VERSION).finish();
  return unary(() => bytes);
}

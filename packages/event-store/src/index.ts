export * from "./api.ts";
export { comparePositions, type LogPosition, startOfLog } from "./position.ts";
export { RawEvent } from "./raw-event.ts";
export type { StoredMeta } from "./stored-meta.ts";
export { canonicalJson } from "./canonical-json.ts";
export { StoreUnavailable } from "./errors.ts";
export { derivedId, derivedIdAt } from "./event-id.ts";
export { type EventStoreOptions, openEventStore } from "./event-store.ts";
export { type ChainFault, eventIdOf, hashOf, verifyChain } from "./hash-chain.ts";

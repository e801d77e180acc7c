import type { EventMeta } from "@docket/domain";

/**
 * An event's metadata as it stands in the store. `$correlationId` and `$causationId` bear the names that EventStoreDB's own
 * tools know. Optional members are left out, not null, but for the causation and the first hash link.
 */
export interface StoredMeta extends Omit<EventMeta, "correlationId" | "causationId"> {
  readonly $correlationId: string;
  readonly $causationId: string | null;
  /** hash of the stream's event before this one; null for the first */
  readonly prevHash: string | null;
  readonly hash: string;
}

/** The domain's form of stored metadata. */
export function toEventMeta(stored: StoredMeta): EventMeta {
  const { $correlationId, $causationId, prevHash: _prevHash, hash: _hash, ...rest } = stored;
  return { ...rest, correlationId: $correlationId, causationId: $causationId };
}

/** Metadata as it will be stored, but for the hash, which is taken over this. */
export function toStoredMeta(meta: EventMeta, prevHash: string | null): Omit<StoredMeta, "hash"> {
  const { correlationId, causationId, ...rest } = meta;
  return { ...rest, $correlationId: correlationId, $causationId: causationId, prevHash };
}

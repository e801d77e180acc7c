import { type AnyEvent, type EventMeta, streamKinds } from "@docket/domain"

/**
 * A fact as the projections fold it. `data` is parsed when first asked for, once for all projections; the texts are as
 * stored. Times are milliseconds since the epoch.
 */
export type FoldEvent = AnyEvent & {
  readonly stream: string
  /** Kind of the stream, e.g. `ticket`; `other` for a stream that no kind claims. */
  readonly kind: string
  /** What follows the kind in the stream's name: the ticket's id; empty for the single streams. */
  readonly entityId: string
  readonly revision: number
  readonly eventId: string
  readonly commit: number
  readonly prepare: number
  readonly occurredMs: number
  readonly recordedMs: number
  readonly meta: EventMeta
  readonly prevHash: string | null
  readonly hash: string
  readonly dataText: string
}

const singles: ReadonlySet<string> = new Set(["routing-rules", "ticket-numbers"])
const kinds: ReadonlySet<string> = new Set(streamKinds)

/** The prefixes by which a subscription picks our streams out of the log. */
export const streamPrefixes: readonly string[] = streamKinds.map((kind) => (singles.has(kind) ? kind : `${kind}-`))

/** Splits a stream's name into its kind and what it is about. */
export function splitStream(stream: string): { kind: string; entityId: string } {
  if (singles.has(stream)) return { kind: stream, entityId: "" }
  const dash = stream.indexOf("-")
  const kind = stream.slice(0, dash)
  return dash > 0 && kinds.has(kind) ? { kind, entityId: stream.slice(dash + 1) } : { kind: "other", entityId: stream }
}

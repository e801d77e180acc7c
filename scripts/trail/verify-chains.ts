import { type ChainFault, type RawEvent, verifyChain } from "@docket/event-store";

export interface ChainsReport {
  readonly events: number;
  readonly streams: number;
  readonly faults: readonly ChainFault[];
}

/**
 * Checks the hash chains of all streams whose events pass by, in the order of the log or of one stream, in one pass. A
 * stream with a fault is reported once, by its first; what follows in it cannot be judged.
 */
export async function verifyChains(
  events: AsyncIterable<RawEvent> | Iterable<RawEvent>,
  onProgress: (events: number) => void = () => undefined,
): Promise<ChainsReport> {
  const tails = new Map<string, { revision: number; hash: string | null } | "broken">();
  const faults: ChainFault[] = [];
  let count = 0;
  for await (const event of events) {
    if (++count % 10_000 === 0) onProgress(count);
    const tail = tails.get(event.stream) ?? { revision: -1, hash: null };
    if (tail === "broken") continue;
    const fault = verifyChain([event], { revision: tail.revision + 1, prevHash: tail.hash });
    if (fault !== undefined) faults.push(fault);
    tails.set(event.stream, fault === undefined ? { revision: event.revision, hash: event.stored.hash } : "broken");
  }
  return { events: count, streams: tails.size, faults };
}

import { type EventStore, type LogPosition, noTail, startOfLog, type StoredFact } from "@docket/event-store";
import type { AnyEvent } from "@docket/domain";

/**
 * A store that writes nothing: appends are answered as if they had been written, and reading goes to the real store, or finds
 * nothing where there is none.
 */
export function nowhere(real?: EventStore): EventStore {
  let position = 0;
  const next = (): LogPosition => ({ commit: ++position, prepare: position }) as never;
  const store: EventStore = {
    append: (stream, expected, facts, meta) => store.appendParts(stream, expected, [{ facts, meta }]),
    async appendParts(stream, expected, parts) {
      const from =
        typeof expected === "object" ? expected.revision : typeof expected === "number" ? expected : noTail.revision;
      let revision = from;
      const at = next();
      const facts = parts.flatMap((part) =>
        part.facts.map((fact) => ({
          ...fact,
          meta: { ...part.meta, ...fact.by, occurredAt: fact.occurredAt, schemaVersion: 1 },
          stream,
          revision: ++revision,
          eventId: "",
          position: at,
          prevHash: null,
          hash: "",
        })),
      ) as unknown as StoredFact<AnyEvent>[];
      return { outcome: "written", facts, tail: { revision, hash: "" }, position: at };
    },
    load: async (stream, options) => (real === undefined ? [] : real.load(stream, options)),
    loadRaw: async (stream) => (real === undefined ? [] : real.loadRaw(stream)),
    last: async (stream) => real?.last(stream),
    async *readAll(options) {
      if (real !== undefined) yield* real.readAll(options);
    },
    head: async () => (real === undefined ? startOfLog : real.head()),
    async followAll(options) {
      if (real !== undefined) return real.followAll(options);
      await options.onBatch({ events: [], checkpoint: startOfLog, live: true });
      await new Promise<void>((resolve) => options.signal.addEventListener("abort", () => resolve(), { once: true }));
      return undefined;
    },
    facts: async (events) => (real === undefined ? [] : real.facts(events)),
    reveal: async (events) => (real === undefined ? [] : real.reveal(events)),
    onForgotten: (listener) => real?.onForgotten(listener) ?? (() => undefined),
    readingAnew: (work) => work(),
    ping: async () => real?.ping(),
    close: async () => undefined,
  };
  return store;
}

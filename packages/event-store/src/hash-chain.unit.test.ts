import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noTail } from "./api.ts";
import { prepareAppend } from "./appending.ts";
import { verifyChain } from "./hash-chain.ts";
import { startOfLog } from "./position.ts";
import { RawEvent } from "./raw-event.ts";

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const meta = (n: number) => ({
  commandId: uuid(n),
  correlationId: uuid(n),
  causationId: null,
  actor: { id: "ivanova", role: "operator" as const },
  channel: "console" as const,
  recordedAt: "2024-04-26T12:00:00.000Z",
});

/** A stream of `texts` comments as the store would give it back: three events to an append. */
async function stream(texts: readonly string[]): Promise<RawEvent[]> {
  const events: RawEvent[] = [];
  let tail = noTail;
  for (let start = 0; start < texts.length; start += 3) {
    const facts = texts.slice(start, start + 3).map((text) => ({
      type: "TicketCommented" as const,
      data: { text, visibility: "public" as const, attachments: [] },
      occurredAt: "2024-04-26T11:59:00.000Z",
    }));
    const prepared = await prepareAppend("ticket-1", tail, [{ facts, meta: meta(start) }], undefined);
    for (const event of prepared.events) events.push(raw(event, events.length));
    tail = prepared.tail;
  }
  return events;
}

function raw(event: { eventId: string; type: string; dataText: string; metaText: string }, revision: number): RawEvent {
  return new RawEvent({ ...event, stream: "ticket-1", revision, position: startOfLog, createdMs: 0 });
}

describe("the hash chain of a stream", () => {
  it("verifies as a whole, and from any event on", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 10 }),
        fc.nat(),
        async (texts, pick) => {
          const events = await stream(texts);
          expect(verifyChain(events)).toBeUndefined();
          const from = pick % texts.length;
          expect(
            verifyChain(events.slice(from), { revision: from, prevHash: events[from - 1]?.stored.hash ?? null }),
          ).toBeUndefined();
        },
      ),
    );
  });

  it("shows where an event was altered", async () => {
    const events = await stream(["a", "b", "c", "d", "e"]);
    const forged = raw({ ...events[2]!, dataText: events[2]!.dataText.replace('"c"', '"C"') }, 2);
    expect(verifyChain(events.with(2, forged))).toEqual({ stream: "ticket-1", revision: 2, fault: "altered" });
    const otherTime = raw({ ...events[4]!, metaText: events[4]!.metaText.replace("11:59", "11:58") }, 4);
    expect(verifyChain(events.with(4, otherTime))).toEqual({ stream: "ticket-1", revision: 4, fault: "altered" });
  });

  it("shows where an event is missing or was put in from another stream", async () => {
    const events = await stream(["a", "b", "c"]);
    expect(verifyChain([events[0]!, events[2]!])).toEqual({ stream: "ticket-1", revision: 1, fault: "gap" });
    const other = await stream(["x", "b", "c"]);
    expect(verifyChain([events[0]!, other[1]!, other[2]!])).toEqual({
      stream: "ticket-1",
      revision: 1,
      fault: "broken_link",
    });
  });

  it("gives an event the same id only for the same content", async () => {
    const [first, again, other] = [await stream(["a", "b"]), await stream(["a", "b"]), await stream(["a", "c"])];
    expect(again.map((event) => event.eventId)).toEqual(first.map((event) => event.eventId));
    expect(other[0]!.eventId).toBe(first[0]!.eventId);
    expect(other[1]!.eventId).not.toBe(first[1]!.eventId);
    expect(first[0]!.eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

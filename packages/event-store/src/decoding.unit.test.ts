import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { metaOf } from "../test/facts.ts";
import { type Codec, noTail } from "./api.ts";
import { prepareAppend } from "./appending.ts";
import { decodeFacts } from "./decoding.ts";
import { verifyChain } from "./hash-chain.ts";
import { startOfLog } from "./position.ts";
import { RawEvent } from "./raw-event.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../domain/golden/ContactReceived.v1.json", import.meta.url), "utf8"),
) as never;

/** What the store would give back of one fact. */
async function stored(codec?: Codec, changeMeta: (meta: string) => string = (meta) => meta): Promise<RawEvent> {
  const prepared = await prepareAppend(
    "contact-1",
    noTail,
    [
      {
        facts: [{ type: "ContactReceived", data: golden, occurredAt: "2024-04-22T06:00:00.000Z" }],
        meta: metaOf(),
      },
    ],
    codec,
  );
  const [event] = prepared.events;
  if (event === undefined) throw new Error("nothing prepared");
  return new RawEvent({
    ...event,
    metaText: changeMeta(event.metaText),
    stream: "contact-1",
    revision: 0,
    position: startOfLog,
    createdMs: 0,
  });
}

/** Hides the subject; stands for the encryption of personal data. */
const rot13 = (text: string): string =>
  text.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) + (c.toLowerCase() < "n" ? 13 : -13)));
const hiding: Codec = {
  encode: async (_stream, events) =>
    events.map((event) => ({
      ...event,
      data: { ...event.data, subject: `hidden:${rot13(String(event.data["subject"]))}` },
    })),
  decode: async (events) =>
    events.map((event) => ({
      ...event,
      data: { ...event.data, subject: rot13(String(event.data["subject"]).slice("hidden:".length)) },
    })),
};

describe("decoding", () => {
  it("gives a fact as it was written", async () => {
    const [fact] = await decodeFacts([await stored()], undefined);
    expect(fact).toMatchObject({
      type: "ContactReceived",
      data: golden,
      stream: "contact-1",
      revision: 0,
      meta: { schemaVersion: 1 },
    });
  });

  it("takes personal data through the codec, and the chain verifies over what is stored", async () => {
    const event = await stored(hiding);
    expect(event.dataText).toContain("hidden:");
    expect(verifyChain([event])).toBeUndefined();
    expect((await decodeFacts([event], hiding))[0]?.data).toEqual(golden);
  });

  it.each([
    ["no JSON", (meta: string) => meta.slice(1)],
    ["a version from the future", (meta: string) => meta.replace('"schemaVersion":1', '"schemaVersion":99')],
  ])("names the event that cannot be read: %s", async (_case, spoil) => {
    await expect(decodeFacts([await stored(undefined, spoil)], undefined)).rejects.toMatchObject({
      code: "event_undecodable",
      details: { stream: "contact-1", revision: 0, type: "ContactReceived" },
    });
  });
});

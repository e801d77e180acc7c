import { mkdtempSync, rmSync, statSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEventStore } from "@docket/embedded-eventstore";
import { type EventStore, openEventStore, type RawEvent } from "@docket/event-store";
import {
  checkpointHash,
  checkpointText,
  keysTrustedBy,
  leafHash,
  rootByProof,
  rootOf,
  verdictOfSignatures,
} from "@docket/evidence";
import { manualClock } from "@docket/service-kit";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkpoints, type CheckpointParts, keyStatements, makeCheckpoint, readTree } from "./checkpoint.ts";
import { addSigningKey, retireSigningKey, signingKeys } from "./signing-keys.ts";
import { inclusionsOf } from "./tree.ts";

let folder: string;
let node: Awaited<ReturnType<typeof startEventStore>>;
let store: EventStore;
let database: TestDatabase;
let parts: CheckpointParts;
const clock = manualClock(new Date("2024-04-22T06:00:00.000Z"));
const settings = () => ({ DOCKET_DATA: folder });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "docket-checkpoint-"));
  [node, database] = await Promise.all([startEventStore({ port: 0, memory: true }), testDatabase()]);
  store = openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`);
  parts = { pool: database.pool, store, clock, keys: signingKeys(settings(), { make: true }) };
});
afterEach(async () => {
  await store.close();
  await Promise.all([node.stop(), database.close()]);
  rmSync(folder, { recursive: true });
});

const streams = new Map<string, number>();
async function comment(stream: string): Promise<void> {
  const at = clock.now().toISOString();
  const last = await store.last(stream);
  const written = await store.append(
    stream,
    last === undefined ? "none" : last.revision,
    [{ type: "TicketCommented", data: { text: "word", visibility: "public", attachments: [] }, occurredAt: at }],
    {
      commandId: randomUUID(),
      correlationId: randomUUID(),
      causationId: null,
      actor: { id: "olga", role: "operator" },
      channel: "console",
      recordedAt: at,
    },
  );
  if (written.outcome === "written") streams.set(stream, written.tail.revision);
}

/** The root over everything in the store, worked out from nothing. */
async function rootFromScratch(): Promise<string> {
  const heads = new Map<string, RawEvent>();
  for await (const event of store.readAll()) if (event.stream !== "checkpoint") heads.set(event.stream, event);
  const order = new Map<string, true>();
  for await (const event of store.readAll()) if (event.stream !== "checkpoint") order.set(event.stream, true);
  return rootOf(
    [...order.keys()].map((stream) => {
      const head = heads.get(stream) as RawEvent;
      return leafHash({ stream, revision: head.revision, hash: head.stored.hash });
    }),
  ).toString("hex");
}

describe("checkpoints", () => {
  it("sign the root over all chains, name the one before, and take only what is new", async () => {
    let previous: string | null = null;
    for (let round = 1; round <= 6; round++) {
      for (let n = 0; n < round; n++) await comment(`ticket-${(round * 7 + n * 3) % 11}`);
      const outcome = await makeCheckpoint(parts);
      if (!outcome.made) throw new Error("not made");
      const { checkpoint } = outcome;
      expect(outcome.events).toBe(round);
      expect(checkpoint).toMatchObject({ number: round, root: await rootFromScratch(), previous, faults: [] });
      const trusted = new Map(parts.keys.map(({ key, publicKey }) => [key, publicKey]));
      expect(verdictOfSignatures(checkpointText(checkpoint), checkpoint.signatures, trusted)).toBe("ok");
      expect(verdictOfSignatures(checkpointText({ ...checkpoint, streams: 99 }), checkpoint.signatures, trusted)).toBe(
        "signature_invalid",
      );
      previous = checkpointHash(checkpoint);
    }
    expect(await makeCheckpoint(parts)).toMatchObject({ made: false, checkpoint: { number: 6 } });
    expect((await checkpoints(store)).map(({ data }) => data.number)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("prove every stream's head", async () => {
    for (let n = 0; n < 13; n++) await comment(`ticket-${n}`);
    const outcome = await makeCheckpoint(parts);
    const { streams: leaves, root } = outcome.checkpoint as NonNullable<typeof outcome.checkpoint>;
    const names = Array.from({ length: 13 }, (_, n) => `ticket-${n}`);
    const proofs = await inclusionsOf(database.pool, [...names, "ticket-99"], leaves);
    expect([...proofs.keys()].toSorted()).toEqual(names.toSorted());
    for (const { stream, revision, hash, leaf, proof } of proofs.values()) {
      const nodes = proof.map((node) => Buffer.from(node, "hex"));
      expect(rootByProof(leafHash({ stream, revision, hash }), leaf, leaves, nodes)?.toString("hex")).toBe(root);
    }
  });

  it("are made once by however many ask at the same time", async () => {
    await comment("ticket-1");
    const outcomes = await Promise.all([1, 2, 3].map(() => makeCheckpoint(parts)));
    expect(outcomes.filter(({ made }) => made)).toHaveLength(1);
    expect(await checkpoints(store)).toHaveLength(1);
  });

  it("whose append was cut off are appended at the next try, as they were signed", async () => {
    await comment("ticket-1");
    const cut = { ...parts, store: { ...store, append: refuseCheckpoints(store) } };
    await expect(makeCheckpoint(cut)).rejects.toThrow("cut off");
    const { pending } = await readTree(database.pool);
    await comment("ticket-2");
    await makeCheckpoint(parts);
    const all = await checkpoints(store);
    expect(all.map(({ data }) => data.number)).toEqual([1, 2]);
    expect(all[0]?.data).toEqual(pending?.checkpoint);
  });

  it("come to the signed root again on a new database, and say so when they do not", async () => {
    for (let n = 0; n < 5; n++) await comment(`ticket-${n}`);
    await makeCheckpoint(parts);
    const forget = "truncate audit.tree, audit.chain_head, audit.tree_node";
    await database.pool.query(forget);
    await comment("ticket-2");
    expect(await makeCheckpoint(parts)).toMatchObject({
      made: true,
      events: 1,
      checkpoint: { number: 2, faults: [], root: await rootFromScratch() },
    });
    await database.pool.query(forget);
    // the same log without one of its events
    const less: EventStore = { ...store, readAll: (options) => without(store.readAll(options), "ticket-3") };
    await comment("ticket-4");
    const { checkpoint } = await makeCheckpoint({ ...parts, store: less });
    expect(checkpoint?.faults).toContainEqual({ stream: "checkpoint", revision: 2, fault: "altered" });
  });

  it("tell the chain that is broken, and sign the rest", async () => {
    await comment("ticket-1");
    await comment("ticket-2");
    const bent: EventStore = { ...store, readAll: (options) => bend(store.readAll(options), "ticket-2") };
    const { checkpoint } = await makeCheckpoint({ ...parts, store: bent });
    expect(checkpoint).toMatchObject({ streams: 2, faults: [{ stream: "ticket-2", revision: 0, fault: "altered" }] });
  });
});

describe("signing keys", () => {
  it("are made once, readable by their owner alone", () => {
    expect(signingKeys(settings(), { make: true })).toHaveLength(1);
    expect(statSync(join(folder, "keys", "signing-0001.pem")).mode & 0o777).toBe(0o600);
    const empty = { DOCKET_DATA: join(folder, "none") };
    expect(() => signingKeys(empty, { make: false })).toThrow("there is no signing key");
  });

  it("are changed with overlap: who trusts the old one follows to the new one", async () => {
    const [old] = parts.keys;
    await comment("ticket-1");
    await makeCheckpoint(parts);
    const fresh = addSigningKey(settings());
    await comment("ticket-1");
    const both = await makeCheckpoint({ ...parts, keys: signingKeys(settings(), { make: false }) });
    expect(both.checkpoint?.signatures.map(({ key }) => key)).toEqual([fresh.key, old?.key]);
    retireSigningKey(settings(), old?.key ?? "");
    await comment("ticket-1");
    const { checkpoint } = await makeCheckpoint({ ...parts, keys: signingKeys(settings(), { make: false }) });
    expect(checkpoint?.signatures.map(({ key }) => key)).toEqual([fresh.key]);
    const statements = (await keyStatements(store)).map(({ data }) => data);
    const trusted = keysTrustedBy(old?.publicKey ?? "", statements);
    expect(verdictOfSignatures(checkpointText(checkpoint!), checkpoint!.signatures, trusted)).toBe("ok");
    expect(() => retireSigningKey(settings(), fresh.key)).toThrow("current key");
    const unendorsed = statements.map((statement) => ({ ...statement, endorsements: [] }));
    expect([...keysTrustedBy(old?.publicKey ?? "", unendorsed).keys()]).toEqual([old?.key]);
  });
});

function refuseCheckpoints(real: EventStore): EventStore["append"] {
  return async (stream, expected, facts, meta) => {
    if (facts[0]?.type === "CheckpointSigned") throw new Error("cut off");
    return real.append(stream, expected, facts, meta);
  };
}
async function* without(events: AsyncIterable<RawEvent>, stream: string): AsyncGenerator<RawEvent> {
  for await (const event of events) if (event.stream !== stream) yield event;
}
async function* bend(events: AsyncIterable<RawEvent>, stream: string): AsyncGenerator<RawEvent> {
  for await (const event of events) {
    if (event.stream === stream) Object.assign(event, { type: "TicketLinked" });
    yield event;
  }
}

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ANY, NO_STREAM, STREAM_EXISTS } from "../wire/expected.ts";
import { decodeEvent, idOf } from "../wire/recorded-event.ts";
import { DataFolderError } from "./schema.ts";
import { openStorage, type Storage } from "./storage.ts";
import { type CommittedBatch, type NewEvent, TOMBSTONE, type WriteOutcome } from "./types.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "estore-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const NOTHING = Buffer.alloc(0);
const event = (id: string = randomUUID(), data = "{}", type = "t"): NewEvent => ({
  id,
  type,
  isJson: true,
  data: Buffer.from(data),
  metadata: NOTHING,
});
const LIMITS = { maxEvents: 1000, maxBytes: 1e9 };
const revisions = (storage: Storage, stream: string): number[] =>
  storage.readStream(stream, { low: 0, high: TOMBSTONE }, LIMITS).map((stored) => stored.revision);
const all = (storage: Storage) =>
  storage.readAll(
    { above: 0, below: Number.MAX_SAFE_INTEGER, backwards: false, accept: () => true, maxConsidered: 1e6 },
    LIMITS,
  );

describe("the log", () => {
  test("positions grow, never repeat, and go on after a restart", async () => {
    let storage = openStorage({ dataDir: folder });
    for (let i = 0; i < 5; i++) await storage.append(`s${i % 2}`, ANY, [event(), event()]);
    const before = all(storage).events.map((stored) => stored.position);
    await storage.close();
    storage = openStorage({ dataDir: folder });
    expect(all(storage).events.map((stored) => stored.position)).toEqual(before);
    const outcome = await storage.append("s0", ANY, [event()]);
    expect(outcome).toMatchObject({ kind: "ok", revision: 6 });
    const after = all(storage).events.map((stored) => stored.position);
    expect(after.slice(0, -1)).toEqual(before);
    expect(after).toEqual(after.toSorted((a, b) => a - b));
    expect(new Set(after).size).toBe(after.length);
    expect(after[0]).toBeGreaterThan(0);
    await storage.close();
  });

  test("all writes of one turn share a commit, in order, each judged on the ones before it", async () => {
    const storage = openStorage({ dataDir: undefined });
    const batches: CommittedBatch[] = [];
    storage.onCommitted((batch) => batches.push(batch));
    const outcomes = await Promise.all([
      storage.append("a", NO_STREAM, [event()]),
      storage.append("a", 0, [event(), event()]),
      storage.append("a", 0, [event()]),
      storage.append("b", STREAM_EXISTS, [event()]),
      storage.append("b", NO_STREAM, [event()]),
    ]);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual([
      "ok",
      "ok",
      "wrong_expected_version",
      "wrong_expected_version",
      "ok",
    ]);
    expect(batches).toHaveLength(1);
    expect(batches[0]!.previous).toBe(0);
    expect(batches[0]!.events.map((stored) => [storage.streamName(stored.streamId), stored.revision])).toEqual([
      ["a", 0],
      ["a", 1],
      ["a", 2],
      ["b", 0],
    ]);
    expect(batches[0]!.last).toBe(batches[0]!.events.at(-1)!.position);
    await storage.close();
  });

  test("a write that the database refuses leaves nothing behind and the store goes on", async () => {
    let clock = 1_700_000_000_000;
    const storage = openStorage({ dataDir: undefined, nowMs: () => clock });
    await storage.append("a", NO_STREAM, [event()]);
    // The encoder refuses such a time in the middle of the transaction.
    clock = 5;
    const repeated = event();
    expect(await storage.append("b", NO_STREAM, [repeated])).toMatchObject({ kind: "failed" });
    clock = 1_700_000_000_001;
    expect(storage.status("b")).toEqual({ kind: "missing" });
    expect(await storage.append("b", ANY, [repeated])).toMatchObject({ kind: "ok", revision: 0 });
    expect(await storage.append("a", 0, [event()])).toMatchObject({ kind: "ok", revision: 1 });
    expect(all(storage).events).toHaveLength(3);
    await storage.close();
  });

  test("pages end by number, by bytes and by what was looked at", async () => {
    const storage = openStorage({ dataDir: undefined });
    await storage.append(
      "a",
      ANY,
      Array.from({ length: 20 }, () => event(randomUUID(), JSON.stringify("x".repeat(1000)))),
    );
    const range = {
      above: 0,
      below: Number.MAX_SAFE_INTEGER,
      backwards: false,
      accept: () => true,
      maxConsidered: 100,
    };
    expect(storage.readAll(range, { maxEvents: 7, maxBytes: 1e9 })).toMatchObject({ considered: 7, atEnd: false });
    expect(storage.readAll(range, { maxEvents: 100, maxBytes: 3000 }).events).toHaveLength(3);
    expect(storage.readAll({ ...range, maxConsidered: 5, accept: () => false }, LIMITS)).toMatchObject({
      events: [],
      considered: 5,
      atEnd: false,
    });
    expect(storage.readAll({ ...range, maxConsidered: 20 }, LIMITS)).toMatchObject({ considered: 20, atEnd: true });
    expect(storage.readStream("a", { low: 0, high: TOMBSTONE }, { maxEvents: 100, maxBytes: 1 })).toHaveLength(1);
    await storage.close();
  });

  test("the clock and the maximum age hide events, in reads and behind links, not in $all", async () => {
    let clock = 1_700_000_000_000;
    const storage = openStorage({ dataDir: undefined, nowMs: () => clock });
    await storage.append("a", ANY, [event()]);
    await storage.append("links", ANY, [event(randomUUID(), "0@a", "$>")]);
    await storage.append("$$a", ANY, [event(randomUUID(), '{"$maxAge":10}', "$metadata")]);
    clock += 10_000;
    expect(revisions(storage, "a")).toEqual([0]);
    clock += 1;
    await storage.append("a", ANY, [event()]);
    expect(revisions(storage, "a")).toEqual([1]);
    const [link] = storage.readStream("links", { low: 0, high: 9 }, LIMITS);
    expect(storage.resolveLink(link!)).toBe("unreadable");
    expect(all(storage).events).toHaveLength(4);
    await storage.close();
  });

  test("hidden system streams are read by name but never in $all, also after a restart", async () => {
    let storage = openStorage({ dataDir: folder });
    await storage.append("$persistentsubscription-$all::g-checkpoint", ANY, [event()]);
    await storage.append("$persistentsubscription-$all::g-parked", ANY, [event()]);
    await storage.append("$epoch-information", ANY, [event()]);
    await storage.append("$persistentsubscription-s::g-parked", ANY, [event()]);
    for (let round = 0; round < 2; round++) {
      expect(all(storage).events.map((stored) => storage.streamName(stored.streamId))).toEqual([
        "$persistentsubscription-s::g-parked",
      ]);
      expect(revisions(storage, "$persistentsubscription-$all::g-checkpoint")).toEqual([0]);
      await storage.close();
      storage = openStorage({ dataDir: folder });
    }
    await storage.close();
  });

  test("names with NUL, at signs and other scripts come back as they were", async () => {
    const storage = openStorage({ dataDir: folder });
    for (const name of ["a\0b", "a", "x@y@z", "заявка 🙂", "n".repeat(5000)]) {
      await storage.append(name, NO_STREAM, [event(randomUUID(), "{}", name)]);
      const [stored] = storage.readStream(name, { low: 0, high: 9 }, LIMITS);
      expect(storage.streamName(stored!.streamId)).toBe(name);
      expect(storage.typeName(stored!.typeId)).toBe(name);
      expect(decodeEvent(stored!.frame)).toMatchObject({ stream: name, type: name });
    }
    await storage.close();
  });
});

describe("the data folder", () => {
  test("is held by one store at a time", async () => {
    const storage = openStorage({ dataDir: folder });
    expect(() => openStorage({ dataDir: folder })).toThrow(DataFolderError);
    try {
      openStorage({ dataDir: folder });
    } catch (error) {
      expect((error as DataFolderError).code).toBe("data_folder_locked");
    }
    await storage.close();
    await openStorage({ dataDir: folder }).close();
  });

  test("that cannot be one is refused", () => {
    expect(() => openStorage({ dataDir: "/dev/null/x" })).toThrow(DataFolderError);
  });
});

/** The rules of spec 3.1 to 3.3 once more, as plainly as can be: no ids by number, no caches, no transactions. */
class Model {
  streams = new Map<
    string,
    { ids: string[]; metadata: { tb?: number | "deleted"; maxCount?: number }[]; tombstoned: boolean }
  >();
  recent = new Map<string, { stream: string; revision: number }>();

  of(name: string) {
    let found = this.streams.get(name);
    if (!found) this.streams.set(name, (found = { ids: [], metadata: [], tombstoned: false }));
    return found;
  }

  deleted(name: string): boolean {
    return this.of(name).metadata.at(-1)?.tb === "deleted";
  }

  append(name: string, expected: number, ids: string[]): string {
    const stream = this.of(name);
    const last = stream.ids.length - 1;
    if (stream.tombstoned) return "stream_deleted";
    if (expected === STREAM_EXISTS && this.deleted(name)) return "stream_deleted";
    if (expected === STREAM_EXISTS && last < 0 && stream.metadata.length === 0) return `wrong ${last}`;
    if (expected === ANY || expected === STREAM_EXISTS) {
      const known = ids.map((id) => (this.recent.get(id)?.stream === name ? this.recent.get(id)!.revision : undefined));
      if (known[0] !== undefined) return known.includes(undefined) ? `wrong ${last}` : `ok ${known.at(-1)}`;
    } else if (expected < last) {
      const there = stream.ids.slice(expected + 1, expected + 1 + ids.length);
      if (there.length === ids.length && there.every((id, i) => id === ids[i])) return `ok ${expected + ids.length}`;
      if (!(expected === NO_STREAM && there[0] !== ids[0] && this.deleted(name))) return `wrong ${last}`;
    } else if (expected > last) return `wrong ${last}`;
    for (const id of ids) {
      if (!this.recent.has(id)) this.recent.set(id, { stream: name, revision: stream.ids.length });
      stream.ids.push(id);
    }
    if (this.deleted(name)) stream.metadata.push({ tb: last + 1 });
    return `ok ${stream.ids.length - 1}`;
  }

  remove(name: string, expected: number, kind: "soft_delete" | "tombstone"): string {
    const stream = this.of(name);
    const last = stream.ids.length - 1;
    if (stream.tombstoned || (expected === STREAM_EXISTS && this.deleted(name))) return "stream_deleted";
    if (expected === STREAM_EXISTS && last < 0 && stream.metadata.length === 0) return `wrong ${last}`;
    const exact = expected !== ANY && expected !== STREAM_EXISTS;
    if (exact && expected !== last && !(expected === NO_STREAM && this.deleted(name))) return `wrong ${last}`;
    if (kind === "soft_delete" && last < 0 && stream.metadata.length === 0) return `wrong ${last}`;
    if (kind === "tombstone") stream.tombstoned = true;
    else stream.metadata.push({ tb: "deleted" });
    return "ok";
  }

  setMetadata(name: string, metadata: { tb?: number; maxCount?: number }): string {
    const stream = this.of(name);
    if (stream.tombstoned && stream.metadata.length === 0) return "stream_deleted";
    const wasDeleted = this.deleted(name);
    stream.metadata.push(metadata);
    if (wasDeleted) stream.metadata.push({ ...metadata, tb: stream.ids.length });
    return "ok";
  }

  visible(name: string): string[] | string {
    const stream = this.of(name);
    if (stream.tombstoned) return "tombstoned";
    if (this.deleted(name)) return "soft_deleted";
    if (stream.ids.length === 0) return "missing";
    const rules = stream.metadata.at(-1) ?? {};
    const low = Math.max(Number(rules.tb ?? 0), rules.maxCount ? stream.ids.length - rules.maxCount : 0);
    return stream.ids.slice(low);
  }
}

const IDS = Array.from({ length: 8 }, (_, i) => `00000000-0000-4000-8000-00000000000${i}`);
const expectation = fc.oneof(fc.constantFrom(ANY, NO_STREAM, STREAM_EXISTS), fc.nat(6));
const name = fc.constantFrom("a", "b");
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      name,
      expected: expectation,
      ids: fc.array(fc.constantFrom(...IDS), { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("remove" as const),
      name,
      expected: expectation,
      kind: fc.constantFrom("soft_delete" as const, "soft_delete" as const, "tombstone" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("metadata" as const),
      name,
      metadata: fc.record({ tb: fc.nat(6), maxCount: fc.integer({ min: 1, max: 4 }) }, { requiredKeys: [] }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "restart" as const }) },
);

const told = (outcome: WriteOutcome): string =>
  outcome.kind === "ok"
    ? `ok ${outcome.revision}`
    : outcome.kind === "wrong_expected_version"
      ? `wrong ${outcome.current}`
      : outcome.kind;

describe("random histories", () => {
  test("the store and a plain model agree on every answer and on what can be read", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), async (turns) => {
        const dataDir = mkdtempSync(join(folder, "run-"));
        let storage = openStorage({ dataDir });
        const model = new Model();
        for (const turn of turns) {
          // Steps of a turn are sent together and share a commit.
          const answers: Promise<string>[] = [];
          const wanted: string[] = [];
          for (const one of turn) {
            if (one.do === "append") {
              wanted.push(model.append(one.name, one.expected, one.ids));
              answers.push(
                storage
                  .append(
                    one.name,
                    one.expected,
                    one.ids.map((id) => event(id)),
                  )
                  .then(told),
              );
            } else if (one.do === "remove") {
              wanted.push(model.remove(one.name, one.expected, one.kind));
              answers.push(
                storage
                  .remove(one.kind, one.name, one.expected)
                  .then((outcome) => (outcome.kind === "ok" ? "ok" : told(outcome))),
              );
            } else if (one.do === "metadata") {
              wanted.push(model.setMetadata(one.name, one.metadata));
              const { tb, maxCount } = one.metadata;
              const text = JSON.stringify({
                ...(tb === undefined ? {} : { $tb: tb }),
                ...(maxCount === undefined ? {} : { $maxCount: maxCount }),
              });
              answers.push(
                storage
                  .append(`$$${one.name}`, ANY, [event(randomUUID(), text, "$metadata")])
                  .then((outcome) => outcome.kind),
              );
            }
          }
          expect(await Promise.all(answers)).toEqual(wanted);
          if (turn.some((one) => one.do === "restart")) {
            await storage.close();
            storage = openStorage({ dataDir });
            model.recent.clear();
          }
          for (const stream of ["a", "b"]) {
            const status = storage.status(stream);
            const seen =
              status.kind === "exists"
                ? storage.readStream(stream, { low: 0, high: TOMBSTONE }, LIMITS).map((stored) => idOf(stored.frame))
                : status.kind;
            expect(seen).toEqual(model.visible(stream));
            const backwards = storage
              .readStream(stream, { low: 0, high: TOMBSTONE, backwards: true }, LIMITS)
              .map((stored) => idOf(stored.frame));
            if (status.kind === "exists") expect(backwards.toReversed()).toEqual(seen);
          }
        }
        await storage.close();
        rmSync(dataDir, { recursive: true, force: true });
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

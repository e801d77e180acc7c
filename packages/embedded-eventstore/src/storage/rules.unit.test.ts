import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ANY, NO_STREAM, STREAM_EXISTS } from "../wire/expected.ts";
import { judge, type StreamView } from "./append-rules.ts";
import { NO_RULES, parseRules, withTruncateBefore } from "./metadata.ts";
import { createRecentIds } from "./recent-ids.ts";
import { DELETED } from "./types.ts";

const view = (over: Partial<StreamView> & { ids?: string[] } = {}): StreamView => {
  const ids = over.ids ?? [];
  return {
    last: ids.length - 1,
    tombstoned: false,
    softDeleted: () => false,
    hasMetastream: () => false,
    idAt: (revision) => ids[revision],
    recall: (id) => (ids.includes(id) ? ids.indexOf(id) : undefined),
    ...over,
  };
};
const kind = (stream: StreamView, expected: number, ids: string[] = ["new"]): string => {
  const verdict = judge(stream, expected, ids);
  return verdict.kind === "repeat"
    ? `repeat ${verdict.revision}`
    : verdict.kind === "write" && verdict.undelete
      ? "write undelete"
      : verdict.kind;
};

describe("expected revision (spec 3.1)", () => {
  const missing = view();
  const withMetadata = view({ hasMetastream: () => true });
  const four = view({ ids: ["a", "b", "c", "d"] });
  const softDeleted = view({ ids: ["a", "b"], softDeleted: () => true });
  const tombstoned = view({ ids: ["a"], tombstoned: true });

  test.each([
    ["never written", missing, ANY, "write"],
    ["never written", missing, NO_STREAM, "write"],
    ["never written", missing, STREAM_EXISTS, "conflict"],
    ["never written", missing, 0, "conflict"],
    ["metadata only", withMetadata, STREAM_EXISTS, "write"],
    ["metadata only", withMetadata, 0, "conflict"],
    ["last 3", four, ANY, "write"],
    ["last 3", four, NO_STREAM, "conflict"],
    ["last 3", four, STREAM_EXISTS, "write"],
    ["last 3", four, 3, "write"],
    ["last 3", four, 2, "conflict"],
    ["last 3", four, 4, "conflict"],
    ["soft-deleted", softDeleted, ANY, "write undelete"],
    ["soft-deleted", softDeleted, NO_STREAM, "write undelete"],
    ["soft-deleted", softDeleted, STREAM_EXISTS, "deleted"],
    ["soft-deleted", softDeleted, 1, "write undelete"],
    ["soft-deleted", softDeleted, 0, "conflict"],
    ["tombstoned", tombstoned, ANY, "deleted"],
    ["tombstoned", tombstoned, NO_STREAM, "deleted"],
    ["tombstoned", tombstoned, STREAM_EXISTS, "deleted"],
    ["tombstoned", tombstoned, 0, "deleted"],
  ] as const)("%s, case %#", (_name, stream, expected, verdict) => {
    expect(kind(stream, expected)).toBe(verdict);
  });

  test("repeats by place: all ids the same, or a conflict", () => {
    expect(kind(four, NO_STREAM, ["a", "b", "c", "d"])).toBe("repeat 3");
    expect(kind(four, 1, ["c", "d"])).toBe("repeat 3");
    expect(kind(four, 1, ["c"])).toBe("repeat 2");
    expect(kind(four, 1, ["c", "x"])).toBe("conflict");
    expect(kind(four, 1, ["c", "d", "x"])).toBe("conflict");
    expect(kind(four, 3, ["d"])).toBe("write");
  });

  test("repeats by memory: the last id decides the revision, a mixture is a conflict", () => {
    expect(kind(four, ANY, ["a", "b"])).toBe("repeat 1");
    expect(kind(four, STREAM_EXISTS, ["d", "a"])).toBe("repeat 0");
    expect(kind(four, ANY, ["a", "x"])).toBe("conflict");
    expect(kind(four, ANY, ["x", "a"])).toBe("write");
  });

  test("without events only the expectation is checked", () => {
    expect(kind(four, 3, [])).toBe("write");
    expect(kind(four, ANY, [])).toBe("write");
    expect(kind(four, 2, [])).toBe("conflict");
    expect(kind(missing, NO_STREAM, [])).toBe("write");
    expect(kind(tombstoned, ANY, [])).toBe("deleted");
  });
});

describe("metadata rules (spec 3.4)", () => {
  const rules = (text: string, isJson = true) => parseRules(Buffer.from(text), isJson);

  test("the system keys", () => {
    expect(rules('{"$maxCount":2,"$maxAge":3,"$tb":4,"own":"😀"}')).toEqual({
      maxCount: 2,
      maxAgeMs: 3000,
      truncateBefore: 4,
    });
    expect(rules('{"$tb":9223372036854775807}').truncateBefore).toBe(DELETED);
    expect(rules('{"$tb":0}').truncateBefore).toBe(0);
    expect(rules('{"$maxCount":0,"$maxAge":-1,"$tb":-1}')).toEqual(NO_RULES);
    expect(rules('{"$maxAge":9223372036854775807}').maxAgeMs).toBeGreaterThan(1e15);
  });

  test.each([
    ['{"$maxCount":"2","$tb":4}'],
    ['{"$maxCount":2.5}'],
    ['{"$maxCount":2.0}'],
    ['{"$maxCount":2e0}'],
    ['{"$maxCount":null,"$tb":4}'],
    ['{"$tb":9223372036854776000}'],
    ['{"$tb":true}'],
    ['{"$tmp":1,"$tb":4}'],
    ['{"$acl":1,"$tb":4}'],
    ['{"$acl":{"$r":[1]},"$tb":4}'],
    ['{"$acl":null,"$tb":4}'],
    ['[{"$tb":4}]'],
    ["null"],
    ["7"],
    ["{"],
    ['{"$cacheControl":"x","$tb":4}'],
  ])("%s empties all of it", (text) => {
    expect(rules(text)).toEqual(NO_RULES);
  });

  test("valid access lists and flags change nothing else", () => {
    expect(rules('{"$acl":{"$r":["a","b"],"$w":"c"},"$tmp":true,"$cacheControl":7,"$tb":4}').truncateBefore).toBe(4);
  });

  test("content that is not JSON has no rules", () => {
    expect(rules('{"$tb":4}', false)).toEqual(NO_RULES);
  });

  test("a rewritten $tb leaves the rest as it was, large numbers included", () => {
    const text = withTruncateBefore(
      Buffer.from('{"a":1,"$tb":9223372036854775807,"big":12345678901234567890,"f":1.50}'),
      5,
    )!.toString();
    expect(text).toBe('{"a":1,"$tb":5,"big":12345678901234567890,"f":1.50}');
    expect(withTruncateBefore(Buffer.from("{}"), 2)!.toString()).toBe('{"$tb":2}');
    expect(withTruncateBefore(Buffer.from("nonsense"), 2)).toBeUndefined();
    expect(withTruncateBefore(Buffer.from("[1]"), 2)).toBeUndefined();
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, truncateBefore) => {
        const rewritten = withTruncateBefore(Buffer.from(JSON.stringify(value)), truncateBefore)!;
        expect(JSON.parse(rewritten.toString())).toEqual(JSON.parse(JSON.stringify({ ...value, $tb: truncateBefore })));
      }),
    );
  });
});

describe("recent ids", () => {
  test("the first position stays, the oldest go first, a rollback leaves nothing", () => {
    const recent = createRecentIds(2);
    recent.add("a", 1);
    recent.add("a", 2);
    recent.committed();
    expect(recent.positionOf("a")).toBe(1);
    recent.add("b", 3);
    recent.rolledBack();
    expect(recent.positionOf("b")).toBeUndefined();
    recent.add("c", 4);
    recent.add("d", 5);
    recent.committed();
    expect(recent.positionOf("a")).toBeUndefined();
    expect(recent.positionOf("d")).toBe(5);
  });
});

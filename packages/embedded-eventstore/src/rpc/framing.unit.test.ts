import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameOf } from "../wire/protobuf.ts";
import { parseTimeout } from "./call.ts";
import { createMessageParser, FramingError } from "./framing.ts";
import { asciiTrailer, encodeGrpcMessage } from "./status.ts";

describe("framing", () => {
  test("however the bytes are cut, the same messages come out", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 })),
        fc.infiniteStream(fc.integer({ min: 1, max: 17 })),
        (messages, cuts) => {
          const wire = Buffer.concat(messages.map(frameOf));
          const parser = createMessageParser(100);
          const seen: Buffer[] = [];
          for (let at = 0; at < wire.length;) {
            const size = cuts.next().value as number;
            parser.push(wire.subarray(at, at + size), (message) => seen.push(Buffer.from(message)));
            at += size;
          }
          expect(seen.map((message) => [...message])).toEqual(messages.map((message) => [...message]));
          expect(parser.idle()).toBe(true);
        },
      ),
    );
  });

  test("a message above the limit and a compressed one are refused before they are collected", () => {
    const tooLarge = Buffer.from([0, 0, 0, 0, 101]);
    expect(() => createMessageParser(100).push(tooLarge, () => {})).toThrow(FramingError);
    expect(() => createMessageParser(100).push(Buffer.from([1, 0, 0, 0, 1, 0]), () => {})).toThrow(/ompressed/);
  });

  test("an unfinished message is told", () => {
    const parser = createMessageParser(100);
    parser.push(Buffer.from([0, 0, 0]), () => {});
    expect(parser.idle()).toBe(false);
  });
});

describe("texts in headers", () => {
  test("grpc-message is percent-encoded UTF-8 and decodes to itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const encoded = encodeGrpcMessage(text);
        expect(encoded).toMatch(/^[\x20-\x7e]*$/);
        expect(decodeURIComponent(encoded)).toBe(text);
      }),
    );
  });

  test("trailer values stay as they are when they can", () => {
    expect(asciiTrailer("orders-100%@x")).toBe("orders-100%@x");
    expect(asciiTrailer("заказ")).toBe("%D0%B7%D0%B0%D0%BA%D0%B0%D0%B7");
    expect(asciiTrailer(" padded")).toBe("%20padded");
    expect(asciiTrailer("a\nb")).toBe("a%0Ab");
    expect(asciiTrailer("x".repeat(100_000))).toHaveLength(8192);
    const cut = asciiTrailer("ж🙂".repeat(10_000));
    expect(cut.length).toBeLessThanOrEqual(8192);
    expect("ж🙂".repeat(10_000).startsWith(decodeURIComponent(cut))).toBe(true);
  });

  test("timeouts", () => {
    expect(parseTimeout("10S")).toBe(10_000);
    expect(parseTimeout("250m")).toBe(250);
    expect(parseTimeout("5H")).toBe(18_000_000);
    expect(parseTimeout("99999999H")).toBeUndefined();
    expect(parseTimeout("soon")).toBeUndefined();
    expect(parseTimeout(undefined)).toBeUndefined();
  });
});

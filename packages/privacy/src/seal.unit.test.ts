import { hkdfSync, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { fieldKey, openField, sealField, unwrapKey, wrapKey } from "./seal.ts";
import { readSealedText, sealedText } from "./sealed-value.ts";

const subjectKey = Buffer.alloc(32, 7);
const place = { stream: "ticket-1", type: "TicketCommented", pointer: "/data/text" };
const origin = { commandId: "c", index: 0 };

describe("a sealed field", () => {
  it("has a key by HKDF-SHA256 as RFC 5869 has it", () => {
    const nonce = randomBytes(16);
    expect(fieldKey(subjectKey, nonce)).toEqual(
      Buffer.from(hkdfSync("sha256", subjectKey, nonce, "docket field v1", 32)),
    );
  });

  it("is the same bytes for the same command, and others for another text, place, command or index", () => {
    const sealed = (text = "x", at = place, by = origin) => {
      const { nonce, sealed: bytes } = sealField(subjectKey, at, by, text);
      return `${nonce.toString("hex")} ${bytes.toString("hex")}`;
    };
    expect(sealed()).toBe(sealed());
    const others = [
      sealed("y"),
      sealed("x", { ...place, pointer: "/data/other" }),
      sealed("x", { ...place, stream: "ticket-2" }),
      sealed("x", place, { ...origin, index: 1 }),
      sealed("x", place, { ...origin, commandId: "d" }),
    ].map((text) => text.split(" ")[0]);
    expect(new Set([...others, sealed().split(" ")[0]]).size).toBe(6);
  });

  it.each(["", "a", "ё", "😀", "x".repeat(50_000)])("gives back what was sealed: %#", (text) => {
    const { nonce, sealed } = sealField(subjectKey, place, origin, text);
    expect(openField(fieldKey(subjectKey, nonce), place, sealed)).toBe(text);
  });

  it("opens at its own place only, with its own key only, and not after a change", () => {
    const { nonce, sealed } = sealField(subjectKey, place, origin, "text");
    const key = fieldKey(subjectKey, nonce);
    expect(() => openField(key, { ...place, stream: "ticket-2" }, sealed)).toThrow();
    expect(() => openField(key, { ...place, pointer: "/data/reason" }, sealed)).toThrow();
    expect(() => openField(fieldKey(Buffer.alloc(32), nonce), place, sealed)).toThrow();
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => openField(key, place, changed)).toThrow();
    }
    expect(() => openField(key, place, sealed.subarray(0, 5))).toThrow();
  });

  it("has a text form for metadata; what only looks like one is no sealed text", () => {
    const subject = "018f0f2e-7000-7000-8000-0000000000e1";
    const { nonce, sealed } = sealField(subjectKey, place, origin, "Anna");
    expect(readSealedText(sealedText(subject, nonce, sealed))).toEqual({ subject, nonce, sealed });
    for (const text of ["Anna", "$p.", "$p.x.y.z", `$p.${subject}.a`, null, 5])
      expect(readSealedText(text)).toBeUndefined();
  });
});

it("a wrapped key needs its wrapping key and its context", () => {
  const key = randomBytes(32);
  const wrapped = wrapKey(subjectKey, "subject 1", key);
  expect(unwrapKey(subjectKey, "subject 1", wrapped)).toEqual(key);
  expect(() => unwrapKey(subjectKey, "subject 2", wrapped)).toThrow();
  expect(() => unwrapKey(Buffer.alloc(32), "subject 1", wrapped)).toThrow();
});

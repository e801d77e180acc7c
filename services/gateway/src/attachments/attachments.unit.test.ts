import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mediaTypeOf, servedType } from "./content-type.ts";
import { contentDisposition, fileNameOf } from "./file-name.ts";

describe("a file's name", () => {
  it.each([
    ["log.txt", "log.txt"],
    ["  снимок экрана.png ", "снимок экрана.png"],
    ["../../etc/passwd", "passwd"],
    ["..\\..\\windows\\win.ini", "win.ini"],
    ["C:\\Users\\anna\\Отчёт.docx", "Отчёт.docx"],
    ["/etc/shadow", "shadow"],
    ["archive.tar.gz", "archive.tar.gz"],
    ["CON", "CON"],
  ])("%s is kept as %s", (given, kept) => expect(fileNameOf(given)).toBe(kept));

  it.each([
    "",
    "   ",
    ".",
    "..",
    "../..",
    "a/",
    "photo\u202egpj.exe",
    "a\u0000b.txt",
    "a\nb.txt",
    "a\u2028b",
    `${"x".repeat(250)}.txt`,
    "bad\ud800.txt",
    "\u2067x",
  ])("%j is refused", (given) =>
    expect(() => fileNameOf(given)).toThrow(expect.objectContaining({ code: "attachment_name_refused" })),
  );

  // Made of code points by hand: the library's own strings of all of them take a second to be got ready.
  const point = fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0x10ffff }));
  const anyText = fc.array(point, { maxLength: 60 }).map((points) => String.fromCodePoint(...points));

  it("can never end the header that carries it", () => {
    fc.assert(
      fc.property(anyText, (name) => {
        const header = contentDisposition(name);
        expect(header).toMatch(
          /^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]*$/,
        );
      }),
    );
  });
});

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

describe("a file's kind", () => {
  it.each([
    [
      "a.png",
      bytes(
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d],
        "IHDR",
        [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0],
      ),
      "image/png",
    ],
    ["doc.pdf", bytes("%PDF-1.7\n"), "application/pdf"],
    ["log.txt", bytes("2024-04-22 ошибка туннеля\n"), "text/plain"],
    ["cut.txt", Buffer.from("Ёлка").subarray(0, 3), "text/plain"],
    ["data.bin", bytes([1, 2, 3, 0, 255, 254, 7]), "application/octet-stream"],
    ["42.zip", bytes("PK", [3, 4, 20, 0, 0, 0, 8, 0]), "application/zip"],
    ["README", bytes("echoing the past is not a script"), "text/plain"],
  ])("%s is told by what is in it", async (name, head, type) => expect(await mediaTypeOf(name, head)).toBe(type));

  it.each([
    ["setup.exe", bytes("MZ", [0x90, 0])],
    ["photo.jpg", bytes("MZ", [0x90, 0])],
    ["report.pdf", bytes([0x7f], "ELF", [2, 1, 1])],
    ["notes.txt", bytes("#!/bin/sh\nrm -rf /\n")],
    ["notes.txt", bytes("\n  @echo off\r\ndel *.*")],
    ["page.txt", bytes("<?php system($_GET['c']);")],
    ["movie.mp4", bytes([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0x34])],
    ["link.dat", bytes([0x4c, 0, 0, 0, 1, 0x14, 2, 0])],
    ["x.wasm2", bytes([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
    ["hidden.txt", Buffer.from("\ufeff#!/bin/sh", "utf16le")],
    ["invoice.pdf.exe", bytes("%PDF-1.7")],
    ["macro.vbs", bytes("x")],
    ["run.BAT. ", bytes("x")],
    ["picture.lnk", bytes("x")],
  ])("%s, a program or script in whatever clothes, is refused", async (name, head) => {
    await expect(mediaTypeOf(name, head)).rejects.toMatchObject({ code: "attachment_type_refused" });
  });

  it("is told to a browser only where it can do no harm", () => {
    expect(["image/png", "text/html", "image/svg+xml", "application/xml"].map(servedType)).toEqual([
      "image/png",
      "application/octet-stream",
      "application/octet-stream",
      "application/octet-stream",
    ]);
  });
});

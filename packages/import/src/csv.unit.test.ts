import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CsvForm, readCsv } from "./csv.ts";

const form: CsvForm = { delimiter: ",", quote: '"', maxCell: 1_000 };

async function read(text: string | Buffer, chunk = 7, more: Partial<CsvForm> = {}) {
  const bytes = Buffer.from(text as string);
  async function* source(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const records = [];
  for await (const batch of readCsv(source(), { ...form, ...more }))
    for (const { line, cells, fault } of batch)
      records.push(fault ? { line, fault: fault.code } : { line, cells: cells.map((cell) => cell.toString("utf8")) });
  return records;
}

describe("reading CSV", () => {
  it.each(["\n", "\r\n", "\r"])("ends lines with %j, and passes over empty ones", async (end) => {
    expect(await read(["a,b", "1,2", "", "3,"].join(end))).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 2, cells: ["1", "2"] },
      { line: 4, cells: ["3", ""] },
    ]);
  });

  it("takes quotes, doubled quotes, and lines within them; a quote within a cell stands for itself", async () => {
    expect(await read('"a ""b""","c\nd, e",f"g\n1,2,3')).toEqual([
      { line: 1, cells: ['a "b"', "c\nd, e", 'f"g'] },
      { line: 3, cells: ["1", "2", "3"] },
    ]);
  });

  it("costs one row when a quote is broken, wherever it is", async () => {
    expect(await read('1,"open\n2,b\n3,"c"\n4,d')).toEqual([
      { line: 1, fault: "quote_broken" },
      { line: 2, cells: ["2", "b"] },
      { line: 3, cells: ["3", "c"] },
      { line: 4, cells: ["4", "d"] },
    ]);
    expect(await read('1,a\n2,"never closed\n3,c')).toEqual([
      { line: 1, cells: ["1", "a"] },
      { line: 2, fault: "quote_not_closed" },
      { line: 3, cells: ["3", "c"] },
    ]);
  });

  it("costs one row when a cell of 10 MB stands in it, and when a quote stays open for more than a record can be", async () => {
    const large = "x".repeat(10_000_000);
    expect(await read(`1,"${large}",c\n2,b,c`, 65_536)).toEqual([
      { line: 1, fault: "cell_too_long" },
      { line: 2, cells: ["2", "b", "c"] },
    ]);
    const endless = `1,"${"y".repeat(26_000_000)}\n2,b\n`;
    expect(await read(endless, 1 << 20)).toEqual([
      { line: 1, fault: "quote_not_closed" },
      { line: 2, cells: ["2", "b"] },
    ]);
  }, 60_000);

  it("gives back what was written, in chunks of any size", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "ж", ",", '"', "\n", "\r", " ", "😀"), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom("\n", "\r\n"),
        async (table, chunk, end) => {
          const text = table.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")).join(end);
          expect((await read(text, chunk)).map((record) => "cells" in record && record.cells)).toEqual(table);
        },
      ),
    );
  });
});

import { deflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { smallPng } from "./small-png.ts";

it("keeps a picture's size and gives it a palette", () => {
  const [width, height] = [40, 30];
  const small = smallPng(pictureOf(width, height, (x, y) => [(x * y) % 7, 0, 0]));
  expect(small.readUInt32BE(16)).toBe(width);
  expect(small.readUInt32BE(20)).toBe(height);
  expect(small[25]).toBe(3);
  expect(small.toString("latin1")).toContain("PLTE");
});

it("keeps a colour that is rare and like no other among many that are alike", () => {
  const small = smallPng(
    pictureOf(100, 100, (x, y) => (x === 50 && y === 50 ? [255, 138, 128] : [x % 20, y % 20, (x + y) % 20])),
  );
  expect(small.includes(Buffer.from([255, 138, 128]))).toBe(true);
});

function pictureOf(width: number, height: number, colourAt: (x: number, y: number) => readonly number[]): Buffer {
  const lines = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) lines.set(colourAt(x, y), y * (width * 3 + 1) + 1 + x * 3);
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write("IHDR", 4);
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  header.set([8, 2, 0, 0, 0], 16);
  const data = deflateSync(lines);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([Buffer.alloc(8), header, length, Buffer.from("IDAT"), data, Buffer.alloc(4)]);
}

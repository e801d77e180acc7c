import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const colours = 256;

/**
 * The same picture with a palette of 256 colours, which is what a screen of text needs: a third of the size. Takes
 * and gives a PNG; takes 8 bits a channel, RGB or RGBA, not interlaced, as browsers make them. The opacity is dropped.
 */
export function smallPng(png: Buffer): Buffer {
  const { width, height, depth, data } = parts(png);
  const pixels = unfiltered(inflateSync(data), width, height, depth);
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = paletteOf(counts);
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const placeOf = (colour: number): number => {
    let place = places.get(colour);
    if (place === undefined) places.set(colour, (place = nearest(palette, colour)));
    return place;
  };
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) lines[y * (width + 1) + 1 + x] = placeOf(pixels[y * width + x] ?? 0);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", table),
    chunk("IDAT", deflateSync(lines, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function parts(png: Buffer): { width: number; height: number; depth: number; data: Buffer } {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT") data.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const depth = png[25] === 6 ? 4 : 3;
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), depth, data: Buffer.concat(data) };
}

/** Every pixel as 0xRRGGBB; each line of a PNG says by its first byte how it was derived from its neighbours. */
function unfiltered(raw: Buffer, width: number, height: number, depth: number): Uint32Array {
  const stride = width * depth;
  const bytes = new Uint8Array(stride * height);
  const pixels = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x++) {
      const left = x < depth ? 0 : (bytes[y * stride + x - depth] ?? 0);
      const up = y === 0 ? 0 : (bytes[(y - 1) * stride + x] ?? 0);
      const corner = y === 0 || x < depth ? 0 : (bytes[(y - 1) * stride + x - depth] ?? 0);
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      bytes[y * stride + x] = (raw[y * (stride + 1) + 1 + x] ?? 0) + predicted;
    }
    for (let x = 0; x < width; x++) {
      const at = y * stride + x * depth;
      pixels[y * width + x] = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    }
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/**
 * Half of it are the colours that occur most; the others are those that would be missed most, so that the few red words of a screen
 * stay red among its many shades of grey.
 */
function paletteOf(counts: ReadonlyMap<number, number>): number[] {
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const palette = sorted.slice(0, colours / 2).map(([colour]) => colour);
  const left = sorted.slice(colours / 2).map(([colour, count]) => ({
    colour,
    weight: Math.sqrt(count),
    far: distance(palette[nearest(palette, colour)] ?? 0, colour),
  }));
  while (palette.length < colours && left.length > 0) {
    let most = 0;
    for (const [at, one] of left.entries())
      if (one.weight * one.far > (left[most]?.weight ?? 0) * (left[most]?.far ?? 0)) most = at;
    const [next] = left.splice(most, 1);
    if (next === undefined) break;
    palette.push(next.colour);
    for (const one of left) one.far = Math.min(one.far, distance(next.colour, one.colour));
  }
  return palette;
}

function nearest(palette: readonly number[], colour: number): number {
  let [best, place] = [Infinity, 0];
  for (const [at, one] of palette.entries()) {
    const far = distance(one, colour);
    if (far < best) [best, place] = [far, at];
  }
  return place;
}

const distance = (a: number, b: number): number =>
  ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

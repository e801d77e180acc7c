import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Writes bytes as they come into a file, or to standard output for `-`. */
export async function saveTo(file: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  if (file !== "-") return pipeline(Readable.from(bytes), createWriteStream(file));
  for await (const chunk of bytes)
    if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}

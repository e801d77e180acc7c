import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Door } from "./door.ts";

/** Writes bytes as they come into a file, or to standard output for `-`. */
async function saveTo(file: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  if (file !== "-") return pipeline(Readable.from(bytes), createWriteStream(file));
  for await (const chunk of bytes)
    if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}

/** Saves the tables that are asked for, each from its address into its file; says whether there were any. */
export async function saveTables(
  files: Readonly<Record<string, string | undefined>>,
  addressOf: (format: string) => string,
  door: Door,
): Promise<boolean> {
  const wanted = Object.entries(files).flatMap(([format, file]) => (file === undefined ? [] : [{ format, file }]));
  for (const { format, file } of wanted) await saveTo(file, await door.stream(addressOf(format)));
  return wanted.length > 0;
}

import { limits } from "@docket/domain";
import { Refusal } from "../http/refusal.ts";
import { sniffedBytes } from "./content-type.ts";

type Bytes = AsyncIterable<Uint8Array>;

/** Reads as much of a stream as is needed to tell its kind, and gives that and a stream of everything. */
export async function peek(source: AsyncGenerator<Uint8Array>): Promise<{ head: Buffer; whole: Bytes }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  while (size < sniffedBytes && !ended) {
    const next = await source.next();
    if (next.done) ended = true;
    else {
      parts.push(next.value);
      size += next.value.length;
    }
  }
  const head = Buffer.concat(parts);
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    while (!ended) {
      const next = await source.next();
      if (next.done) return;
      yield next.value;
    }
  }
  return { head, whole: whole() };
}

/** The same bytes, but no more of them than a file may have: then `attachment_too_large`. */
export async function* limited(source: Bytes): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limits.attachmentBytes) throw tooLarge();
    yield chunk;
  }
}

export const tooLarge = (): Refusal =>
  new Refusal("attachment_too_large", { field: "file", params: { limit: limits.attachmentBytes } });

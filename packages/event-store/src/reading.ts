import type { Connection, ReadCall } from "./connection.ts";
import { StoreUnavailable, finalError, verdictOn } from "./errors.ts";
import { decodeReadMessage, type ReadMessage } from "./wire/read-messages.ts";

/**
 * The messages of one read that ends by itself. The client gives reads no time limit, so silence longer than `silenceMs`
 * counts as a lost connection. However the loop over it is left, the call is cancelled: breaking out of a loop alone would
 * leave it open on the server. Throws StoreUnavailable and the final errors of errors.ts.
 */
export async function* readMessages(
  connection: Connection,
  request: Buffer,
  silenceMs: number,
  about: string,
): AsyncGenerator<ReadMessage> {
  let call: ReadCall | undefined;
  let silent = false;
  let watch: NodeJS.Timeout | undefined;
  try {
    // Errors are heard by the loop below; our own cancel, which comes as an error too, by nobody.
    call = await within(
      connection.read(request, () => undefined),
      silenceMs,
    );
    const current = call;
    watch = setTimeout(() => {
      silent = true;
      current.cancel();
    }, silenceMs);
    for await (const bytes of current) {
      watch.refresh();
      yield decodeReadMessage(bytes as Buffer);
    }
    if (silent) throw new Error("silence");
  } catch (error) {
    if (silent) throw new StoreUnavailable(`no answer to a read of ${about} within ${silenceMs} ms`);
    const verdict = verdictOn(error);
    if (verdict !== "again") throw finalError(verdict, about, error);
    throw new StoreUnavailable(`cannot read ${about}`, { cause: error });
  } finally {
    clearTimeout(watch);
    call?.cancel();
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no connection within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

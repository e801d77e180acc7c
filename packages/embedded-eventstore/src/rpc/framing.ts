/**
 * Cuts the byte stream of a call into gRPC messages (five-byte prefix, then the message).
 *
 * States: `prefix` (fewer than five bytes of the next message are here), `body` (the length is known, bytes are
 * being collected). A message that lies within one chunk is handed out as a view of it, one that spans chunks is
 * joined once.
 */
export type MessageParser = {
  /** Feeds a chunk; `deliver` runs once for each message that it completes. Throws FramingError. */
  push(chunk: Buffer, deliver: (message: Buffer) => void): void;
  /** True between messages: an end of stream here is clean. */
  idle(): boolean;
};

/** `tooLarge` tells a message above the limit from bytes that are no gRPC. */
export class FramingError extends Error {
  readonly tooLarge: boolean;
  constructor(message: string, tooLarge: boolean) {
    super(message);
    this.tooLarge = tooLarge;
  }
}

export function createMessageParser(maxMessageBytes: number): MessageParser {
  let parts: Buffer[] = [];
  let held = 0;
  /** Bytes that the message under collection takes with its prefix; 0 while the prefix is incomplete. */
  let wanted = 0;

  function lengthAt(buf: Buffer, at: number): number {
    if (buf[at] !== 0) throw new FramingError("Compressed messages are not supported.", false);
    const length = buf.readUInt32BE(at + 1);
    if (length > maxMessageBytes)
      throw new FramingError(`Received message larger than max (${length} vs. ${maxMessageBytes})`, true);
    return length;
  }

  return {
    push(chunk, deliver) {
      let at = 0;
      if (held > 0) {
        if (wanted === 0) {
          const need = 5 - held;
          if (chunk.length < need) {
            parts.push(chunk);
            held += chunk.length;
            return;
          }
          const prefix = Buffer.concat([...parts, chunk.subarray(0, need)], 5);
          parts = [prefix];
          held = 5;
          at = need;
          wanted = 5 + lengthAt(prefix, 0);
        }
        const need = wanted - held;
        if (chunk.length - at < need) {
          if (at < chunk.length) parts.push(chunk.subarray(at));
          held += chunk.length - at;
          return;
        }
        parts.push(chunk.subarray(at, at + need));
        at += need;
        const whole = Buffer.concat(parts, wanted);
        parts = [];
        held = 0;
        wanted = 0;
        deliver(whole.subarray(5));
      }
      while (chunk.length - at >= 5) {
        const length = lengthAt(chunk, at);
        if (chunk.length - at - 5 < length) {
          wanted = 5 + length;
          break;
        }
        deliver(chunk.subarray(at + 5, at + 5 + length));
        at += 5 + length;
      }
      if (at < chunk.length) {
        parts = [chunk.subarray(at)];
        held = chunk.length - at;
      }
    },
    idle: () => held === 0,
  };
}

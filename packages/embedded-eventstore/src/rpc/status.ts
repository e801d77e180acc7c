/** gRPC status codes that this node answers with. */
export const Status = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** A failed call: status code, text for people, and the trailers from which the client picks its error class. */
export class RpcError extends Error {
  readonly code: number;
  readonly trailers: Readonly<Record<string, string>>;
  constructor(code: number, message: string, trailers: Record<string, string> = {}) {
    super(message);
    this.code = code;
    this.trailers = trailers;
  }
}

/** Longer texts are cut: a peer refuses a whole answer whose headers exceed 64 KiB. */
const MAX_TEXT = 8 * 1024;

/** Trailer values must be ASCII without outer blanks: other names are percent-encoded as UTF-8 (spec 4, 11 "Errors"). */
export function asciiTrailer(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) && text.trim() === text
    ? text.slice(0, MAX_TEXT)
    : percentEncode(text, /[^\x21-\x24\x26-\x7e]/);
}

/** `grpc-message` per the gRPC-over-HTTP/2 rules: percent-encoded UTF-8, `%` itself included. */
export function encodeGrpcMessage(text: string): string {
  return /^[\x20-\x24\x26-\x7e]*$/.test(text) ? text.slice(0, MAX_TEXT) : percentEncode(text, /[^\x20-\x24\x26-\x7e]/);
}

function percentEncode(text: string, unsafe: RegExp): string {
  let out = "";
  // Character by character, so that a cut never leaves half of one.
  for (const char of text) {
    const encoded = unsafe.test(char)
      ? [...Buffer.from(char, "utf8")].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("")
      : char;
    if (out.length + encoded.length > MAX_TEXT) break;
    out += encoded;
  }
  return out;
}

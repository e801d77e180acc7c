/**
 * An error with a stable snake_case code, the part of an error that programs and documents may rely on.
 * `details` carries what a reader needs beyond the sentence (never a secret).
 */
export class CodedError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "CodedError";
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** The code of an error if it carries one (ours, Node's and gRPC's all sit in `code`), else `fallback`. */
export function errorCode(error: unknown, fallback = "internal"): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : fallback;
}

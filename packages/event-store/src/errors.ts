import {
  AccessDeniedError,
  convertToCommandError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
} from "@eventstore/db-client";
import { CodedError } from "@docket/service-kit";
import type { AppendReply } from "./wire/append-messages.ts";

/** How long a caller should leave the store alone when nothing better is known. */
const RETRY_AFTER_MS = 1_000;

/**
 * The store cannot be reached or did not answer in time. An append may have happened or not (`outcomeUnknown`): carry out
 * the same command again, under the same command id.
 */
export class StoreUnavailable extends CodedError {
  readonly retryAfterMs: number;
  readonly outcomeUnknown: boolean;

  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number; outcomeUnknown?: boolean } = {}) {
    super("store_unavailable", message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "StoreUnavailable";
    this.retryAfterMs = options.retryAfterMs ?? RETRY_AFTER_MS;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }
}

/** The error as StoreUnavailable when a codec says that it will pass (its keys are away); nothing was written then. */
export function passing(error: unknown): StoreUnavailable | undefined {
  const { transient, message } = (error ?? {}) as { transient?: unknown; message?: string };
  return transient === true ? new StoreUnavailable(String(message), { cause: error }) : undefined;
}

/**
 * What an error of the store means to us. `again` covers everything that another try may cure: no connection, a cancelled
 * call, a time-out, a node that is starting or stopping (it says so in an unknown error), and any error we do not know,
 * since giving up is decided by time and not by a list.
 */
export type Verdict = "again" | "stream_not_found" | "stream_deleted" | "append_too_large" | "access_denied";

/** The one place where errors of the client and of gRPC get their meaning. */
export function verdictOn(error: unknown): Verdict {
  const known = error instanceof Error ? convertToCommandError(error) : error;
  if (known instanceof StreamNotFoundError) return "stream_not_found";
  if (known instanceof StreamDeletedError) return "stream_deleted";
  if (known instanceof MaxAppendSizeExceededError) return "append_too_large";
  if (known instanceof AccessDeniedError) return "access_denied";
  return "again";
}

/** The same for the server's word on one append of a batch; a wrong revision is no error and is handled before. */
export function verdictOnReply(reply: AppendReply & { ok: false }): Verdict {
  switch (reply.details) {
    case "StreamDeleted":
      return "stream_deleted";
    case "MaximumAppendSizeExceeded":
    case "MaximumAppendEventSizeExceeded":
      return "append_too_large";
    case "AccessDenied":
      return "access_denied";
    default:
      return "again";
  }
}

/** An error of ours for a verdict that no further try can change. */
export function finalError(verdict: Exclude<Verdict, "again">, stream: string, cause?: unknown): CodedError {
  const texts = {
    stream_not_found: `there is no stream ${stream}`,
    stream_deleted: `the stream ${stream} was deleted for good`,
    append_too_large: `the events for ${stream} are larger than the store takes at once`,
    access_denied: "the store refuses these credentials",
  } as const;
  return new CodedError(verdict, texts[verdict], { cause, details: { stream } });
}

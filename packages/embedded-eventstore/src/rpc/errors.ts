import { channel } from "node:diagnostics_channel";
import { MalformedMessage } from "../wire/protobuf.ts";
import { asciiTrailer, RpcError, Status } from "./status.ts";

/**
 * Every error that the services raise, with the trailers that the client needs (spec 4). A trailer marked M there
 * is never left out: the client crashes without it.
 */

export function streamDeleted(stream: string): RpcError {
  return new RpcError(Status.failedPrecondition, `Event stream '${stream}' is deleted.`, {
    exception: "stream-deleted",
    "stream-name": asciiTrailer(stream),
  });
}

/** `expected` as the wire counts it (-1 none, -2 any, -4 exists); `actual` -1 = no stream. */
export function wrongExpectedVersion(stream: string, expected: bigint | number, actual: number): RpcError {
  return new RpcError(
    Status.failedPrecondition,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: "wrong-expected-version",
      "stream-name": asciiTrailer(stream),
      "expected-version": String(expected),
      "actual-version": String(actual),
    },
  );
}

export function maximumAppendSizeExceeded(limit: number): RpcError {
  return new RpcError(Status.invalidArgument, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: "maximum-append-size-exceeded",
    "maximum-append-size": String(limit),
  });
}

export function missingRequiredMetadata(property: string): RpcError {
  return new RpcError(Status.invalidArgument, `Required Metadata Property '${property}' is missing`, {
    exception: "missing-required-metadata-property",
    "required-metadata-properties": "type,content-type",
  });
}

export function accessDenied(): RpcError {
  return new RpcError(Status.permissionDenied, "Access Denied", { exception: "access-denied" });
}

export function unauthenticated(): RpcError {
  return new RpcError(Status.unauthenticated, "Bad credentials.");
}

export function notReady(): RpcError {
  return new RpcError(Status.unavailable, "Server Is Not Ready");
}

/** For calls that have not begun to answer. */
export function shuttingDown(): RpcError {
  return new RpcError(Status.unavailable, "Server is shutting down");
}

/** For calls that have: a 24.x node cancels its streams. Both make the client build a new connection. */
export function cancelledByShutdown(): RpcError {
  return new RpcError(Status.cancelled, "Call cancelled: the server is shutting down");
}

export function invalidArgument(message: string): RpcError {
  return new RpcError(Status.invalidArgument, message);
}

export function unknown(message: string): RpcError {
  return new RpcError(Status.unknown, message);
}

/** Told the errors that no rule foresees; the caller only learns that the handler failed. Name: `docket.eventstore.error`. */
export const unexpectedErrors = channel("docket.eventstore.error");

/** What a real node answers when a handler throws on a senseless request. */
export function handlerFailed(): RpcError {
  return unknown("Exception was thrown by handler.");
}

/** The error to answer with: the one thrown when it is meant for the caller, otherwise that of a failed handler. */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  if (!(error instanceof MalformedMessage)) unexpectedErrors.publish(error);
  return handlerFailed();
}

import { asciiTrailer, RpcError, Status } from "../rpc/status.ts";

/** The errors of persistent subscriptions (spec 4). Each names its group in the trailers. */
function groupError(
  code: number,
  exception: string,
  message: string,
  source: string,
  group: string,
  more: Record<string, string> = {},
): RpcError {
  return new RpcError(code, message, {
    exception,
    "stream-name": asciiTrailer(source),
    "group-name": asciiTrailer(group),
    ...more,
  });
}

export function doesNotExist(source: string, group: string): RpcError {
  return groupError(
    Status.notFound,
    "persistent-subscription-does-not-exist",
    `Subscription group ${group} on stream ${source} does not exist.`,
    source,
    group,
  );
}

export function exists(source: string, group: string): RpcError {
  return groupError(
    Status.alreadyExists,
    "persistent-subscription-exists",
    `Subscription group ${group} on stream ${source} exists.`,
    source,
    group,
  );
}

export function dropped(source: string, group: string): RpcError {
  return groupError(
    Status.cancelled,
    "persistent-subscription-dropped",
    `Subscription group ${group} on stream ${source} was dropped.`,
    source,
    group,
  );
}

export function maximumSubscribersReached(source: string, group: string): RpcError {
  const message = `Maximum subscriptions reached for subscription group ${group} on stream ${source}.`;
  return groupError(Status.failedPrecondition, "maximum-subscribers-reached", message, source, group);
}

export function failed(source: string, group: string, reason: string): RpcError {
  const message = `Subscription group ${group} on stream ${source} failed: '${reason}'`;
  return groupError(Status.internal, "persistent-subscription-failed", message, source, group, {
    reason: asciiTrailer(reason),
  });
}

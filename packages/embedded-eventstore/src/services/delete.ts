import { type Handler, unary } from "../rpc/call.ts";
import { notReady, streamDeleted, unknown, wrongExpectedVersion } from "../rpc/errors.ts";
import type { Storage } from "../storage/storage.ts";
import { decodeDeleteReq, encodeDeleteResp } from "../wire/append-messages.ts";
import type { AccessRule } from "./access.ts";
import { validOptions } from "./append.ts";

/** `Streams/Delete` (soft) and `Streams/Tombstone` (for good). Unlike in appends a conflict is a gRPC error here. */
export function deleteHandler(
  storage: Storage,
  access: AccessRule,
  isReady: () => boolean,
  kind: "soft_delete" | "tombstone",
): Handler {
  return unary(async (payload, call) => {
    if (!isReady()) throw notReady();
    const { stream, expected } = validOptions(decodeDeleteReq(payload), access, call);
    const outcome = await storage.remove(kind, stream, expected.value);
    switch (outcome.kind) {
      case "ok":
        return encodeDeleteResp(outcome.position ?? 0);
      case "wrong_expected_version":
        throw wrongExpectedVersion(stream, expected.value >= 0 ? expected.wire : expected.value, outcome.current);
      case "stream_deleted":
        throw streamDeleted(stream);
      case "failed":
        throw unknown(outcome.reason);
    }
  });
}

import { type Handler, unary } from "../rpc/call.ts";
import { writeMessage } from "../wire/protobuf.ts";
import { encodeUuidStructured } from "../wire/uuid.ts";

const LEADER = 8;
const TICKS_PER_MS = 10_000n;

/**
 * `Gossip/Read`: one member, the leader. Its address is the one that the caller used, since that is known to be reachable.
 * `self` gives the node's own address for callers without an authority.
 */
export function gossipHandler(instanceId: string, self: () => { host: string; port: number }): Handler {
  return unary((_request, call) => {
    const { host, port } = dialled(call.headers[":authority"]) ?? self();
    const member = writeMessage()
      .message(1, encodeUuidStructured(instanceId))
      .int(2, BigInt(Date.now()) * TICKS_PER_MS)
      .uint(3, LEADER)
      .bool(4, true)
      .message(5, writeMessage().string(1, host).uint(2, port).finish())
      .finish();
    return writeMessage().message(1, member).finish();
  });
}

function dialled(authority: string | undefined): { host: string; port: number } | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:]+)):(\d{1,5})$/i.exec(authority ?? "");
  return match ? { host: (match[1] ?? match[2])!, port: Number(match[3]) } : undefined;
}

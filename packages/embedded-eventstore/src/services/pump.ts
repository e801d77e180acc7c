import type { Call } from "../rpc/call.ts";
import { toRpcError } from "../rpc/errors.ts";

/**
 * Back-pressure for calls that send pages: a page is only read while less than HIGH bytes wait in the connection, so a slow or
 * stalled reader costs at most that much, whatever lies in the store.
 */
export const PAGE_BYTES = 64 * 1024;
const HIGH = 2 * PAGE_BYTES;
const LOW = PAGE_BYTES;

/**
 * Runs `step` again and again until it returns false: between steps waits for the connection to take the bytes, and
 * lets other work of the event loop have its turn. Ends by itself when the call closes. What `step` throws goes to `failed`.
 */
export function pump(call: Call, step: () => boolean, failed: (error: unknown) => void): void {
  const run = (): void => {
    try {
      for (;;) {
        if (call.closed) return;
        if (call.backlog >= HIGH) {
          call.whenBacklogBelow(LOW, run);
          return;
        }
        const before = call.backlog;
        if (!step()) return;
        if (call.backlog === before) {
          // Nothing was sent (a long stretch without matches): give way.
          setImmediate(run);
          return;
        }
      }
    } catch (error) {
      failed(error);
    }
  };
  run();
}

/** A failure inside the pump ends the call like one in a handler. */
export function failCall(call: Call): (error: unknown) => void {
  return (error) => call.fail(toRpcError(error));
}

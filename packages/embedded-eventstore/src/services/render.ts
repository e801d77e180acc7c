import { frameOf, writeMessage } from "../wire/protobuf.ts";
import { recordedOf, resolvedFrame, withStructuredId } from "../wire/recorded-event.ts";
import type { Storage } from "../storage/storage.ts";
import type { StoredEvent } from "../storage/types.ts";

/** Turns a stored event into the frame that a reader gets. */
export type Render = (event: StoredEvent) => Buffer;

/** Without links and with ids as text, the stored frame is the answer. */
export function renderer(storage: Storage, resolveLinks: boolean, structuredIds: boolean): Render {
  if (!resolveLinks && !structuredIds) return (event) => event.frame;
  const recorded = (frame: Buffer): Buffer => (structuredIds ? withStructuredId(recordedOf(frame)) : recordedOf(frame));
  return (event) => {
    const target = resolveLinks ? storage.resolveLink(event) : undefined;
    if (target !== undefined) {
      return resolvedFrame(
        target === "unreadable" ? undefined : recorded(target.frame),
        recorded(event.frame),
        event.position,
      );
    }
    if (!structuredIds) return event.frame;
    return frameOf(
      writeMessage()
        .message(1, writeMessage().message(1, recorded(event.frame)).uint(3, event.position).finish())
        .finish(),
    );
  };
}

/** Joins the frames of a page, so that they go out with one write. */
export function joinFrames(events: readonly StoredEvent[], render: Render): Buffer {
  if (events.length === 1) return render(events[0]!);
  return Buffer.concat(events.map(render));
}

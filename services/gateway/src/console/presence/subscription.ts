import type { ServerFrame } from "@docket/api-contract";
import type { LiveSubscription } from "../../live/live-subscription.ts";
import type { PresenceBoard } from "./board.ts";

/** Who is where, live: everybody at first, then the tickets whose people have changed. */
export class PresenceSubscription implements LiveSubscription {
  readonly id: string;
  readonly ofGroups = false;
  readonly #stop: () => void;

  constructor(id: string, board: PresenceBoard, send: (frame: ServerFrame) => void) {
    this.id = id;
    send({ type: "presence", id, whole: true, tickets: board.everybody() });
    this.#stop = board.watch((ticketIds) =>
      send({
        type: "presence",
        id,
        whole: false,
        tickets: ticketIds.map((ticketId) => ({ ticketId, people: board.of(ticketId) })),
      }),
    );
  }

  change(): void {
    // people come and go without a fact
  }

  due(): void {
    // likewise
  }

  end(): void {
    this.#stop();
  }
}

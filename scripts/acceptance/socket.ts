import WebSocket from "ws";

export interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly position?: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly [key: string]: any;
}

/** An operator's socket: subscribes, keeps the rows that it was told, comes back after every break and resumes. */
export interface Watcher {
  readonly frames: readonly Frame[];
  /** the rows of the view as told by snapshots and deltas, by ticket id */
  readonly rows: ReadonlyMap<string, Record<string, unknown>>;
  close(): void;
}

export function watch(
  base: () => string,
  cookie: () => string,
  subscription: { view: string; filter: Record<string, unknown> },
  idOf: (row: Record<string, unknown>) => string,
): Watcher {
  const frames: Frame[] = [];
  const rows = new Map<string, Record<string, unknown>>();
  let position: string | undefined;
  let closed = false;
  let socket: WebSocket;
  const connect = () => {
    if (closed) return;
    socket = new WebSocket(`${base().replace(/^http/, "ws")}/api/v1/live`, {
      headers: { cookie: cookie(), origin: base() },
    });
    socket.on("open", () =>
      socket.send(
        JSON.stringify({
          type: "subscribe",
          id: "w",
          ...subscription,
          ...(position === undefined ? {} : { since: position }),
        }),
      ),
    );
    socket.on("message", (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame;
      frames.push(frame);
      if (frame.type === "snapshot") {
        rows.clear();
        for (const row of frame["items"] as Record<string, unknown>[]) rows.set(idOf(row), row);
        position = frame.position;
      } else if (frame.type === "delta") {
        for (const row of frame["upserts"] as Record<string, unknown>[]) rows.set(idOf(row), row);
        for (const id of frame["removes"] as string[]) rows.delete(id);
        position = frame.position;
      } else if (frame.type === "resync") {
        position = undefined;
        socket.close();
      }
    });
    socket.on("close", () => setTimeout(connect, 50));
    socket.on("error", () => socket.close());
  };
  connect();
  return {
    frames,
    rows,
    close() {
      closed = true;
      socket.close();
    },
  };
}

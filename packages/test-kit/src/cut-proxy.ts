import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";

/** A TCP proxy before a server, for trouble on the wire that a test causes on purpose. */
export interface CutProxy {
  readonly port: number;
  /**
   * What happens to traffic. `open`: it flows. `deaf`: what the server sends is thrown away, so requests arrive and answers
   * are lost. `frozen`: nothing flows in either direction and nothing is lost. `closed`: no connection is taken.
   */
  mode: "open" | "deaf" | "frozen" | "closed";
  /** Breaks every connection at once. */
  cut(): void;
  /** Bytes passed to the server so far. */
  readonly sent: number;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of this machine. */
export async function startCutProxy(targetPort: number): Promise<CutProxy> {
  const pairs = new Set<{ near: Socket; far: Socket }>();
  let mode: CutProxy["mode"] = "open";
  let sent = 0;
  const server = createServer((near) => {
    if (mode === "closed") {
      near.destroy();
      return;
    }
    const far = connect(targetPort, "127.0.0.1");
    const pair = { near, far };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
      if (mode === "frozen") socket.pause();
    }
    near.on("data", (chunk) => {
      sent += chunk.length;
      if (!far.write(chunk)) near.pause();
    });
    far.on("drain", () => mode !== "frozen" && near.resume());
    far.on("data", (chunk) => {
      if (mode === "deaf") return;
      if (!near.write(chunk)) far.pause();
    });
    near.on("drain", () => mode !== "frozen" && far.resume());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    for (const { near } of pairs) near.resetAndDestroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      for (const { near, far } of pairs) {
        for (const socket of [near, far]) {
          if (next === "frozen") socket.pause();
          else socket.resume();
        }
      }
      if (next === "closed") cut();
    },
    get sent() {
      return sent;
    },
    cut,
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}

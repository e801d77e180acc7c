import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

/** One HTTP/1.1 connection that is kept open; its requests wait for each other. */
export interface Lane {
  send(method: "GET" | "POST", path: string, headers: string, body?: string): Promise<Reply>;
  close(): void;
}

/**
 * Opens a connection to the gateway. It knows just as much of HTTP as the gateway's answers need (a status and a
 * Content-Length), because a full client in the measuring process would take more of the two processors than what it measures.
 */
export async function openLane(address: string): Promise<Lane> {
  const { hostname, port } = new URL(address);
  const socket: Socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  await once(socket, "connect");
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;
  socket.on("data", (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = received.toString("latin1", 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
    const reply: Reply = { status: Number(head.slice(9, 12)), body: received.subarray(end + 4, end + 4 + length) };
    received = received.subarray(end + 4 + length);
    const asked = waiting;
    waiting = undefined;
    asked?.resolve(reply);
  });
  const broken = (error?: Error): void => {
    waiting?.reject(error ?? new Error("the connection was closed"));
    waiting = undefined;
  };
  socket.on("error", broken);
  socket.on("close", () => broken());
  let turn: Promise<unknown> = Promise.resolve();
  const ask = (method: string, path: string, headers: string, body: string): Promise<Reply> =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      const content =
        body === "" ? "" : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
      socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${headers}${content}\r\n${body}`);
    });
  return {
    send: (method, path, headers, body = "") => {
      const reply = turn.then(() => ask(method, path, headers, body));
      turn = reply.catch(() => undefined);
      return reply;
    },
    close: () => socket.destroy(),
  };
}

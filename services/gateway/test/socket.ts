import { WebSocket } from "ws";
import { serverFrame, type ServerFrame } from "@docket/api-contract";
import type { Session } from "./session.ts";

type OfType<T> = Extract<ServerFrame, { type: T }>;

/** A real socket whose frames are held against the contract as they come. */
export interface LiveSocket {
  readonly ws: WebSocket;
  readonly frames: ServerFrame[];
  send(frame: unknown): void;
  /** the next frame of this type (and for this subscription) that was not taken before */
  next<T extends ServerFrame["type"]>(type: T, id?: string, boundMs?: number): Promise<OfType<T>>;
  /** resolves with the code when the socket closes */
  readonly closed: Promise<number>;
  close(): void;
}

export async function openSocket(url: string, who: Session, headers: Record<string, string> = {}): Promise<LiveSocket> {
  const ws = new WebSocket(`${url.replace("http", "ws")}/api/v1/live`, {
    headers: {
      ...(who.cookie === undefined ? {} : { cookie: who.cookie }),
      ...(who.token === undefined ? {} : { authorization: `Bearer ${who.token}` }),
      "accept-language": "en",
      ...headers,
    },
  });
  const frames: ServerFrame[] = [];
  const untaken: ServerFrame[] = [];
  let arrived: (() => void) | undefined;
  ws.on("message", (data: Buffer) => {
    const frame = serverFrame.parse(JSON.parse(data.toString()));
    frames.push(frame);
    untaken.push(frame);
    arrived?.();
  });
  const closed = new Promise<number>((resolve) => ws.on("close", (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    ws.on("open", () => resolve());
    ws.on("error", reject);
    ws.on("unexpected-response", (_request, response) => reject(new Error(`status ${response.statusCode}`)));
  });
  return {
    ws,
    frames,
    closed,
    send: (frame) => ws.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame)),
    async next(type, id, boundMs = 20_000) {
      const deadline = performance.now() + boundMs;
      for (;;) {
        const index = untaken.findIndex(
          (frame) => frame.type === type && (id === undefined || ("id" in frame && frame.id === id)),
        );
        if (index >= 0) return untaken.splice(index, 1)[0] as OfType<typeof type>;
        const left = deadline - performance.now();
        if (left <= 0)
          throw new Error(`no ${type} for ${id ?? "anybody"}; came: ${JSON.stringify(untaken).slice(0, 500)}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          arrived = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    close: () => ws.close(),
  };
}

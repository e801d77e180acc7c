import { describe, expect, it } from "vitest";
import { LiveSocket, type AnyFrame, type Connection } from "./socket.ts";

interface FakeSocket {
  readonly sent: AnyFrame[];
  readonly readyState: number;
  readonly heard: Record<string, (event: object) => void>;
  send(text: string): void;
  close(): void;
  addEventListener(type: string, listener: (event: object) => void): void;
}

/** A wire whose other end the test holds, and a clock that moves when told. */
function wire() {
  let now = 1_000;
  const timers: { at: number; run: () => void }[] = [];
  const sockets: FakeSocket[] = [];
  const live = new LiveSocket({
    open: () => {
      const socket: FakeSocket = {
        sent: [],
        readyState: 1,
        heard: {},
        send: (text) => void socket.sent.push(JSON.parse(text) as AnyFrame),
        close: () => undefined,
        addEventListener: (type, listener) => void (socket.heard[type] = listener),
      };
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    now: () => now,
    later: (run, ms) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => void timers.splice(0, timers.length, ...timers.filter((each) => each !== timer));
    },
    random: () => 0.5,
  });
  return {
    live,
    sockets,
    last: () => sockets.at(-1)!,
    tell: (frame: object) => sockets.at(-1)!.heard["message"]!({ data: JSON.stringify(frame) }),
    drop: (code = 1006) => sockets.at(-1)!.heard["close"]!({ code }),
    pass: (ms: number) => {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers.splice(timers.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}

const subscriptions = (sent: readonly AnyFrame[]): AnyFrame[] => sent.filter(({ type }) => type === "subscribe");

describe("the live socket", () => {
  it("asks for what is watched once it has been greeted, and goes on from where it was after a loss", () => {
    const { live, last, tell, drop, pass, sockets } = wire();
    const seen: string[] = [];
    live.watch(
      { view: "queue", filter: { queue: "mine" } },
      { snapshot: ({ position }) => seen.push(`s${position}`), delta: ({ position }) => seen.push(`d${position}`) },
    );
    live.connect();
    expect(last().sent).toEqual([]);
    tell({ type: "hello", protocol: 1, position: "5" });
    expect(subscriptions(last().sent)).toEqual([
      { type: "subscribe", id: "w1", view: "queue", filter: { queue: "mine" } },
    ]);
    tell({ type: "snapshot", id: "w1", position: "5", items: [], truncated: false });
    tell({ type: "delta", id: "w1", position: "8", upserts: [], removes: [] });
    drop();
    expect(live.connection().state).toBe("waiting");
    pass(1_000);
    expect(sockets).toHaveLength(2);
    tell({ type: "hello", protocol: 1, position: "9" });
    expect(subscriptions(last().sent)).toMatchObject([{ id: "w1", since: "8" }]);
    expect(seen).toEqual(["s5", "d8"]);
    expect(live.position()).toBe("9");
  });

  it("takes silence for a loss, and says since when it knows nothing", () => {
    const { live, tell, pass } = wire();
    const states: Connection["state"][] = [];
    live.onChange(() => states.push(live.connection().state));
    live.connect();
    tell({ type: "hello", protocol: 1, position: "1" });
    pass(6_000);
    expect(live.connection().state).toBe("live");
    tell({ type: "pong", position: "1" });
    pass(8_500);
    expect(states).toContain("waiting");
  });

  it("gives up on a socket that never greets", () => {
    const { live, pass, sockets } = wire();
    live.connect();
    pass(7_500);
    expect(sockets).toHaveLength(1);
    pass(3_000);
    expect(sockets).toHaveLength(2);
  });

  it("waits longer from try to try, and tries at once when it is told to", () => {
    const { live, drop, pass, sockets } = wire();
    live.connect();
    for (let attempt = 0; attempt < 6; attempt++) {
      drop();
      pass(5_000);
    }
    expect(sockets.length).toBe(7);
    drop();
    const { length } = sockets;
    live.retry();
    expect(sockets).toHaveLength(length + 1);
  });

  it("asks anew for what was resynced, without its position when rights changed", () => {
    const { live, last, tell, pass } = wire();
    live.watch({ view: "queue", filter: { queue: "mine" } }, {});
    live.connect();
    tell({ type: "hello", protocol: 1, position: "1" });
    tell({ type: "snapshot", id: "w1", position: "1", items: [], truncated: false });
    tell({ type: "resync", id: "w1", position: "2", code: "slow_reader" });
    pass(400);
    tell({ type: "resync", id: "w1", position: "3", code: "rights_changed" });
    pass(400);
    const asked = subscriptions(last().sent);
    expect(asked.map(({ since }) => since)).toEqual([undefined, "1", undefined]);
  });

  it("shows another part of a window, and keeps showing it after a loss", () => {
    const { live, last, tell, drop, pass } = wire();
    const watching = live.watch({ view: "window", filter: { queue: "mine" }, window: { offset: 0, limit: 50 } }, {});
    live.connect();
    tell({ type: "hello", protocol: 1, position: "1" });
    watching.scroll(400, 60);
    expect(last().sent.at(-1)).toEqual({ type: "window", id: "w1", offset: 400, limit: 60 });
    drop();
    pass(1_000);
    tell({ type: "hello", protocol: 1, position: "1" });
    expect(subscriptions(last().sent)).toMatchObject([{ window: { offset: 400, limit: 60 } }]);
  });

  it("hears nothing more of what it stopped watching, nor after the session ended", () => {
    const { live, tell, drop, pass, sockets } = wire();
    const heard: AnyFrame[] = [];
    const watching = live.watch({ view: "counters", filter: {} }, { frame: (frame) => heard.push(frame) });
    live.connect();
    tell({ type: "hello", protocol: 1, position: "1" });
    tell({ type: "counters", id: "w1", counters: [] });
    watching.stop();
    tell({ type: "counters", id: "w1", counters: [] });
    expect(heard).toHaveLength(1);
    drop(4401);
    pass(60_000);
    expect(live.connection().state).toBe("ended");
    expect(sockets).toHaveLength(1);
  });
});

import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from "react";
import { useMoment } from "../moment/moment.ts";
import type { Connection, LiveSocket, ViewRequest, Watcher, Watching } from "./socket.ts";

const LiveContext = createContext<LiveSocket | null>(null);
export const LiveProvider = LiveContext.Provider;

export function useLive(): LiveSocket {
  const socket = useContext(LiveContext);
  if (socket === null) throw new Error("no socket: this is drawn outside the shell");
  return socket;
}

export function useConnection(): Connection {
  const socket = useLive();
  return useSyncExternalStore(socket.onChange, socket.connection);
}

/** The newest position of the log; a screen that is made of many views reads anew when it moves. */
export function usePosition(): string {
  const socket = useLive();
  return useSyncExternalStore(socket.onChange, socket.position);
}

/**
 * Why nothing may be done right now: a past moment is shown, or what is shown may be out of date. Null when one may act.
 */
export function useStandstill(): "past" | "offline" | null {
  const { live } = useMoment();
  const connection = useConnection();
  if (!live) return "past";
  return connection.state === "live" ? null : "offline";
}

/** Watches a view while the component is shown and the moment is now. */
export function useWatch(request: ViewRequest | null, watcher: Watcher): { readonly current: Watching | null } {
  const socket = useLive();
  const { live } = useMoment();
  const latest = useRef(watcher);
  latest.current = watcher;
  const watching = useRef<Watching | null>(null);
  const key = request === null || !live ? null : JSON.stringify(request);
  useEffect(() => {
    if (key === null) return undefined;
    const mine = socket.watch(JSON.parse(key) as ViewRequest, {
      snapshot: (snapshot) => latest.current.snapshot?.(snapshot),
      delta: (delta) => latest.current.delta?.(delta),
      frame: (frame) => latest.current.frame?.(frame),
      refused: (code, title) => latest.current.refused?.(code, title),
    });
    watching.current = mine;
    return () => {
      watching.current = null;
      mine.stop();
    };
  }, [socket, key]);
  return watching;
}

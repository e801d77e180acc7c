import type { Consumer } from "./consumer.ts";
import type { GroupConfig } from "./settings.ts";

/** How a group stands, as GetInfo and List tell it (spec 2.8). Rates are per second since the last look. */
export type GroupStatistics = {
  config: GroupConfig;
  status: string;
  connections: ConnectionStatistics[];
  averagePerSecond: number;
  totalItems: number;
  countSinceLastMeasurement: number;
  /** Places in the source; undefined: none yet. */
  checkpoint: number | undefined;
  lastKnown: number | undefined;
  readBuffer: number;
  liveBuffer: number;
  retryBuffer: number;
  inFlight: number;
  parked: number;
};

export type ConnectionStatistics = {
  user: string;
  connectionName: string;
  averagePerSecond: number;
  totalItems: number;
  countSinceLastMeasurement: number;
  measurements: { key: string; value: number }[];
  availableSlots: number;
  inFlight: number;
};

type Snapshot = {
  config: GroupConfig;
  state: "behind" | "live" | "stopped";
  checkpoint: number | undefined;
  lastKnown: number | undefined;
  totalItems: number;
  buffered: number;
  retrying: number;
  held: number;
  parked: number;
  consumers: readonly Consumer[];
};

/** Makes the function that turns a snapshot of a group into its statistics; it remembers the last look for the rates. */
export function measureGroup(nowMs: () => number): (snapshot: Snapshot) => GroupStatistics {
  let lookedAtMs = nowMs();
  let lookedAtItems = 0;
  return ({ config, state, checkpoint, lastKnown, totalItems, buffered, retrying, held, parked, consumers }) => {
    const now = nowMs();
    const elapsedMs = now - lookedAtMs;
    const perSecond = (items: number) => (elapsedMs > 0 ? Math.trunc((items * 1000) / elapsedMs) : 0);
    const fresh = totalItems - lookedAtItems;
    lookedAtMs = now;
    lookedAtItems = totalItems;
    const live = state === "live";
    return {
      config,
      status: live ? "Live" : "Behind",
      connections: consumers.map((consumer) => {
        const freshItems = consumer.totalItems - consumer.lookedAtItems;
        consumer.lookedAtItems = consumer.totalItems;
        return {
          user: consumer.user,
          connectionName: consumer.connectionName,
          averagePerSecond: perSecond(freshItems),
          totalItems: consumer.totalItems,
          countSinceLastMeasurement: freshItems,
          measurements: consumer.measurements?.report() ?? [],
          availableSlots: consumer.size - consumer.held,
          inFlight: consumer.held,
        };
      }),
      averagePerSecond: perSecond(fresh),
      totalItems,
      countSinceLastMeasurement: fresh,
      checkpoint,
      lastKnown,
      readBuffer: buffered,
      liveBuffer: live ? Math.min(buffered, config.settings.liveBufferSize) : 0,
      retryBuffer: retrying,
      inFlight: held,
      parked,
    };
  };
}

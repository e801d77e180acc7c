import type { Attempt } from "./message.ts";
import { createMeasurements, type Measurements } from "./measurements.ts";

/** A connected consumer of a group: how much it may hold, how it is reached, what it has done. */
export type Consumer = {
  readonly user: string;
  readonly connectionName: string;
  /** Messages that it may hold unacknowledged. */
  readonly size: number;
  /** Messages that it holds. */
  held: number;
  /** Messages handed to it since it connected, and that number at the last look at the statistics. */
  totalItems: number;
  lookedAtItems: number;
  /** Times from hand-over to answer, when the group keeps extra statistics. */
  readonly measurements: Measurements | undefined;
  /** Whether it may be given one more: a free slot, and a connection that takes what was sent. */
  hasRoom(): boolean;
  send(attempt: Attempt): void;
  /** Ends its connection because the group dropped it. */
  drop(): void;
};

/** What the connection of a consumer does. */
export type Connection = {
  user: string;
  connectionName: string;
  size: number;
  /** False while too much waits to be sent. */
  writable(): boolean;
  send(attempt: Attempt): void;
  drop(): void;
};

export function createConsumer(connection: Connection, extraStatistics: boolean): Consumer {
  const consumer: Consumer = {
    user: connection.user,
    connectionName: connection.connectionName,
    size: connection.size,
    held: 0,
    totalItems: 0,
    lookedAtItems: 0,
    measurements: extraStatistics ? createMeasurements() : undefined,
    hasRoom: () => consumer.held < consumer.size && connection.writable(),
    send: connection.send,
    drop: connection.drop,
  };
  return consumer;
}

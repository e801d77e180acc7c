import { frameOf, type MessageWriter, writeMessage } from "../wire/protobuf.ts";
import { withStructuredId } from "../wire/recorded-event.ts";
import type { Attempt } from "./message.ts";
import { formatPlace, formatStart } from "./settings.ts";
import type { ConnectionStatistics, GroupStatistics } from "./statistics.ts";

/** Answers of the PersistentSubscriptions service (spec 2.8). */

export function confirmation(subscriptionId: string): Buffer {
  return writeMessage().message(2, writeMessage().string(1, subscriptionId).finish()).finish();
}

/** The gRPC frame that hands a message to a consumer. */
export function deliveryFrame({ message, retryCount }: Attempt, structuredIds: boolean): Buffer {
  const shown = (recorded: Buffer) => (structuredIds ? withStructuredId(recorded) : recorded);
  const event = writeMessage();
  if (message.event) event.message(1, shown(message.event));
  if (message.link) event.message(2, shown(message.link));
  event.uint(3, message.position).int(5, retryCount);
  return frameOf(writeMessage().message(1, event.finish()).finish());
}

export function infoResponse(statistics: GroupStatistics): Buffer {
  return writeMessage().message(1, info(statistics)).finish();
}

export function listResponse(all: readonly GroupStatistics[]): Buffer {
  const out = writeMessage();
  for (const statistics of all) out.message(1, info(statistics));
  return out.finish();
}

function info(statistics: GroupStatistics): Buffer {
  const { source, group, settings } = statistics.config;
  const place = (value: number | undefined) => (value === undefined ? "" : formatPlace(source, value));
  const out = writeMessage().string(1, source).string(2, group).string(3, statistics.status);
  for (const one of statistics.connections) out.message(4, connection(one));
  return counts(
    out
      .int(5, statistics.averagePerSecond)
      .int(6, statistics.totalItems)
      .int(7, statistics.countSinceLastMeasurement)
      .string(8, place(statistics.checkpoint))
      .string(9, place(statistics.lastKnown))
      .bool(10, settings.resolveLinks)
      .string(11, formatStart(source, settings.startFrom))
      .int(12, settings.messageTimeoutMs)
      .bool(13, settings.extraStatistics)
      .int(14, settings.maxRetryCount)
      .int(15, settings.liveBufferSize)
      .int(16, settings.historyBufferSize)
      .int(17, settings.readBatchSize)
      .int(18, settings.checkpointAfterMs)
      .int(19, settings.minCheckpointCount)
      .int(20, settings.maxCheckpointCount),
    statistics,
  )
    .string(26, settings.strategy)
    .int(27, settings.maxSubscriberCount)
    .int(28, statistics.parked)
    .finish();
}

function counts(out: MessageWriter, statistics: GroupStatistics): MessageWriter {
  return out
    .int(21, statistics.readBuffer)
    .int(22, statistics.liveBuffer)
    .int(23, statistics.retryBuffer)
    .int(24, statistics.inFlight)
    .int(25, statistics.inFlight);
}

/** `from` stays empty over gRPC, as on a real node (spec 11). */
function connection(one: ConnectionStatistics): Buffer {
  const out = writeMessage()
    .string(2, one.user)
    .int(3, one.averagePerSecond)
    .int(4, one.totalItems)
    .int(5, one.countSinceLastMeasurement);
  for (const { key, value } of one.measurements) out.message(6, writeMessage().string(1, key).int(2, value).finish());
  return out.int(7, one.availableSlots).int(8, one.inFlight).string(9, one.connectionName).finish();
}

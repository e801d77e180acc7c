export type { Queryable } from "@docket/postgres";
export type { ColumnType, Value } from "./bytes.ts";
export { ensureLayout } from "./ensure-layout.ts";
export { type Decode, type FoldEvent, foldEvents, kindOf, type RawLike, streamPrefixes } from "./fold-event.ts";
export { instantOf } from "./instant.ts";
export { isLayoutComplete } from "./layout.ts";
export { listParked, type ParkedStream, unpark } from "./parked-event.ts";
export type { Line } from "./line.ts";
export { readStreams } from "./read-streams.ts";
export { defineProjection, type Projection, type ReadView, type Writer } from "./projection.ts";
export type { Program } from "./program.ts";
export { projectorName } from "./projector-name.ts";
export { largestBatch, type ProjectorOptions, type ProjectorStatus, runProjector } from "./projector.ts";
export {
  openRebuild,
  type Rebuild,
  type RebuildOptions,
  type RebuildProgress,
  type RebuildRecord,
  rebuildRecords,
} from "./rebuild.ts";
export type { Row } from "./rows.ts";
export { type Column, defineTable, type Table } from "./table.ts";
export { progressChannel } from "./write-batch.ts";
export { readModelPosition, waitForPosition } from "./wait-for-position.ts";

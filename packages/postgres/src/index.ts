export type { AppTables } from "./app-tables.ts";
export { type Blob, findBlob, readBlob } from "./blobs.ts";
export {
  type CheckpointTable,
  claimCheckpoint,
  comparePositions,
  type LogPosition,
  logStart,
  moveCheckpoint,
  type Queryable,
  readCheckpoint,
} from "./checkpoint.ts";
export { connectionConfig, createPool, type Database, type Db, openDb, type PoolOptions } from "./db.ts";
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from "./embedded.ts";
export { isRetryable, PostgresError, type PostgresErrorCode, retryableCodes } from "./errors.ts";
export { type Lead, type LeadOptions, standForLead } from "./leader.ts";
export { dumpSchema } from "./dump-schema.ts";
export { migrate } from "./migrate.ts";
export { processIdentity } from "./processes.ts";
export { processName, tellOfProcess } from "./tell-of-process.ts";
export * from "./read-models.ts";
export { ensureReportingLogin, type ReportingLogin } from "./reporting-login.ts";

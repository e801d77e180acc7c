export * from "./conformance/index.ts";
export { type CutProxy, startCutProxy } from "./cut-proxy.ts";
export { type SharedPostgres, startSharedPostgres } from "./shared-postgres.ts";
export { type StoreProcess, startStoreProcess } from "./store-process.ts";
export { type TestDatabase, testDatabase } from "./test-database.ts";
export { type MemoryLog, memoryLog, testEvent } from "./memory-log.ts";

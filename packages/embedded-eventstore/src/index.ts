export { benchEventStore, type BenchFigure, type BenchOptions } from "./bench.ts";
export { DEFAULT_MAX_APPEND_SIZE, type EventStoreNode, type EventStoreOptions, startEventStore } from "./node.ts";
export { DataFolderError } from "./storage/schema.ts";

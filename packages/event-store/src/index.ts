export * from "./api.ts";
export { comparePositions, type LogPosition, startOfLog } from "./position.ts";
export { RawEvent } from "./raw-event.ts";
export type { StoredMeta } from "./stored-meta.ts";

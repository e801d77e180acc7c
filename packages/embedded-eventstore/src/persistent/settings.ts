import type { FilterOptions } from "../wire/read-messages.ts";

/** Where a group starts that has no checkpoint yet. `end` means "from now" each time it starts. */
export type StartFrom =
  { kind: "end" } | { kind: "revision"; revision: bigint } | { kind: "position"; commit: bigint; prepare: bigint };

/** What a client sets on a group (spec 2.8). Times in milliseconds, counts in messages; 0 subscribers = unbounded. */
export type GroupSettings = {
  resolveLinks: boolean;
  startFrom: StartFrom;
  extraStatistics: boolean;
  /** 0: messages never time out. */
  messageTimeoutMs: number;
  maxRetryCount: number;
  checkpointAfterMs: number;
  minCheckpointCount: number;
  maxCheckpointCount: number;
  maxSubscriberCount: number;
  liveBufferSize: number;
  readBatchSize: number;
  historyBufferSize: number;
  strategy: string;
};

/** A group: its source (`$all` or a stream), its name, and how it was set up. */
export type GroupConfig = {
  source: string;
  group: string;
  settings: GroupSettings;
  /** Only on `$all`. */
  filter: FilterOptions | undefined;
};

export const ALL = "$all";

/** The identity of a group, and the id that consumers are told. */
export function groupKey(source: string, group: string): string {
  return `${source}::${group}`;
}

/** System streams in which a group keeps what must survive (spec 5). */
export function checkpointStreamOf(key: string): string {
  return `$persistentsubscription-${key}-checkpoint`;
}

export function parkedStreamOf(key: string): string {
  return `$persistentsubscription-${key}-parked`;
}

/** The start as clients read it in the group's info (spec 2.8). */
export function formatStart(source: string, start: StartFrom): string {
  if (start.kind === "end") return source === ALL ? "C:-1/P:-1" : "-1";
  return start.kind === "revision" ? String(start.revision) : `C:${start.commit}/P:${start.prepare}`;
}

const TOMBSTONE_TEXT = "9223372036854775807";

/** A place in the source (revision, or position in `$all`) as checkpoints and infos show it. */
export function formatPlace(source: string, place: number): string {
  if (source === ALL) return `C:${place}/P:${place}`;
  return place === Number.MAX_SAFE_INTEGER ? TOMBSTONE_TEXT : String(place);
}

/** The place that a checkpoint names; undefined for text that is no checkpoint. */
export function parsePlace(source: string, text: string): number | undefined {
  const match = source === ALL ? /^C:(\d+)\/P:\d+$/.exec(text) : /^(\d+)$/.exec(text);
  return match ? Math.min(Number(match[1]), Number.MAX_SAFE_INTEGER) : undefined;
}

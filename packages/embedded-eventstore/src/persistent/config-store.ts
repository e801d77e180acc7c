import { randomUUID } from "node:crypto";
import type { Storage } from "../storage/storage.ts";
import { decodeEvent } from "../wire/recorded-event.ts";
import { ANY } from "../wire/expected.ts";
import type { FilterOptions } from "../wire/read-messages.ts";
import type { GroupConfig, StartFrom } from "./settings.ts";

/**
 * All groups of the node, kept as one event of a system stream: the last event wins (spec 5). Big numbers are texts, since a start may lie
 * beyond what a JSON number holds.
 */
const CONFIG_STREAM = "$persistentSubscriptionConfig";
const CONFIG_TYPE = "$PersistentConfig";
const VERSION = "2";
const NOTHING = Buffer.alloc(0);

type StoredStart =
  { kind: "end" } | { kind: "revision"; revision: string } | { kind: "position"; commit: string; prepare: string };
type StoredFilter = Omit<FilterOptions, "max"> & { max: number | null };
type Entry = Omit<GroupConfig["settings"], "startFrom"> & {
  stream: string;
  group: string;
  startFrom: StoredStart;
  filter: StoredFilter | null;
};

/** Writes the groups; false when that failed. */
export async function saveGroups(
  storage: Storage,
  groups: readonly GroupConfig[],
  user: string,
  nowMs: number,
): Promise<boolean> {
  const entries = groups.map(({ source, group, settings, filter }): Entry => {
    const stored: StoredFilter | null = filter ? { ...filter, max: filter.max ?? null } : null;
    return { stream: source, group, filter: stored, ...settings, startFrom: storedStart(settings.startFrom) };
  });
  const json = { version: VERSION, updated: new Date(nowMs).toISOString(), updatedBy: user, entries };
  const data = Buffer.from(JSON.stringify(json));
  const outcome = await storage.append(CONFIG_STREAM, ANY, [
    { id: randomUUID(), type: CONFIG_TYPE, isJson: true, data, metadata: NOTHING },
  ]);
  return outcome.kind === "ok";
}

/** The groups as last written; none when nothing was, or when it is no configuration of ours. */
export function loadGroups(storage: Storage): GroupConfig[] {
  const [last] = storage.readStream(
    CONFIG_STREAM,
    { low: 0, high: Number.MAX_SAFE_INTEGER - 1, backwards: true },
    { maxEvents: 1, maxBytes: 1 },
  );
  if (!last) return [];
  let entries: unknown;
  try {
    entries = (JSON.parse(Buffer.from(decodeEvent(last.frame).data).toString("utf8")) as { entries?: unknown }).entries;
  } catch {
    return [];
  }
  if (!Array.isArray(entries)) return [];
  return (entries as Entry[]).map(({ stream, group, filter, startFrom, ...settings }) => ({
    source: stream,
    group,
    filter: filter ? { ...filter, max: filter.max ?? undefined } : undefined,
    settings: { ...settings, startFrom: startOf(startFrom) },
  }));
}

function storedStart(start: StartFrom): StoredStart {
  if (start.kind === "revision") return { kind: "revision", revision: String(start.revision) };
  return start.kind === "position"
    ? { kind: "position", commit: String(start.commit), prepare: String(start.prepare) }
    : start;
}

function startOf(stored: StoredStart): StartFrom {
  if (stored.kind === "revision") return { kind: "revision", revision: BigInt(stored.revision) };
  return stored.kind === "position"
    ? { kind: "position", commit: BigInt(stored.commit), prepare: BigInt(stored.prepare) }
    : stored;
}

import type { Storage } from "../storage/storage.ts";
import { ANY } from "../wire/expected.ts";
import { loadGroups, saveGroups } from "./config-store.ts";
import { doesNotExist, exists, failed } from "./errors.ts";
import { type Group, type GroupParts, startGroup } from "./group.ts";
import { ALL, checkpointStreamOf, type GroupConfig, groupKey, type GroupSettings, parkedStreamOf } from "./settings.ts";
import { isStrategy } from "./strategies.ts";

/**
 * All persistent subscriptions of the node.
 *
 * States: `running`, `stopped`. It starts by loading the groups that were stored. Changes (create, update, remove, restart) run one
 * after the other, and each is on disk before it is answered. A source stays known until a restart, even when its last group is
 * gone: listing it then gives nothing instead of an error.
 */
export type PersistentSubscriptions = {
  /** Throws exists, or failed with the reason. */
  create(config: GroupConfig, user: string): Promise<void>;
  /** New settings; consumers are dropped, the checkpoint stays. Throws does-not-exist, failed. */
  update(source: string, group: string, settings: GroupSettings, user: string): Promise<void>;
  /** Ends a group with its checkpoint and parked messages. Throws does-not-exist. */
  remove(source: string, group: string, user: string): Promise<void>;
  /** Throws does-not-exist. */
  find(source: string, group: string): Group;
  /** The groups of a source, or all of them. Throws does-not-exist for a source that never had one. */
  list(source: string | undefined): Group[];
  /** Drops all consumers and starts every group anew from what is stored. */
  restart(): Promise<void>;
  /** Drops all consumers and ends everything. */
  stop(): void;
};

const TICK_MS = 1000;
const INT64_MAX = 9223372036854775807n;

export function startSubsystem(parts: GroupParts): PersistentSubscriptions {
  const { storage, nowMs } = parts;
  const sources = new Map<string, Map<string, Group>>();
  let queue: Promise<unknown> = Promise.resolve();
  let stopped = false;

  function all(): Group[] {
    return [...sources.values()].flatMap((groups) => [...groups.values()]);
  }

  function start(config: GroupConfig): Group {
    const groups = sources.get(config.source) ?? new Map<string, Group>();
    const group = startGroup(parts, config);
    groups.set(config.group, group);
    sources.set(config.source, groups);
    return group;
  }

  function load(): void {
    sources.clear();
    for (const config of loadGroups(storage)) start(config);
  }

  function find(source: string, group: string): Group {
    const found = sources.get(source)?.get(group);
    if (!found) throw doesNotExist(source, group);
    return found;
  }

  /** Runs a change after those before it. */
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const run = queue.then(change);
    queue = run.catch(() => {});
    return run;
  }

  /** Writes all groups as they now are; takes the change back when that fails. */
  async function save(user: string, { source, group }: GroupConfig, takeBack: () => void): Promise<void> {
    if (
      await saveGroups(
        storage,
        all().map((one) => one.config),
        user,
        nowMs(),
      )
    )
      return;
    if (!stopped) takeBack();
    throw failed(source, group, "The configuration could not be written.");
  }

  const timer = setInterval(() => {
    for (const group of all()) group.tick();
  }, TICK_MS);
  timer.unref();
  const unfollow = storage.onCommitted((batch) => {
    if (sources.size === 0) return;
    const streamIds = new Set(batch.events.map((event) => event.streamId));
    for (const groups of sources.values()) for (const group of groups.values()) group.committed(streamIds);
  });
  load();

  return {
    // A group runs before its configuration is on disk: one on `$all` that starts "from now" is told of its own making, as on a real node.
    create: (config, user) =>
      inTurn(async () => {
        // Its streams go by the key alone, so two groups may not share one ("a::b" + "c", "a" + "b::c").
        const key = groupKey(config.source, config.group);
        if (all().some((one) => groupKey(one.config.source, one.config.group) === key))
          throw exists(config.source, config.group);
        validate(storage, config);
        const group = start(config);
        await save(user, config, () => {
          group.stop();
          sources.get(config.source)!.delete(config.group);
        });
      }),
    update: (source, group, settings, user) =>
      inTurn(async () => {
        const before = find(source, group);
        const config = { ...before.config, settings };
        validate(storage, config);
        before.stop();
        const after = start(config);
        await save(user, config, () => {
          after.stop();
          start(before.config);
        });
      }),
    remove: (source, group, user) =>
      inTurn(async () => {
        const before = find(source, group);
        before.stop();
        sources.get(source)!.delete(group);
        await save(user, before.config, () => start(before.config));
        const key = groupKey(source, group);
        // Where there is none, the refusal is the answer wanted.
        await Promise.all(
          [checkpointStreamOf(key), parkedStreamOf(key)].map((stream) => storage.remove("soft_delete", stream, ANY)),
        );
      }),
    find,
    list(source) {
      if (source === undefined) return all();
      const groups = sources.get(source);
      if (!groups) throw doesNotExist(source, "");
      return [...groups.values()];
    },
    restart: () =>
      inTurn(async () => {
        for (const group of all()) group.stop();
        if (!stopped) load();
      }),
    stop() {
      stopped = true;
      clearInterval(timer);
      unfollow();
      for (const group of all()) group.stop();
    },
  };
}

/** What a real node refuses (spec 5, 11). Throws failed with the reason. */
function validate(storage: Storage, { source, group, settings }: GroupConfig): void {
  if (!isStrategy(settings.strategy))
    throw failed(source, group, `Consumer strategy ${settings.strategy} does not exist.`);
  const start = settings.startFrom;
  if (source === ALL && start.kind === "position" && start.commit > BigInt(storage.lastPosition())) {
    throw failed(source, group, "Invalid start position: it lies beyond the end of $all.");
  }
  if (start.kind === "revision" && start.revision > INT64_MAX)
    throw failed(source, group, "Invalid start position: it is negative.");
  if (settings.readBatchSize >= settings.historyBufferSize) {
    throw failed(source, group, "ReadBatchSize may not be greater than or equal to BufferSize");
  }
}

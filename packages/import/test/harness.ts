import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EventStore, type LogPosition, startOfLog, type StoredFact } from "@docket/event-store";
import { type ImportSummary, type ReportEntry, runImport } from "../src/index.ts";

/** A store in memory that keeps what is appended, with the door's own rules on revisions. */
export interface MemoryStore {
  readonly store: EventStore;
  readonly streams: ReadonlyMap<string, readonly StoredFact[]>;
  /** Lets so many more appends through; the next one ends the import as if the process had died. */
  allow(appends: number): void;
}

export function memoryStore(): MemoryStore {
  const streams = new Map<string, StoredFact[]>();
  let position = 0;
  let left = Infinity;
  const store: EventStore = {
    append: (stream, expected, facts, meta) => store.appendParts(stream, expected, [{ facts, meta }]),
    async appendParts(stream, expected, parts) {
      if (left-- <= 0) throw new Error("killed");
      const known = streams.get(stream) ?? [];
      const at = typeof expected === "object" ? expected.revision : typeof expected === "number" ? expected : -1;
      if (at !== known.length - 1) return { outcome: "conflict", currentRevision: known.length - 1 };
      let revision = at;
      const facts = parts.flatMap(({ facts: some, meta }) =>
        some.map(({ by, occurredAt, ...event }) => {
          const place: LogPosition = { commit: ++position, prepare: position } as never;
          const ids = { eventId: `${meta.commandId} ${event.type}`, prevHash: null, hash: String(position) };
          const own = { ...meta, ...by, occurredAt, schemaVersion: 1 };
          return {
            ...event,
            ...ids,
            stream,
            revision: ++revision,
            position: place,
            meta: own,
          } as unknown as StoredFact;
        }),
      );
      streams.set(stream, [...known, ...facts]);
      return {
        outcome: "written",
        facts,
        tail: { revision, hash: String(position) },
        position: { commit: position, prepare: position } as never,
      };
    },
    load: async (stream, { from = 0 } = {}) => (streams.get(stream) ?? []).slice(from),
    loadRaw: async () => [],
    last: async (stream) => streams.get(stream)?.at(-1),
    async *readAll() {
      yield* [];
    },
    head: async () => startOfLog,
    async followAll({ onBatch, signal }) {
      const names = [...streams].filter(([name]) => !name.startsWith("ticket-"));
      await onBatch({ events: names.flatMap(([, facts]) => facts) as never, checkpoint: startOfLog, live: true });
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    },
    facts: async (events) => events as never,
    reveal: async (events) => events,
    onForgotten: () => () => undefined,
    readingAnew: (work) => work(),
    ping: async () => undefined,
    close: async () => undefined,
  };
  return { store, streams, allow: (appends) => void (left = appends) };
}

/** A folder of its own for a test's files. */
export async function scratch(): Promise<{
  readonly folder: string;
  put(name: string, content: string | Buffer): Promise<string>;
  remove(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "docket-import-"));
  return {
    folder,
    async put(name, content) {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Imported {
  readonly summary: ImportSummary;
  readonly report: readonly ReportEntry[];
}

/** Imports texts into a store, with a work folder of the given name. */
export async function importTexts(
  files: Awaited<ReturnType<typeof scratch>>,
  store: EventStore | null,
  mapping: string,
  data: string | Buffer,
  options: { readonly resume?: boolean; readonly dryRun?: boolean; readonly work?: string } = {},
): Promise<Imported> {
  const [mappingFile, dataFile] = await Promise.all([files.put("mapping.yaml", mapping), files.put("data.csv", data)]);
  return runImport(
    {
      mappingFile,
      dataFile,
      openStore: store === null ? null : () => ({ store, close: async () => undefined }),
      workFolder: join(files.folder, options.work ?? "work"),
      resume: options.resume === true,
      dryRun: options.dryRun === true,
    },
    (job, summary) => ({ summary, report: job.report().map(({ id: _id, ...entry }) => entry) }),
  );
}

/** A text's bytes in windows-1251: Latin, Russian, and what else stands on a Russian keyboard. */
export function inWindows1251(text: string): Buffer {
  const others: Readonly<Record<string, number>> = { Ё: 0xa8, ё: 0xb8, "№": 0xb9, "«": 0xab, "»": 0xbb, "—": 0x97 };
  return Buffer.from(
    Array.from(text, (char) => {
      const code = char.charCodeAt(0);
      return code < 128 ? code : (others[char] ?? code - 0x350);
    }),
  );
}

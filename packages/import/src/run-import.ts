import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createDesk, createDirectoryView, createHistory, type DirectoryView } from "@docket/command-handling";
import { createTicketNumbers, type EventStore, StoreUnavailable } from "@docket/event-store";
import { backoffMs, CodedError, sleep, systemClock } from "@docket/service-kit";
import { bringInNames } from "./bring-in-names.ts";
import { nowhere } from "./dry-run.ts";
import { type JobFile, openJobFile, type StagedTicket, type TicketResult } from "./job-file.ts";
import { knownNames } from "./known-names.ts";
import { readMapping } from "./mapping-file.ts";
import { stageFile } from "./stage-file.ts";
import { tellTicket, ticketIdFor } from "./tell-ticket.ts";
import { historyTexts } from "./texts.ts";

export const importPhases = ["staging", "naming", "telling", "done"] as const;
export type ImportPhase = (typeof importPhases)[number];

/** How far an import is. `done` of `of`: per cent of the file's bytes (staging), names, tickets. */
export interface ImportProgress {
  /** names the work file's folder */
  readonly jobId: string;
  readonly phase: ImportPhase;
  readonly done: number;
  readonly of: number;
  /** rows of the file read so far */
  readonly rows: number;
  readonly events: number;
}

export interface ImportOptions {
  readonly mappingFile: string;
  readonly dataFile: string;
  /** opens the door to the event store; null only for a dry run on nothing */
  readonly openStore: (() => { readonly store: EventStore; close(): Promise<void> }) | null;
  /** where the work files of imports are kept; each import has a folder of its own in it */
  readonly workFolder: string;
  /** write nothing to the store */
  readonly dryRun?: boolean;
  /** go on with the work file of an earlier run of the same mapping and file, if there is one */
  readonly resume?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/** What an import came to. */
export interface ImportSummary {
  readonly jobId: string;
  readonly source: string;
  readonly file: string;
  readonly importedAt: string;
  readonly dryRun: boolean;
  readonly resumed: boolean;
  readonly rows: number;
  readonly tickets: number;
  readonly events: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly outcomes: ReturnType<JobFile["outcomes"]>;
  /** why rows were not taken as they stand; `words`: which words of the source a table of the mapping may lack, with counts */
  readonly reasons: readonly {
    readonly code: string;
    readonly outcome: string;
    readonly count: number;
    readonly words: readonly string[];
  }[];
  readonly judgements: readonly {
    readonly ours: string | null;
    readonly theirs: string | null;
    readonly count: number;
  }[];
  readonly seconds: number;
}

/** Tickets told side by side; within one, rows go in their order. */
const SIDE_BY_SIDE = 24;
const AT_ONCE = 240;

/** The id of an import: it follows from the mapping and the file, so that a later run finds an earlier one's work. */
export async function importIdOf(mappingFile: string, dataFile: string, dryRun: boolean): Promise<string> {
  const hash = createHash("sha256").update(dryRun ? "dry\0" : "\0");
  hash.update(await readFile(mappingFile).catch(unreadable(mappingFile)));
  try {
    for await (const chunk of createReadStream(dataFile)) hash.update(chunk as Buffer);
  } catch (error) {
    unreadable(dataFile)(error);
  }
  return hash.digest("hex").slice(0, 16);
}

const unreadable =
  (file: string) =>
  (error: unknown): never => {
    throw new CodedError("file_unreadable", `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  };

/**
 * Runs an import: reads the file into a work file of its own, brings in the names, tells the tickets' histories. It may be broken off
 * at any moment and run again: what the store has is never told twice, with or without the work file; the work file
 * (`resume`) only spares the reading. The job file is handed to `use` at the end, for the report.
 *
 * Throws MappingInvalid, `file_unreadable`, `file_empty`, `names_refused`, `contract_unknown`, `contract_differs`, StoreUnavailable; the
 * signal's reason when it aborts.
 */
export async function runImport<T>(
  options: ImportOptions,
  use: (job: JobFile, summary: ImportSummary) => Promise<T> | T,
): Promise<T> {
  const began = performance.now();
  const { dryRun = false, signal } = options;
  const read = readMapping(await readFile(options.mappingFile, "utf8").catch(unreadable(options.mappingFile)));
  const { mapping } = read;
  const texts = { ...historyTexts[mapping.language], ...withoutHoles(mapping.texts) };
  const jobId = await importIdOf(options.mappingFile, options.dataFile, dryRun);
  const folder = join(options.workFolder, jobId);
  let job = openJobFile(folder, { fresh: options.resume !== true });
  const resumed = job.get("phase") !== undefined && job.get("phase") !== "staging";
  if (!resumed) {
    job.close();
    job = openJobFile(folder, { fresh: true });
  }
  let rows = Number(job.get("rows") ?? 0);
  let events = 0;
  const tell = (phase: ImportPhase, done: number, of: number): void =>
    options.onProgress?.({ jobId, phase, done, of, rows, events });
  let door: { readonly store: EventStore; close(): Promise<void> } | undefined;
  let directory: DirectoryView | undefined;
  try {
    if (!resumed) {
      const importedAt = Date.now();
      job.set("phase", "staging");
      job.set("importedAt", String(importedAt));
      const staged = await stageFile(options.dataFile, read, job, {
        latest: importedAt,
        onProgress(share, count) {
          signal?.throwIfAborted();
          rows = count;
          tell("staging", Math.round(share * 100), 100);
        },
      });
      job.finishStaging();
      job.set("rows", String(staged.rows));
      job.set("file", staged.sha256);
      job.set("phase", "naming");
    }
    const importedAt = Number(job.get("importedAt"));
    const file = job.get("file") as string;
    const span = spanOf(job);

    door = options.openStore?.() ?? { store: nowhere(), close: async () => undefined };
    const { store } = door;
    directory = createDirectoryView(store);
    await firstRead(directory, store);
    const target = dryRun ? nowhere(store) : store;
    const seen = dryRun ? frozen(directory) : directory;
    const beginning = new Date(span?.from ?? importedAt);
    const desk = createDesk({ store: target, clock: { now: () => beginning }, directory: seen, maxStreams: 500 });
    if (job.get("phase") === "naming" || dryRun) {
      await bringInNames({
        job,
        mapping,
        texts,
        directory: seen,
        desk,
        file,
        importedAt,
        onProgress: (done, of) => tell("naming", done, of),
      });
      job.set("phase", "telling");
    }

    const numbers = createTicketNumbers(target, systemClock(), { block: 1_000 });
    const parts = {
      history: createHistory({ store: target, directory: seen }),
      mapping,
      names: knownNames(job, mapping, texts),
      texts,
      file,
      importedAt,
      until: span?.to ?? importedAt,
      newNumber: () => numbers.next(),
    };
    const { all, done: before } = job.ticketCount();
    let done = before;
    events = job.events();
    // Told before, a ticket conflicts; the next ones probably do, too, and are looked at first.
    let fresh = !dryRun || options.openStore === null;
    for (let after = 0; ;) {
      signal?.throwIfAborted();
      const tickets = job.nextTickets(after, AT_ONCE);
      if (tickets.length === 0) break;
      after = tickets.at(-1)?.id ?? after;
      if (!dryRun) fresh = !(await isThere(store, mapping.source, tickets[0] as StagedTicket));
      const results = await sideBySide(
        tickets,
        async (ticket) => patiently(() => tellTicket(parts, ticket, job.rows(ticket.key), { fresh }), signal),
        signal,
      );
      job.finishTickets(results);
      done += results.length;
      events += results.reduce((sum, result) => sum + result.events, 0);
      tell("telling", done, all);
    }
    job.finish();
    tell("done", all, all);
    const summary: ImportSummary = {
      jobId,
      source: mapping.source,
      file,
      importedAt: new Date(importedAt).toISOString(),
      dryRun,
      resumed,
      rows,
      tickets: all,
      events: job.events(),
      from: span === null ? null : new Date(span.from).toISOString(),
      to: span === null ? null : new Date(span.to).toISOString(),
      outcomes: job.outcomes(),
      reasons: job.reportCounts(),
      judgements: job.judgements(),
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
    return await use(job, summary);
  } finally {
    await directory?.close();
    await door?.close();
    job.close();
  }
}

/**
 * What a store that was away for a moment did or did not write shows when it is asked again: telling a ticket anew tells nothing
 * twice. After half a minute the import ends; it can be gone on with.
 */
async function patiently<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || attempt === 8) throw error;
      await sleep(backoffMs(attempt), signal);
    }
  }
}

/** A store that is away must not hang the import. */
async function firstRead(directory: DirectoryView, store: EventStore): Promise<void> {
  await store.ping();
  await directory.ready;
}

async function isThere(store: EventStore, source: string, ticket: StagedTicket): Promise<boolean> {
  return (await store.last(`ticket-${ticketIdFor(source, ticket.key)}`)) !== undefined;
}

/** A directory for a dry run: what is "written" is seen by this run alone. */
function frozen(directory: DirectoryView): DirectoryView {
  return { ...directory, refresh: async () => directory.current() };
}

/** The times that the file speaks of; kept, since the rows are thrown away at the end. */
function spanOf(job: JobFile): { readonly from: number; readonly to: number } | null {
  const kept = job.get("span");
  const span = kept === undefined ? job.span() : (JSON.parse(kept) as { from: number; to: number } | null);
  if (kept === undefined) job.set("span", JSON.stringify(span));
  return span;
}

/** Texts without columns in them; those with columns are filled row by row. */
function withoutHoles(texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[1].includes("{"),
    ),
  );
}

/** Works on several at a time. Ends, with the first error, when the signal aborts. */
async function sideBySide(
  tickets: readonly StagedTicket[],
  work: (ticket: StagedTicket) => Promise<TicketResult>,
  signal: AbortSignal | undefined,
): Promise<TicketResult[]> {
  const results: TicketResult[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const ticket = tickets[next++];
      if (ticket === undefined) return;
      signal?.throwIfAborted();
      results.push(await work(ticket));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return results.toSorted((a, b) => a.id - b.id);
}

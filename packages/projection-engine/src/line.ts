import type { LogPosition, Queryable } from "@docket/postgres";
import {
  BatchNotFoldable,
  causeText,
  foldBatch,
  type FoldResult,
  type Generation,
  makeGeneration,
  parkedAlone,
} from "./fold-batch.ts";
import { type Decode, foldEvent, kindOf, type RawLike } from "./fold-event.ts";
import { readParkedStreams } from "./layout.ts";
import { keepParked } from "./parked-event.ts";
import { type Advance, type BatchWriter, WriteFailed } from "./write-batch.ts";

export type LineOptions = {
  /** The statement that moves the checkpoint with each batch. */
  readonly advance: (from: LogPosition, to: LogPosition) => Advance;
  readonly from: LogPosition;
  readonly generations: readonly Generation[];
  readonly writer: BatchWriter;
  /** For states that are not at hand; sees what is committed. */
  readonly db: Queryable;
  readonly decode?: Decode;
  /** Told of each committed batch. */
  readonly onCommit?: (batch: { readonly to: LogPosition; readonly events: readonly RawLike[] }) => void;
  /** Told when a write that nobody waits for fails. */
  readonly onFailure?: (error: unknown) => void;
};

/** The line on which batches are folded and written, one behind the other. */
export type Line = {
  /** Takes the next run of events, up to `to`; resolves when it is being written and the next may come. */
  readonly push: (events: readonly RawLike[], to: LogPosition) => Promise<void>;
  /** Resolves when all that was pushed is committed. */
  readonly settled: () => Promise<void>;
  /** Folds parked events of streams again. */
  readonly release: (work: (generations: readonly Generation[]) => Promise<Release[]>) => Promise<void>;
  /**
   * Folds streams anew that are in the tables already, in every read model that can clear them: `read` gives all their events up to
   * the committed position. Resolves when it is committed; with no streams, when everything pushed before is.
   */
  readonly refold: (streams: readonly string[], read: () => Promise<readonly RawLike[]>) => Promise<void>;
  readonly position: () => LogPosition;
  readonly generations: () => readonly Generation[];
};

/** Streams of a read model that are no longer to wait, with their events in order. */
export type Release = {
  readonly projection: string;
  readonly streams: readonly string[];
  readonly events: readonly RawLike[];
};

const streamByStream = ({ projection, streams, events }: Release): Release[] =>
  streams.map((stream) => ({
    projection,
    streams: [stream],
    events: events.filter((event) => event.stream === stream),
  }));

/**
 * Folds batches and writes them, two in hand at a time: while Postgres takes one, the next is folded on the states that the
 * first one left in memory. So a failed write spoils what was folded behind it: all states are then forgotten.
 *
 * States: *idle* -> push -> *folding* -> *writing* (the next push may fold meanwhile) -> *idle*. A write that is refused because
 * of its rows (a value that no column takes) or a fold that fails without a culprit -> *halving*: the batch is done again in halves,
 * each in a transaction of its own, down to the single event, which is parked; then on. Any other failure -> *broken*: every
 * later call rejects with it, and the owner starts a new line at the committed checkpoint.
 */
export function batchLine(options: LineOptions): Line {
  const { writer, db } = options;
  let generations: readonly Generation[] = options.generations;
  let committed = options.from;
  /** the write in hand; resolves to true when the batch had to be halved, so that what was folded meanwhile is void */
  let writing: Promise<boolean> = Promise.resolve(false);
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const fold = (events: readonly RawLike[]): Promise<FoldResult[]> =>
    foldBatch(generations, events, db, options.decode);

  const commit = async (results: readonly FoldResult[], events: readonly RawLike[], to: LogPosition): Promise<void> => {
    await writer.write(results, options.advance(committed, to));
    committed = to;
    for (const { writes } of results) writes.recycle();
    options.onCommit?.({ to, events });
  };

  /** Forgets all states: the tables know. */
  const forget = async (): Promise<void> => {
    const fresh = generations.map(({ projection, number, schema }) => makeGeneration(projection, number, schema));
    await readParkedStreams(db, fresh);
    generations = fresh;
  };

  const halve = async (events: readonly RawLike[], to: LogPosition): Promise<void> => {
    await forget();
    const [only] = events;
    if (events.length === 1 && only) return single(only, to);
    const middle = events.length >> 1;
    const last = events[middle - 1];
    const halves: [readonly RawLike[], LogPosition][] = [[events.slice(middle), to]];
    if (last) halves.unshift([events.slice(0, middle), last.position]);
    for (const [half, place] of halves) {
      try {
        await commit(await fold(half), half, place);
      } catch (error) {
        if (!isRowsFault(error)) throw error;
        await halve(half, place);
      }
    }
  };

  const single = async (event: RawLike, to: LogPosition): Promise<void> => {
    let results = await fold([event]);
    for (;;) {
      try {
        await commit(results, [event], to);
        return;
      } catch (error) {
        if (!(error instanceof WriteFailed) || !error.isPoison) throw error;
        const culprit = results.find(({ generation }) => generation.projection.name === error.projection);
        if (!culprit || culprit.parked.length > 0) throw error;
        const parked = parkedAlone(culprit.generation, foldEvent(event), error.cause);
        results = results.map((result) => (result === culprit ? parked : result));
      }
    }
  };

  /** Folds streams again that wait, in one transaction. */
  const letGo = async (releases: readonly Release[]): Promise<void> => {
    const results: FoldResult[] = [];
    for (const { projection, streams, events } of releases) {
      const generation = generations.find((one) => one.projection.name === projection);
      if (!generation) continue;
      for (const stream of streams) generation.parked.delete(stream);
      const [result] = await foldBatch([generation], events, db, options.decode);
      if (result) results.push({ ...result, released: streams });
    }
    if (results.length === 0) return;
    try {
      await commit(results, [], committed);
    } catch (error) {
      await forget();
      throw error;
    }
  };

  /** One stream of one read model; when its rows are refused still, it waits on with the new cause. */
  const letGoAlone = async (release: Release): Promise<void> => {
    try {
      await letGo([release]);
    } catch (error) {
      if (!isRowsFault(error)) throw error;
      const number = generations.find((one) => one.projection.name === release.projection)?.number;
      const cause = error instanceof WriteFailed ? error.cause : error;
      if (number !== undefined) await keepParked(db, { ...release, generation: number }, causeText(cause));
    }
  };

  /** Starts writing; what fails without anybody waiting is told to the owner. */
  const start = (results: readonly FoldResult[], events: readonly RawLike[], to: LogPosition): void => {
    writing = commit(results, events, to).then(
      () => false,
      async (error: unknown) => {
        if (!isRowsFault(error)) throw error;
        await halve(events, to);
        return true;
      },
    );
    writing.catch((error: unknown) => options.onFailure?.(error));
  };

  const trim = (): void => {
    for (const { cache } of generations) cache.trim();
  };

  return {
    push: (events, to) =>
      inTurn(async () => {
        const folded = await fold(events).catch((error: unknown) => {
          if (error instanceof BatchNotFoldable) return undefined;
          throw error;
        });
        const halved = await writing;
        trim();
        if (!folded) {
          writing = halve(events, to).then(() => true);
          writing.catch((error: unknown) => options.onFailure?.(error));
          return;
        }
        start(halved ? await fold(events) : folded, events, to);
      }),
    settled: () => inTurn(() => writing.then(() => undefined)),
    release: (work) =>
      inTurn(async () => {
        await writing;
        const all = await work(generations);
        try {
          await letGo(all);
        } catch (error) {
          if (!isRowsFault(error)) throw error;
          for (const one of all.flatMap(streamByStream)) await letGoAlone(one);
        }
      }),
    refold: (streams, read) =>
      inTurn(async () => {
        await writing;
        if (streams.length === 0) return;
        const events = await read();
        const results: FoldResult[] = [];
        for (const generation of generations) {
          const { projection, number, schema, handles } = generation;
          const mine = streams.filter((stream) => handles(kindOf(stream)));
          if (projection.clear === undefined || mine.length === 0) continue;
          const anew = makeGeneration(projection, number, schema);
          const some = new Set(mine);
          const [result] = await foldBatch(
            [anew],
            events.filter(({ stream }) => some.has(stream)),
            db,
            options.decode,
          );
          if (result) results.push({ ...result, released: mine, cleared: mine });
        }
        try {
          if (results.length > 0) await commit(results, [], committed);
        } finally {
          // what is remembered of them is of before; parked streams may be others than before
          await forget();
        }
      }),
    position: () => committed,
    generations: () => generations,
  };
}

function isRowsFault(error: unknown): boolean {
  return error instanceof BatchNotFoldable || (error instanceof WriteFailed && error.isPoison);
}

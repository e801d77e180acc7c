import {
  type AnyCommand,
  type AnyEvent,
  type CommandMeta,
  type CommandTarget,
  decide,
  type DecisionContext,
  type Directory,
  DirectoryBehind,
  emptyState,
  evolveStream,
  type Fact,
  type RememberedCommand,
  rememberedCommands,
  type StreamKind,
  type StreamState,
  streamNameOf,
  targetOfCommand,
  type TicketState,
} from "@docket/domain";
import {
  type AppendMeta,
  createStateCache,
  type EventStore,
  type Fold,
  type Folded,
  noTail,
  startOfLog,
  StoreUnavailable,
} from "@docket/event-store";
import { type Clock, sleep } from "@docket/service-kit";
import type { CommandResult, Desk, StateReader } from "./api.ts";
import type { DirectoryView } from "./directory-view.ts";
import { oneAtATime } from "./stream-lock.ts";
import { validate } from "./validate.ts";

export interface DeskOptions {
  readonly store: EventStore;
  readonly clock: Pick<Clock, "now">;
  readonly directory: DirectoryView;
  /** how many open tickets a member of staff has; routing picks the least loaded (default: nobody has any) */
  readonly load?: (staffId: string) => number;
  /** folded streams kept in memory (default 5,000) */
  readonly maxStreams?: number;
}

/** A stream as the desk knows it: the domain's state, and what the desk itself must remember of it. */
interface Desked {
  readonly domain: StreamState;
  /** recordedAt of the last fact; the next one's is not earlier */
  readonly recordedAt: string;
  /** the last commands that changed the stream */
  readonly commands: readonly RememberedCommand[];
}

/**
 * Somebody was faster so many times in a row: more than contention. The loser of a race has the longer way (it reads before
 * it tries again), so beside a process with a queue of commands for the same stream it may lose often.
 */
const TRIES = 25;
const READY_WITHIN_MS = 5_000;
const EPOCH = "1970-01-01T00:00:00.000Z";
/** Commands that begin a stream with an id of their own: it is supposed not to be there, and read only when it is. */
const beginsStream: ReadonlySet<AnyCommand["type"]> = new Set<AnyCommand["type"]>(["RegisterTicket", "ReceiveContact"]);
const unwritten = (fold: Fold<Desked>): Folded<Desked> => ({ state: fold.initial, tail: noTail, position: startOfLog });
const ownStreams: ReadonlySet<StreamKind> = new Set<StreamKind>(["ticket", "contact", "survey", "ticket-numbers"]);

/**
 * Makes the desk that carries out commands.
 *
 * Commands on one stream are carried out one after the other; on different streams side by side. What is known of a stream
 * may be behind the store, so it is used only for what the store itself then checks: an append at the known revision. A
 * refusal, "nothing to do" or a conflict is told only after the stream's end has been read.
 */
export function createDesk(options: DeskOptions): Desk & StateReader {
  const { store, clock, directory } = options;
  const cache = createStateCache(store, options.maxStreams);
  const lock = oneAtATime();

  const ticketState = async (ticketId: string): Promise<TicketState | null> => {
    const { state } = await cache.refresh(streamNameOf("ticket", ticketId), foldOf("ticket"));
    return state.domain.kind === "ticket" ? state.domain.state : null;
  };

  /** The ticket that a command on another stream must look at. */
  const ticketBeside = async (command: AnyCommand, state: StreamState): Promise<Pick<DecisionContext, "ticket">> => {
    if (command.type === "RateTicket") return { ticket: await ticketState(command.data.ticketId) };
    const about =
      command.type === "TriageContact" && state.kind === "contact"
        ? (state.state?.received.aboutTicketId ?? null)
        : null;
    return about === null ? {} : { ticket: await ticketState(about) };
  };

  /** The first reading of the directory, and that after an erasure; a store that is away must not hang the caller. */
  let read = false;
  const directoryRead = async (): Promise<void> => {
    if (read && directory.isSettled()) return;
    const waited = new AbortController();
    const late = sleep(READY_WITHIN_MS, waited.signal).then(
      () => false,
      () => false,
    );
    const here = directory.ready.then(() => directory.settled()).then(() => true);
    const inTime = await Promise.race([here, late]);
    waited.abort();
    read ||= inTime;
    if (!inTime) throw new StoreUnavailable("the directory has not been read yet");
  };

  const carryOut = async (
    command: AnyCommand,
    meta: CommandMeta,
    { kind, stream }: CommandTarget,
  ): Promise<CommandResult> => {
    await directoryRead();
    const fold = foldOf(kind);
    const readEnd = async (): Promise<Folded<Desked>> => {
      const folded = await cache.refresh(stream, fold);
      // The directory must hold the stream's facts up to its end before it is decided on.
      if (!ownStreams.has(kind)) await directory.refresh();
      return folded;
    };
    let known = ownStreams.has(kind)
      ? (cache.peek<Desked>(stream) ?? (beginsStream.has(command.type) ? unwritten(fold) : undefined))
      : undefined;
    let atEnd = false;
    for (let conflicts = 0; conflicts < TRIES;) {
      if (known === undefined) {
        known = await readEnd();
        atEnd = true;
      }
      const { state, tail } = known;
      const done = state.commands.find((command) => command.commandId === meta.commandId);
      if (done !== undefined) return toldAgain(stream, done);
      if (meta.ifRevision !== undefined && meta.ifRevision !== tail.revision) {
        if (atEnd) return stale(stream, meta.ifRevision, tail.revision);
        known = undefined;
        continue;
      }
      // A machine whose clock is behind another's must not decide before what that one has recorded.
      const now = Math.max(clock.now().getTime(), Date.parse(state.recordedAt));
      const context = {
        now,
        ...(options.load ? { load: options.load } : {}),
        ...(await ticketBeside(command, state.domain)),
      };
      const decideOn = (current: Directory) => decide(command, meta, state.domain, { ...context, directory: current });
      let decision: ReturnType<typeof decide>;
      try {
        decision = decideOn(directory.current());
      } catch (error) {
        if (!(error instanceof DirectoryBehind)) throw error;
        decision = decideOn(await directory.refresh());
      }
      if (!decision.ok || decision.events.length === 0) {
        if (!atEnd) {
          known = undefined;
          continue;
        }
        if (!decision.ok) return decision;
        return {
          ok: true,
          stream,
          revision: tail.revision,
          position: String(known.position.commit),
          events: [],
          repeated: false,
        };
      }
      const result = await store
        .append(stream, tail, decision.events, appendMeta(meta, now))
        .catch((error: unknown) => {
          cache.forget(stream);
          throw error;
        });
      if (result.outcome === "written") {
        cache.advance(stream, fold, known, result.facts);
        if (!ownStreams.has(kind)) directory.absorb(result.facts);
        return {
          ok: true,
          stream,
          revision: result.tail.revision,
          position: String(result.position.commit),
          events: result.facts,
          repeated: false,
        };
      }
      known = undefined;
      conflicts++;
    }
    throw new StoreUnavailable(`${stream} was changed by others ${TRIES} times in a row`);
  };

  /** The outcome of a command that had been carried out before. */
  const toldAgain = async (stream: string, done: RememberedCommand): Promise<CommandResult> => {
    const { firstRevision: from, lastRevision: revision } = done;
    const events = await store.load(stream, { from, limit: revision - from + 1 });
    return {
      ok: true,
      stream,
      revision,
      position: String(events.at(-1)?.position.commit ?? 0),
      events,
      repeated: true,
    };
  };

  const stale = async (stream: string, seen: number, currentRevision: number): Promise<CommandResult> => ({
    ok: false,
    error: { code: "stale_revision", field: "meta.ifRevision", params: { seen, current: currentRevision } },
    conflict: { currentRevision, since: seen < currentRevision ? await store.load(stream, { from: seen + 1 }) : [] },
  });

  return {
    ticket: ticketState,
    async contact(contactId) {
      const { state } = await cache.refresh(streamNameOf("contact", contactId), foldOf("contact"));
      return state.domain.kind === "contact" ? state.domain.state : null;
    },
    async execute(given, givenMeta) {
      const valid = validate(given, givenMeta);
      if (!valid.ok) return valid;
      const target = targetOfCommand(valid.command);
      // What is in the command and what is decided on must not outlive its erasure in what is written; waiting for one's turn counts.
      return store.readingAnew(() =>
        // The directory's rules reach over its streams (numbers and keys are unique), so its commands wait for each other.
        lock(ownStreams.has(target.kind) ? target.stream : "directory", () =>
          carryOut(valid.command, valid.meta, target),
        ),
      );
    },
  };
}

const folds = new Map<StreamKind, Fold<Desked>>();

function foldOf(kind: StreamKind): Fold<Desked> {
  const known = folds.get(kind);
  if (known !== undefined) return known;
  const fold: Fold<Desked> = {
    initial: { domain: emptyState(kind), recordedAt: EPOCH, commands: [] },
    evolve: (state, fact: Fact<AnyEvent>) => ({
      domain: evolveStream(state.domain, fact),
      recordedAt: fact.meta.recordedAt,
      commands: rememberedCommands(state.commands, fact),
    }),
  };
  folds.set(kind, fold);
  return fold;
}

function appendMeta(meta: CommandMeta, now: number): AppendMeta {
  const { commandId, correlationId, causationId, actor, channel, provenance } = meta;
  return {
    commandId,
    correlationId,
    causationId,
    actor,
    channel,
    recordedAt: new Date(now).toISOString(),
    ...(provenance ? { provenance } : {}),
  };
}

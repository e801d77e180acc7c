import { strict as assert } from "node:assert";
import type { z } from "zod";
import {
  allCommands,
  allEvents,
  decide,
  emptyDirectory,
  emptyState,
  evolveDirectory,
  evolveStream,
  openAlarms,
  parseStreamName,
  targetOfCommand,
  type Actor,
  type ActionChannel,
  type AnyCommand,
  type AnyEvent,
  type CommandMeta,
  type Decision,
  type Directory,
  type DirectoryEvent,
  type Fact,
  type NewFact,
  type StreamState,
  type TicketState,
} from "../src/index.ts";

/** A UUID that shows its number: for tests that must be able to name their ids. */
export function uuidOf(n: number, family = 0): string {
  return `${family.toString(16).padStart(8, "0")}-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

export interface SendOptions {
  readonly as?: Actor;
  readonly channel?: ActionChannel;
  /** occurredAt */
  readonly at?: string;
  readonly commandId?: string;
  /** the fact is one of an imported history */
  readonly provenance?: CommandMeta["provenance"];
  /** the command did not go through its schema, as no command should; the deciders must refuse it all the same */
  readonly unparsed?: true;
}

/**
 * The whole domain in memory, as the command desk runs it: loads nothing, appends to lists, folds. Its clock stands still
 * until it is moved. Every command and every fact is held against its schema, and both facts and states are frozen.
 */
export interface TestDesk {
  now: number;
  directory: Directory;
  readonly facts: Fact<AnyEvent>[];
  load: (staffId: string) => number;
  send(command: AnyCommand, options?: SendOptions): Decision<NewFact<AnyEvent>>;
  /** sends, and fails the test where the rules refuse */
  ok(command: AnyCommand, options?: SendOptions): readonly NewFact<AnyEvent>[];
  /** sends, and gives the code of the refusal; fails the test where there is none */
  refused(command: AnyCommand, options?: SendOptions): string;
  ticket(ticketId: string): TicketState;
  state(stream: string): StreamState;
  /** moves the clock to an instant, firing what falls due on the way, each at its time */
  advanceTo(instant: string): void;
  typesOf(stream: string): string[];
}

/** Makes any change of a fact or a state a fault, wherever it happens. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

function mustBeValid(what: string, schema: z.ZodType | undefined, data: unknown): void {
  const parsed = schema?.safeParse(data);
  assert.ok(parsed?.success, `${what} is not valid: ${parsed?.error?.message ?? "unknown type"}`);
}

export const system: Actor = { id: "system", role: "system" };

export function makeDesk(now: string): TestDesk {
  const states = new Map<string, StreamState>();
  const lengths = new Map<string, number>();
  let commands = 0;
  const desk: TestDesk = {
    now: Date.parse(now),
    directory: emptyDirectory,
    facts: [],
    load: () => 0,
    send(
      command,
      { as = system, channel = "api", at, commandId = uuidOf(++commands, 0xc0), unparsed, provenance } = {},
    ) {
      if (!unparsed) mustBeValid(command.type, allCommands.get(command.type)?.schema, command.data);
      const { stream, kind } = targetOfCommand(command);
      const meta: CommandMeta = {
        commandId,
        correlationId: commandId,
        causationId: null,
        actor: as,
        channel,
        ...(at === undefined ? {} : { occurredAt: at }),
        ...(provenance === undefined ? {} : { provenance }),
      };
      const about = "aboutTicketId" in command.data ? null : ticketNamedBy(command);
      const before = states.get(stream) ?? emptyState(kind);
      const decision = decide(command, meta, before, {
        now: desk.now,
        directory: desk.directory,
        load: desk.load,
        ticket: about,
      });
      if (decision.ok) for (const event of decision.events) append(stream, event, meta);
      return decision;
    },
    ok(command, options) {
      const decision = desk.send(command, options);
      if (!decision.ok) assert.fail(`${command.type} was refused: ${JSON.stringify(decision.error)}`);
      return decision.events;
    },
    refused(command, options) {
      const decision = desk.send(command, options);
      if (decision.ok)
        assert.fail(`${command.type} was not refused: ${decision.events.map((event) => event.type).join(", ")}`);
      return decision.error.code;
    },
    ticket(ticketId) {
      const state = states.get(`ticket-${ticketId}`);
      if (state?.kind !== "ticket" || !state.state) throw new Error(`no ticket ${ticketId}`);
      return state.state;
    },
    state: (stream) => states.get(stream) ?? { kind: "directory" },
    advanceTo(instant) {
      const until = Date.parse(instant);
      for (;;) {
        const due = [...states.values()]
          .flatMap((entry) =>
            entry.kind === "ticket" && entry.state
              ? openAlarms(entry.state).map((alarm) => ({ alarm, ticketId: entry.state!.ticketId }))
              : [],
          )
          .filter(({ alarm }) => Date.parse(alarm.at) <= until)
          .sort((a, b) => (a.alarm.at < b.alarm.at ? -1 : 1))[0];
        if (!due) break;
        desk.now = Math.max(desk.now, Date.parse(due.alarm.at));
        const fired = desk.ok({
          type: "FireAlarm",
          data: { ticketId: due.ticketId, key: due.alarm.key, at: due.alarm.at },
        });
        assert.ok(fired.length > 0, `${due.alarm.key} gave nothing`);
      }
      desk.now = Math.max(desk.now, until);
    },
    typesOf: (stream) => desk.facts.filter((fact) => fact.stream === stream).map((fact) => fact.type),
  };

  function ticketNamedBy(command: AnyCommand): TicketState | null {
    let id: string | null = null;
    if (command.type === "RateTicket") id = command.data.ticketId;
    if (command.type === "TriageContact") {
      const contact = states.get(`contact-${command.data.contactId}`);
      id = contact?.kind === "contact" ? (contact.state?.received.aboutTicketId ?? null) : null;
    }
    const ticket = id === null ? undefined : states.get(`ticket-${id}`);
    return ticket?.kind === "ticket" ? ticket.state : null;
  }

  function append(stream: string, event: NewFact<AnyEvent>, meta: CommandMeta): void {
    mustBeValid(event.type, allEvents.get(event.type)?.schema, event.data);
    const revision = lengths.get(stream) ?? 0;
    lengths.set(stream, revision + 1);
    const { occurredAt, by, ...rest } = event;
    const fact = {
      ...rest,
      stream,
      revision,
      eventId: uuidOf(desk.facts.length, 0xe0),
      meta: {
        commandId: meta.commandId,
        correlationId: meta.correlationId,
        causationId: meta.causationId,
        actor: by?.actor ?? meta.actor,
        channel: by?.channel ?? meta.channel,
        occurredAt,
        recordedAt: new Date(desk.now).toISOString(),
        schemaVersion: 1,
        ...(meta.provenance === undefined ? {} : { provenance: meta.provenance }),
      },
    } as Fact<AnyEvent>;
    desk.facts.push(deepFreeze(fact));
    const kind = parseStreamName(stream)!.kind;
    states.set(stream, deepFreeze(evolveStream(states.get(stream) ?? emptyState(kind), fact)));
    desk.directory = evolveDirectory(desk.directory, fact as Fact<DirectoryEvent>);
  }
  return desk;
}

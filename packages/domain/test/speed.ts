import {
  decide,
  emptyState,
  evolveStream,
  targetOfCommand,
  type AnyCommand,
  type AnyEvent,
  type CommandMeta,
  type Fact,
  type StreamState,
} from "../src/index.ts";
import { on, people, registration, serviceCentre } from "./service-centre.ts";
import { uuidOf } from "./desk.ts";

const { olga, ivan, elena, anna } = people;

/** The main road, with a question, a hand-over and a return. */
const road: readonly [AnyCommand, (typeof people)[keyof typeof people]][] = [
  [registration(), olga],
  [on.classify(), olga],
  [on.assign(null, null), olga],
  [on.accept(), ivan],
  [on.ask(), ivan],
  [on.message(), olga],
  [on.handOver(), ivan],
  [on.accept(), elena],
  [on.resolve(), elena],
  [on.giveBack(), anna],
  [on.resolve(), elena],
  [on.confirm(), anna],
];

/** Decides and folds the main road so many times; gives microseconds per command (decision and fold together). */
export function measure(times: number): {
  readonly perCommand: number;
  readonly byCommand: Readonly<Record<string, number>>;
} {
  const { directory, now } = serviceCentre();
  const spent = new Map<string, number>();
  const begun = performance.now();
  for (let n = 0; n < times; n++) {
    let state: StreamState = emptyState("ticket");
    let revision = 0;
    for (const [i, [command, actor]] of road.entries()) {
      const commandId = uuidOf(i, 0xc0);
      const meta: CommandMeta = { commandId, correlationId: commandId, causationId: null, actor, channel: "api" };
      const start = performance.now();
      const decision = decide(command, meta, state, { now: now + i * 60_000, directory });
      if (!decision.ok) throw new Error(`${command.type}: ${decision.error.code}`);
      for (const { occurredAt, by: _by, ...event } of decision.events) {
        const fact: Fact<AnyEvent> = {
          ...event,
          stream: targetOfCommand(command).stream,
          revision: revision++,
          eventId: commandId,
          meta: { ...meta, occurredAt, recordedAt: occurredAt, schemaVersion: 1 },
        };
        state = evolveStream(state, fact);
      }
      spent.set(command.type, (spent.get(command.type) ?? 0) + performance.now() - start);
    }
  }
  const perCommand = ((performance.now() - begun) * 1_000) / times / road.length;
  const byCommand = Object.fromEntries(
    [...spent].map(([type, ms]) => [
      type,
      Math.round((ms * 1_000) / times / road.filter(([command]) => command.type === type).length),
    ]),
  );
  return { perCommand, byCommand };
}

if (import.meta.main) {
  measure(2_000);
  process.stdout.write(`${JSON.stringify(measure(5_000), null, 2)}\n`);
}

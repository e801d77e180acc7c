import { randomUUID } from "node:crypto";
import type { AnyCommand, CommandMeta } from "@docket/domain";
import { startEventStore } from "@docket/embedded-eventstore";
import { type EventStore, openEventStore } from "@docket/event-store";
import { type ManualClock, manualClock } from "@docket/service-kit";
import { people, setUp } from "../../domain/test/service-centre.ts";
import type { CommandResult, Desk, StateReader } from "../src/api.ts";
import { createDesk } from "../src/desk.ts";
import { createDirectoryView, type DirectoryView } from "../src/directory-view.ts";

/** A desk with all that it stands on, as one process has it. */
export interface Office {
  readonly store: EventStore;
  readonly clock: ManualClock;
  readonly directory: DirectoryView;
  readonly desk: Desk & StateReader;
  /** sends, and fails the test where the rules refuse */
  ok(command: AnyCommand, meta?: Partial<CommandMeta>): Promise<Extract<CommandResult, { ok: true }>>;
  /** sends, and gives the code of the refusal */
  refused(command: AnyCommand, meta?: Partial<CommandMeta>): Promise<string>;
  close(): Promise<void>;
}

export function metaOf(meta: Partial<CommandMeta> = {}): CommandMeta {
  const commandId = randomUUID();
  return { commandId, correlationId: commandId, causationId: null, actor: people.olga, channel: "console", ...meta };
}

/** Opens an office at a store's address; its clock stands at `now`. */
export async function openOffice(url: string, now = "2024-04-22T06:00:00.000Z"): Promise<Office> {
  const store = openEventStore(url);
  const clock = manualClock(new Date(now));
  const directory = createDirectoryView(store);
  const desk = createDesk({ store, clock, directory });
  await directory.ready;
  return {
    store,
    clock,
    directory,
    desk,
    async ok(command, meta) {
      const result = await desk.execute(command, metaOf(meta));
      if (!result.ok) throw new Error(`${command.type}: ${JSON.stringify(result.error)}`);
      return result;
    },
    async refused(command, meta) {
      const result = await desk.execute(command, metaOf(meta));
      if (result.ok) throw new Error(`${command.type} was not refused`);
      return result.error.code;
    },
    async close() {
      await directory.close();
      await store.close();
    },
  };
}

/** An embedded node in this process, with the service centre of the domain's tests set up on it. */
export async function startServiceCentre(): Promise<{
  url: string;
  open(now?: string): Promise<Office>;
  stop(): Promise<void>;
}> {
  const node = await startEventStore({ port: 0, memory: true });
  const url = `esdb://127.0.0.1:${node.port}?tls=false`;
  const offices: Office[] = [];
  const open = async (now?: string): Promise<Office> => {
    const office = await openOffice(url, now);
    offices.push(office);
    return office;
  };
  const first = await open();
  for (const command of setUp) await first.ok(command, { actor: people.boss });
  return {
    url,
    open,
    async stop() {
      await Promise.all(offices.map((office) => office.close()));
      await node.stop();
    },
  };
}

import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDesk, createDirectoryView, type Desk, type DirectoryView } from "@docket/command-handling";
import type { AnyCommand, CommandMeta } from "@docket/domain";
import { startEventStore } from "@docket/embedded-eventstore";
import { type EventStore, openEventStore } from "@docket/event-store";
import { type ManualClock, manualClock } from "@docket/service-kit";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { people, setUp } from "../../domain/test/service-centre.ts";
import type { PersonalCodec } from "../src/codec.ts";
import { openPrivacy, type Privacy } from "../src/privacy.ts";

/** A service centre whose personal data are sealed: a desk with its keys, as one process has them. */
export interface SealedService {
  readonly database: TestDatabase;
  readonly clock: ManualClock;
  readonly storeUrl: string;
  /** for DOCKET_MASTER_KEY */
  readonly master: string;
  readonly privacy: Privacy;
  readonly store: EventStore;
  readonly desk: Desk;
  readonly directory: DirectoryView;
  /** the keys as another process has them */
  another(): Privacy;
  ok(command: AnyCommand, meta?: Partial<CommandMeta>): Promise<void>;
  close(): Promise<void>;
}

export const metaOf = (meta: Partial<CommandMeta> = {}): CommandMeta => {
  const commandId = randomUUID();
  return { commandId, correlationId: commandId, causationId: null, actor: people.boss, channel: "console", ...meta };
};

/** `through` may stand between the desk and the codec. */
export async function openSealedService(
  through: (codec: PersonalCodec) => PersonalCodec = (codec) => codec,
): Promise<SealedService> {
  const folder = await mkdtemp(join(tmpdir(), "docket-sealed-"));
  const [database, node] = await Promise.all([testDatabase(), startEventStore({ port: 0, memory: true })]);
  const storeUrl = `esdb://127.0.0.1:${node.port}?tls=false`;
  const master = `key:${randomBytes(32).toString("base64")}`;
  const opened: Privacy[] = [];
  const another = (): Privacy => {
    const one = openPrivacy({ DATABASE_URL: database.url, DOCKET_DATA: folder, DOCKET_MASTER_KEY: master });
    opened.push(one);
    return one;
  };
  const privacy = another();
  const store = openEventStore(storeUrl, { codec: through(privacy.codec) });
  const clock = manualClock(new Date("2024-04-22T06:00:00.000Z"));
  const directory = createDirectoryView(store);
  const desk = createDesk({ store, clock, directory });
  await directory.ready;
  const ok: SealedService["ok"] = async (command, meta) => {
    const result = await desk.execute(command, metaOf(meta));
    if (!result.ok) throw new Error(`${command.type}: ${JSON.stringify(result.error)}`);
  };
  for (const command of setUp) await ok(command);
  return {
    database,
    clock,
    storeUrl,
    master,
    privacy,
    store,
    desk,
    directory,
    another,
    ok,
    async close() {
      await directory.close();
      await store.close();
      await Promise.all(opened.map((one) => one.close()));
      await node.stop();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

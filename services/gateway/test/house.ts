import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { AccountRole, Scope } from "@docket/api-contract";
import { createDesk, createDirectoryView, createIntake, type Desk, type StateReader } from "@docket/command-handling";
import type { AnyCommand } from "@docket/domain";
import { startEventStore } from "@docket/embedded-eventstore";
import { createTicketNumbers, openEventStore, type EventStore } from "@docket/event-store";
import { newSigningKey } from "@docket/evidence";
import { createPool, openDb } from "@docket/postgres";
import { readStreams, runProjector } from "@docket/projection-engine";
import { keepErasures, openPrivacy, whoseOf } from "@docket/privacy";
import { access } from "@docket/projection-access";
import { contact } from "@docket/projection-contact";
import { deadlines } from "@docket/projection-deadlines";
import { directory as directoryModel } from "@docket/projection-directory";
import { journal } from "@docket/projection-journal";
import { measure } from "@docket/projection-measure";
import { notification } from "@docket/projection-notification";
import { queue } from "@docket/projection-queue";
import { reporting } from "@docket/projection-reporting";
import { search } from "@docket/projection-search";
import { sla } from "@docket/projection-sla";
import { ticket } from "@docket/projection-ticket";
import { createHealth, createLogger, type ManualClock, manualClock } from "@docket/service-kit";
import { type CutProxy, startCutProxy, testDatabase, type TestDatabase } from "@docket/test-kit";
import { contract, people, policy, setUp } from "../../../packages/domain/test/service-centre.ts";
import { ensureAccount, ensureToken } from "../src/auth/accounts.ts";
import { buildGateway } from "../src/build.ts";
import { gatewaySettings } from "../src/config.ts";
import { watchLoad } from "../src/directory/load.ts";
import { session, type Session } from "./session.ts";

/** The whole house on real parts, in one process: store, Postgres, projector, gateway. */
export interface House {
  readonly app: FastifyInstance;
  readonly clock: ManualClock;
  readonly desk: Desk & StateReader;
  readonly store: EventStore;
  /** a door of its own, which waits as long as one usually does */
  readonly patientStore: EventStore;
  readonly database: TestDatabase;
  /** the gateway's data folder */
  readonly dataDir: string;
  readonly lines: { readonly store: CutProxy; readonly postgres: CutProxy } | undefined;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** a signed-in person; one account per role, and `anna`, `boris` (romashka), `leo` (lopuh) */
  as(login: string): Promise<Session>;
  token(role: AccountRole, scopes: readonly Scope[], organizationId?: string): Promise<Session>;
  send(command: AnyCommand): Promise<string>;
  close(): Promise<void>;
}

/** Every read model, in the order in which their views build on each other. */
export const projections = [
  journal,
  ticket,
  queue,
  sla,
  deadlines,
  contact,
  directoryModel,
  measure,
  notification,
  search,
  access,
  reporting,
];

export const password = "correct horse battery";

const accounts: readonly {
  login: string;
  role: AccountRole;
  organizationId?: string;
  personId?: string;
  staffId?: string;
  name: string;
}[] = [
  { login: "olga", role: "operator", staffId: "olga", name: "Ольга Операторова" },
  { login: "ivan", role: "engineer", staffId: "ivan", name: "Иван Инженеров" },
  { login: "elena", role: "expert", staffId: "elena", name: "Елена Экспертова" },
  { login: "maria", role: "service_manager", staffId: "maria", name: "Мария Менеджерова" },
  { login: "audit", role: "auditor", staffId: "audit", name: "Аудитор" },
  { login: "ana", role: "analyst", staffId: "ana", name: "Аналитик" },
  { login: "boss", role: "admin", staffId: "boss", name: "Администратор" },
  { login: "anna", role: "requester", organizationId: "romashka", personId: "anna", name: "Анна Заказчикова" },
  { login: "boris", role: "requester", organizationId: "romashka", personId: "boris", name: "Борис Начальников" },
  { login: "leo", role: "requester", organizationId: "lopuh", personId: "stranger", name: "Leo Lopuh" },
];

export interface HouseOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** the event store keeps its events in the folder `eventstore` of the data folder, not in memory */
  readonly onDisk?: boolean;
  /** puts a line that can be cut between the gateway and each of its parts */
  readonly cuttable?: boolean;
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const dataDir = await mkdtemp(join(tmpdir(), "docket-house-"));
  const kept = options.onDisk === true ? { dataDir: join(dataDir, "eventstore") } : ({ memory: true } as const);
  const [database, node] = await Promise.all([testDatabase(), startEventStore({ port: 0, ...kept })]);
  const postgresPort = Number(new URL(database.url).port);
  const lines = options.cuttable
    ? { store: await startCutProxy(node.port), postgres: await startCutProxy(postgresPort) }
    : undefined;
  const eventStoreUrl = `esdb://127.0.0.1:${lines?.store.port ?? node.port}?tls=false`;
  const databaseUrl =
    lines === undefined ? database.url : database.url.replace(`:${postgresPort}/`, `:${lines.postgres.port}/`);
  const clock = manualClock(new Date("2024-04-22T06:00:00.000Z"));
  const logger = createLogger("gateway");
  // the gateway and the projector have their keys each, as processes of their own would
  const master = `key:${randomBytes(32).toString("base64")}`;
  const keysOf = (url: string) => openPrivacy({ DATABASE_URL: url, DOCKET_DATA: "", DOCKET_MASTER_KEY: master });
  const privacy = keysOf(databaseUrl);
  const projectorPrivacy = keysOf(database.url);
  const store = openEventStore(eventStoreUrl, { patienceMs: 500, appendTimeoutMs: 500, codec: privacy.codec });
  const pool = createPool(databaseUrl, { max: 10 });
  const db = openDb(pool);
  const stopping = new AbortController();
  // the projector has a line of its own: it goes on while the gateway's is cut
  const projectorStore = openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`, { codec: projectorPrivacy.codec });
  const projecting = runProjector({
    url: database.url,
    store: projectorStore,
    projections,
    decode: (events) => projectorStore.facts(events),
    signal: stopping.signal,
    upkeep: (line, leading) =>
      keepErasures(
        { privacy: projectorPrivacy, store: projectorStore, databaseUrl: database.url, clock, logger },
        {
          refold: (streams) =>
            line.refold(streams, async () => (streams.length === 0 ? [] : readStreams(database.pool, streams))),
        },
        leading,
      ),
  });
  const directory = createDirectoryView(store);
  const load = watchLoad(db, logger);
  const desk = createDesk({ store, clock, directory, load: load.of });
  await directory.ready;
  const send = async (command: AnyCommand): Promise<string> => {
    const commandId = crypto.randomUUID();
    const result = await desk.execute(command, {
      commandId,
      correlationId: commandId,
      causationId: null,
      actor: people.boss,
      channel: "console",
    });
    if (!result.ok) throw new Error(`${command.type}: ${JSON.stringify(result.error)}`);
    return result.position;
  };
  for (const command of setUp) await send(command);
  await send({
    type: "SignContract",
    data: {
      ...contract,
      contractId: "c-2",
      number: "L-1",
      organizationId: "lopuh",
      supportKeys: ["KEY-LOPUH"],
      authorisedPersonIds: ["stranger"],
      managerContactPersonIds: [],
      policy,
      policyEffectiveFrom: "2024-01-01T00:00:00.000Z",
    },
  });
  for (const account of accounts) await ensureAccount(database.db, { ...account, password });

  const settings = gatewaySettings.parse({
    DOCKET_DATA: dataDir,
    EVENTSTORE_URL: eventStoreUrl,
    DATABASE_URL: databaseUrl,
    DOCKET_MASTER_KEY: master,
    DOCKET_PUBLIC_URL: "http://127.0.0.1",
    DOCKET_SIGNING_KEYS: newSigningKey(),
    GATEWAY_LOGINS_PER_MINUTE: "1000",
    GATEWAY_INTAKE_PER_MINUTE: "1000",
    ...options.settings,
  });
  const intake = createIntake({ desk, store, directory, numbers: createTicketNumbers(store, clock) });
  const app = await buildGateway({
    settings,
    logger,
    clock,
    health: createHealth(),
    desk,
    store,
    pool,
    db,
    load,
    secret: randomBytes(32),
    intake,
    privacy,
    whose: whoseOf(store, privacy.vault, privacy.codec),
    directory: () => directory.current(),
    checkReplies: true,
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const address = app.server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const sessions = new Map<string, Promise<Session>>();

  return {
    app,
    clock,
    desk,
    store,
    patientStore: projectorStore,
    database,
    dataDir: settings.DOCKET_DATA,
    lines,
    url,
    send,
    as(login) {
      const known = sessions.get(login) ?? session(app).login(login, password);
      sessions.set(login, known);
      return known;
    },
    async token(role, scopes, organizationId) {
      const { token } = await ensureToken(database.db, {
        name: `${role} token`,
        role,
        scopes,
        organizationId: organizationId ?? null,
      });
      return session(app).withToken(token);
    },
    async close() {
      await app.close();
      load.stop();
      stopping.abort();
      await projecting;
      await directory.close();
      await Promise.all([store.close(), projectorStore.close(), db.destroy()]);
      await Promise.all([privacy.close(), projectorPrivacy.close()]);
      await Promise.all([lines?.store.close(), lines?.postgres.close()]);
      await node.stop();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

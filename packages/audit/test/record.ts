import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnyCommand } from "@docket/domain";
import { startEventStore } from "@docket/embedded-eventstore";
import { type EventStore, eventIdOf, hashOf, openEventStore } from "@docket/event-store";
import { access } from "@docket/projection-access";
import { contact } from "@docket/projection-contact";
import { deadlines } from "@docket/projection-deadlines";
import { directory } from "@docket/projection-directory";
import { type Projection, runProjector, waitForPosition } from "@docket/projection-engine";
import { journal } from "@docket/projection-journal";
import { measure } from "@docket/projection-measure";
import { notification } from "@docket/projection-notification";
import { queue } from "@docket/projection-queue";
import { reporting } from "@docket/projection-reporting";
import { search } from "@docket/projection-search";
import { sla } from "@docket/projection-sla";
import { ticket } from "@docket/projection-ticket";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { type Office, openOffice } from "../../command-handling/test/office.ts";
import { uuidOf } from "../../domain/test/desk.ts";
import { on, people, registration, setUp } from "../../domain/test/service-centre.ts";
import { received } from "../../domain/test/whole-life.ts";
import { type OpenFile, type StoredRow, tamperWith } from "../../embedded-eventstore/test/tamper.ts";
import { flushAccess, noteAccess } from "../src/access/record.ts";
import { makeCheckpoint } from "../src/checkpoint/checkpoint.ts";
import { signingKeys } from "../src/checkpoint/signing-keys.ts";

export const projections: readonly Projection[] = [
  journal,
  ticket,
  queue,
  sla,
  deadlines,
  contact,
  directory,
  measure,
  notification,
  search,
  access,
  reporting,
];

/** A record on real parts: an event store in a file, its mirror and read models, signed up to the last ticket but one's last event. */
export interface TestRecord {
  readonly database: TestDatabase;
  readonly folder: string;
  readonly publicKey: string;
  /** ids of the tickets, the last one registered after the checkpoint */
  readonly tickets: readonly string[];
  /** A copy of the store, changed behind its back, opened while `work` runs. */
  withStore<T>(change: (file: OpenFile) => void, work: (store: EventStore) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const minutes = (office: Office, count: number): void => office.clock.advanceBy(count * 60_000);

export async function makeRecord(): Promise<TestRecord> {
  const folder = mkdtempSync(join(tmpdir(), "docket-record-"));
  const dataDir = join(folder, "store");
  const database = await testDatabase();
  const node = await startEventStore({ port: 0, dataDir });
  const url = `esdb://127.0.0.1:${node.port}?tls=false`;
  const office = await openOffice(url);
  const stopping = new AbortController();
  const projecting = runProjector({ url: database.url, store: office.store, projections, signal: stopping.signal });
  for (const command of setUp) await office.ok(command, { actor: people.boss });
  await beside(office, database);
  const tickets = [randomUUID(), randomUUID(), randomUUID()];
  for (const [index, id] of tickets.entries()) {
    if (index === 2) {
      await checkpoint();
      minutes(office, 1);
    }
    await live(office, id, `SC-00000${index + 1}`);
  }
  const head = await office.store.head();
  if (!(await waitForPosition(database.url, head.commit, { timeoutMs: 30_000 }))) throw new Error("not mirrored");
  stopping.abort();
  await projecting;
  await office.close();
  await node.stop();

  async function checkpoint(): Promise<void> {
    const keys = signingKeys({ DOCKET_DATA: folder }, { make: true });
    await makeCheckpoint({ pool: database.pool, store: office.store, clock: office.clock, keys });
  }

  return {
    database,
    folder,
    publicKey: signingKeys({ DOCKET_DATA: folder }, { make: false })[0]?.publicKey ?? "",
    tickets,
    async withStore(change, work) {
      const copy = mkdtempSync(join(folder, "copy-"));
      cpSync(dataDir, copy, { recursive: true });
      tamperWith(copy, change);
      const again = await startEventStore({ port: 0, dataDir: copy });
      const store = openEventStore(`esdb://127.0.0.1:${again.port}?tls=false`);
      try {
        return await work(store);
      } finally {
        await store.close();
        await again.stop();
        rmSync(copy, { recursive: true });
      }
    },
    async close() {
      await database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What is there beside tickets: a mail that came in, a plan, entries that were changed, an access. */
async function beside(office: Office, database: TestDatabase): Promise<void> {
  const as = { actor: people.boss };
  const mail = received(1);
  await office.ok(mail);
  await office.ok({ type: "TriageContact", data: { contactId: uuidOf(1, 0xc1) } });
  await office.ok(
    { type: "ChangeStaffAvailability", data: { staffId: "petr", available: false, reason: "Отпуск" } },
    as,
  );
  await office.ok(
    {
      type: "DefinePlan",
      data: {
        planId: "p-1",
        contractId: "c-1",
        rrule: "FREQ=MONTHLY;BYDAY=1MO",
        start: "2024-05-01T10:00",
        zone: "Europe/Moscow",
        subject: "Ежемесячная профилактика",
        description: "По приложению 3 договора",
        product: "Континент",
        requesterPersonId: "anna",
      },
    },
    as,
  );
  const looked = {
    accountId: "a",
    actorId: "audit",
    role: "auditor",
    ticketId: null,
    items: null,
    complete: null,
  } as const;
  await noteAccess(database.pool, office.clock, [
    { ...looked, kind: "journal", query: "/api/v1/journal" },
    { ...looked, kind: "access_log", query: "/api/v1/access-log" },
  ]);
  await flushAccess(database.pool, office.store, office.clock);
}

/** A ticket's way to its close. */
async function live(office: Office, ticketId: string, number: string): Promise<void> {
  const of = (command: AnyCommand): AnyCommand =>
    ({
      ...command,
      data: {
        ...command.data,
        ticketId,
        ...(command.type === "RegisterTicket"
          ? { number, contactId: null, receivedAt: office.clock.now().toISOString() }
          : {}),
      },
    }) as AnyCommand;
  const { olga, ivan, anna } = people;
  for (const [command, actor] of [
    [registration(), olga],
    [on.classify(), olga],
    [on.assign(), olga],
    [on.accept(), ivan],
    [on.comment("public"), ivan],
    [on.resolve(), ivan],
    [on.confirm(), anna],
  ] as const) {
    minutes(office, 5);
    await office.ok(of(command), { actor });
  }
}

/** A row with a good chain: what somebody writes who knows how the hashes are made. */
export function forged(row: StoredRow, prevHash: string | null): StoredRow {
  const { hash: _old, ...meta } = { ...(JSON.parse(row.meta) as Record<string, unknown>), prevHash } as Record<
    string,
    unknown
  >;
  const data: unknown = JSON.parse(row.data);
  const hash = hashOf({ stream: row.stream, revision: row.revision, type: row.type, data, meta: meta as never });
  return {
    ...row,
    eventId: eventIdOf(String(meta["commandId"]), 0, hash),
    meta: JSON.stringify({ ...meta, hash }),
  };
}

export const hashOfRow = (row: StoredRow): string => (JSON.parse(row.meta) as { hash: string }).hash;

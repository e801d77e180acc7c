import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventMeta } from "@docket/domain";
import type { EncodedEvent, StreamedEvent } from "@docket/event-store";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { openPrivacy, type Privacy } from "../src/privacy.ts";

/** A database with a key store, and as many processes on it as a test opens. */
export interface Parts {
  readonly database: TestDatabase;
  readonly folder: string;
  readonly open: () => Privacy;
  readonly close: () => Promise<void>;
}

export async function privacyParts(): Promise<Parts> {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "docket-privacy-"));
  const opened: Privacy[] = [];
  return {
    database,
    folder,
    open() {
      const privacy = openPrivacy({ DATABASE_URL: database.url, DOCKET_DATA: folder });
      opened.push(privacy);
      return privacy;
    },
    async close() {
      await Promise.all(opened.map((privacy) => privacy.close()));
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function metaBy(actor: EventMeta["actor"], commandId: string = randomUUID()): EventMeta {
  return {
    commandId,
    correlationId: commandId,
    causationId: null,
    actor,
    channel: "console",
    occurredAt: "2024-04-26T12:00:00.000Z",
    recordedAt: "2024-04-26T12:00:00.000Z",
    schemaVersion: 1,
  };
}

export const olga: EventMeta["actor"] = { id: "olga", role: "operator", name: "Ольга Операторова" };

/** The golden example of every event. */
export function goldenEvents(): (EncodedEvent & { readonly type: string })[] {
  const folder = new URL("../../domain/golden/", import.meta.url);
  return readdirSync(folder)
    .filter((name) => name !== "fingerprints.json")
    .map((name) => ({
      type: name.split(".")[0] ?? "",
      data: JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Record<string, unknown>,
      meta: metaBy(olga),
    }));
}

export function golden(type: string, change: Record<string, unknown> = {}): EncodedEvent {
  const found = goldenEvents().find((event) => event.type === type);
  if (found === undefined) throw new Error(`no golden ${type}`);
  return { ...found, data: { ...found.data, ...change } };
}

export const on = (stream: string, events: readonly EncodedEvent[]): StreamedEvent[] =>
  events.map((event) => ({ stream, ...event }));

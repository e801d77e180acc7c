import { once } from "node:events";
import { rawOfJournal, readableFacts, storedColumns, withoutNames } from "@docket/audit";
import { journalFields } from "@docket/api-contract";
import { changedFields, type ChangedField, changedMask, fieldsOfMask } from "@docket/domain";
import { inZone, titleOf } from "@docket/evidence";
import { connectionConfig } from "@docket/postgres";
import { CodedError, commonSettings, loadConfig, systemClock } from "@docket/service-kit";
import pg from "pg";
import { z } from "zod";
import { recordExport } from "./trail/access.ts";
import { conditionsOf } from "./trail/conditions.ts";
import { findTicketStream } from "./trail/find-ticket.ts";
import { openStoreForPeople } from "./trail/open-store.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket trail [FILTER] [OPTION...]

Searches the audit trail, oldest first. FILTER names fields of the journal as the interface does:

  'actorId=olga&type=TicketClassified'   'actorRole=engineer&recordedAt.from=2024-04-01T00:00:00Z&channel=console'

  --ticket TICKET    one ticket, by number or id
  --changed FIELDS   facts after which one of these fields is another than before: priority,status,engineerId, ...
  --format text|csv|jsonl   (default text); any number of facts at constant memory
  --limit N          no more than so many
  --lang ru|en       (default en)
  --help             this text

The search is recorded in the access log. The same over HTTP: GET /api/v1/journal.
`;

const options = {
  ticket: { type: "string" },
  changed: { type: "string" },
  format: { type: "string", default: "text" },
  limit: { type: "string" },
  lang: { type: "string", default: "en" },
} as const;

const csvColumns = [
  "position",
  "stream",
  "revision",
  "type",
  "occurredAt",
  "recordedAt",
  "actorId",
  "actorRole",
] as const;
const moreColumns = [
  "channel",
  "changed",
  "eventId",
  "commandId",
  "correlationId",
  "causationId",
  "hash",
  "data",
] as const;

await runVerb({ usage, options, words: { min: 0, max: 1 } }, async (values, [filter = ""]) => {
  const { format, lang } = values;
  if (lang !== "ru" && lang !== "en") throw new CodedError("option_invalid", "--lang is ru or en");
  if (format !== "text" && format !== "csv" && format !== "jsonl")
    throw new CodedError("option_invalid", "--format is text, csv or jsonl");
  const limit = values.limit === undefined ? Number.MAX_SAFE_INTEGER : Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new CodedError("option_invalid", "--limit is a number");
  const { DATABASE_URL } = loadConfig(z.object({ DATABASE_URL: commonSettings.DATABASE_URL }));
  const { store, close } = openStoreForPeople();
  const pool = new pg.Pool({ ...connectionConfig(DATABASE_URL, { name: "docket trail" }), max: 2 });
  try {
    const stream = values.ticket === undefined ? undefined : await findTicketStream(store, values.ticket);
    const first = stream === undefined ? { where: "true", values: [] } : { where: "t.stream = $1", values: [stream] };
    const { where, values: params } = conditionsOf(filter, journalFields, first);
    const mask = values.changed === undefined ? null : changedMask(fieldsOf(values.changed));
    const query = process.argv
      .slice(2)
      .map((word) => (word === filter ? withoutNames(word) : word))
      .join(" ");
    await recordExport(pool, store, systemClock(), { kind: "journal_export", query, items: null, complete: null });
    const client = await pool.connect();
    try {
      await client.query("begin transaction isolation level repeatable read read only");
      await client.query(
        `declare trail no scroll cursor for select ${storedColumns.map((name) => `t.${name}`).join(", ")}, c.mask
         from read.journal t ${mask === null ? "left join" : "join"} read.ticket_change c
           on c.position = t.position and c.prepare_position = t.prepare_position
         where ${where} ${mask === null ? "" : `and (c.mask & ${mask}::int8) <> 0`}
         order by t.position, t.prepare_position`,
        [...params],
      );
      let told = 0;
      if (format === "csv") await print(`${[...csvColumns, ...moreColumns].join(",")}\r\n`);
      while (told < limit) {
        const { rows } = await client.query<Record<string, unknown>>(`fetch ${Math.min(500, limit - told)} from trail`);
        if (rows.length === 0) break;
        const { facts } = await readableFacts(store, rows.map(rawOfJournal));
        for (const [index, fact] of facts.entries()) {
          const changed = fieldsOfMask((rows[index]?.["mask"] as string | null) ?? 0);
          const { meta } = fact;
          const entry = {
            position: String(fact.position.commit),
            stream: fact.stream,
            revision: fact.revision,
            type: fact.type,
            occurredAt: meta.occurredAt,
            recordedAt: meta.recordedAt,
            actorId: meta.actor.id,
            actorRole: meta.actor.role,
            channel: meta.channel,
            changed,
            eventId: fact.eventId,
            commandId: meta.commandId,
            correlationId: meta.correlationId,
            causationId: meta.causationId,
            hash: fact.hash,
            data: fact.data,
          };
          if (format === "jsonl") await print(`${JSON.stringify(entry)}\n`);
          else if (format === "csv")
            await print(`${[...csvColumns, ...moreColumns].map((name) => cell(entry[name])).join(",")}\r\n`);
          else {
            const what = changed.length === 0 ? "" : `  (${changed.join(", ")})`;
            const who = `${meta.actor.id} ${meta.channel}`;
            await print(
              `${inZone(meta.recordedAt, "UTC")}  ${fact.stream} #${fact.revision}  ${titleOf(fact.type)[lang]}  ${who}${what}\n`,
            );
          }
        }
        told += rows.length;
      }
    } finally {
      await client.query("rollback").catch(() => undefined);
      client.release();
    }
  } finally {
    await Promise.all([close(), pool.end()]);
  }
});

function fieldsOf(names: string): ChangedField[] {
  return names.split(",").map((name) => {
    if (!changedFields.includes(name as ChangedField))
      throw new CodedError("option_invalid", `there is no field ${name}: ${changedFields.join(", ")}`);
    return name as ChangedField;
  });
}

/** Writes as fast as the reader takes it. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = Array.isArray(value)
    ? value.join(" ")
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value as string);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

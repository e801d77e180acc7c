import { allEvents, personalFieldsOf, type SubjectKind, visitLeaves } from "@docket/domain";
import type { EncodedEvent, EventStore } from "@docket/event-store";
import { labelOf, type Label } from "./field-labels.ts";
import type { Privacy } from "./privacy.ts";
import { isSealed, readSealedText } from "./sealed-value.ts";
import { type FoundSubject, streamsOf } from "./subject.ts";

/** A text that is held about a subject, with where it stands. */
export interface HeldText {
  /** JSON Pointer into the event's `{data, meta}` */
  readonly pointer: string;
  readonly label: Label;
  readonly text: string;
}

/** A fact that holds something about a subject: his own fields of it, nobody else's. */
export interface HeldEvent {
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  readonly title: Label;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly position: string;
  readonly texts: readonly HeldText[];
}

export interface HeldFile {
  readonly sha256: string;
  readonly size: number;
  readonly mediaType: string;
  readonly keptAt: string;
}

export interface HeldMail {
  readonly ticketId: string | null;
  readonly kind: string;
  readonly status: string;
  readonly createdAt: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface HeldAccount {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  readonly createdAt: string;
}

/** Whose it is, before what is held. */
export interface ExportHead {
  readonly format: "docket-subject";
  readonly version: 1;
  readonly kind: SubjectKind;
  readonly subjects: readonly string[];
  readonly shared: readonly string[];
  readonly madeAt: string;
  readonly labels: Readonly<Record<"events" | "files" | "mails" | "accounts", Label>>;
}

export interface SubjectExport {
  readonly head: ExportHead;
  /** in the order of the log, stream by stream; one stream in memory at a time */
  events(): AsyncGenerator<HeldEvent>;
  files(): Promise<readonly HeldFile[]>;
  /** the bytes of a file that `files` names */
  bytesOf(sha256: string): Promise<Buffer | undefined>;
  mails(): Promise<readonly HeldMail[]>;
  accounts(): Promise<readonly HeldAccount[]>;
}

const labels: ExportHead["labels"] = {
  events: { ru: "Записи о событиях", en: "Records of events" },
  files: { ru: "Файлы и исходные письма", en: "Files and sources of mails" },
  mails: { ru: "Отправленные письма", en: "Mails sent" },
  accounts: { ru: "Учётные записи", en: "Accounts" },
};

/** Everything that is held about one subject, to be told to him: facts, files, mails and accounts. Throws VaultUnavailable. */
export function exportSubject(
  { vault, files, boxes }: Pick<Privacy, "vault" | "files" | "boxes">,
  store: Pick<EventStore, "reveal">,
  found: FoundSubject,
  madeAt: Date,
): SubjectExport {
  const { pool } = vault;
  const { subjects } = found;
  const mine = new Set(subjects);
  return {
    head: { format: "docket-subject", version: 1, ...found, madeAt: madeAt.toISOString(), labels },
    async *events() {
      for (const stream of await streamsOf(pool, subjects)) {
        const { rows } = await pool.query<Row>(
          `select stream, revision, event_id, type, data, meta, position from read.journal where stream = $1 order by revision`,
          [stream],
        );
        for (const row of rows) {
          const pointers = pointersOf(row, mine);
          if (pointers.length === 0) continue;
          const [opened] = await store.reveal([row]);
          if (opened !== undefined) yield heldEvent(row, opened, pointers);
        }
      }
    },
    async files() {
      const { rows } = await pool.query<{ sha256: Buffer; size: string; media_type: string; created_at: Date }>(
        `select k.sha256, s.size, s.media_type, min(k.created_at) as created_at
         from files.sealed_key k join files.sealed s on s.id = k.id where k.subject = any($1::uuid[])
         group by 1, 2, 3 order by 4, 1`,
        [subjects],
      );
      return rows.map(({ sha256, size, media_type, created_at }) => ({
        sha256: sha256.toString("hex"),
        size: Number(size),
        mediaType: media_type,
        keptAt: created_at.toISOString(),
      }));
    },
    async bytesOf(sha256) {
      const file = await files.find(sha256, subjects);
      return file && Buffer.concat(await file.read().toArray());
    },
    async mails() {
      const { rows } = await pool.query<MailRow>(
        `select id, ticket_id, kind, status, created_at, parties, sealed from app.outbox
         where parties && $1::uuid[] and sealed is not null order by seq`,
        [subjects],
      );
      const mails: HeldMail[] = [];
      for (const { id, ticket_id, kind, status, created_at, parties, sealed } of rows) {
        const opened = await boxes.open(parties, `docket mail ${id}`, sealed);
        if (opened === undefined) continue;
        const { to, subject, text } = JSON.parse(opened.toString("utf8")) as HeldMail;
        mails.push({ ticketId: ticket_id, kind, status, createdAt: created_at.toISOString(), to, subject, text });
      }
      return mails;
    },
    async accounts() {
      const { rows } = await pool.query<{
        login: string;
        display_name: string;
        role: string;
        person_id: string;
        created_at: Date;
      }>(
        "select login, display_name, role, person_id, created_at from app.accounts where person_id is not null order by 1",
      );
      const held: HeldAccount[] = [];
      for (const { login, display_name, role, person_id, created_at } of rows) {
        const subject = await vault.find(`${role === "requester" ? "person" : "staff"}:${person_id}`);
        if (subject !== undefined && mine.has(subject))
          held.push({ login, name: display_name, role, createdAt: created_at.toISOString() });
      }
      return held;
    },
  };
}

interface Row extends EncodedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly event_id: string;
  readonly position: string;
}
interface MailRow {
  readonly id: string;
  readonly ticket_id: string | null;
  readonly kind: string;
  readonly status: string;
  readonly created_at: Date;
  readonly parties: string[];
  readonly sealed: Buffer;
}

/** Where in an event something is sealed for any of the subjects. */
function pointersOf({ type, data, meta }: EncodedEvent, mine: ReadonlySet<string>): string[] {
  const pointers: string[] = [];
  for (const { path } of personalFieldsOf(type))
    visitLeaves(data, path, ({ parent, key, pointer }) => {
      const value = parent[key];
      if (isSealed(value) && mine.has(value.$p)) pointers.push(`/data${pointer}`);
    });
  const actor = readSealedText(meta.actor.name);
  if (actor !== undefined && mine.has(actor.subject)) pointers.push("/meta/actor/name");
  return pointers;
}

function heldEvent(row: Row, { data, meta }: EncodedEvent, pointers: readonly string[]): HeldEvent {
  const title = allEvents.get(row.type)?.title ?? { ru: row.type, en: row.type };
  return {
    stream: row.stream,
    revision: row.revision,
    eventId: row.event_id,
    type: row.type,
    title,
    occurredAt: meta.occurredAt,
    recordedAt: meta.recordedAt,
    position: row.position,
    texts: pointers.map((pointer) => ({ pointer, label: labelOf(pointer), text: at({ data, meta }, pointer) })),
  };
}

function at(root: unknown, pointer: string): string {
  let value = root;
  for (const step of pointer.slice(1).split("/")) value = (value as Record<string, unknown> | undefined)?.[step];
  return String(value);
}

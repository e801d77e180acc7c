import { z } from "zod";
import { defineEvent, type EventOf } from "../event.ts";
import { id, instant, role, sha256, text, uuid } from "../values.ts";

/** The first 16 hex digits of the SHA-256 of a public key. */
const keyId = z.string().regex(/^[0-9a-f]{16}$/);
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const signatures = z.array(z.strictObject({ key: keyId, signature: hex(64) }));

/** Why an access was recorded: what was looked at, or taken out. */
export const accessKinds = [
  "ticket",
  "timeline",
  "replay",
  "clocks",
  "attachment",
  "journal",
  "journal_export",
  "evidence_export",
  "access_log",
  "verification",
  "report_export",
  "subject_export",
] as const;
export type AccessKind = (typeof accessKinds)[number];

export const accessEntry = z.strictObject({
  accessId: uuid,
  at: instant,
  /** who: the account or token, and the person or member of staff behind it; names stand in the directory */
  accountId: text(100),
  actorId: id,
  role,
  kind: z.enum(accessKinds),
  /** the ticket that was looked at, where it was one */
  ticketId: uuid.nullable(),
  /** what was asked for, as the address's query; words that were searched for are left out */
  query: text(2_000),
  /** an export's end: how many things went out, and whether all did; null where it only begins or is a single read */
  items: z.int().min(0).nullable(),
  complete: z.boolean().nullable(),
});
export type AccessEntry = z.infer<typeof accessEntry>;

/** What makes the record provable; written by the engine, no command makes it. */
export const trustEvents = {
  keyIntroduced: defineEvent(
    "checkpoint",
    "CheckpointKeyIntroduced",
    { ru: "Введён ключ подписи", en: "Signing key introduced" },
    {
      key: keyId,
      algorithm: z.literal("Ed25519"),
      /** the 32 bytes of the key */
      publicKey: hex(32),
      /** by the keys that signed until then, over the key: who trusts one of them may trust this one */
      endorsements: signatures,
    },
  ),
  signed: defineEvent(
    "checkpoint",
    "CheckpointSigned",
    { ru: "Контрольная точка подписана", en: "Checkpoint signed" },
    {
      number: z.int().min(1),
      at: instant,
      /** every event up to this place of the log is covered */
      position: z.strictObject({ commit: z.string().regex(/^\d{1,20}$/), prepare: z.string().regex(/^\d{1,20}$/) }),
      /** leaves of the tree: streams, in the order in which they began */
      streams: z.int().min(0),
      root: sha256,
      /** SHA-256 of what was signed for the checkpoint before; null for the first */
      previous: sha256.nullable(),
      /** faults of hash chains that were seen on the way: the first one of each stream */
      faults: z.array(
        z.strictObject({
          stream: text(200),
          revision: z.int(),
          fault: z.enum(["gap", "broken_link", "altered"]),
        }),
      ),
      signatures,
    },
  ),
  accessed: defineEvent(
    "access",
    "RecordsAccessed",
    { ru: "Записи просмотрены", en: "Records accessed" },
    { entries: z.array(accessEntry).min(1).max(500) },
  ),
} as const;

export type TrustEvent = EventOf<typeof trustEvents>;

import type { Db } from "@docket/postgres";
import { personalFieldsOf, visitLeaves } from "@docket/domain";
import { isSealed } from "@docket/privacy";
import type { Principal } from "../auth/principal.ts";
import { readContact } from "../contacts/find.ts";
import { type Opener, revealRows } from "../journal/reveal.ts";
import type { Moment } from "../query/moment.ts";
import { filesIn, type ReferredFile, subjectsOfFile } from "./of-ticket.ts";

interface Parts {
  readonly db: Db;
  readonly store: Opener;
}
interface Arrival {
  readonly stored: Record<string, unknown>;
  readonly data: Record<string, unknown>;
}

/** The fact of a contact's arrival, if the caller may see the contact; throws `contact_not_found`. */
async function arrivalOf(parts: Parts, caller: Principal, contactId: string, moment: Moment): Promise<Arrival> {
  const { db, store } = parts;
  await readContact(db, caller, contactId, moment);
  const rows = await db
    .selectFrom("read.journal")
    .select(["stream", "type", "data", "meta"])
    .where("stream", "=", `contact-${contactId}`)
    .where("revision", "=", 0)
    .execute();
  const [row] = await revealRows(store, rows);
  return { stored: rows[0]?.data ?? {}, data: row?.data ?? {} };
}

export async function contactFile(
  parts: Parts,
  caller: Principal,
  contactId: string,
  sha256: string,
  moment: Moment,
): Promise<ReferredFile | undefined> {
  const { stored, data } = await arrivalOf(parts, caller, contactId, moment);
  const found = filesIn(data).find((file) => file.sha256 === sha256);
  return found && { sha256, name: found.name, subjects: subjectsOfFile(stored, sha256) };
}

/** The contact as it came: an e-mail's source. */
export async function rawOfContact(
  parts: Parts,
  caller: Principal,
  contactId: string,
  moment: Moment,
): Promise<ReferredFile | undefined> {
  const { stored, data } = await arrivalOf(parts, caller, contactId, moment);
  const { raw } = data as { raw?: { sha256: string; mediaType: string } | null };
  if (raw == null) return undefined;
  const name = `${contactId}.${raw.mediaType === "message/rfc822" ? "eml" : "raw"}`;
  return { sha256: raw.sha256, name, subjects: senderOf(stored) };
}

/** The subject for whom a contact is sealed: everything that it brought belongs to its sender. */
function senderOf(stored: Record<string, unknown>): string[] {
  const subjects = new Set<string>();
  for (const { path } of personalFieldsOf("ContactReceived"))
    visitLeaves(stored, path, ({ parent, key }) => {
      const value = parent[key];
      if (isSealed(value)) subjects.add(value.$p);
    });
  return [...subjects];
}

import type { Attachment } from "@docket/domain";
import type { Db } from "@docket/postgres";
import { isSealed } from "@docket/privacy";
import type { Principal } from "../auth/principal.ts";
import { type Opener, revealRows } from "../journal/reveal.ts";
import { factFor } from "../policy/redaction.ts";
import type { Moment } from "../query/moment.ts";
import { knownAt } from "../query/past.ts";

/** A file as a fact refers to it, and whose keys may open it. */
export interface ReferredFile {
  readonly sha256: string;
  readonly name: string;
  readonly subjects: readonly string[];
}

/**
 * A file of a ticket, if one of the ticket's facts that the caller may see refers to it: what was attached to an internal
 * note stays internal. It is kept for whom the fact tells it belongs to, or for the sender of the contact that brought it.
 */
export async function ticketFile(
  { db, store }: { readonly db: Db; readonly store: Opener },
  caller: Principal,
  ticketId: string,
  sha256: string,
  moment: Moment,
): Promise<ReferredFile | undefined> {
  const stored = await db
    .selectFrom("read.journal")
    .select(["stream", "type", "data", "meta"])
    .where("stream", "=", `ticket-${ticketId}`)
    .where(knownAt("read.journal", moment))
    .orderBy("revision")
    .execute();
  const rows = stored.filter(({ data }) => filesIn(data).some((file) => file.sha256 === sha256));
  for (const [index, row] of (await revealRows(store, rows)).entries()) {
    const shown = factFor(caller, row.type, row.data);
    const found = shown === undefined ? undefined : filesIn(shown).find((file) => file.sha256 === sha256);
    if (found === undefined) continue;
    const { contactId } = row.data as { contactId?: string | null };
    const contact = contactId == null ? {} : await arrivalIn(db, contactId);
    const subjects = [rows[index]?.data ?? {}, contact].flatMap((data) => subjectsOfFile(data, sha256));
    return { sha256, name: found.name, subjects };
  }
  return undefined;
}

/** What a contact brought, as it is stored. */
export async function arrivalIn(db: Db, contactId: string): Promise<Record<string, unknown>> {
  const row = await db
    .selectFrom("read.journal")
    .select("data")
    .where("stream", "=", `contact-${contactId}`)
    .where("revision", "=", 0)
    .executeTakeFirst();
  return row?.data ?? {};
}

/** For whom the names of a file are sealed in stored data. */
export function subjectsOfFile(data: Readonly<Record<string, unknown>>, sha256: string): string[] {
  return filesIn(data).flatMap((file) => {
    const name: unknown = file.name;
    return file.sha256 === sha256 && isSealed(name) ? [name.$p] : [];
  });
}

/** The files that a fact refers to. */
export function filesIn(data: Readonly<Record<string, unknown>>): Attachment[] {
  const { attachments, attachment } = data as { attachments?: Attachment[]; attachment?: Attachment };
  return [...(Array.isArray(attachments) ? attachments : []), ...(attachment === undefined ? [] : [attachment])];
}

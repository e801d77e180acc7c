import type { Attachment } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { Principal } from "../auth/principal.ts";
import { factFor } from "../policy/redaction.ts";
import type { Moment } from "../query/moment.ts";
import { knownAt } from "../query/past.ts";

/**
 * A file of a ticket, if one of the ticket's facts that the caller may see refers to it: what was attached to an internal
 * note stays internal.
 */
export async function ticketFile(
  db: Db,
  caller: Principal,
  ticketId: string,
  sha256: string,
  moment: Moment,
): Promise<Attachment | undefined> {
  const rows = await db
    .selectFrom("read.journal")
    .select(["type", "data"])
    .where("stream", "=", `ticket-${ticketId}`)
    .where(knownAt("read.journal", moment))
    .orderBy("revision")
    .execute();
  for (const row of rows) {
    const shown = factFor(caller, row.type, row.data);
    const found = shown === undefined ? undefined : filesIn(shown).find((file) => file.sha256 === sha256);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The files that a fact refers to. */
export function filesIn(data: Readonly<Record<string, unknown>>): Attachment[] {
  const { attachments, attachment } = data as { attachments?: Attachment[]; attachment?: Attachment };
  return [...(Array.isArray(attachments) ? attachments : []), ...(attachment === undefined ? [] : [attachment])];
}

import type { Attachment } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { Principal } from "../auth/principal.ts";
import { readContact } from "../contacts/find.ts";
import type { Moment } from "../query/moment.ts";
import { filesIn } from "./of-ticket.ts";

/** The fact of a contact's arrival, if the caller may see the contact; throws `contact_not_found`. */
async function arrivalOf(
  db: Db,
  caller: Principal,
  contactId: string,
  moment: Moment,
): Promise<Record<string, unknown>> {
  await readContact(db, caller, contactId, moment);
  const row = await db
    .selectFrom("read.journal")
    .select("data")
    .where("stream", "=", `contact-${contactId}`)
    .where("revision", "=", 0)
    .executeTakeFirst();
  return row?.data ?? {};
}

export async function contactFile(
  db: Db,
  caller: Principal,
  contactId: string,
  sha256: string,
  moment: Moment,
): Promise<Attachment | undefined> {
  return filesIn(await arrivalOf(db, caller, contactId, moment)).find((file) => file.sha256 === sha256);
}

/** The contact as it came: an e-mail's source. */
export async function rawOfContact(
  db: Db,
  caller: Principal,
  contactId: string,
  moment: Moment,
): Promise<{ sha256: string; name: string } | undefined> {
  const { raw } = (await arrivalOf(db, caller, contactId, moment)) as {
    raw?: { sha256: string; mediaType: string } | null;
  };
  return raw == null
    ? undefined
    : { sha256: raw.sha256, name: `${contactId}.${raw.mediaType === "message/rfc822" ? "eml" : "raw"}` };
}

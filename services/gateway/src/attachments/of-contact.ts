import type { Attachment } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { Principal } from "../auth/principal.ts";
import { readContact } from "../contacts/find.ts";
import { type Opener, revealRows } from "../journal/reveal.ts";
import type { Moment } from "../query/moment.ts";
import { filesIn } from "./of-ticket.ts";

/** The fact of a contact's arrival, if the caller may see the contact; throws `contact_not_found`. */
async function arrivalOf(
  parts: { readonly db: Db; readonly store: Opener },
  caller: Principal,
  contactId: string,
  moment: Moment,
): Promise<Record<string, unknown>> {
  const { db, store } = parts;
  await readContact(db, caller, contactId, moment);
  const rows = await db
    .selectFrom("read.journal")
    .select(["stream", "type", "data", "meta"])
    .where("stream", "=", `contact-${contactId}`)
    .where("revision", "=", 0)
    .execute();
  const [row] = await revealRows(store, rows);
  return row?.data ?? {};
}

export async function contactFile(
  parts: { readonly db: Db; readonly store: Opener },
  caller: Principal,
  contactId: string,
  sha256: string,
  moment: Moment,
): Promise<Attachment | undefined> {
  return filesIn(await arrivalOf(parts, caller, contactId, moment)).find((file) => file.sha256 === sha256);
}

/** The contact as it came: an e-mail's source. */
export async function rawOfContact(
  parts: { readonly db: Db; readonly store: Opener },
  caller: Principal,
  contactId: string,
  moment: Moment,
): Promise<{ sha256: string; name: string } | undefined> {
  const { raw } = (await arrivalOf(parts, caller, contactId, moment)) as {
    raw?: { sha256: string; mediaType: string } | null;
  };
  return raw == null
    ? undefined
    : { sha256: raw.sha256, name: `${contactId}.${raw.mediaType === "message/rfc822" ? "eml" : "raw"}` };
}

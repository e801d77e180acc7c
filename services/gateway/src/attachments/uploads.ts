import type { Attachment } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { Principal } from "../auth/principal.ts";
import type { GatewayDeps } from "../deps.ts";
import { Refusal } from "../http/refusal.ts";
import { fileNameOf } from "./file-name.ts";

/** The name of the data subject whose key keeps what a caller uploads, until something refers to it. */
export const uploaderName = ({
  personId,
  staffId,
  accountId,
}: Pick<Principal, "personId" | "staffId" | "accountId">) =>
  personId !== null ? `person:${personId}` : staffId !== null ? `staff:${staffId}` : `account:${accountId}`;

/**
 * Gives uploaded files to whom what refers to them belongs; their uploader alone would lose them. Done before the fact is
 * written: a fact whose files cannot be opened must not be.
 */
export async function handOver(
  { privacy, whose }: Pick<GatewayDeps, "privacy" | "whose">,
  uploader: Principal | null,
  files: readonly Attachment[],
  owner: () => Promise<string>,
): Promise<void> {
  if (files.length === 0 || uploader === null) return;
  const [from, to] = await Promise.all([whose.named(uploaderName(uploader)), owner()]);
  for (const { sha256 } of files) await privacy.files.share(sha256, [from], to);
}

/** Remembers who uploaded what: only he may put it into a ticket or contact. What it is called is said by who refers to it. */
export async function recordUpload(db: Db, accountId: string, file: Attachment, at: Date): Promise<void> {
  const values = { name: "", size: file.size, media_type: file.mediaType, uploaded_at: at };
  await db
    .insertInto("app.uploads")
    .values({ account_id: accountId, sha256: Buffer.from(file.sha256, "hex"), ...values })
    .onConflict((conflict) => conflict.columns(["account_id", "sha256"]).doUpdateSet(values))
    .execute();
}

/**
 * The files that a command names, as they really are: size and type are ours, not the sender's. Throws
 * `attachment_unknown` for one that the caller did not upload: knowing a hash gives no right to the bytes behind it.
 */
export async function ownUploads(
  db: Db,
  accountId: string | undefined,
  files: readonly Attachment[],
  field: string,
): Promise<Attachment[]> {
  if (files.length === 0) return [];
  const hashes = files.map(({ sha256 }) => Buffer.from(sha256, "hex"));
  const rows =
    accountId === undefined
      ? []
      : await db
          .selectFrom("app.uploads")
          .select(["sha256", "size", "media_type"])
          .where("account_id", "=", accountId)
          .where("sha256", "in", hashes)
          .execute();
  const known = new Map(rows.map((row) => [row.sha256.toString("hex"), row]));
  return files.map((file, index) => {
    const row = known.get(file.sha256);
    if (row === undefined) throw new Refusal("attachment_unknown", { field: `${field}.${index}` });
    return { sha256: file.sha256, name: fileNameOf(file.name), size: Number(row.size), mediaType: row.media_type };
  });
}

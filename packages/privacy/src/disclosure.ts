import type { EncodedEvent } from "@docket/event-store";
import { personalFieldsOf, visitLeaves } from "@docket/domain";
import { fieldKey } from "./seal.ts";
import { isSealed, readSealedText } from "./sealed-value.ts";
import type { Vault } from "./vault.ts";

/** What opens one field of one event, and nothing else. */
export interface FieldKey {
  /** JSON Pointer into `{data, meta}`: `/data/requester/name`, `/meta/actor/name` */
  readonly pointer: string;
  /** the opaque reference of the data subject */
  readonly subject: string;
  /** 32 bytes in base64; null when the subject's key was destroyed: the field cannot be opened by anybody */
  readonly key: string | null;
}

/**
 * The keys of the personal fields of an event as it is stored, for who is to prove what single fields said (an evidence file)
 * without getting the subject's key. A checker opens a field of an event by its key K alone:
 *
 *   - In `data` the field is `{"$p": subject, "n": nonce, "c": ciphertext}`, n and c in base64 (RFC 4648 §4, with padding).
 *     The one field in the metadata, `actor.name`, is a text `$p.<subject>.<n>.<c>` in base64url without padding.
 *   - The last 16 bytes of c are the tag of AES-256-GCM, the rest the ciphertext; the iv is 12 zero bytes; the additional
 *     data are the UTF-8 bytes of stream, "\n", type, "\n", pointer, with the pointer as given here. The plain text is UTF-8.
 *   - K itself is HKDF-SHA256 (RFC 5869) of the subject's key (32 bytes) with n (16 bytes) as salt, the ASCII text
 *     `docket field v1` as info and 32 bytes of output; who has K does not need this step, and K says nothing of other fields.
 *
 * The hash chain is over the stored form, so a field that opens is the text that was hashed. Takes any event whose `data` and
 * metadata are as stored (a RawEvent). Throws VaultUnavailable and `personal_key_missing`.
 */
export async function fieldKeys(
  vault: Vault,
  event: Pick<EncodedEvent, "type" | "data" | "meta">,
): Promise<FieldKey[]> {
  const found: { pointer: string; subject: string; nonce: Buffer }[] = [];
  for (const { path } of personalFieldsOf(event.type))
    visitLeaves(event.data, path, ({ parent, key, pointer }) => {
      const value = parent[key];
      if (isSealed(value))
        found.push({ pointer: `/data${pointer}`, subject: value.$p, nonce: Buffer.from(value.n, "base64") });
    });
  const actor = readSealedText(event.meta.actor.name);
  if (actor !== undefined) found.push({ pointer: "/meta/actor/name", subject: actor.subject, nonce: actor.nonce });
  const keys = await vault.keysOf(found.map(({ subject }) => subject));
  return found.map(({ pointer, subject, nonce }) => {
    const key = keys.get(subject)?.key ?? null;
    return { pointer, subject, key: key === null ? null : fieldKey(key, nonce).toString("base64") };
  });
}

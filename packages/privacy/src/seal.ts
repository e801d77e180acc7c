import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from "node:crypto";

/*
 * The cryptography of personal data, in one place. Everything here is pure but for `wrapKey`, which draws a random nonce.
 *
 * A field of an event is encrypted on its own:
 *
 *   key of the field  K = HKDF-SHA256(ikm = key of the subject (32 bytes), salt = n (16 bytes), info = "docket field v1", L = 32)
 *   ciphertext        c = AES-256-GCM(K, iv = 12 zero bytes, aad, UTF-8 of the text), followed by the tag of 16 bytes
 *   aad               UTF-8 of  stream "\n" type "\n" pointer
 *   n                 the first 16 bytes of HMAC-SHA256(key of the subject,
 *                       "docket nonce v1" "\0" command id "\0" index "\0" stream "\0" pointer "\0" text)
 *
 * The pointer is a JSON Pointer (RFC 6901) into {"data": ..., "meta": ...}: `/data/requester/name`, `/meta/actor/name`. Each
 * key encrypts one text only, since another text (or place) has another nonce and hence another key: a fixed iv is safe.
 * The same command gives the same bytes again. Who is given K can open this one field and nothing else; whoever
 * checks a disclosure does not need to make n, it stands beside the ciphertext.
 */

const keyInfo = Buffer.from("docket field v1\x01", "latin1");
const noIv = Buffer.alloc(12);
export const tagLength = 16;

/** HMAC-SHA256. Node takes a key as an object several times quicker than as bytes, which for texts so short is most of the work. */
export const hmac = (key: Uint8Array, message: Uint8Array | string): Buffer =>
  createHmac("sha256", createSecretKey(key)).update(message).digest();

/** The key of one field: HKDF-SHA256 of the subject's key with the field's nonce as salt (one block of output). */
export function fieldKey(subjectKey: Uint8Array, nonce: Uint8Array): Buffer {
  return hmac(hmac(nonce, subjectKey), keyInfo);
}

/** Where a field stands; bound into its ciphertext. */
export interface Place {
  readonly stream: string;
  readonly type: string;
  /** JSON Pointer into `{data, meta}` */
  readonly pointer: string;
}

const aadOf = ({ stream, type, pointer }: Place): Buffer => Buffer.from(`${stream}\n${type}\n${pointer}`, "utf8");

/** What makes a field's nonce beside its text. */
export interface Origin {
  readonly commandId: string;
  /** the event's number within its command */
  readonly index: number;
}

/** Encrypts a text for its place. Gives the nonce and the ciphertext with its tag. */
export function sealField(
  subjectKey: Uint8Array,
  place: Place,
  origin: Origin,
  text: string,
): { readonly nonce: Buffer; readonly sealed: Buffer } {
  const parts = ["docket nonce v1", origin.commandId, origin.index, place.stream, place.pointer, text];
  const nonce = hmac(subjectKey, parts.join("\0")).subarray(0, 16);
  return { nonce, sealed: encrypt(fieldKey(subjectKey, nonce), noIv, aadOf(place), Buffer.from(text, "utf8")) };
}

/** Decrypts a field with its own key. Throws when the bytes, the key or the place are not those it was sealed with. */
export function openField(key: Uint8Array, place: Place, sealed: Uint8Array): string {
  return decrypt(key, noIv, aadOf(place), sealed).toString("utf8");
}

/** AES-256-GCM with the tag behind the ciphertext. */
export function encrypt(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", createSecretKey(key), iv).setAAD(aad);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The way back. Throws when anything was changed. */
export function decrypt(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Buffer {
  if (sealed.length < tagLength) throw new Error("sealed data are cut off");
  const end = sealed.length - tagLength;
  const decipher = createDecipheriv("aes-256-gcm", createSecretKey(key), iv)
    .setAAD(aad)
    .setAuthTag(sealed.subarray(end));
  const head = decipher.update(sealed.subarray(0, end));
  const tail = decipher.final();
  return tail.length === 0 ? head : Buffer.concat([head, tail]);
}

/** Wraps a key or a small text under another key: random iv of 12 bytes, ciphertext, tag. `context` must be told again to unwrap. */
export function wrapKey(wrapping: Uint8Array, context: string, plain: Uint8Array): Buffer {
  const iv = randomBytes(12);
  return Buffer.concat([iv, encrypt(wrapping, iv, Buffer.from(context, "utf8"), plain)]);
}

/** The way back. Throws when key, context or bytes are others. */
export function unwrapKey(wrapping: Uint8Array, context: string, wrapped: Uint8Array): Buffer {
  return decrypt(wrapping, wrapped.subarray(0, 12), Buffer.from(context, "utf8"), wrapped.subarray(12));
}

/** A key for another use of a subject's key (files, mails): HKDF with no salt and the use as info. */
export function keyFor(subjectKey: Uint8Array, use: string): Buffer {
  return hmac(hmac(Buffer.alloc(32), subjectKey), Buffer.from(`docket ${use} v1\x01`, "utf8"));
}

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { CodedError } from "@docket/service-kit";

/** An Ed25519 key that signs. */
export interface SigningKey {
  /** the first 16 hex digits of the SHA-256 of the public key */
  readonly key: string;
  /** 64 hex digits: the 32 bytes of the public key */
  readonly publicKey: string;
  sign(text: string): string;
}

export interface Signature {
  readonly key: string;
  /** 128 hex digits */
  readonly signature: string;
}

/** What stands before the 32 bytes in the DER form of an Ed25519 public key (RFC 8410). */
const spkiHead = Buffer.from("302a300506032b6570032100", "hex");

export const keyIdOf = (publicKey: string): string => hash("sha256", Buffer.from(publicKey, "hex"), "hex").slice(0, 16);

/** A new key as PEM (PKCS #8). */
export function newSigningKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

/** Reads a private key from PEM. Throws `signing_key_invalid`. */
export function signingKeyOf(pem: string): SigningKey {
  let secret: KeyObject;
  try {
    secret = createPrivateKey(pem);
  } catch (error) {
    throw new CodedError("signing_key_invalid", "the signing key is not a private key in PEM form", { cause: error });
  }
  if (secret.asymmetricKeyType !== "ed25519")
    throw new CodedError("signing_key_invalid", `the signing key is ${String(secret.asymmetricKeyType)}, not Ed25519`);
  const publicKey = rawOf(createPublicKey(secret));
  return {
    key: keyIdOf(publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text, "utf8"), secret).toString("hex"),
  };
}

/** The 32 bytes of a public key given as PEM, as 64 hex digits, or as base64. Throws `public_key_invalid`. */
export function publicKeyOf(text: string): string {
  const given = text.trim();
  if (/^[0-9a-f]{64}$/iu.test(given)) return given.toLowerCase();
  if (/^[A-Za-z0-9+/]{43}=$/u.test(given)) return Buffer.from(given, "base64").toString("hex");
  try {
    const key = createPublicKey(given);
    if (key.asymmetricKeyType === "ed25519") return rawOf(key);
  } catch (error) {
    throw new CodedError("public_key_invalid", "this is no public key: PEM, 64 hex digits or base64 are taken", {
      cause: error,
    });
  }
  throw new CodedError("public_key_invalid", "the public key is not an Ed25519 key");
}

/** A public key as PEM, for other tools. */
export function publicKeyPem(publicKey: string): string {
  return keyObject(publicKey).export({ type: "spki", format: "pem" }) as string;
}

/** Whether the signature over a text is this key's. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  if (!/^[0-9a-f]{128}$/u.test(signature) || !/^[0-9a-f]{64}$/u.test(publicKey)) return false;
  return verify(null, Buffer.from(text, "utf8"), keyObject(publicKey), Buffer.from(signature, "hex"));
}

const keyObject = (publicKey: string): KeyObject =>
  createPublicKey({ key: Buffer.concat([spkiHead, Buffer.from(publicKey, "hex")]), format: "der", type: "spki" });

const rawOf = (key: KeyObject): string =>
  (key.export({ type: "spki", format: "der" }) as Buffer).subarray(spkiHead.length).toString("hex");

import { hash } from "node:crypto";
import type { TrustEvent } from "@docket/domain";
import { canonicalJson } from "@docket/event-store";
import { isSignedBy, keyIdOf, type Signature } from "./keys.ts";

type Introduction = Extract<TrustEvent, { type: "CheckpointKeyIntroduced" }>["data"];
export type Checkpoint = Extract<TrustEvent, { type: "CheckpointSigned" }>["data"];
export type KeyStatement = Introduction;

/*
 * What is signed: a line that says what it is, and the canonical JSON of what is stated. A signature of one kind can never be taken
 * for one of another.
 */

/** The text that a checkpoint's signatures are over. */
export function checkpointText(checkpoint: Omit<Checkpoint, "signatures"> & { readonly signatures?: unknown }): string {
  const { signatures: _over, ...body } = checkpoint;
  return `docket-checkpoint/1\n${canonicalJson(body)}`;
}

/** By what the next checkpoint names this one. */
export const checkpointHash = (checkpoint: Checkpoint): string => hash("sha256", checkpointText(checkpoint), "hex");

/** The text that a key's endorsements are over. */
export function keyText({ key, publicKey }: Pick<KeyStatement, "key" | "publicKey">): string {
  return `docket-key/1\n${canonicalJson({ algorithm: "Ed25519", key, publicKey })}`;
}

/** The text that the signature of an evidence file is over: `digest` is the SHA-256 of all bytes before its last line. */
export const evidenceText = (digest: string): string => `docket-evidence/1\n${digest}`;

/**
 * The public keys that follow from a trusted one: itself, and whatever keys it or such a key endorsed. By key id. Statements whose key
 * id does not belong to their key are left out.
 */
export function keysTrustedBy(publicKey: string, statements: readonly KeyStatement[]): ReadonlyMap<string, string> {
  const trusted = new Map([[keyIdOf(publicKey), publicKey]]);
  for (let grown = true; grown;) {
    grown = false;
    for (const statement of statements) {
      if (trusted.has(statement.key) || keyIdOf(statement.publicKey) !== statement.key) continue;
      const text = keyText(statement);
      const endorsed = statement.endorsements.some(({ key, signature }) => {
        const by = trusted.get(key);
        return by !== undefined && isSignedBy(by, text, signature);
      });
      if (!endorsed) continue;
      trusted.set(statement.key, statement.publicKey);
      grown = true;
    }
  }
  return trusted;
}

export type SignatureVerdict = "ok" | "signed_by_another_key" | "signature_invalid";

/** Whether a text bears a good signature of a trusted key. A bad signature under a trusted key's name is worse than none of it. */
export function verdictOfSignatures(
  text: string,
  signatures: readonly Signature[],
  trusted: ReadonlyMap<string, string>,
): SignatureVerdict {
  let verdict: SignatureVerdict = "signed_by_another_key";
  for (const { key, signature } of signatures) {
    const publicKey = trusted.get(key);
    if (publicKey === undefined) continue;
    if (!isSignedBy(publicKey, text, signature)) return "signature_invalid";
    verdict = "ok";
  }
  return verdict;
}

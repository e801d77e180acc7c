import { fileURLToPath, pathToFileURL } from "node:url";
import { checkEvidence, type CheckResult, type OpenedField } from "@docket/evidence";

/** What the two checkers of evidence files say; the second shares no code with the first. */
export interface Verdicts {
  readonly first: CheckResult;
  /** what the second finds wrong; empty: nothing */
  readonly second: readonly string[];
  readonly fields: readonly OpenedField[];
}

type SecondChecker = { check(bytes: Buffer, publicKey: string): string[] };

const script = fileURLToPath(new URL("../../../scripts/evidence/second-checker.mjs", import.meta.url));
let second: Promise<SecondChecker> | undefined;

/** Has both checkers look at a file. */
export async function checkBoth(bytes: Buffer, publicKey: string): Promise<Verdicts> {
  second ??= import(pathToFileURL(script).href) as Promise<SecondChecker>;
  const fields: OpenedField[] = [];
  async function* source(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += 60_000) yield bytes.subarray(at, at + 60_000);
  }
  const first = await checkEvidence(source(), { publicKey, onField: (field) => fields.push(field) });
  return { first, second: (await second).check(bytes, publicKey), fields };
}

/** The same bytes with one bit changed. */
export function bent(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

import type { EvidenceCheck } from "@docket/api-contract";

/** What is checked of an evidence file, in the order in which it is told, each with the codes of what it can find. */
const found = {
  seal: ["format_unknown", "evidence_truncated", "evidence_altered"],
  form: ["not_utf8", "record_malformed", "record_misplaced", "count_differs"],
  signatures: ["signature_invalid", "signed_by_another_key", "key_mislabelled"],
  chains: ["chain_altered", "chain_broken_link", "chain_gap"],
  tree: ["proof_invalid", "head_differs", "events_missing"],
  page: ["page_altered"],
  disclosures: ["disclosure_invalid"],
  attachments: ["attachment_altered"],
} as const;
export type CheckName = keyof typeof found | "ours";

export interface Checked {
  readonly name: CheckName;
  /** nothing: the file could not be read so far, or has nothing of the kind */
  readonly result: "passed" | "failed" | "nothing";
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
}

/** Each check with its outcome: what has no reason against it holds, unless there was nothing to hold it against. */
export function checksOf(check: EvidenceCheck): readonly Checked[] {
  const { refusals, scope, exportedAt, signed, fields, attachments, checkpointKnown } = check;
  // without its header nothing of a file can be checked
  const read = scope !== null || exportedAt !== null;
  const there: Readonly<Partial<Record<CheckName, boolean>>> = {
    tree: signed > 0,
    disclosures: fields.disclosed > 0,
    attachments: attachments.enclosed > 0,
  };
  const known = new Set<string>(Object.values(found).flat());
  const told = (Object.keys(found) as (keyof typeof found)[]).map((name): Checked => {
    const codes: readonly string[] = found[name];
    // a reason that this page does not know yet is one against the form
    const reasons = refusals.filter(({ code }) => codes.includes(code) || (name === "form" && !known.has(code)));
    return {
      name,
      reasons,
      result: reasons.length > 0 ? "failed" : read && there[name] !== false ? "passed" : "nothing",
    };
  });
  const ours: Checked = {
    name: "ours",
    reasons: [],
    result: checkpointKnown === null ? "nothing" : checkpointKnown ? "passed" : "failed",
  };
  return [...told, ours];
}

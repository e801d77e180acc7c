import type { FieldKeyOf } from "./sealed.ts";
import type { Checkpoint, KeyStatement } from "../signing/statements.ts";
import type { Signature } from "../signing/keys.ts";

/*
 * The lines of an evidence file (docs/evidence-format.md). A line that begins with `{"` is a record; every other line is of the page
 * that people see when they open the file in a browser.
 */

export const evidenceFormat = "docket-evidence/1";

export interface HeaderRecord {
  readonly kind: "header";
  readonly format: typeof evidenceFormat;
  readonly exportedAt: string;
  /** what was asked for, in words of the asker's filter */
  readonly scope: string;
  /** null: nothing was signed yet */
  readonly checkpoint: Checkpoint | null;
  readonly keys: readonly KeyStatement[];
}

export interface StreamRecord {
  readonly kind: "stream";
  readonly stream: string;
  /** the stream's place in the signed tree; null: it began after the checkpoint */
  readonly leaf: number | null;
  /** the chain's end that was signed */
  readonly revision: number | null;
  readonly hash: string | null;
  /** nodes from the leaf up */
  readonly proof: readonly string[];
}

export interface EventRecord {
  readonly kind: "event";
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  /** place in the log */
  readonly position: string;
  /** JSON texts, byte for byte as they are stored */
  readonly data: string;
  readonly meta: string;
}

/** What opens the personal fields of an event. */
export interface DisclosureRecord {
  readonly kind: "disclosure";
  readonly stream: string;
  readonly revision: number;
  readonly fields: readonly FieldKeyOf[];
}

export interface AttachmentRecord {
  readonly kind: "attachment";
  readonly stream: string;
  readonly revision: number;
  readonly sha256: string;
  readonly size: number;
  readonly mediaType: string;
}

/** A part of a file's bytes, where they were asked for. */
export interface BytesRecord {
  readonly kind: "bytes";
  readonly sha256: string;
  readonly part: number;
  /** of how many */
  readonly parts: number;
  readonly base64: string;
}

export interface StreamEndRecord {
  readonly kind: "streamEnd";
  readonly stream: string;
  readonly events: number;
}

/** The SHA-256 of the lines of the page since the last such record, so that an altered page is told by its place. */
export interface PageRecord {
  readonly kind: "page";
  readonly sha256: string;
}

export interface EndRecord {
  readonly kind: "end";
  readonly streams: number;
  readonly events: number;
}

/** The last line, `<!--` and `-->` around it: over everything before it. */
export interface SignatureRecord {
  readonly kind: "signature";
  readonly digest: string;
  readonly signatures: readonly Signature[];
}

export type EvidenceRecord =
  | HeaderRecord
  | StreamRecord
  | EventRecord
  | DisclosureRecord
  | AttachmentRecord
  | BytesRecord
  | StreamEndRecord
  | PageRecord
  | EndRecord;

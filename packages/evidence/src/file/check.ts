import { createHash } from "node:crypto";
import { canonicalJson } from "@docket/event-store";
import { keyIdOf, type Signature } from "../signing/keys.ts";
import {
  type Checkpoint,
  checkpointText,
  evidenceText,
  keysTrustedBy,
  verdictOfSignatures,
} from "../signing/statements.ts";
import { type OpenedField, type Refuse, streamChecker, type StreamCounts } from "./check-stream.ts";
import type { Refused } from "./check-texts.ts";
import { type Line, linesOf } from "./lines.ts";
import { pageEnd } from "./page.ts";
import { evidenceFormat, type EvidenceRecord, type HeaderRecord, type SignatureRecord } from "./records.ts";

export interface CheckOptions {
  /** 64 hex digits; without it the file's own first key is taken, which proves only that the file agrees with itself */
  readonly publicKey?: string | undefined;
  /** is given every personal field that the file discloses */
  readonly onField?: (field: OpenedField) => void;
  /** is given every event, in order */
  readonly onEvent?: (event: { readonly stream: string; readonly revision: number; readonly type: string }) => void;
}

export interface CheckResult {
  readonly ok: boolean;
  readonly refusals: readonly Refused[];
  readonly streams: number;
  readonly tickets: number;
  readonly events: number;
  /** events that the checkpoint's signature covers; the rest is covered by the file's own */
  readonly signed: number;
  /** files that events name, and those whose bytes are in it */
  readonly attachments: { readonly named: number; readonly enclosed: number };
  /** personal fields that it opens, and those whose keys had been destroyed when it was made */
  readonly fields: { readonly disclosed: number; readonly erased: number };
  readonly checkpoint: Pick<Checkpoint, "number" | "at" | "root" | "streams"> | null;
  readonly exportedAt: string | null;
  readonly scope: string | null;
  /** ids of the keys that signed the file */
  readonly signedBy: readonly string[];
  /** whether a key was given to hold the signatures against */
  readonly pinned: boolean;
}

const mostRefusals = 100;

/**
 * Checks an evidence file with nothing but the file and a public key: every byte by the signature at its end, every event by its chain, every
 * chain by its place in the signed tree, every disclosed field by its ciphertext. All faults that can be told apart are told.
 */
export async function checkEvidence(
  source: AsyncIterable<Uint8Array>,
  options: CheckOptions = {},
): Promise<CheckResult> {
  const refusals: Refused[] = [];
  const refuse: Refuse = (code, params = {}) => {
    if (refusals.length < mostRefusals) refusals.push({ code, params });
  };
  const reader = recordReader(options, refuse);
  const digest = createHash("sha256");
  let last: Line | undefined;
  let before = "";
  for await (const line of linesOf(source)) {
    if (last !== undefined) {
      digest.update(last.bytes);
      reader.line(last);
      before = last.text ?? "";
    }
    last = line;
  }
  const end = last === undefined ? undefined : signatureOf(last, before);
  if (end === undefined) {
    if (last !== undefined) reader.line(last);
    refuse(reader.header === null ? "format_unknown" : "evidence_truncated");
  } else {
    if (digest.digest("hex") !== end.digest) refuse("evidence_altered");
    reader.finish();
  }
  const { header } = reader;
  if (header !== null) {
    try {
      checkSignatures(header, end, options.publicKey, refuse);
    } catch {
      // what it should hold is not there, or is something else
      refuse("record_malformed", { line: reader.headerLine });
    }
  } else if (end !== undefined) refuse("format_unknown");
  const checkpoint = header?.checkpoint ?? null;
  return {
    ok: refusals.length === 0,
    refusals,
    ...reader.counts(),
    checkpoint:
      checkpoint === null
        ? null
        : { number: checkpoint.number, at: checkpoint.at, root: checkpoint.root, streams: checkpoint.streams },
    exportedAt: header?.exportedAt ?? null,
    scope: header?.scope ?? null,
    signedBy: end?.signatures.map(({ key }) => key) ?? [],
    pinned: options.publicKey !== undefined,
  };
}

/** The last line, if it is a signature in its one form: no other text may say the same. */
function signatureOf(line: Line, before: string): SignatureRecord | undefined {
  const text = line.ended && before === pageEnd ? /^<!--(\{.*\})-->$/u.exec(line.text ?? "")?.[1] : undefined;
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as SignatureRecord;
    const isOne = record.kind === "signature" && typeof record.digest === "string" && Array.isArray(record.signatures);
    return isOne && canonicalJson(record) === text ? record : undefined;
  } catch {
    return undefined;
  }
}

function checkSignatures(
  header: HeaderRecord,
  end: SignatureRecord | undefined,
  publicKey: string | undefined,
  refuse: Refuse,
): void {
  for (const { key, publicKey: bytes } of header.keys) if (keyIdOf(bytes) !== key) refuse("key_mislabelled", { key });
  const first = publicKey ?? header.keys[0]?.publicKey;
  const trusted = first === undefined ? new Map<string, string>() : keysTrustedBy(first, header.keys);
  const check = (what: string, text: string, signatures: readonly Signature[]): void => {
    const verdict = verdictOfSignatures(text, signatures, trusted);
    if (verdict !== "ok") refuse(verdict, { what, keys: signatures.map(({ key }) => key).join(", ") || "-" });
  };
  const { checkpoint } = header;
  if (checkpoint !== null) check(`checkpoint ${checkpoint.number}`, checkpointText(checkpoint), checkpoint.signatures);
  if (end !== undefined) check("file", evidenceText(end.digest), end.signatures);
}

interface RecordReader {
  readonly header: HeaderRecord | null;
  readonly headerLine: number;
  line(line: Line): void;
  finish(): void;
  counts(): Pick<CheckResult, "streams" | "tickets" | "events" | "signed" | "attachments" | "fields">;
}

/**
 * Takes the lines of a file. States: before the header -> between streams -> within a stream -> between streams ... -> after the end
 * record. A record that does not belong to its state is refused; a line of the page may stand anywhere, its hash follows.
 */
function recordReader(options: CheckOptions, refuse: Refuse): RecordReader {
  let header: HeaderRecord | null = null;
  let headerLine = 0;
  let page = createHash("sha256");
  let stream: ReturnType<typeof streamChecker> | undefined;
  let ended = false;
  const counts = { streams: 0, tickets: 0, events: 0, signed: 0 };
  const within: StreamCounts = { named: new Set(), enclosed: new Set(), disclosed: 0, erased: 0 };
  const misplaced = (line: Line, kind: string): void => refuse("record_misplaced", { line: line.number, kind });

  function take(record: EvidenceRecord, line: Line): void {
    const { kind } = record;
    if (kind === "page") {
      if (page.digest("hex") !== record.sha256) refuse("page_altered", { line: line.number });
      page = createHash("sha256");
      return;
    }
    if (kind === "header") {
      if (header !== null || record.format !== evidenceFormat) return misplaced(line, kind);
      header = record;
      headerLine = line.number;
      return;
    }
    if (header === null || ended) return misplaced(line, kind);
    if (kind === "stream") {
      if (stream !== undefined) return misplaced(line, kind);
      stream = streamChecker(record, header.checkpoint, refuse, options.onField ?? (() => undefined), within);
      counts.streams++;
      if (record.stream.startsWith("ticket-")) counts.tickets++;
      return;
    }
    if (kind === "end") {
      if (stream !== undefined) return misplaced(line, kind);
      ended = true;
      for (const what of ["streams", "events"] as const)
        if (record[what] !== counts[what]) refuse("count_differs", { what, told: record[what], found: counts[what] });
      return;
    }
    if (stream === undefined) return misplaced(line, kind);
    if (kind === "event") {
      counts.events++;
      stream.event(record);
      options.onEvent?.(record);
    } else if (kind === "disclosure") stream.disclosure(record);
    else if (kind === "attachment") stream.attachment(record);
    else if (kind === "bytes") stream.bytes(record);
    else if (kind === "streamEnd") {
      if (record.stream !== stream.stream) return misplaced(line, kind);
      counts.signed += stream.end(record);
      stream = undefined;
    } else misplaced(line, String(kind));
  }

  return {
    get header() {
      return header;
    },
    get headerLine() {
      return headerLine;
    },
    line(line) {
      const { text, number } = line;
      if (text === undefined) {
        page.update(line.bytes);
        refuse("not_utf8", { line: number });
        return;
      }
      if (!text.startsWith('{"')) {
        page.update(line.bytes);
        return;
      }
      let record: EvidenceRecord;
      try {
        record = JSON.parse(text) as EvidenceRecord;
      } catch {
        refuse("record_malformed", { line: number });
        return;
      }
      try {
        take(record, line);
      } catch {
        refuse("record_malformed", { line: number });
      }
    },
    finish() {
      if (!ended) refuse("count_differs", { what: "end", told: 1, found: 0 });
    },
    counts: () => ({
      ...counts,
      attachments: { named: within.named.size, enclosed: within.enclosed.size },
      fields: { disclosed: within.disclosed, erased: within.erased },
    }),
  };
}

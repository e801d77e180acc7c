import { createHash } from "node:crypto";
import { canonicalJson, type RawEvent } from "@docket/event-store";
import type { SigningKey } from "../signing/keys.ts";
import { evidenceText } from "../signing/statements.ts";
import type { StoryStep } from "../story/step.ts";
import { pageEnd, pageHead, streamSection, ticketSection } from "./page.ts";
import {
  type AttachmentRecord,
  evidenceFormat,
  type EvidenceRecord,
  type HeaderRecord,
  type SignatureRecord,
  type StreamRecord,
} from "./records.ts";
import type { FieldKeyOf } from "./sealed.ts";

/** One stream as it goes into an evidence file: held in memory whole, one at a time. */
export interface EvidenceStream {
  readonly inclusion: Omit<StreamRecord, "kind">;
  readonly events: readonly RawEvent[];
  /** what opens the personal fields of each event, by revision */
  readonly disclosed: ReadonlyMap<number, readonly FieldKeyOf[]>;
  readonly attachments: readonly Omit<AttachmentRecord, "kind" | "stream">[];
  /** of a ticket: its number and life */
  readonly story: { readonly number: string; readonly steps: readonly StoryStep[] } | null;
  /** the bytes of a file, where they are to be in it; undefined: not kept any more */
  readonly bytesOf?: (sha256: string) => Promise<AsyncIterable<Uint8Array> | undefined>;
}

const open = '<script type="application/x-ndjson">';
const close = "</script>";
const partBytes = 48 * 1024;

/**
 * The text of an evidence file, piece by piece: memory holds one stream. Whoever takes it decides the pace. The last line is signed with
 * every key given.
 */
export async function* writeEvidence(
  header: Omit<HeaderRecord, "kind" | "format">,
  streams: AsyncIterable<EvidenceStream>,
  keys: readonly SigningKey[],
): AsyncGenerator<string> {
  const digest = createHash("sha256");
  let page = createHash("sha256");
  const counts = { streams: 0, events: 0 };
  const say = (lines: readonly string[]): string => {
    for (const line of lines) if (!line.startsWith('{"')) page.update(`${line}\n`);
    const text = `${lines.join("\n")}\n`;
    digest.update(text);
    return text;
  };
  /** Lines of the page, then records; the page's hash goes first among them. */
  const section = (lines: readonly string[], records: readonly EvidenceRecord[]): string => {
    const shown = say([...lines, open]);
    const sha256 = page.digest("hex");
    page = createHash("sha256");
    return shown + say([recordLine({ kind: "page", sha256 }), ...records.map(recordLine)]);
  };

  yield section(pageHead(header), [{ kind: "header", format: evidenceFormat, ...header }]);
  for await (const stream of streams) {
    counts.streams++;
    counts.events += stream.events.length;
    const { inclusion, events, story } = stream;
    const lines =
      story === null
        ? streamSection(inclusion.stream, events, inclusion.revision)
        : ticketSection(story.number, story.steps, inclusion.revision);
    yield section([close, ...lines], [{ kind: "stream", ...inclusion }]);
    for (const event of events) yield say(eventRecords(stream, event).map(recordLine));
    const files = [...new Set(stream.attachments.map(({ sha256 }) => sha256))];
    for (const sha256 of stream.bytesOf === undefined ? [] : files)
      for await (const record of bytesRecords(stream, sha256)) yield say([recordLine(record)]);
    yield say([recordLine({ kind: "streamEnd", stream: inclusion.stream, events: events.length })]);
  }
  yield section([close, "</main>"], [{ kind: "end", ...counts }]);
  yield say([pageEnd]);
  yield signatureLine(digest.digest("hex"), keys);
}

function eventRecords(stream: EvidenceStream, event: RawEvent): EvidenceRecord[] {
  const { stream: name, revision, eventId, type, position, dataText, metaText } = event;
  const fields = stream.disclosed.get(revision) ?? [];
  return [
    {
      kind: "event",
      stream: name,
      revision,
      eventId,
      type,
      position: String(position.commit),
      data: dataText,
      meta: metaText,
    },
    ...(fields.length === 0 ? [] : [{ kind: "disclosure" as const, stream: name, revision, fields }]),
    ...stream.attachments
      .filter((file) => file.revision === revision)
      .map((file) => ({ kind: "attachment" as const, stream: name, ...file })),
  ];
}

async function* bytesRecords({ bytesOf }: EvidenceStream, sha256: string): AsyncGenerator<EvidenceRecord> {
  const source = await bytesOf?.(sha256);
  if (source === undefined) return;
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const parts = Math.max(1, Math.ceil(bytes.length / partBytes));
  for (let part = 0; part < parts; part++) {
    const base64 = bytes.subarray(part * partBytes, (part + 1) * partBytes).toString("base64");
    yield { kind: "bytes", sha256, part, parts, base64 };
  }
}

/** A record as its line. No `<` stands in it, so that it can end no element of the page. */
export const recordLine = (record: EvidenceRecord): string => {
  const { kind, ...rest } = record;
  return JSON.stringify({ kind, ...rest }).replaceAll("<", "\\u003c");
};

export function signatureLine(digest: string, keys: readonly SigningKey[]): string {
  const text = evidenceText(digest);
  const record: SignatureRecord = {
    kind: "signature",
    digest,
    signatures: keys.map((key) => ({ key: key.key, signature: key.sign(text) })),
  };
  return `<!--${canonicalJson(record)}-->\n`;
}

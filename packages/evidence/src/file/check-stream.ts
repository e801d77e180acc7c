import { createHash, type Hash } from "node:crypto";
import { hashOf } from "@docket/event-store";
import type { Checkpoint } from "../signing/statements.ts";
import { leafHash, rootByProof } from "../tree/merkle.ts";
import type { RefusalCode, Refused } from "./check-texts.ts";
import type {
  AttachmentRecord,
  BytesRecord,
  DisclosureRecord,
  EventRecord,
  StreamEndRecord,
  StreamRecord,
} from "./records.ts";
import { openSealed, sealedOf, valueAt } from "./sealed.ts";

export type Refuse = (code: RefusalCode, params?: Refused["params"]) => void;

/** A personal field that opened, for who prints the clear text. */
export interface OpenedField {
  readonly stream: string;
  readonly revision: number;
  readonly pointer: string;
  /** null: its key was destroyed */
  readonly text: string | null;
}

/** What is counted over all streams of a file. */
export interface StreamCounts {
  /** files that events name, and those whose bytes are in the evidence file */
  readonly named: Set<string>;
  readonly enclosed: Set<string>;
  disclosed: number;
  erased: number;
}

/**
 * Checks one stream of an evidence file, record by record: its place in the signed tree, its chain, its end, what is disclosed of it, that
 * its files are those that its events name, and their bytes.
 */
export function streamChecker(
  record: StreamRecord,
  checkpoint: Checkpoint | null,
  refuse: Refuse,
  onField: (field: OpenedField) => void,
  counts: StreamCounts,
) {
  const { stream } = record;
  const named = new Set<string>();
  let revision = -1;
  let prevHash: string | null = null;
  let event: { readonly type: string; readonly document: unknown } | undefined;
  let broken = false;
  let file: { sha256: string; next: number; parts: number; hash: Hash } | undefined;
  checkProof(record, checkpoint, refuse);

  return {
    stream,
    event(next: EventRecord): void {
      event = undefined;
      if (broken) return;
      const fault = faultOf(next);
      revision++;
      if (fault === undefined) return;
      broken = fault !== "chain_altered";
      refuse(fault, { stream, revision });
    },
    disclosure({ revision: of, fields }: DisclosureRecord): void {
      if (event === undefined || of !== revision) return;
      for (const { pointer, key } of fields) {
        const sealed = sealedOf(valueAt(event.document, pointer));
        if (sealed !== undefined && key === null) {
          counts.erased++;
          onField({ stream, revision: of, pointer, text: null });
          continue;
        }
        const text =
          sealed && key !== null ? openSealed(sealed, key, { stream, type: event.type, pointer }) : undefined;
        if (text === undefined) refuse("disclosure_invalid", { stream, revision: of, pointer });
        else {
          counts.disclosed++;
          onField({ stream, revision: of, pointer, text });
        }
      }
    },
    attachment({ revision: of, sha256, size }: AttachmentRecord): void {
      named.add(sha256);
      counts.named.add(sha256);
      // an event that is refused itself says nothing of its files
      if (event !== undefined && (of !== revision || !names(event.document, sha256, size)))
        refuse("attachment_unfounded", { sha256, stream, revision: of });
    },
    bytes({ sha256, part, parts, base64 }: BytesRecord): void {
      if (part === 0) {
        breakOff();
        file = { sha256, next: 0, parts, hash: createHash("sha256") };
      }
      if (file === undefined || file.sha256 !== sha256 || file.next !== part || file.parts !== parts) {
        refuse("attachment_altered", { sha256 });
        file = undefined;
        return;
      }
      if (!named.has(sha256)) refuse("attachment_unfounded", { sha256, stream, revision });
      file.next++;
      file.hash.update(Buffer.from(base64, "base64"));
      if (file.next < parts) return;
      if (file.hash.digest("hex") === sha256) counts.enclosed.add(sha256);
      else refuse("attachment_altered", { sha256 });
      file = undefined;
    },
    /** Gives how many of its events were signed. */
    end({ events }: StreamEndRecord): number {
      breakOff();
      if (events !== revision + 1) refuse("count_differs", { what: stream, told: events, found: revision + 1 });
      if (record.revision !== null && revision < record.revision)
        refuse("events_missing", { stream, signed: record.revision });
      return record.revision === null ? 0 : Math.min(record.revision, revision) + 1;
    },
  };

  /** A file whose parts are not all there. */
  function breakOff(): void {
    if (file !== undefined) refuse("attachment_truncated", { sha256: file.sha256 });
    file = undefined;
  }

  function faultOf(
    next: EventRecord,
  ): "chain_gap" | "chain_altered" | "chain_broken_link" | "head_differs" | undefined {
    if (next.stream !== stream || next.revision !== revision + 1) return "chain_gap";
    let told: string;
    try {
      const data = JSON.parse(next.data) as unknown;
      const stored = JSON.parse(next.meta) as { hash: string; prevHash: string | null };
      const { hash, ...meta } = stored;
      told = hash;
      if (meta.prevHash !== prevHash) return "chain_broken_link";
      if (hashOf({ stream, revision: next.revision, type: next.type, data, meta: meta as never }) !== hash)
        return "chain_altered";
      event = { type: next.type, document: { data, meta: stored } };
    } catch {
      return "chain_altered";
    } finally {
      prevHash = hashIn(next.meta);
    }
    return next.revision === record.revision && told !== record.hash ? "head_differs" : undefined;
  }
}

function hashIn(meta: string): string | null {
  try {
    return String((JSON.parse(meta) as { hash?: unknown }).hash);
  } catch {
    return null;
  }
}

function checkProof(record: StreamRecord, checkpoint: Checkpoint | null, refuse: Refuse): void {
  const { stream, leaf, revision, hash, proof } = record;
  if (leaf === null) return;
  const nodes = proof.map((node) => Buffer.from(node, "hex"));
  const root =
    checkpoint === null || revision === null || hash === null || nodes.some((node) => node.length !== 32)
      ? undefined
      : rootByProof(leafHash({ stream, revision, hash }), leaf, checkpoint.streams, nodes);
  if (root?.toString("hex") !== checkpoint?.root) refuse("proof_invalid", { stream });
}

/** Whether an event's data name a file of that hash and size. */
function names(document: unknown, sha256: string, size: number): boolean {
  if (typeof document !== "object" || document === null) return false;
  const file = document as { readonly sha256?: unknown; readonly size?: unknown };
  if (file.sha256 === sha256 && file.size === size) return true;
  return Object.values(document).some((value) => names(value, sha256, size));
}

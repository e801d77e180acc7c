import type { StreamKind } from "./event.ts";

/** Kinds of which there is one stream only; its name is the kind itself. */
const single: ReadonlySet<StreamKind> = new Set<StreamKind>([
  "routing-rules",
  "ticket-numbers",
  "checkpoint",
  "rights",
]);

/** The name of a stream: `<kind>-<id>`; the kinds of which there is one only are named by the kind. */
export function streamNameOf(kind: StreamKind, id: string): string {
  return single.has(kind) ? kind : `${kind}-${id}`;
}

/** The kind and id that a stream's name says; null for a stream that is not ours. The single streams have an empty id. */
export function parseStreamName(name: string): { readonly kind: StreamKind; readonly id: string } | null {
  if (single.has(name as StreamKind)) return { kind: name as StreamKind, id: "" };
  const dash = name.indexOf("-");
  const kind = name.slice(0, dash) as StreamKind;
  if (dash < 1 || dash === name.length - 1 || !prefixed.has(kind)) return null;
  return { kind, id: name.slice(dash + 1) };
}

const prefixed: ReadonlySet<StreamKind> = new Set<StreamKind>([
  "ticket",
  "contact",
  "organization",
  "contract",
  "calendar",
  "staff",
  "group",
  "plan",
  "letter",
  "survey",
  "erasure",
  "access",
]);

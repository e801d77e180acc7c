import type { Say, TextKey } from "../text/keys.ts";

/** What is recorded as an access: what was looked at, or taken out. */
export const accessKinds = [
  "ticket",
  "timeline",
  "replay",
  "clocks",
  "attachment",
  "journal",
  "journal_export",
  "evidence_export",
  "access_log",
  "verification",
  "report_export",
  "subject_export",
] as const;

/** One access, as the log of accesses gives it. */
export interface Access {
  readonly accessId: string;
  readonly at: string;
  readonly actorId: string;
  readonly actorName: string | null;
  readonly actorRole: string;
  readonly kind: string;
  readonly number: string | null;
  readonly query: string;
  readonly items: string | number | null;
  readonly complete: boolean | null;
}

/** A kind that these texts do not know yet stands for itself. */
export const wordOfAccess = (t: Say, kind: string): string =>
  (accessKinds as readonly string[]).includes(kind) ? t(`audit.access.${kind}` as TextKey) : kind;

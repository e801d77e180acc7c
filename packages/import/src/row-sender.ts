import type { HistoryTicket } from "@docket/command-handling";
import type { DomainError, TicketCommand } from "@docket/domain";
import { derivedId } from "@docket/event-store";
import { changedFields } from "./extract.ts";
import type { ReportEntry, StagedRow } from "./job-file.ts";
import type { LineOutcomes } from "./line-outcomes.ts";
import type { Trouble } from "./tell-row.ts";

/**
 * The commands of one row on their way, and what becomes of the row by them; of several rows where a change log tells one change by
 * several. Every row's outcome is what its own lines of the report say.
 */
export interface RowSender {
  at(when: number): void;
  send(command: TicketCommand, occurredAt?: number): DomainError | undefined;
  trouble(trouble: Trouble): void;
  /** Nothing of the rows was taken. */
  refuse(error: DomainError, done: string): void;
  /** no trouble so far */
  quiet(): boolean;
  /** Says of each row how it came out. */
  settle(outcomes: LineOutcomes): void;
}

export interface SenderParts {
  readonly history: HistoryTicket;
  readonly provenance: {
    readonly source: string;
    readonly file: string;
    readonly row: number;
    readonly importedAt: string;
  };
  readonly correlationId: string;
  /** what the ids of its commands follow from */
  readonly identity: readonly string[];
  readonly report: ReportEntry[];
  /** the ticket's key */
  readonly key: string;
  readonly rows: readonly StagedRow[];
}

const ranks = ["unchanged", "taken", "adjusted", "partly", "refused"] as const;

/** Sends the commands of a row, each with an id that follows from the row, and writes down what went otherwise. */
export function senderOf(parts: SenderParts): RowSender {
  const { history, provenance, correlationId, identity, report, key, rows } = parts;
  let when = 0;
  let step = 0;
  let before = history.pending();
  const worst = new Map<StagedRow, (typeof ranks)[number]>();
  const mark = (row: StagedRow, outcome: ReportEntry["outcome"]): void => {
    const known = worst.get(row) ?? "unchanged";
    if (ranks.indexOf(outcome) > ranks.indexOf(known)) worst.set(row, outcome);
  };
  return {
    at(time) {
      when = time;
      before = history.pending();
    },
    send(command, occurredAt) {
      const commandId = derivedId("import", ...identity, ++step);
      const decision = history.decide(command, {
        commandId,
        correlationId,
        provenance,
        recordedAt: when,
        ...(occurredAt === undefined ? {} : { occurredAt }),
      });
      return decision.ok ? undefined : decision.error;
    },
    trouble(trouble) {
      const meant = rows.filter(({ fields }) => trouble.field in fields);
      for (const row of meant.length === 0 ? rows.slice(-1) : meant) {
        mark(row, trouble.outcome);
        report.push({ row: row.line, ticket: key, ...trouble });
      }
    },
    refuse({ code, field, params }, done) {
      const detail = Object.entries(params ?? {})
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join(", ");
      for (const row of rows) {
        mark(row, "refused");
        report.push({ row: row.line, ticket: key, outcome: "refused", code, field: field ?? null, done, detail });
      }
    },
    quiet: () => worst.size === 0,
    settle(outcomes) {
      const changed = history.pending() !== before;
      for (const row of rows) {
        const says = rows.length === 1 || changedFields.some((name) => row.fields[name] !== undefined);
        const outcome = worst.get(row) ?? (row.noted ? "adjusted" : changed && says ? "taken" : "unchanged");
        outcomes.add(row.line, outcome);
      }
    },
  };
}

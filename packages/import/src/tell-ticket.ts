import type { History, HistoryTicket } from "@docket/command-handling";
import type { Requester, TicketState } from "@docket/domain";
import { derivedId } from "@docket/event-store";
import type { RowFields } from "./extract.ts";
import type { ReportEntry, StagedRow, TicketResult } from "./job-file.ts";
import { lineOutcomes } from "./line-outcomes.ts";
import type { Mapping } from "./mapping-schema.ts";
import { register, tellFixed } from "./register.ts";
import {
  differences,
  firstStated,
  followed,
  isOneChange,
  saysTheSame,
  standingBefore,
  withStatus,
} from "./row-fields.ts";
import { senderOf } from "./row-sender.ts";
import { digestsOf, lastJudgement, ourJudgement, recordOf, sameRecord, type SourceRecord } from "./source-record.ts";
import { closeTicket, isClosing, moveTicket, type StandIns, type Wanted } from "./tell-row.ts";
import type { HistoryTexts } from "./texts.ts";
import { toldBefore } from "./told-before.ts";
import { meaningOf, wantedOf, wantsNothing } from "./wanted.ts";

/** Who and what the names of a row are here. */
export interface KnownNames {
  contractOf(fields: RowFields): { readonly organizationId: string; readonly contractId: string };
  groupOf(fields: RowFields): Wanted["group"];
  engineerOf(fields: RowFields): string | null;
  requesterOf(fields: RowFields): Requester;
  /** whether a text is the name, address or number of somebody whom the file names */
  isSomebody(text: string): boolean;
  readonly standIns: StandIns;
}

export interface TellingParts {
  readonly history: History;
  readonly mapping: Mapping;
  readonly names: KnownNames;
  readonly texts: HistoryTexts;
  /** the file's SHA-256 */
  readonly file: string;
  /** when this import runs, and the latest time that the file speaks of (milliseconds) */
  readonly importedAt: number;
  readonly until: number;
  /** a number for a ticket whose key cannot be one */
  newNumber(): Promise<string>;
}

/** About how many bytes are appended together at most (a server's limit is 1 MiB); a longer life takes several appends. */
const MAX_BYTES_HELD = 400_000;

/** The id of a ticket: the same whatever file tells of it. */
export function ticketIdFor(source: string, key: string): string {
  return derivedId("import-ticket", source, key);
}

/**
 * Tells one ticket's history: its rows in order, each as the commands that it amounts to, at the source's times. What was told
 * before (by an earlier run, or by a file that this one continues) is not told again. Throws StoreUnavailable.
 */
export async function tellTicket(
  parts: TellingParts,
  ticket: { readonly id: number; readonly key: string },
  rows: readonly StagedRow[],
  options: { readonly fresh: boolean },
): Promise<TicketResult> {
  for (let fresh = options.fresh; ; fresh = false) {
    const result = await tellOnce(parts, ticket, rows, fresh);
    // Somebody has written to it since it was opened: told again on what stands there now.
    if (result !== "conflict") return result;
  }
}

async function tellOnce(
  parts: TellingParts,
  { id, key }: { readonly id: number; readonly key: string },
  rows: readonly StagedRow[],
  fresh: boolean,
): Promise<TicketResult | "conflict"> {
  const { mapping, file, until } = parts;
  const { source } = mapping;
  const ticketId = ticketIdFor(source, key);
  const history = await parts.history.open(ticketId, { fresh });
  const digests = digestsOf(rows);
  const before = toldBefore(history, source, rows, digests);
  const report: ReportEntry[] = [];
  const outcomes = lineOutcomes();
  const correlationId = derivedId("import", source, ticketId, file);
  const importedAt = new Date(parts.importedAt).toISOString();
  const provenanceAt = (line: number) => ({ source, file, row: line, importedAt });
  const theirs = lastJudgement(mapping, rows);
  const kept = firstStated(rows);
  const start = standingBefore(rows);
  let events = 0;
  let recorded: SourceRecord | undefined = before.recorded;
  let previous: StagedRow | undefined;
  let latest = before.latest;

  const flush = async (): Promise<boolean> => {
    const pending = history.pending();
    if ((await history.flush()) === "conflict") return false;
    events += pending;
    return true;
  };

  /** rows before this one that are one change with it, and what they say together */
  let together: StagedRow[] = [];
  let carried: RowFields = start;
  for (const [index, given] of rows.entries()) {
    const row = index > 0 && together.length === 0 ? given : { ...given, fields: { ...carried, ...given.fields } };
    const { line, at, fields } = row;
    together.push(given);
    const next = rows[index + 1];
    if (next !== undefined && isOneChange(mapping, row, next) && !before.covers(index, at)) {
      carried = fields;
      continue;
    }
    const those = together;
    together = [];
    if (before.covers(index, at)) {
      for (const one of those) outcomes.add(one.line, "told_before");
      previous = followed(previous, row, fields);
      continue;
    }
    const digest = digests[index] as string;
    const identity = [source, ticketId, digest];
    const provenance = provenanceAt(line);
    const sender = senderOf({ history, provenance, correlationId, identity, report, key, rows: those });
    const recordAt = (of: RowFields, stateUnknown: boolean): SourceRecord =>
      recordOf(mapping, parts.names, key, of, stateUnknown, recorded, index + 1 + before.offset, digest);
    const meaning = meaningOf(mapping, (previous?.fields ?? start).status, fields.status);
    if (meaning === "unknown")
      sender.trouble({
        outcome: "partly",
        code: "state_unknown",
        field: "status",
        done: "the state stays as it was",
        detail: fields.status ?? "",
      });
    const stated: RowFields = meaning === "unknown" ? withStatus(fields, previous?.fields.status) : fields;
    if (at < latest)
      sender.trouble({
        outcome: "adjusted",
        code: "time_went_back",
        field: "ticket.rowTime",
        done: `taken as of ${new Date(latest).toISOString()}`,
        detail: new Date(at).toISOString(),
      });
    const same = previous !== undefined && saysTheSame(previous, row, stated);
    if (same && isOpenNow(history) && sender.quiet()) {
      sender.settle(outcomes);
      previous = followed(previous, row, stated);
      latest = Math.max(latest, at);
      continue;
    }
    const when = Math.max(at, latest);
    latest = when;
    history.passTime(when, { correlationId, provenance });
    sender.at(when);
    const standing = history.state();
    if (standing === null) {
      const refused = await register(parts, ticketId, key, { ...row, fields: { ...kept, ...fields } }, when, sender);
      if (refused !== undefined) {
        sender.refuse(refused, "the ticket is not there yet; the next row may bring it");
        sender.settle(outcomes);
        continue;
      }
    } else if (standing.status === "closed") {
      if (!wantsNothing(parts, stated, meaning, standing)) {
        const params = differences(previous?.fields ?? {}, stated);
        sender.refuse({ code: "ticket_closed", params }, "nothing; a closed ticket takes no further change");
      } else if (!same) {
        tellFixed(previous, row, sender);
        if (!sameRecord(recorded, recordAt(stated, false)))
          sender.trouble({
            outcome: "partly",
            code: "ticket_closed",
            field: "keep",
            done: "beside the ticket stands what the source held when it closed",
            detail: "",
          });
      }
      sender.settle(outcomes);
      previous = followed(previous, row, stated);
      continue;
    } else tellFixed(previous, row, sender);
    const wanted = wantedOf(parts, stated, meaning);
    const telling = {
      ticket: history,
      send: sender.send,
      trouble: sender.trouble,
      standIns: parts.names.standIns,
      by: (history.state() as TicketState).requester,
    };
    moveTicket(telling, wanted);
    const closing = isClosing(wanted.meaning);
    const record = recordAt(stated, meaning === "unknown");
    const long = history.pendingBytes() >= MAX_BYTES_HELD;
    if (closing || long || index === rows.length - 1 || !sameRecord(recorded, record)) {
      const refused = sender.send({ type: "RecordSource", data: { ticketId, ...record } });
      if (refused === undefined) recorded = record;
      else
        sender.trouble({
          outcome: "partly",
          code: refused.code,
          field: "keep",
          done: "what the source held is not kept beside",
          detail: refused.field ?? "",
        });
    }
    if (closing) closeTicket(telling, wanted);
    sender.settle(outcomes);
    previous = followed(previous, row, stated);
    if (long && !(await flush())) return "conflict";
  }
  finish();
  if (!(await flush())) return "conflict";
  const state = history.state();
  return {
    id,
    counts: outcomes.counts(),
    events,
    ours: state === null ? null : ourJudgement(mapping, state),
    theirs,
    report,
  };

  /** What stands at the file's end: deadlines that passed until then, and how far the history is told. */
  function finish(): void {
    const last = rows.at(-1);
    const state = history.state();
    if (last === undefined || state === null || state.status === "closed" || before.covers(rows.length - 1, last.at))
      return;
    const told = rows.length + before.offset;
    const digest = digests.at(-1) as string;
    if (recorded !== undefined && (recorded.rows < told || recorded.digest !== digest)) {
      const provenance = provenanceAt(last.line);
      const meta = {
        commandId: derivedId("import", source, ticketId, digest, "end"),
        correlationId,
        recordedAt: latest,
        provenance,
      };
      history.decide({ type: "RecordSource", data: { ticketId, ...recorded, rows: told, digest } }, meta);
    }
    history.passTime(until, { correlationId, provenance: provenanceAt(last.line) });
  }
}

/** There and not closed: a closed ticket is asked row by row what a row still wants of it. */
function isOpenNow(history: HistoryTicket): boolean {
  const state = history.state();
  return state !== null && state.status !== "closed";
}

import type { History, HistoryTicket } from "@docket/command-handling";
import { type DomainError, limits, type Requester, type TicketCommand, type TicketState } from "@docket/domain";
import { derivedId } from "@docket/event-store";
import type { RowFields } from "./extract.ts";
import type { Outcome, ReportEntry, StagedRow, TicketResult } from "./job-file.ts";
import { clean } from "./clean-text.ts";
import type { Mapping } from "./mapping-schema.ts";
import { digestsOf, lastJudgement, ourJudgement, recordOf, sameRecord, type SourceRecord } from "./source-record.ts";
import { closeTicket, isClosing, moveTicket, type StandIns, type Trouble, type Wanted } from "./tell-row.ts";
import type { HistoryTexts } from "./texts.ts";
import { meaningOf, wantedOf, wantsNothing, word } from "./wanted.ts";

/** Who and what the names of a row are here. */
export interface KnownNames {
  contractOf(fields: RowFields): { readonly organizationId: string; readonly contractId: string };
  groupOf(fields: RowFields): Wanted["group"];
  engineerOf(fields: RowFields): string | null;
  requesterOf(fields: RowFields): Requester;
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

/** A ticket's own number here: the source's key where it has the form of a number and is not one of ours. */
const keepable = /^(?=[^\d]*\d)[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/;
const ours = /^SC-\d+$/i;
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
  const counts: Partial<Record<Outcome, number>> = {};
  const count = (outcome: Outcome, times: number): void => void (counts[outcome] = (counts[outcome] ?? 0) + times);
  const correlationId = derivedId("import", source, ticketId, file);
  const importedAt = new Date(parts.importedAt).toISOString();
  const provenanceAt = (line: number) => ({ source, file, row: line, importedAt });
  const theirs = lastJudgement(mapping, rows);
  const kept = firstStated(rows);
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

  let carried: RowFields = {};
  let carriedRows = 0;
  for (const [index, given] of rows.entries()) {
    const row = carriedRows === 0 ? given : { ...given, fields: { ...carried, ...given.fields } };
    const { line, at, fields } = row;
    const next = rows[index + 1];
    if (next !== undefined && isOneChange(mapping, row, next) && !before.covers(index, at)) {
      carried = fields;
      carriedRows++;
      continue;
    }
    const together = 1 + carriedRows;
    carried = {};
    carriedRows = 0;
    if (before.covers(index, at)) {
      count("told_before", together);
      previous = { ...row, fields: { ...previous?.fields, ...fields } };
      continue;
    }
    const digest = digests[index] as string;
    const sender = senderOf(history, provenanceAt(line), correlationId, [source, ticketId, digest], report, key, line);
    const meaning = meaningOf(mapping, previous?.fields.status, fields.status);
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
    if (previous !== undefined && sameFields(previous.fields, stated) && isOpenNow(history) && sender.quiet()) {
      count(row.noted ? "adjusted" : "unchanged", together);
      previous = { ...row, fields: { ...previous?.fields, ...stated } };
      latest = Math.max(latest, at);
      continue;
    }
    const when = Math.max(at, latest);
    latest = when;
    history.passTime(when, { correlationId, provenance: provenanceAt(line) });
    sender.at(when);
    const standing = history.state();
    if (standing === null) {
      const refused = await register(parts, ticketId, key, { ...row, fields: { ...kept, ...fields } }, when, sender);
      if (refused !== undefined) {
        sender.refuse(refused, "the ticket is not there yet; the next row may bring it");
        count("refused", together);
        continue;
      }
    } else if (standing.status === "closed") {
      if (wantsNothing(parts, stated, meaning, standing)) count("unchanged", together);
      else {
        sender.refuse({ code: "ticket_closed" }, "nothing; a closed ticket takes no further change");
        count("refused", together);
      }
      previous = { ...row, fields: { ...previous?.fields, ...stated } };
      continue;
    } else tellFixed(previous, stated, sender);
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
    const record = recordOf(
      mapping,
      source,
      key,
      stated,
      meaning === "unknown",
      recorded,
      index + 1 + before.offset,
      digest,
    );
    const long = history.pendingBytes() >= MAX_BYTES_HELD;
    if (closing || long || index === rows.length - 1 || !sameRecord(recorded, record)) {
      sender.send({ type: "RecordSource", data: { ticketId, ...record } });
      recorded = record;
    }
    if (closing) closeTicket(telling, wanted);
    const outcome = sender.outcome();
    count(row.noted && (outcome === "taken" || outcome === "unchanged") ? "adjusted" : outcome, together);
    previous = { ...row, fields: { ...previous?.fields, ...stated } };
    if (long && !(await flush())) return "conflict";
  }
  finish();
  if (!(await flush())) return "conflict";
  const state = history.state();
  return { id, counts, events, ours: state === null ? null : ourJudgement(mapping, state), theirs, report };

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

/**
 * Whether two rows of a change log are one change: somebody changed several fields at once, and in which order they stand says
 * nothing. States are told one by one.
 */
function isOneChange({ changes, status }: Mapping, row: StagedRow, next: StagedRow): boolean {
  if (changes === undefined || row.at !== next.at) return false;
  const known = (state: string | undefined): boolean =>
    state === undefined || status.otherwise !== undefined || Object.hasOwn(status.values, state);
  if (!known(row.fields.status) || !known(next.fields.status)) return false;
  return (["status", "priority", "type", "group", "person", "product"] as const).every(
    (name) =>
      row.fields[name] === undefined || next.fields[name] === undefined || row.fields[name] === next.fields[name],
  );
}

/** What a ticket keeps from its registration, as the first row says it that does: a change log tells a title once. */
function firstStated(rows: readonly StagedRow[]): RowFields {
  const found: RowFields = {};
  for (const name of keptFields) {
    const value = rows.find(({ fields }) => fields[name] !== undefined)?.fields[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
const keptFields = [
  "organization",
  "requesterKey",
  "requesterName",
  "requesterEmail",
  "requesterPhone",
  "subject",
  "description",
  "region",
] as const;

/** There and not closed: a closed ticket is asked row by row what a row still wants of it. */
function isOpenNow(history: HistoryTicket): boolean {
  const state = history.state();
  return state !== null && state.status !== "closed";
}

interface Sender {
  at(when: number): void;
  send(command: TicketCommand, occurredAt?: number): DomainError | undefined;
  trouble(trouble: Trouble): void;
  refuse(error: DomainError, done: string): void;
  /** no trouble so far */
  quiet(): boolean;
  outcome(): Outcome;
}

/** Sends the commands of one row, each with an id that follows from the row, and writes down what went otherwise. */
function senderOf(
  history: HistoryTicket,
  provenance: { readonly source: string; readonly file: string; readonly row: number; readonly importedAt: string },
  correlationId: string,
  identity: readonly string[],
  report: ReportEntry[],
  key: string,
  line: number,
): Sender {
  let when = 0;
  let step = 0;
  let before = 0;
  let worst: "adjusted" | "partly" | undefined;
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
      if (worst !== "partly") worst = trouble.outcome;
      report.push({ row: line, ticket: key, ...trouble });
    },
    refuse({ code, field, params }, done) {
      const detail = Object.entries(params ?? {})
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join(", ");
      report.push({ row: line, ticket: key, outcome: "refused", code, field: field ?? null, done, detail });
    },
    quiet: () => worst === undefined,
    outcome: () => worst ?? (history.pending() === before ? "unchanged" : "taken"),
  };
}

/** How much of a ticket's rows its stream tells already, and what it last recorded of the source. */
function toldBefore(history: HistoryTicket, source: string, rows: readonly StagedRow[], digests: readonly string[]) {
  const records = history.told.filter((fact) => fact.type === "TicketSourceRecorded" && fact.data.source === source);
  const last = records.at(-1);
  if (last?.type !== "TicketSourceRecorded")
    return { recorded: undefined, offset: 0, latest: -Infinity, covers: () => false } as const;
  const recorded: SourceRecord = last.data;
  const imported = history.told.filter((fact) => fact.meta.provenance?.source === source);
  const latest = Math.max(...imported.map((fact) => Date.parse(fact.meta.recordedAt)));
  if (digests[recorded.rows - 1] === recorded.digest) {
    // The same rows, and perhaps more behind them. What came behind a close is refused again, as it was then.
    return { recorded, offset: 0, latest, covers: (index: number) => index < recorded.rows } as const;
  }
  // Another cut of the same history, or another mapping: only what is later than all that was told is new.
  const older = rows.filter(({ at }) => at <= latest).length;
  return {
    recorded,
    offset: Math.max(0, recorded.rows - older),
    latest,
    covers: (_index: number, at: number) => at <= latest,
  } as const;
}

function withStatus({ status: _status, ...fields }: RowFields, status: string | undefined): RowFields {
  return status === undefined ? fields : { ...fields, status };
}

function sameFields(a: RowFields, b: RowFields): boolean {
  const { keep: keepA, keepTexts: textsA, ...restA } = a;
  const { keep: keepB, keepTexts: textsB, ...restB } = b;
  const names = new Set([...Object.keys(restA), ...Object.keys(restB)]) as Set<keyof typeof restA>;
  for (const name of names) if (restB[name] !== undefined && restA[name] !== restB[name]) return false;
  return JSON.stringify([keepA, textsA]) === JSON.stringify([keepB, textsB]);
}

const fixed = [
  ["requesterKey", "requester"],
  ["requesterEmail", "requester"],
  ["organization", "organization"],
  ["channel", "channel"],
  ["subject", "subject"],
] as const;

/** What a ticket keeps from its registration for good. */
function tellFixed(previous: StagedRow | undefined, fields: RowFields, sender: Sender): void {
  if (previous === undefined) return;
  for (const [name, field] of fixed) {
    const [from, to] = [previous.fields[name], fields[name]];
    if (from === undefined || to === undefined || from === to) continue;
    const done = "stays as it was registered";
    sender.trouble({
      outcome: "partly",
      code: "fixed_at_registration",
      field,
      done,
      detail: `${from} -> ${to}`.slice(0, 300),
    });
  }
}

async function register(
  parts: TellingParts,
  ticketId: string,
  key: string,
  { openedAt, fields }: StagedRow,
  when: number,
  sender: Sender,
): Promise<DomainError | undefined> {
  const { mapping, names } = parts;
  let opened = openedAt ?? when;
  if (opened > when) {
    sender.trouble({
      outcome: "adjusted",
      code: "opened_after_row",
      field: "ticket.openedAt",
      done: "taken as opened at the row's time",
      detail: new Date(opened).toISOString(),
    });
    opened = when;
  }
  const keeps = mapping.ticket.number === "keep" && keepable.test(key) && !ours.test(key);
  const type = word(mapping.ticket.type, fields.type);
  const priority = word(mapping.ticket.priority, fields.priority);
  for (const [field, { unknown }, raw] of [
    ["type", type, fields.type],
    ["priority", priority, fields.priority],
  ] as const)
    if (unknown)
      sender.trouble({
        outcome: "partly",
        code: "value_unknown",
        field,
        done: "the contract's default",
        detail: raw ?? "",
      });
  const channel = word(mapping.ticket.channel, fields.channel);
  if (channel.unknown)
    sender.trouble({
      outcome: "partly",
      code: "value_unknown",
      field: "channel",
      done: "import",
      detail: fields.channel ?? "",
    });
  const subject = clean(fields.subject ?? key, limits.subject);
  const description = clean(fields.description ?? "", limits.text);
  if (fields.description !== undefined && description !== fields.description)
    sender.trouble({
      outcome: "adjusted",
      code: "text_cut",
      field: "description",
      done: "cut or cleaned",
      detail: `${fields.description.length} characters`,
    });
  if (fields.subject !== undefined && subject !== fields.subject)
    sender.trouble({
      outcome: "adjusted",
      code: "text_cut",
      field: "subject",
      done: "cut or cleaned",
      detail: `${fields.subject.length} characters`,
    });
  return sender.send(
    {
      type: "RegisterTicket",
      data: {
        ticketId,
        number: keeps ? key.toUpperCase() : await parts.newNumber(),
        contactId: null,
        channel: channel.word ?? "import",
        ...names.contractOf(fields),
        requester: names.requesterOf(fields),
        language: mapping.language,
        subject,
        description,
        product: fields.product === undefined ? null : clean(fields.product, limits.product),
        productVersion: null,
        stepsToReproduce: null,
        region: fields.region === undefined ? null : clean(fields.region, limits.name),
        wish: { type: type.word, priority: priority.word },
        receivedAt: new Date(opened).toISOString(),
        attachments: [],
        planId: null,
      },
    },
    opened,
  );
}

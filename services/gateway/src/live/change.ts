import type { TimelineEntry } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import { isCustomer } from "../auth/principal.ts";
import { contactRowFor } from "../contacts/find.ts";
import { ticketRowFor } from "../tickets/rows.ts";
import { ticketViewFor } from "../tickets/view.ts";
import { timelineEntryFor, type JournalRow } from "../tickets/timeline.ts";

export type Row = Readonly<Record<string, unknown>>;
export type RowKind = "queue" | "ticket" | "contacts";

/**
 * A row as it was read once for all watchers. What a watcher gets of it depends only on which side he is on, so that each
 * form is made and written out once, however many look on.
 */
export class SharedRow {
  readonly id: string;
  readonly row: Row;
  readonly #texts = new Map<string, string>();

  constructor(id: string, row: Row) {
    this.id = id;
    this.row = row;
  }

  /** The row as JSON text, as this caller may see it. */
  textFor(caller: Principal, kind: RowKind): string {
    const key = `${kind}/${isCustomer(caller)}`;
    let text = this.#texts.get(key);
    if (text === undefined) this.#texts.set(key, (text = JSON.stringify(shape[kind](caller, this.row))));
    return text;
  }
}

const shape: Record<RowKind, (caller: Principal, row: Row) => unknown> = {
  queue: ticketRowFor,
  ticket: ticketViewFor,
  contacts: contactRowFor,
};

/** What became known between two positions: the rows that it changed, as of `position`, and the facts of tickets. */
export interface Change {
  readonly position: bigint;
  readonly tickets: readonly SharedRow[];
  readonly contacts: readonly SharedRow[];
  readonly facts: ReadonlyMap<string, readonly JournalRow[]>;
  /** somebody joined or left a group */
  readonly groupsChanged: boolean;
  /** personal data were erased: rows and facts of before may have become blank */
  readonly erased: boolean;
}

export const factsFor = (caller: Principal, rows: readonly JournalRow[]): TimelineEntry[] =>
  rows.flatMap((row) => timelineEntryFor(caller, row) ?? []);

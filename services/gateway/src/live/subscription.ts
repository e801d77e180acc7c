import type { SubscribeFrame, TicketQueue } from "@docket/api-contract";
import { liveLimits } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import { matches } from "../query/filter-match.ts";
import type { Filter } from "../query/filter.ts";
import { movesWithTime } from "../tickets/queue-views.ts";
import { factsFor, type Change, type RowKind, type SharedRow } from "./change.ts";
import type { LiveSubscription } from "./live-subscription.ts";
import type { Snapshot } from "./snapshot.ts";

/** Views of rows by their keys. */
export type RowFrame = Extract<SubscribeFrame, { view: "queue" | "ticket" | "contacts" }>;

/** What a subscription looks at: what the reader may see of the view, and which of that the view holds now. */
export interface ViewSpec {
  readonly kind: RowKind;
  readonly sees: Filter;
  /** made anew for each look where the view depends on the present moment */
  holds(): Filter;
  readonly ticketId: string | undefined;
  readonly queue: TicketQueue | undefined;
}

/** Frames of one subscription, already written out. */
export interface Outlet {
  snapshot(
    id: string,
    position: bigint,
    rows: readonly string[],
    truncated: boolean,
    timeline: string | undefined,
  ): void;
  delta(
    id: string,
    position: bigint,
    upserts: readonly string[],
    removes: readonly string[],
    timeline: string | undefined,
  ): void;
  /** too much came while the snapshot was read */
  overrun(id: string): void;
}

/**
 * One view that one reader watches.
 *
 * States: *loading* (from its making; changes are kept until the snapshot is there) -> *live* (the snapshot, or the
 * answer to a resume, was sent; every change becomes a delta) -> *ended* (unsubscribed, overrun, or its connection is
 * gone; everything is ignored). A change at or before the snapshot's position is part of it and is left out, so that
 * positions only grow. `shown` are the rows that the reader has: what leaves the view is told of these only, which
 * also means that the id of a row that he never saw is never named to him.
 */
export class Subscription implements LiveSubscription {
  readonly frame: RowFrame;
  readonly #caller: Principal;
  readonly #outlet: Outlet;
  readonly #shown = new Set<string>();
  #kept: Change[] | undefined = [];
  #view: ViewSpec | undefined;
  #position = 0n;
  #ended = false;

  constructor(frame: RowFrame, caller: Principal, outlet: Outlet) {
    this.frame = frame;
    this.#caller = caller;
    this.#outlet = outlet;
  }

  get id(): string {
    return this.frame.id;
  }

  /** depends on the groups that the reader belongs to */
  get ofGroups(): boolean {
    return this.#view?.queue === "my-line";
  }

  end(): void {
    this.#ended = true;
    this.#kept = undefined;
    this.#shown.clear();
  }

  /** loading -> live */
  begin(view: ViewSpec, snapshot: Snapshot): void {
    if (this.#ended) return;
    this.#view = view;
    const { position, rows, missed, truncated, facts } = snapshot;
    this.#position = position;
    for (const { id } of rows) this.#shown.add(id);
    const timeline = facts === undefined ? undefined : JSON.stringify(factsFor(this.#caller, facts));
    const texts = (some: readonly SharedRow[]): string[] => some.map((row) => row.textFor(this.#caller, view.kind));
    if (missed === undefined) this.#outlet.snapshot(this.id, position, texts(rows), truncated, timeline);
    else {
      const upserts = missed.filter((row) => this.#shown.has(row.id));
      const removes = missed
        .filter((row) => !this.#shown.has(row.id) && matches(view.sees, row.row))
        .map(({ id }) => id);
      this.#outlet.delta(this.id, position, texts(upserts), removes, timeline);
    }
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const change of kept) this.change(change);
  }

  change(change: Change): void {
    if (this.#ended) return;
    if (this.#kept !== undefined) {
      if (this.#kept.length < liveLimits.resumeChanges) this.#kept.push(change);
      else this.#outlet.overrun(this.id);
      return;
    }
    const view = this.#view;
    if (view === undefined || change.position <= this.#position) return;
    this.#position = change.position;
    const { upserts, removes } = this.#sort(view, view.kind === "contacts" ? change.contacts : change.tickets);
    const facts =
      view.ticketId === undefined || !this.#shown.has(view.ticketId) ? undefined : change.facts.get(view.ticketId);
    const timeline = facts === undefined ? undefined : JSON.stringify(factsFor(this.#caller, facts));
    if (upserts.length + removes.length > 0) this.#outlet.delta(this.id, change.position, upserts, removes, timeline);
  }

  /** Rows that have come into a view because time passed. */
  due(rows: readonly SharedRow[], position: bigint): void {
    const view = this.#view;
    if (this.#ended || view?.queue === undefined || !movesWithTime(view.queue)) return;
    const { upserts } = this.#sort(
      view,
      rows.filter(({ id }) => !this.#shown.has(id)),
    );
    if (upserts.length > 0)
      this.#outlet.delta(this.id, position > this.#position ? position : this.#position, upserts, [], undefined);
  }

  #sort(view: ViewSpec, rows: readonly SharedRow[]): { upserts: string[]; removes: string[] } {
    const upserts: string[] = [];
    const removes: string[] = [];
    const holds = view.holds();
    for (const shared of rows) {
      if (matches(view.sees, shared.row) && matches(holds, shared.row)) {
        this.#shown.add(shared.id);
        upserts.push(shared.textFor(this.#caller, view.kind));
      } else if (this.#shown.delete(shared.id)) removes.push(shared.id);
    }
    return { upserts, removes };
  }
}

import { liveLimits, type Ribbon, type RibbonCalendars } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import type { LiveSubscription } from "./live-subscription.ts";
import type { SortedHandle, SortedSpec, SortedViews } from "./sorted-views.ts";

export interface WindowParts {
  readonly sorted: SortedViews;
  /** writes a frame */
  readonly write: (text: string) => void;
  /** the subscription cannot go on */
  readonly fail: (error: unknown) => void;
  /** the clocks of some tickets; absent when the reader did not ask for them */
  readonly ribbons?: (
    ticketIds: readonly string[],
  ) => Promise<{ at: string; items: readonly Ribbon[]; calendars: RibbonCalendars }>;
}

/**
 * A stretch of a sorted view, live.
 *
 * States: *opening* (until the view is read) -> *showing* (each move of the view, the rows or the window leads to one frame,
 * gathered for a tenth of a second, or for a quarter while moves do not cease; frames never overlap) -> *ended*. `#shown` are the
 * rows that the reader has: one that has not changed is not sent again, and one that left the window is forgotten on both sides.
 */
export class WindowSubscription implements LiveSubscription {
  readonly id: string;
  readonly ofGroups: boolean;
  readonly #spec: SortedSpec;
  readonly #caller: Principal;
  readonly #parts: WindowParts;
  readonly #handle: SortedHandle;
  readonly #changed = new Set<string>();
  #shown: readonly string[] = [];
  #last = "";
  #window: { offset: number; limit: number };
  #timer: NodeJS.Timeout | undefined;
  #sentAt = 0;
  #busy = false;
  #again = false;
  #ended = false;

  constructor(
    id: string,
    spec: SortedSpec,
    window: { offset: number; limit: number },
    caller: Principal,
    parts: WindowParts,
  ) {
    this.id = id;
    this.ofGroups = spec.ofGroups;
    this.#spec = spec;
    this.#caller = caller;
    this.#parts = parts;
    this.#window = window;
    this.#handle = parts.sorted.acquire(spec, (touched) => {
      for (const one of touched) this.#changed.add(one);
      this.#gather();
    });
  }

  /** opening -> showing */
  async open(): Promise<void> {
    await this.#handle.ready;
    await this.#show(true);
  }

  /** The reader scrolled: he is answered at once, and always. */
  move(window: { offset: number; limit: number }): void {
    if (this.#ended) return;
    this.#window = window;
    this.#last = "";
    void this.#show(true);
  }

  change(): void {
    // moved by the sorted view itself
  }

  due(): void {
    // likewise
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#handle.release();
  }

  #gather(): void {
    if (this.#ended || this.#timer !== undefined) return;
    // A single change is told soon; of many nobody reads more than some frames a second, and each costs both sides.
    const next = this.#sentAt + liveLimits.windowMs - performance.now();
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        void this.#show(false);
      },
      Math.max(liveLimits.gatherMs, next),
    ).unref();
  }

  async #show(always: boolean): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    try {
      do {
        this.#again = false;
        await this.#send(always);
      } while (this.#again && !this.#ended);
    } catch (error) {
      if (!this.#ended) this.#parts.fail(error);
    } finally {
      this.#busy = false;
    }
  }

  async #send(always: boolean): Promise<void> {
    await this.#handle.ready;
    if (this.#ended) return;
    const { offset, limit } = this.#window;
    const { position, total, capped } = this.#handle;
    const ids = this.#handle.ids(offset, limit);
    const had = new Set(this.#shown);
    const wanted = ids.filter((one) => !had.has(one) || this.#changed.has(one));
    this.#changed.clear();
    const [rows, clocks] = await Promise.all([
      this.#parts.sorted.rows(this.#spec.rows, wanted),
      wanted.length === 0 ? undefined : this.#parts.ribbons?.(wanted),
    ]);
    if (this.#ended) return;
    const head = `"total":${total},"capped":${capped},"offset":${offset},"ids":${JSON.stringify(ids)}`;
    if (!always && rows.length === 0 && head === this.#last) return;
    this.#last = head;
    this.#sentAt = performance.now();
    this.#shown = ids;
    const kind = this.#spec.rows === "contacts" ? "contacts" : "queue";
    const upserts = rows.map((row) => row.textFor(this.#caller, kind)).join();
    const ribbons =
      clocks === undefined
        ? ""
        : `,"at":"${clocks.at}","ribbons":${JSON.stringify(clocks.items)},"calendars":${JSON.stringify(clocks.calendars)}`;
    this.#parts.write(
      `{"type":"window","id":${JSON.stringify(this.id)},"position":"${position}",${head},"upserts":[${upserts}]${ribbons}}`,
    );
  }
}

import type { ServerFrame } from "@docket/api-contract";
import type { LiveSubscription } from "./live-subscription.ts";
import type { SortedHandle, SortedSpec, SortedViews } from "./sorted-views.ts";

type Counters = Extract<ServerFrame, { type: "counters" }>["counters"];

const gatherMs = 250;

/**
 * How much each of a reader's views holds, live. A count is the size of the very set that the view's window shows.
 *
 * States: *opening* (until every view is read, which nobody waits for who wants to see rows) -> *counting* (what changed is told, gathered for a quarter of a second) ->
 * *ended*.
 */
export class CountersSubscription implements LiveSubscription {
  readonly id: string;
  readonly ofGroups: boolean;
  readonly patient = true;
  readonly #handles: ReadonlyMap<string, SortedHandle>;
  readonly #told = new Map<string, string>();
  readonly #send: (frame: ServerFrame) => void;
  #open = false;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    id: string,
    specs: ReadonlyMap<string, SortedSpec>,
    sorted: SortedViews,
    send: (frame: ServerFrame) => void,
  ) {
    this.id = id;
    this.ofGroups = [...specs.values()].some((spec) => spec.ofGroups);
    this.#send = send;
    this.#handles = new Map(
      [...specs].map(([view, spec]) => [view, sorted.acquire(spec, () => this.#gather(), { patient: true })] as const),
    );
  }

  /** opening -> counting */
  async open(): Promise<void> {
    await Promise.all([...this.#handles.values()].map(({ ready }) => ready));
    if (this.#ended) return;
    this.#open = true;
    this.#tell(true);
  }

  change(): void {
    // moved by the sorted views themselves
  }

  due(): void {
    // likewise
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const handle of this.#handles.values()) handle.release();
  }

  #gather(): void {
    if (this.#ended || !this.#open || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell(false);
    }, gatherMs).unref();
  }

  #tell(whole: boolean): void {
    let position = 0n;
    const counters: Counters = [];
    for (const [view, handle] of this.#handles) {
      const { total: count, capped } = handle;
      if (handle.position > position) position = handle.position;
      const said = `${count} ${capped}`;
      if (this.#told.get(view) === said) continue;
      this.#told.set(view, said);
      counters.push({ view, count, capped });
    }
    if (whole || counters.length > 0)
      this.#send({ type: "counters", id: this.id, position: String(position), whole, counters });
  }
}

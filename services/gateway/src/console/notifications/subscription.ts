import type { Notification, ServerFrame } from "@docket/api-contract";
import type { Change } from "../../live/change.ts";
import type { LiveSubscription } from "../../live/live-subscription.ts";

const gatherMs = 300;
const atOnce = 20;

/** What a reader's subscription asks of those who read the notes. */
export interface NotificationSource {
  read(wish: { after?: string; limit: number }): Promise<Notification[]>;
  unread(): Promise<number>;
  /** is called when the reader's own marks or followed tickets have changed */
  onMarked(tell: () => void): () => void;
}

/**
 * What happens and concerns one reader, live.
 *
 * States: *opening* (the latest notes are read) -> *listening* (facts of tickets lead to a look for notes after the last one
 * told, gathered for a third of a second; looks never overlap) -> *ended*. The mark moves only when a look was answered, so
 * that one which fails is made up for by the next.
 */
export class NotificationsSubscription implements LiveSubscription {
  readonly id: string;
  readonly ofGroups = true;
  readonly #source: NotificationSource;
  readonly #send: (frame: ServerFrame) => void;
  readonly #stop: () => void;
  #after = "0";
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #marked = false;
  #ended = false;

  constructor(id: string, source: NotificationSource, send: (frame: ServerFrame) => void) {
    this.id = id;
    this.#source = source;
    this.#send = send;
    this.#stop = source.onMarked(() => {
      this.#marked = true;
      this.#gather();
    });
  }

  /** opening -> listening */
  async open(): Promise<void> {
    const [items, unread] = await Promise.all([this.#source.read({ limit: atOnce }), this.#source.unread()]);
    this.#after = items[0]?.position ?? "0";
    this.#send({ type: "notifications", id: this.id, whole: true, unread, items });
  }

  change(change: Change): void {
    if (change.tickets.length > 0) this.#gather();
  }

  due(): void {
    // the clockwork states as facts what time brings
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#stop();
  }

  #gather(): void {
    if (this.#ended || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#look();
    }, gatherMs).unref();
  }

  async #look(): Promise<void> {
    if (this.#looking) return this.#gather();
    this.#looking = true;
    const marked = this.#marked;
    this.#marked = false;
    try {
      const items = await this.#source.read({ after: this.#after, limit: 200 });
      if (items.length === 0 && !marked) return;
      const unread = await this.#source.unread();
      if (this.#ended) return;
      this.#after = items[0]?.position ?? this.#after;
      this.#send({ type: "notifications", id: this.id, whole: false, unread, items });
    } catch {
      this.#marked ||= marked;
      this.#gather();
    } finally {
      this.#looking = false;
    }
  }
}

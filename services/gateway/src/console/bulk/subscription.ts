import type { JobProgress, ServerFrame } from "@docket/api-contract";
import type { LiveSubscription } from "../../live/live-subscription.ts";
import type { Bus } from "../bus.ts";

const gatherMs = 200;

/** The progress of a bulk job, live: at first as it stands, then whenever it has gone on, gathered for a fifth of a second. */
export class JobSubscription implements LiveSubscription {
  readonly id: string;
  readonly ofGroups = false;
  readonly #read: () => Promise<JobProgress>;
  readonly #send: (frame: ServerFrame) => void;
  readonly #stop: () => void;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    id: string,
    jobId: string,
    read: () => Promise<JobProgress>,
    bus: Bus,
    send: (frame: ServerFrame) => void,
  ) {
    this.id = id;
    this.#read = read;
    this.#send = send;
    this.#stop = bus.listen((message) => {
      if (message.kind === "job" && message.jobId === jobId) this.#gather();
    });
  }

  async open(): Promise<void> {
    this.#send({ type: "job", id: this.id, job: await this.#read() });
  }

  change(): void {
    // the job says itself when it has gone on
  }

  due(): void {
    // likewise
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
      this.open().catch(() => this.#gather());
    }, gatherMs).unref();
  }
}

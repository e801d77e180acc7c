/**
 * How far a group has got: everything that was read, in order, and which part of it is finished.
 *
 * Each stretch of the source gets a number when it is read: a message, or a run of events that a filter passed over
 * (finished at once). A stretch is open until it is finished, in whatever order. `done` covers the stretches before
 * the first open one: that is where a checkpoint may stand, because all behind it can be forgotten.
 */
export type Progress = {
  /** Registers a stretch that ends at `place` and stands for `events` events; gives its number. */
  read(place: number, events: number): number;
  finish(stretch: number): void;
  /** Place up to which everything is finished, undefined before the first. */
  readonly donePlace: number | undefined;
  /** Events up to there, counted from the start of the group. */
  readonly doneCount: number;
};

type Stretch = { place: number; events: number; finished: boolean };

const COMPACT_AT = 1024;

export function createProgress(): Progress {
  let stretches: Stretch[] = [];
  /** Number of the first stretch in the array. */
  let base = 0;
  let head = 0;
  let donePlace: number | undefined;
  let doneCount = 0;

  function advance(): void {
    while (head < stretches.length && stretches[head]!.finished) {
      donePlace = stretches[head]!.place;
      doneCount += stretches[head]!.events;
      head += 1;
    }
    if (head < COMPACT_AT) return;
    stretches = stretches.slice(head);
    base += head;
    head = 0;
  }

  return {
    read(place, events) {
      stretches.push({ place, events, finished: false });
      return base + stretches.length - 1;
    },
    finish(stretch) {
      const found = stretches[stretch - base];
      if (!found) return;
      found.finished = true;
      if (stretch === base + head) advance();
    },
    get donePlace() {
      return donePlace;
    },
    get doneCount() {
      return doneCount;
    },
  };
}

/** Most rows that may be asked for at once. */
const mostRows = 200;
/** Rows that are known beyond those in sight while the list rests. */
const margin = 20;
/** Rows that are asked for ahead of somebody who scrolls and kept behind him, and how few of those ahead lead to the next question. */
const [ahead, behind, left] = [150, 20, 100];
const fewRows = 8;
const restMs = 300;
/** An answer that has not come after so long is not waited for. */
const patienceMs = 1_000;

interface Stretch {
  readonly offset: number;
  readonly limit: number;
}

export interface WindowAsking {
  /** rows from `first` to before `end` are drawn now */
  show(first: number, end: number): void;
  /** the answer for a stretch has come */
  answered(offset: number): void;
  stop(): void;
}

/**
 * Decides which stretch of a long list to ask for: a small one around what is in sight while the list rests, since every change in it
 * is told; a long one ahead of whoever scrolls, asked for before he is there.
 *
 * States: *resting* -> *asked* (one question is out; what is wanted meanwhile waits for its answer, for a second at most) -> resting.
 * When nobody has scrolled for 0.3 s, a long stretch is exchanged for a small one.
 */
export function askForWindows(
  held: Stretch,
  ask: (stretch: Stretch) => void,
  clock: { now(): number; later(run: () => void, ms: number): () => void },
): WindowAsking {
  let current = held;
  let seen = { first: 0, end: 0 };
  let down = true;
  let restedAt = 0;
  let isScrolling = false;
  let askedAt: number | null = null;
  let stopRest: () => void = () => undefined;

  const isWaiting = (): boolean => askedAt !== null && clock.now() - askedAt < patienceMs;
  const send = (stretch: Stretch): void => {
    if (stretch.offset === current.offset && stretch.limit === current.limit) return;
    current = stretch;
    askedAt = clock.now();
    ask(stretch);
  };
  const look = (): void => {
    const { first, end } = seen;
    const [above, below] = isScrolling ? (down ? [0, left] : [left, 0]) : [margin, margin];
    const isHeld = Math.max(0, first - above) >= current.offset && end + below <= current.offset + current.limit;
    if (isHeld || isWaiting()) return;
    const [before, after] = down ? [behind, ahead] : [ahead, behind];
    // what is in sight comes before what is near it
    const offset = Math.min(first, Math.max(0, first - before, end + Math.min(after, behind) - mostRows));
    send({ offset, limit: Math.min(mostRows, end + after - offset) });
  };
  const rest = (): void => {
    const { first, end } = seen;
    isScrolling = false;
    restedAt = first;
    const offset = Math.max(0, first - 2 * margin);
    const limit = Math.min(mostRows, end + 2 * margin - offset);
    if (current.limit > limit + margin && !isWaiting()) send({ offset, limit });
  };

  return {
    show(first, end) {
      if (first === seen.first && end === seen.end) return;
      if (first !== seen.first) down = first > seen.first;
      // Rows that come above move the list by a little, and that is no scrolling.
      if (Math.abs(first - restedAt) > fewRows) isScrolling = true;
      seen = { first, end };
      look();
      stopRest();
      stopRest = clock.later(rest, restMs);
    },
    answered(offset) {
      if (offset !== current.offset) return;
      askedAt = null;
      look();
    },
    stop: () => stopRest(),
  };
}

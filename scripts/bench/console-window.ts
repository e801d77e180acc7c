import type { CDPSession, Page } from "playwright-core";

/** One thing that somebody did, and how long the screen took to answer it. */
export interface Interaction {
  readonly kind: string;
  /** from the key or click to the next paint, ms; the browser reports nothing below 16, which counts as 16 */
  readonly ms: number;
}

export interface Frames {
  /** between one frame and the next, ms */
  readonly times: readonly number[];
  /** frames in which a row in sight was not there yet */
  readonly waiting: number;
}

export interface Memory {
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** What the page's main thread did, in seconds of processor time. */
export interface Work {
  readonly task: number;
  readonly script: number;
  readonly style: number;
  readonly layout: number;
}

/** A window that is worked in and watched. */
export interface WatchedWindow {
  /** does something that is one interaction, and waits until the screen is quiet enough for the next */
  interact(kind: string, act: () => Promise<void>): Promise<void>;
  /** those since they were asked for last, so that the page keeps no book of an hour */
  interactions(): Promise<readonly Interaction[]>;
  /** scrolls the list down and back up by the wheel, and takes the time of every frame meanwhile */
  scroll(pixels: number, pixelsPerSecond: number): Promise<Frames>;
  /** after everything that is not needed has been given back */
  memory(): Promise<Memory>;
  /** since the page was opened */
  work(): Promise<Work>;
  /** profiles the page until what it gives is called, which gives the profile */
  profile(): Promise<() => Promise<object>>;
}

/** Runs in the page before anything else: notes each interaction that took 16 ms or more (Event Timing). */
const watchEvents = `
  window.docketBench = { marks: [], seen: new Map() };
  new PerformanceObserver((list) => {
    for (const { interactionId, startTime, duration } of list.getEntries()) {
      if (!interactionId) continue;
      const before = window.docketBench.seen.get(interactionId);
      window.docketBench.seen.set(interactionId, { at: before?.at ?? startTime, ms: Math.max(before?.ms ?? 0, duration) });
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });`;

/** Two frames after the last thing that was done: it has been painted, and its entry has been made. */
const settled = "new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60)))";

const takeFrames = `(() => {
  const taken = { times: [], waiting: 0, stop: false };
  window.docketBench.frames = taken;
  let before;
  const take = (at) => {
    if (taken.stop) return;
    if (before !== undefined) taken.times.push(at - before);
    before = at;
    const list = document.querySelector("[role=rowgroup]")?.getBoundingClientRect();
    if (list !== undefined && [...document.querySelectorAll("[role=row]:not([data-number])[style]")].some((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > list.top && top < list.bottom;
    })) taken.waiting++;
    requestAnimationFrame(take);
  };
  requestAnimationFrame(take);
})()`;

export const watchBeforeLoading = (page: Page): Promise<void> => page.addInitScript(watchEvents).then(() => undefined);

/** Watches a window into which `watchBeforeLoading` was put before its page was opened. */
export async function watchWindow(page: Page): Promise<WatchedWindow> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  // The thread's own time, whoever else has the processors.
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  return {
    async interact(kind, act) {
      await page.evaluate(`window.docketBench.marks.push({ at: performance.now(), kind: ${JSON.stringify(kind)} })`);
      await act();
      await page.evaluate(settled);
    },
    async interactions() {
      const { marks, seen } = (await page.evaluate(`(() => {
        const { marks, seen } = window.docketBench;
        Object.assign(window.docketBench, { marks: [], seen: new Map(), frames: undefined });
        return { marks, seen: [...seen.values()] };
      })()`)) as { marks: { at: number; kind: string }[]; seen: { at: number; ms: number }[] };
      // An interaction belongs to the mark before it; what is one act may be two (key and focus), of which the longest counts.
      const longest = new Map<number, number>();
      for (const { at, ms } of seen) {
        const mark = marks.findLastIndex((each) => each.at <= at);
        if (mark >= 0) longest.set(mark, Math.max(longest.get(mark) ?? 0, ms));
      }
      return marks.map(({ kind }, index) => ({ kind, ms: longest.get(index) ?? 16 }));
    },
    async scroll(pixels, pixelsPerSecond) {
      const box = await page.locator("[role=rowgroup]").last().boundingBox();
      if (box === null) throw new Error("there is no list to scroll");
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y);
      await page.evaluate(takeFrames);
      for (const way of [-1, 1])
        await cdp.send("Input.synthesizeScrollGesture", {
          x,
          y,
          yDistance: way * pixels,
          speed: pixelsPerSecond,
          gestureSourceType: "mouse",
        });
      return (await page.evaluate(
        "(() => { const { frames } = window.docketBench; frames.stop = true; return { times: frames.times, waiting: frames.waiting }; })()",
      )) as Frames;
    },
    async memory() {
      await cdp.send("HeapProfiler.collectGarbage");
      const { usedSize } = await cdp.send("Runtime.getHeapUsage");
      const { nodes, jsEventListeners } = await cdp.send("Memory.getDOMCounters");
      return { heapMb: usedSize / 2 ** 20, nodes, listeners: jsEventListeners };
    },
    async work() {
      const { metrics } = await cdp.send("Performance.getMetrics");
      const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? 0;
      return {
        task: of("TaskDuration"),
        script: of("ScriptDuration"),
        style: of("RecalcStyleDuration"),
        layout: of("LayoutDuration"),
      };
    },
    async profile() {
      await cdp.send("Profiler.enable");
      await cdp.send("Profiler.start");
      return async () => (await cdp.send("Profiler.stop")).profile;
    },
  };
}

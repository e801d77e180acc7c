import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openBrowser } from "../console/browser.ts";
import { person } from "../console/person.ts";
import { type Changes, keepChanging } from "./console-changes.ts";
import { fillQueue } from "./console-rows.ts";
import {
  type Frames,
  type Interaction,
  type Memory,
  watchBeforeLoading,
  type WatchedWindow,
  watchWindow,
  type Work,
} from "./console-window.ts";
import { type Bench, type Figure, percentile } from "./figure.ts";
import { pageProfile } from "./profile.ts";
import { openStage } from "./stage.ts";

const rows = 10_000;
const manyRows = 50_000;
const changesPerSecond = 50;
/** Tickets that the changes go to. They stand at the top of the queue, so most changes are changes of what is seen. */
const changing = 400;
const usualMinutes = 2;

/**
 * A window of a real Chromium with a queue of 10,000 rows, of which the tickets at the top change 50 times a second, while
 * somebody walks the list, opens tickets, filters and sorts. What it takes from the key to the next paint is told by the browser
 * itself (Event Timing), frames by their own clock; the heap is looked at after everything unneeded has been given back. Processes,
 * browser and whoever makes the changes share the machine's processors. What is not in it: a display.
 */
export const console: Bench = {
  name: "console",
  title: `The console under ${changesPerSecond} changes a second`,
  async run({ folder, quick, minutes = quick ? 0.3 : usualMinutes, profile, say }) {
    const stack = await openStage(folder, {}, { console: true });
    const browser = await openBrowser();
    let changes: Changes | undefined;
    try {
      say(`registering ${changing} tickets, filling up to ${rows} rows`);
      changes = await keepChanging(stack, changesPerSecond, changing);
      await fillQueue(stack.urls.database, rows);
      const olga = await person(browser, { url: stack.urls.public, login: "olga" });
      await watchBeforeLoading(olga.page);
      await openQueue(olga.page);
      const watched = await watchWindow(olga.page);
      say("warming up");
      await round(olga.page, watched);
      await watched.scroll(8_000, 4_000);
      await watched.interactions();
      const memories = [await watched.memory()];
      const profiled = profile === undefined ? undefined : await watched.profile();
      const workBefore = await watched.work();
      changes.taken();
      const began = performance.now();
      const until = began + minutes * 60_000;
      let frames: Frames = { times: [], waiting: 0 };
      const interactions: Interaction[] = [];
      for (let rounds = 1; performance.now() < until; rounds++) {
        await round(olga.page, watched);
        frames = joined(frames, await watched.scroll(20_000, 4_000));
        interactions.push(...(await watched.interactions()));
        if (rounds % 2 === 0) memories.push(await watched.memory());
        if (rounds % 10 === 0) say(`${memories.at(-1)?.heapMb.toFixed(1)} MB after ${rounds} rounds`);
      }
      const { accepted, refused } = changes.taken();
      const seconds = (performance.now() - began) / 1_000;
      const perSecond = accepted / seconds;
      const workAfter = await watched.work();
      if (profile !== undefined && profiled !== undefined)
        await writeFile(join(profile, pageProfile), JSON.stringify(await profiled()));
      memories.push(await watched.memory());
      await olga.page.goto("about:blank");
      say("the same work in a page that is opened anew");
      await openQueue(olga.page);
      const anew = await watchWindow(olga.page);
      const opened: Memory[] = [];
      const enough = performance.now() + (minutes * 60_000) / 20;
      while (opened.length < 3 || performance.now() < enough) {
        await round(olga.page, anew);
        await anew.scroll(20_000, 4_000);
        opened.push(await anew.memory());
      }
      await olga.page.goto("about:blank");
      say(`filling up to ${manyRows} rows`);
      await fillQueue(stack.urls.database, manyRows);
      await openQueue(olga.page);
      const deep = await watchWindow(olga.page);
      await deep.scroll(8_000, 4_000);
      const deepFrames = await deep.scroll(quick ? 40_000 : 150_000, 8_000);
      return [
        {
          what: "changes that were made meanwhile",
          value: perSecond,
          unit: "/s",
          note: `${refused} refused; ${olga.complaints.length} complaints of the page`,
        },
        ...latencies(interactions),
        workOf(workBefore, workAfter, seconds),
        ...frameTimes("10,000 rows", frames),
        ...frameTimes("50,000 rows, twice as fast", deepFrames),
        ...heap(memories, opened, seconds / 60),
      ];
    } finally {
      await changes?.stop();
      await browser.close();
      await stack.stop();
    }
  },
};

async function openQueue(page: Page): Promise<void> {
  await page.goto("/queues/all-open");
  await page.locator("[role=row][data-number]").first().waitFor();
}

/** What somebody does in half a minute: walks, opens, goes back, filters, sorts. */
async function round(page: Page, { interact }: WatchedWindow): Promise<void> {
  const key = (name: string) => () => page.keyboard.press(name);
  await page.locator("[data-counter=all-open]").click();
  await page.waitForURL(/all-open$/u);
  await page.locator("[role=row][data-number]").first().waitFor();
  for (let at = 0; at < 12; at++) await interact("j, k", key(at % 4 === 3 ? "k" : "j"));
  await interact("open", key("o"));
  await page.locator("#ticket-title").waitFor();
  for (let at = 0; at < 3; at++) await interact("j, k beside a ticket", key("j"));
  await page.locator("#ticket-title").waitFor();
  await interact("close", key("Escape"));
  await page.locator("#ticket-title").waitFor({ state: "detached" });
  for (const column of ["number", "type"]) {
    const head = page.locator(`[role=columnheader][data-column=${column}] button`);
    await interact("sort", () => head.click());
    await page.locator("[role=row][data-number]").first().waitFor();
  }
  await interact("filter", () => page.locator("[data-filter]").click());
  // The first field takes the focus and opens its list, once its part of the program is there.
  const field = page.locator("[data-filter-field=status] input").first();
  await field.waitFor();
  const option = page.locator("[data-filter-field=status]").getByRole("option").nth(2);
  await interact("filter", async () => ((await option.isVisible()) ? undefined : field.click()));
  await option.waitFor();
  await interact("filter", () => option.click());
  await page.locator("[data-chip=status]").waitFor();
  await page.locator("[role=row][data-number]").first().waitFor();
  await interact("filter", key("Escape"));
  await interact("filter", key("Escape"));
  await interact("filter", () => page.locator("[data-chip=status] button").click());
  await page.locator("[data-chip=status]").waitFor({ state: "detached" });
}

const joined = (a: Frames, b: Frames): Frames => ({
  times: [...a.times, ...b.times],
  waiting: a.waiting + b.waiting,
});

function latencies(interactions: readonly Interaction[]): Figure[] {
  const row = (what: string, some: readonly Interaction[]): Figure => {
    const waits = some.map(({ ms }) => ms);
    return {
      what: `interaction to next paint, ${what}, p98`,
      value: percentile(waits, 0.98),
      unit: "ms",
      aims: [{ of: "value", atMost: 100 }],
      note: `p75 ${percentile(waits, 0.75)} ms, worst ${Math.max(...waits)} ms of ${waits.length}`,
    };
  };
  const kinds = [...new Set(interactions.map(({ kind }) => kind))];
  return [
    row("all", interactions),
    ...kinds.map((kind) =>
      row(
        kind,
        interactions.filter((each) => each.kind === kind),
      ),
    ),
  ];
}

/** Where the page's own time goes: what is in none of the parts is painting, collecting garbage and talking to other processes. */
function workOf(before: Work, after: Work, seconds: number): Figure {
  const task = after.task - before.task;
  const share = (part: "script" | "style" | "layout"): string =>
    `${part} ${(((after[part] - before[part]) * 100) / task).toFixed(0)} %`;
  return {
    what: "the page's main thread while it was worked in, of one processor",
    value: (task * 100) / seconds,
    unit: "%",
    note: `of it ${share("script")}, ${share("style")}, ${share("layout")}, the rest painting, garbage, messages`,
  };
}

const frameMs = 1_000 / 60;

function frameTimes(what: string, { times, waiting }: Frames): Figure[] {
  const dropped = times.reduce((sum, time) => sum + Math.max(0, Math.round(time / frameMs) - 1), 0);
  const share = (part: number): string => `${((part * 100) / Math.max(1, times.length)).toFixed(1)} %`;
  return [
    {
      what: `frame time while scrolling ${what}, p95`,
      value: percentile(times, 0.95),
      unit: "ms",
      note: `p50 ${percentile(times, 0.5).toFixed(1)} ms, p99 ${percentile(times, 0.99).toFixed(1)} ms; ${times.length} frames, ${((dropped * 100) / (times.length + dropped)).toFixed(1)} % more were dropped, ${share(waiting)} showed a row that was not there yet`,
    },
  ];
}

/** Below this, what a page holds is still what it takes for a page to be worked in. */
const longEnough = 30;
const few = (memories: readonly Memory[], from: number, to: number): Memory => {
  const some = memories.slice(Math.floor(memories.length * from), Math.max(1, Math.ceil(memories.length * to)));
  const middle = (of: keyof Memory): number =>
    percentile(
      some.map((each) => each[of]),
      0.5,
    );
  return { heapMb: middle("heapMb"), nodes: middle("nodes"), listeners: middle("listeners") };
};

/**
 * Medians of a tenth of the samples, since one alone may be half a megabyte more or less. The beginning is around the end of the first
 * tenth: what was opened is kept for five minutes, and the engine compiles most in the first. The tickets themselves get longer
 * all the while; a page that is opened at the end has the same ones to show, and no past.
 */
function heap(memories: readonly Memory[], opened: readonly Memory[], minutes: number): Figure[] {
  const [start, middle, end] = [few(memories, 0.05, 0.15), few(memories, 0.45, 0.55), few(memories, 0.9, 1)];
  const anew = few(opened, 0.5, 1);
  const aims = minutes < longEnough ? {} : { aims: [{ of: "ratio", atMost: 1.15 }] as const };
  return [
    {
      what: `heap of the page at the end, after ${minutes.toFixed(0)} min`,
      value: end.heapMb,
      unit: "MB",
      yardstick: { what: "at the start", value: start.heapMb },
      ...aims,
      note: `${middle.heapMb.toFixed(1)} MB in the middle; nodes ${start.nodes} -> ${end.nodes}, listeners ${start.listeners} -> ${end.listeners}`,
    },
    {
      what: `the same, beside a page that is opened at the end and worked in for ${(minutes / 20).toFixed(1)} min`,
      value: end.heapMb,
      unit: "MB",
      // no aim: after so short a time the engine has compiled less of it
      yardstick: { what: "opened anew", value: anew.heapMb },
      note: `nodes ${anew.nodes} -> ${end.nodes}, listeners ${anew.listeners} -> ${end.listeners}`,
    },
  ];
}

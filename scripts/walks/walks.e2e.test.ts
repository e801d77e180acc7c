import { afterAll, beforeAll, expect, it } from "vitest";
import { openWalkStage } from "./open-stage.ts";
import { faultsOfWalk, runWalk } from "./run-walk.ts";

// One Docket for all pages. Those that only read it walk side by side; the auditors' page, which erases somebody, comes last and alone.
let stage: Awaited<ReturnType<typeof openWalkStage>>;
beforeAll(async () => {
  stage = await openWalkStage();
}, 200_000);
afterAll(() => stage?.close(), 60_000);

async function walk(page: string, steps: number): Promise<void> {
  const walked = await runWalk(page, stage);
  expect(faultsOfWalk(walked)).toEqual([]);
  expect(walked.length).toBeGreaterThan(steps);
}

it.concurrent(
  "docs/analysts.md can be repeated by copy and paste, on real processes",
  () => walk("docs/analysts.md", 10),
  300_000,
);

it.concurrent.each(["docs/past-moments.md", "docs/what-if-and-forecast.md"])(
  "%s can be repeated by copy and paste, on real processes",
  (page) => walk(page, 4),
  300_000,
);

it(
  "docs/auditors.md can be walked by copy and paste: what it says is what is said",
  () => walk("docs/auditors.md", 10),
  300_000,
);

import { afterAll, beforeAll, expect, it } from "vitest";
import { openWalkStage } from "./open-stage.ts";
import { faultsOfWalk, runWalk } from "./run-walk.ts";

let stage: Awaited<ReturnType<typeof openWalkStage>>;
beforeAll(async () => {
  stage = await openWalkStage();
}, 200_000);
afterAll(() => stage?.close(), 60_000);

it.each(["docs/past-moments.md", "docs/what-if-and-forecast.md"])(
  "%s can be repeated by copy and paste, on real processes",
  async (page) => {
    const walked = await runWalk(page, stage);
    expect(faultsOfWalk(walked)).toEqual([]);
    expect(walked.length).toBeGreaterThan(4);
  },
  300_000,
);

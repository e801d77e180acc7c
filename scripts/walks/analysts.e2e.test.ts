import { afterAll, beforeAll, expect, it } from "vitest";
import { openWalkStage } from "./open-stage.ts";
import { faultsOfWalk, runWalk } from "./run-walk.ts";

let stage: Awaited<ReturnType<typeof openWalkStage>>;
beforeAll(async () => {
  stage = await openWalkStage();
}, 200_000);
afterAll(() => stage?.close(), 60_000);

it("docs/analysts.md can be repeated by copy and paste, on real processes", async () => {
  const walked = await runWalk("docs/analysts.md", stage);
  expect(faultsOfWalk(walked)).toEqual([]);
  expect(walked.length).toBeGreaterThan(10);
}, 300_000);

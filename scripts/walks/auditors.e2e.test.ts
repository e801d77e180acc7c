import { afterAll, beforeAll, expect, it } from "vitest";
import { openWalkStage } from "./open-stage.ts";
import { faultsOfWalk, runWalk } from "./run-walk.ts";

let stage: Awaited<ReturnType<typeof openWalkStage>>;
beforeAll(async () => {
  stage = await openWalkStage();
}, 180_000);
afterAll(() => stage.close());

it("docs/auditors.md can be walked by copy and paste: what it says is what is said", { timeout: 300_000 }, async () => {
  const walked = await runWalk("docs/auditors.md", stage);
  expect(walked.length).toBeGreaterThan(10);
  expect(faultsOfWalk(walked)).toEqual([]);
});

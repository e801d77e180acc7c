import type { ReplayStep } from "@docket/api-contract";
import { expect, it } from "vitest";
import { fieldsAt } from "./as-at.ts";

const step = (revision: number, changes: Record<string, [unknown, unknown]>): ReplayStep =>
  ({
    revision,
    changes: Object.entries(changes).map(([field, [before, after]]) => ({
      field,
      title: field.toUpperCase(),
      before,
      after,
      beforeText: String(before),
      afterText: String(after),
    })),
  }) as unknown as ReplayStep;

it("shows every field as the last step that touched it left it, and marks what the last step changed", () => {
  const steps = [
    step(0, { status: [null, "registered"], priority: [null, "high"], question: [null, "Which?"] }),
    step(1, { priority: ["high", "low"], question: ["Which?", null] }),
  ];
  const texts = (of: readonly ReplayStep[]): unknown =>
    fieldsAt(of).map(({ field, text, before }) => [field, text, before?.text ?? "-"]);
  expect(texts(steps.slice(0, 1))).toEqual([
    ["status", "registered", "null"],
    ["priority", "high", "null"],
    ["question", "Which?", "null"],
  ]);
  expect(texts(steps)).toEqual([
    ["status", "registered", "-"],
    ["priority", "low", "high"],
    ["question", "null", "Which?"],
  ]);
  expect(texts([...steps, step(2, {})])).toEqual([
    ["status", "registered", "-"],
    ["priority", "low", "-"],
  ]);
});

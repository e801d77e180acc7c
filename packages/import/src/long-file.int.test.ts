import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { scratch } from "../test/harness.ts";

let files: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => void (files = await scratch()));
afterEach(() => files.remove());

it("a file that is longer than the memory it gets is imported all the same", async () => {
  const program = fileURLToPath(new URL("../test/import-long-file.ts", import.meta.url));
  const heap = 80;
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${heap}`,
    program,
    files.folder,
    "2000",
  ]);
  const { bytes, rows, outcomes } = JSON.parse(stdout) as {
    bytes: number;
    rows: number;
    outcomes: Record<string, number>;
  };
  expect(bytes).toBeGreaterThan(heap * 1_200_000);
  expect(rows).toBe(10_000);
  expect(outcomes).toMatchObject({ taken: 10_000, refused: 0 });
}, 180_000);

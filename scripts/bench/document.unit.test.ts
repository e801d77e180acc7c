import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { putIntoDocument, readRuns, type Run } from "./document.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "docket document-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (value: number, name = "sla"): Run => ({
  machine: "2 x processor",
  at: "2024-04-26T12:00:00.000Z",
  quick: false,
  results: [
    { name, title: name, figures: [{ what: "speed", value, unit: "/s", aims: [{ of: "value", atLeast: 5 }] }] },
  ],
});

test("figures take the place between their marks and leave the rest of a document alone", async () => {
  const file = join(folder, "benchmarks.md");
  await putIntoDocument(file, run(3));
  const first = await readFile(file, "utf8");
  expect(first).toContain("| speed | 3 /s     | -                         | -     | >= 5 /s | MISSED |");
  await writeFile(file, `before\n${first}after\n`);
  await putIntoDocument(file, run(7));
  const second = await readFile(file, "utf8");
  expect(second.startsWith("before\n<!-- figures")).toBe(true);
  expect(second.endsWith("-->\nafter\n")).toBe(true);
  expect(second).toContain("| 7 /s     |");
  expect(second).not.toContain("MISSED");
  await writeFile(file, "no place for them");
  await expect(putIntoDocument(file, run(7))).rejects.toMatchObject({ code: "option_invalid" });
});

test("of a measurement that stands in several runs the last one counts", async () => {
  const files = [run(1), run(2, "queue"), run(3)].map((one, index) => ({ one, file: join(folder, `${index}.json`) }));
  for (const { one, file } of files) await writeFile(file, JSON.stringify(one));
  const { results } = await readRuns(files.map(({ file }) => file));
  expect(results.map(({ name, figures }) => [name, figures[0]?.value])).toEqual([
    ["sla", 3],
    ["queue", 2],
  ]);
});

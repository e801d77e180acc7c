import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { menuOfReports } from "@docket/api-contract";
import { openHouse, type House } from "../../test/house.ts";
import { storyteller } from "../../test/story.ts";

/*
 * docs/metrics.md is the test: its stories are played, its questions asked, its answers compared, its tables held against the catalogue.
 * UPDATE_METRICS=1 writes the answers and the tables instead; read what it wrote.
 */

const file = new URL("../../../../docs/metrics.md", import.meta.url);
const update = process.env["UPDATE_METRICS"] !== undefined;
let house: House;
let text: string;

beforeAll(async () => {
  house = await openHouse();
  text = await readFile(file, "utf8");
});
afterAll(async () => {
  if (update) await writeFile(file, text);
  await house.close();
});

const withoutPosition = (csv: string): string =>
  csv
    .replaceAll("\r\n", "\n")
    .replaceAll(/,[^,\n]*$/gm, "")
    .trim();

test("every example: the story told, the question has the answer", async () => {
  const { tell, position, as } = storyteller(house);
  const asked = new Set<string>();
  const answers: string[] = [];
  const notes = new Map<string, string>();
  const blocks = [...text.matchAll(/```(story|ask|answer) *\n([\s\S]*?)```/g)];
  let answer = "";
  for (const [, kind, body = ""] of blocks) {
    if (kind === "story") {
      for (const part of body.split(/^(note \w+)$/m)) {
        if (part.startsWith("note ")) notes.set(part.slice(5), position());
        else await tell(part);
      }
    } else if (kind === "ask") {
      const path = body
        .trim()
        .replace(/^GET /, "")
        .replaceAll(/\{(\w+)\}/g, (_, name: string) => notes.get(name) ?? "");
      const reply = await (
        await as("ana")
      ).get(`${path}&format=csv`, { headers: { "docket-wait-position": position() } });
      expect(reply.status, `${path}: ${JSON.stringify(reply.body)}`).toBe(200);
      answer = withoutPosition(String(reply.body));
      for (const column of answer.split("\n")[0]?.split(",") ?? []) asked.add(column);
    } else if (update) answers.push(answer);
    else expect(`\n${body.trim()}`, `the answer after ${answer}`).toBe(`\n${answer}`);
  }
  if (update) text = text.replaceAll(/```answer *\n[\s\S]*?```/g, () => `\`\`\`answer\n${answers.shift()}\n\`\`\``);
  expect(blocks.length).toBeGreaterThan(30);
  // every measure that there is has an example
  expect(
    menuOfReports()
      .measures.map(({ name }) => name)
      .filter((name) => !asked.has(name)),
  ).toEqual([]);
});

test("the tables are those of the catalogue", () => {
  const menu = menuOfReports();
  const table = (head: string, rows: readonly string[]): string =>
    [head, head.replaceAll(/[^|]+/g, "---"), ...rows].join("\n");
  const tables: Record<string, string> = {
    measures: table(
      "| measure | unit | English | Russian |",
      menu.measures.map(
        ({ name, unit, title, definition }) =>
          `| \`${name}\` | ${unit} | ${title.en}: ${definition.en} | ${title.ru}: ${definition.ru} |`,
      ),
    ),
    dimensions: table(
      "| dimension | kind | English | Russian |",
      menu.dimensions.map(
        ({ name, kind, title, definition }) =>
          `| \`${name}\` | ${kind} | ${title.en}: ${definition.en} | ${title.ru}: ${definition.ru} |`,
      ),
    ),
    reports: table(
      "| report | what | measures | dimensions |",
      menu.reports.map(
        ({ name, title, about, measures, dimensions }) =>
          `| \`${name}\` | ${title.en}: ${about.en} | ${measures.join(", ")} | ${dimensions.join(", ")} |`,
      ),
    ),
  };
  for (const [name, expected] of Object.entries(tables)) {
    const found = new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)<!-- end -->`).exec(text);
    expect(found, name).not.toBeNull();
    if (update) text = text.replace(found?.[0] ?? "", () => `<!-- ${name} -->\n\n${expected}\n\n<!-- end -->`);
    else expect(squeezed(found?.[1] ?? "")).toBe(squeezed(expected));
  }
});

/** A table as its cells, however it is padded. */
const squeezed = (table: string): string =>
  table
    .trim()
    .replaceAll(/ *\| */g, "|")
    .replaceAll(/-{3,}/g, "---");
